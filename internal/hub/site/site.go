// Package site is the hub as it is reached over the network: its API, its pages,
// where agents call and where people sign in, behind one another as requests find them.
//
// It puts surfaces together and has none of its own: what a request may is
// decided by the surface that its route is of, which the style of the route
// or path tells. Pages know people by their sessions, the API knows programs by
// their tokens, the gate agents by theirs, and none takes the word of another.
// Start with [New].
//
// Invariants: a session opens no route of the API, a token no page, and an
// agent's neither. There
// is one [signin.Door], so that attempts to come in are counted once. A path
// that no route has is refused as whoever asked it reads: with a sentence on a
// page, or as a problem below /api.
package site

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/entry"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/hub/gate"
	"github.com/oneseat/oneseat/internal/hub/ui"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
)

// Config is what a site is made of. All but Provider, ExternalURL,
// TrustedProxies, Checks and Also is needed.
type Config struct {
	Hub  *hub.Service
	Desk *signin.Desk
	// Provider vouches for people; nil: there is no single sign-on.
	Provider *oidc.Provider
	// Spool keeps uploads while they are taken in.
	Spool  *spool.Spool
	Logger *slog.Logger
	// Version is the program's.
	Version string
	// Storybook adds /dev/pages, see [ui.Config].
	Storybook bool
	// ExternalURL and TrustedProxies are those of [web.Config].
	ExternalURL    *url.URL
	TrustedProxies []netip.Prefix
	// Checks are what /readyz asks.
	Checks []web.Check
	// Also are more routes, for whoever puts a site on show.
	Also []web.Route
	// Now is the clock.
	Now func() time.Time
}

// New puts a site together. The error says that something built into the
// program is broken, or that the external URL is none.
func New(c Config) (*web.App, *http.ServeMux, error) {
	sentences, err := i18n.New("en")
	if err != nil {
		return nil, nil, err
	}
	look, err := page.New(c.Now)
	if err != nil {
		return nil, nil, err
	}
	door := signin.NewDoor(c.Desk, signin.DoorConfig{Provider: c.Provider})
	people := entry.New(entry.Config{Desk: c.Desk, Door: door, Look: look, Enterprises: enterprises(c.Hub)})
	pages := ui.New(ui.Config{
		Hub: c.Hub, Desk: c.Desk, Door: door, Look: look, Spool: c.Spool, Visitor: visitor(people), SignIn: entry.Path, Account: entry.AccountPath,
		Storybook: c.Storybook, Stories: entry.Stories,
	})
	refusals := newRefusals()
	agents := gate.New(gate.Config{
		Hub: c.Hub, Sentences: sentences, Spool: c.Spool, Now: c.Now,
		Refused: func(route, code string) { refusals.WithLabelValues(route, code).Inc() },
	})
	programs := api.New(api.Config{Hub: c.Hub, Desk: c.Desk, Sentences: sentences, Spool: c.Spool, Version: c.Version, Now: c.Now})
	app, err := web.New(web.Config{
		Logger: c.Logger, Catalogue: sentences, Authorize: bySurface(pages, programs, agents), Page: pages.Refusal, Fallback: fallback,
		ExternalURL: c.ExternalURL, TrustedProxies: c.TrustedProxies, Now: c.Now,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := errors.Join(app.Registry().Register(refusals), app.Registry().Register(newVitals(c.Hub))); err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	app.Mount(mux, programs.Routes()...)
	app.Mount(mux, agents.Routes()...)
	app.Mount(mux, look.Routes()...)
	app.Mount(mux, people.Routes()...)
	app.Mount(mux, pages.Routes()...)
	app.Mount(mux, app.Operations(c.Checks...)...)
	app.Mount(mux, c.Also...)
	return app, mux, nil
}

// authorizer lets an asker in to the routes of a surface.
type authorizer interface {
	Authorize(r *http.Request, route web.Route) (*http.Request, error)
}

// bySurface asks the pages about pages, the gate about what agents call, and the
// API about everything else.
func bySurface(pages, programs, agents authorizer) func(*http.Request, web.Route) (*http.Request, error) {
	return func(r *http.Request, route web.Route) (*http.Request, error) {
		switch {
		case route.Style == web.StylePage:
			return pages.Authorize(r, route)
		case gate.Mine(route.Pattern):
			return agents.Authorize(r, route)
		default:
			return programs.Authorize(r, route)
		}
	}
}

// fallback is the style of refusals for paths that no route has: programs ask
// below /api, agents below /connect/v1, people everywhere else.
func fallback(path string) web.Style {
	if gate.Mine(path) {
		return web.StyleProblem
	}
	if path == "/api" || strings.HasPrefix(path, "/api/") {
		return api.Fallback(path)
	}
	return web.StylePage
}

// visitor says who a page is asked for by. Their rate is their own, in whatever
// browsers they are signed in.
func visitor(people *entry.Entry) func(*http.Request) (ui.Visitor, error) {
	return func(r *http.Request) (ui.Visitor, error) {
		guest, err := people.Guest(r)
		if err != nil {
			return ui.Visitor{}, err
		}
		o := &guest.Owner
		return ui.Visitor{Actor: o.Actor(), ID: "owner " + o.ID, Role: o.Role, Name: o.Name, Owner: o.ID, Session: guest.Session.ID}, nil
	}
}

// enterprises are those that people sign in to.
func enterprises(h *hub.Service) func(context.Context) ([]entry.Enterprise, error) {
	return func(ctx context.Context) ([]entry.Enterprise, error) {
		all, err := h.Enterprises(ctx)
		list := make([]entry.Enterprise, len(all))
		for i, e := range all {
			list[i] = entry.Enterprise{Number: e.Number, Slug: e.Slug, Name: e.Name}
		}
		return list, err
	}
}
