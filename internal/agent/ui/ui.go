package ui

import (
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// Visitor is who asks for a page. The name of the Actor is for logs; Name is
// what the page calls them.
type Visitor struct {
	signin.Actor

	// ID tells people apart, whatever they are called and wherever they are
	// signed in.
	ID   string
	Role signin.Role
	Name string
}

// Config is what the pages are made of. HostName, Next, SignIn, Account and
// Stories may be empty.
type Config struct {
	Agent *agent.Service
	Desk  *signin.Desk
	Look  *page.Look
	// HostName is that of the server instance.
	HostName string
	// Next says when the source is looked at next, after a time; nil: nobody
	// knows.
	Next func(time.Time) time.Time
	// Visitor says who asks; Unauthenticated when nobody is signed in.
	Visitor func(*http.Request) (Visitor, error)
	// SignIn is the path of the page where people sign in, which takes the path
	// to go to afterwards as "next". Account is the path of what they have of
	// their own.
	SignIn, Account string
	// Storybook adds /dev/pages: every page in its interesting states, with
	// invented people; Stories are further ones, of pages that others show. It is
	// for development.
	Storybook bool
	Stories   []page.Story
}

// UI shows pages. It is safe for concurrent use.
type UI struct {
	agent  *agent.Service
	desk   *signin.Desk
	look   *page.Look
	config Config
}

// New makes the pages.
func New(c Config) *UI { return &UI{agent: c.Agent, desk: c.Desk, look: c.Look, config: c} }

// Refusal writes a refusal as a page, for [web.Config].
func (u *UI) Refusal(w http.ResponseWriter, r *http.Request, p *web.Problem, err error) {
	(&page.Refusals{Look: u.look, SignIn: u.config.SignIn}).Write(w, r, p, err)
}
