// Package site is the agent as it is reached over the network: its pages, and
// where people sign in.
//
// It puts surfaces together and has none of its own. Start with [New].
//
// Invariants: there is one [signin.Door], so that attempts to come in are counted
// once. Every refusal is a page: an agent has no API.
package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/ui"
	"github.com/oneseat/oneseat/internal/entry"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/web"
)

// Config is what a site is made of. Agent, Desk, Logger and Now are needed.
type Config struct {
	Agent *agent.Service
	Desk  *signin.Desk
	// HostName is that of the server instance.
	HostName string
	// Next says when the source is looked at next, after a time; nil: nobody
	// knows.
	Next func(time.Time) time.Time
	// Provider vouches for people; nil: there is no single sign-on.
	Provider *oidc.Provider
	Logger   *slog.Logger
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

// New puts a site together. The error says that something built into the program
// is broken, or that the external URL is none.
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
	people := entry.New(entry.Config{Desk: c.Desk, Door: door, Look: look, Enterprises: enterprises(c.HostName), Agent: true})
	pages := ui.New(ui.Config{
		Agent: c.Agent, Desk: c.Desk, Look: look, HostName: c.HostName, Next: c.Next, Visitor: visitor(people), SignIn: entry.Path, Account: entry.AccountPath,
		Storybook: c.Storybook, Stories: entry.Stories(),
	})
	app, err := web.New(web.Config{
		Logger: c.Logger, Catalogue: sentences, Authorize: pages.Authorize, Page: pages.Refusal, Fallback: fallback,
		ExternalURL: c.ExternalURL, TrustedProxies: c.TrustedProxies, Now: c.Now,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := app.Registry().Register(newSizes(c.Agent)); err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	app.Mount(mux, look.Routes()...)
	app.Mount(mux, people.Routes()...)
	app.Mount(mux, pages.Routes()...)
	mountOperations(app, mux, &c)
	app.Mount(mux, c.Also...)
	return app, mux, nil
}

func fallback(string) web.Style { return web.StylePage }

// visitor says who a page is asked for by. Their rate is their own, in whatever
// browsers they are signed in.
func visitor(people *entry.Entry) func(*http.Request) (ui.Visitor, error) {
	return func(r *http.Request) (ui.Visitor, error) {
		guest, err := people.Guest(r)
		if err != nil {
			return ui.Visitor{}, err
		}
		o := &guest.Owner
		return ui.Visitor{Actor: o.Actor(), ID: "owner " + o.ID, Role: o.Role, Name: o.Name}, nil
	}
}

// enterprises are those that people sign in to: an agent has one, which carries
// the name of its server instance.
func enterprises(host string) func(context.Context) ([]entry.Enterprise, error) {
	return func(context.Context) ([]entry.Enterprise, error) {
		return []entry.Enterprise{{Number: agent.Enterprise, Slug: "agent", Name: host}}, nil
	}
}
