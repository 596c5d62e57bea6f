package main

import (
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// counted is everything match knows when it has counted.
type counted struct {
	side   *licensing.CloudSide
	index  *licensing.Index
	result *licensing.Result
	policy licensing.Policy
	// servers are the files of server instances that were counted.
	servers []*serverFile
	notes   []string // sentences of the readers; sorted, because the order of files must not show
}

// figureDate is the date of GitHub's figure or report; zero when unknown.
func (c *counted) figureDate() time.Time {
	if c.side.Report != nil {
		return c.side.Report.Date
	}
	if c.side.Figure != nil {
		return c.side.Figure.Date
	}
	return time.Time{}
}

// name is what a person is called in a table: the login, else the first
// address of a server account, else its HOST:ID, else whom an invitation or
// subscription names.
func (c *counted) name(p *licensing.Person) string {
	if p.Login != "" {
		return p.Login
	}
	if emails := p.PrimaryEmails(); len(emails) > 0 {
		return emails[0].Address()
	}
	if len(p.Servers) > 0 {
		return p.Servers[0].String()
	}
	for i := range p.Invitations {
		if e := p.Invitations[i].Email; !e.IsZero() {
			return e.Address()
		}
	}
	for i := range p.Subscriptions {
		if e := p.Subscriptions[i].Email; !e.IsZero() {
			return e.Address()
		}
	}
	return p.Anchor.Text()
}

// rowName is what a row of GitHub's report is called: its login, else its
// first server account, else the address it names; empty for an invitation
// that names nobody.
func rowName(r *licensing.ReportRow) string {
	switch {
	case r.Login != "":
		return r.Login
	case len(r.ServerEmails) > 0:
		return r.ServerEmails[0].Address()
	case len(r.ServerAccounts) > 0:
		return r.ServerAccounts[0].String()
	case !r.SubscriptionEmail.IsZero():
		return r.SubscriptionEmail.Address()
	default:
		return r.InvitationEmail.Address()
	}
}
