package ui

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// unknownHosts are the instances that GitHub's report does not know, so that
// GitHub does not count them yet; none where there is no result or no report.
func unknownHosts(r *hub.Result) []string {
	var hosts []string
	if r != nil {
		for _, w := range r.Warnings {
			if w.Code == licensing.WarnUnknownHost {
				hosts = append(hosts, w.Host)
			}
		}
	}
	return hosts
}

// Unknown says that GitHub's report does not know the instance.
func (p *instancePage) Unknown() bool {
	return slices.Contains(unknownHosts(p.Now.Result), licensing.NormalHost(p.HostName))
}

// Over says that more is consumed than was bought: by OneSeat's count alone,
// first, where GitHub's figure still fits.
func (p *licensingPage) Over() []string {
	over := -p.Available()
	rc := p.Result.Reconciliation
	if rc == nil || rc.Figure > p.Result.Purchased {
		return []string{p.T("pagelicensing.over.title", "Count", over)}
	}
	date := ""
	if !rc.Date.IsZero() {
		date = p.Date(rc.Date)
	}
	list := []string{
		p.T("pagelicensing.over.github", "Figure", rc.Figure, "Purchased", p.Result.Purchased, "Date", date),
		p.T("pagelicensing.over.here", "Licenses", rc.Licenses, "Count", rc.Licenses-rc.Figure, "Over", over),
	}
	if hosts := unknownHosts(p.Result); len(hosts) > 0 {
		list = append(list, p.T("pagelicensing.over.unknown", "Hosts", strings.Join(hosts, ", ")))
	}
	return list
}

// TypesText says how the license types relate.
func (p *licensingPage) TypesText() string {
	text := p.T("pagelicensing.types.relation")
	types := p.Types()
	switch {
	case !types[0].Known:
		text += " " + p.T(p.whyNoSplit())
	case slices.ContainsFunc(types, func(t typeLine) bool { return t.Purchased < t.Consumed }):
		text += " " + p.T("pagelicensing.types.short")
	}
	return text
}

// fewUnmatched is how many subscriptions of nobody are seen without a click.
const fewUnmatched = 5

// Sure is how sure the total is: what puts it in doubt, what the count noticed,
// and by what the cloud accounts could be compared.
func (p *licensingPage) Sure() []string {
	var list []string
	for _, in := range p.Result.Inputs {
		if in.Source == hub.CloudSource && in.SourceAt.IsZero() {
			list = append(list, p.T("pagelicensing.sure.undated"))
		}
	}
	for _, d := range p.Result.Doubts {
		list = append(list, p.doubtText(d))
	}
	for _, w := range p.Result.Warnings {
		key, args := w.Message()
		list = append(list, refusalText(&p.frame, &hub.Refusal{Key: key, Args: args}))
	}
	if p.Result.Visibility.Accounts > 0 {
		list = append(list, p.comparable())
	}
	return list
}

// comparable says by what the cloud accounts could be compared.
func (p *licensingPage) comparable() string {
	v := p.Result.Visibility
	var shares []string
	for _, share := range []struct {
		key   string
		count int
	}{
		{"pagelicensing.sure.by_verified", v.ByVerified},
		{"pagelicensing.sure.by_identity", v.ByIdentity},
		{"pagelicensing.sure.by_github", v.ByGitHub},
		{"pagelicensing.sure.by_nothing", v.ByNothing},
	} {
		if share.count > 0 {
			shares = append(shares, p.T(share.key, "Count", share.count))
		}
	}
	return p.T("pagelicensing.sure.comparable", "Count", v.Accounts, "Shares", strings.Join(shares, ", "))
}
