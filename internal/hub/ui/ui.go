package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/spool"
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
	// Owner is the id of the person, and Session that of the session they are
	// signed in with; empty where there is none.
	Owner, Session string
}

// Config is what the pages are made of.
type Config struct {
	Hub  *hub.Service
	Look *page.Look
	// Desk and Door are what the pages about roles, tokens, sign-in and the audit
	// log ask.
	Desk *signin.Desk
	Door *signin.Door
	// Spool keeps uploads while they are taken in.
	Spool *spool.Spool
	// Visitor says who asks; Unauthenticated when nobody is signed in.
	Visitor func(*http.Request) (Visitor, error)
	// SignIn is the path of the page where people sign in, which takes the path
	// to go to afterwards as "next"; empty: there is none. Account is the path of
	// what they have of their own.
	SignIn, Account string
	// Storybook adds /dev/pages: every page in its interesting states, with
	// invented people; Stories are further ones, of pages that others show. It is
	// for development.
	Storybook bool
	Stories   func() []page.Story
}

// UI shows pages. It is safe for concurrent use.
type UI struct {
	hub    *hub.Service
	desk   *signin.Desk
	door   *signin.Door
	look   *page.Look
	spool  *spool.Spool
	config Config
}

// New makes the pages.
func New(c Config) *UI {
	return &UI{hub: c.Hub, desk: c.Desk, door: c.Door, look: c.Look, spool: c.Spool, config: c}
}
