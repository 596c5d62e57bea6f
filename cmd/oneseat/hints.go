package main

import (
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// hints says quickly who may have almost joined a cloud account, so that those
// are shown first. Whether somebody did is the engine's to say.
type hints map[string]struct{}

// maxAlmost is up to how many cloud accounts the table looks for near misses:
// each search goes through all of them.
const maxAlmost = 100_000

// newHints is nil where there are too many accounts to look for near misses.
func newHints(side *licensing.CloudSide) hints {
	if len(side.Accounts) > maxAlmost {
		return nil
	}
	domains := map[string]bool{}
	for _, d := range side.VerifiedDomains {
		if _, domain := parts(licensing.NewEmail("a@" + d)); domain != "" {
			domains[domain] = true
		}
	}
	h := hints{}
	for i := range side.Accounts {
		for _, e := range side.Accounts[i].Emails {
			local, domain := parts(e.Email)
			if !e.Verified {
				h[local+"@"+domain] = struct{}{}
			}
			if domains[domain] {
				h[local+"@"] = struct{}{}
			}
		}
	}
	return h
}

// any says that a person's server accounts have an address that almost
// matches.
func (h hints) any(p *licensing.Person) bool {
	if h == nil {
		return false
	}
	for i := range p.Servers {
		local, domain := parts(p.Servers[i].Email)
		if local == "" {
			continue
		}
		_, unverified := h[local+"@"+domain]
		_, elsewhere := h[local+"@"]
		if unverified || elsewhere {
			return true
		}
	}
	return false
}

// parts are the two sides of an address key; empty when there is none.
func parts(e licensing.Email) (local, domain string) {
	key, _ := e.Key()
	local, domain, _ = strings.Cut(key.Address(), "@")
	return local, domain
}
