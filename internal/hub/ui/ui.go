package ui

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/spool"
)

// Visitor is who asks for a page. The name of the Actor is for logs; Name is
// what the page calls them.
type Visitor struct {
	signin.Actor

	Role signin.Role
	Name string
}

// Config is what the pages are made of.
type Config struct {
	Hub  *hub.Service
	Look *page.Look
	// Spool keeps uploads while they are taken in.
	Spool *spool.Spool
	// Visitor says who asks; false when nobody is signed in.
	Visitor func(*http.Request) (Visitor, bool)
	// SignIn is the path of the page where people sign in; empty: there is none
	// yet.
	SignIn string
	// Storybook adds /dev/pages: every page in its interesting states, with
	// invented people. It is for development.
	Storybook bool
}

// UI shows pages. It is safe for concurrent use.
type UI struct {
	hub    *hub.Service
	look   *page.Look
	spool  *spool.Spool
	config Config
}

// New makes the pages.
func New(c Config) *UI { return &UI{hub: c.Hub, look: c.Look, spool: c.Spool, config: c} }

// show answers with a page. It is made whole before the answer begins, so that
// a defect is a refusal and never half a page.
func show(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var body bytes.Buffer
	if err := c.Render(r.Context(), &body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := body.WriteTo(w)
	return err
}
