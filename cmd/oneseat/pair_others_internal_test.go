package main

import (
	"net/http"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/browsertest"
)

// refuseOthers: what owners have before them is neither shown to others nor done
// for them, on both sides.
func (b *both) refuseOthers() {
	at := b.instance()
	code := "BCDF-GHJK"
	own := &ownersPages{
		h: b.mona, pages: []string{acme + "/instances", at, acme + "/settings/instances"}, hidden: []string{acme + "/connect", at + "/disable-connect", "/connect?code=" + code},
		deeds: []string{acme + "/connect", acme + "/connect/approve", acme + "/connect/deny", at + "/sync", at + "/disable-connect"},
	}
	own.gather(8)
	for _, role := range []string{"billing_manager", "auditor"} {
		own.reads(b.hub.linkIn(b.hub.run("hub", "owner", "add", "reads as "+role, "--role", role)))
	}
	own.isStrange()

	own = &ownersPages{
		h: b.sam, pages: []string{"/", "/connect", "/connect/disable"},
		deeds: []string{"/connect", "/connect/disable", "/connect/sync", "/connect/schedule", "/connect/key", "/sync"},
	}
	own.gather(6)
	own.reads(b.site.linkIn(b.site.run("agent", "owner", "add", "Rea", "--role", "auditor")))
	own.isStrange()
	b.sam.open("/connect")
	b.sam.shows("[data-test=connected]", 1)
}

// ownersPages are pages that an owner has, and what can be done from them.
type ownersPages struct {
	h             *hands
	pages, hidden []string // others see the first ones without forms, and the second ones not at all
	deeds         []string
}

// gather adds the forms of the pages to what is tried.
func (o *ownersPages) gather(atLeast int) {
	o.h.t.Helper()
	for _, path := range o.pages {
		o.h.open(path)
		o.deeds = append(o.deeds, browsertest.Value[[]string](o.h.Tab, `[...document.querySelectorAll("main form[method=post]")].map(f => f.getAttribute("action"))`)...)
	}
	slices.Sort(o.deeds)
	if o.deeds = slices.Compact(o.deeds); len(o.deeds) < atLeast {
		o.h.t.Errorf("owners have only %q", o.deeds)
	}
}

// reads: somebody who only reads takes their link, and tries.
func (o *ownersPages) reads(link string) {
	t := o.h.t
	reader := o.h.o.stranger(t)
	reader.join(link)
	reader.open(o.pages[0])
	for _, page := range reader.ask(http.MethodGet, o.pages) {
		if page.Status != http.StatusOK || page.Forms != 0 {
			t.Errorf("%s shows %d forms to a reader", &page, page.Forms)
		}
		for _, to := range page.Links {
			if to = strings.TrimSuffix(to, "?"); slices.Contains(o.hidden, to) {
				t.Errorf("%s leads a reader to %s", page.Path, to)
			}
		}
	}
	for _, path := range o.hidden {
		if got := reader.ask(http.MethodGet, []string{path})[0]; got.Status != http.StatusForbidden {
			t.Errorf("a reader gets %s", &got)
		}
	}
	for _, got := range reader.ask(http.MethodPost, o.deeds) {
		if got.Status != http.StatusForbidden {
			t.Errorf("a reader does %s", &got)
		}
	}
}

// isStrange: whoever is not signed in gets to where one does, and no further.
func (o *ownersPages) isStrange() {
	t := o.h.t
	nobody := o.h.o.stranger(t)
	nobody.open("/sign-in")
	for method, paths := range map[string][]string{http.MethodGet: slices.Concat(o.pages, o.hidden), http.MethodPost: o.deeds} {
		for _, got := range nobody.ask(method, paths) {
			if got.Landed != "/sign-in" && got.Status != http.StatusUnauthorized {
				t.Errorf("a stranger gets %s %s", method, &got)
			}
		}
	}
}
