package main

import (
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// surroundings are the people beside some that are explained, by their logins.
type surroundings struct {
	// Exceptions are the invitations that take a license of their own until
	// the login accepts them (R8).
	Exceptions map[string][]licensing.Person
	// Almost are people with server accounts alone who almost joined the login.
	Almost map[string][]licensing.Person
}

// around goes through everybody once. Only the address that a server account
// offered is compared here; its own explanation compares the others too.
func (c *counted) around(found []licensing.Person) surroundings {
	out := surroundings{map[string][]licensing.Person{}, map[string][]licensing.Person{}}
	var cloud []*licensing.CloudAccount
	sides := map[string]hints{}
	for i := range found {
		if at := found[i].Cloud; at >= 0 {
			a := &c.side.Accounts[at]
			cloud = append(cloud, a)
			sides[a.Login] = newHints(&licensing.CloudSide{VerifiedDomains: c.side.VerifiedDomains, Accounts: []licensing.CloudAccount{*a}})
		}
	}
	for p := range c.result.All() {
		for _, a := range cloud {
			switch {
			case p.Beside == a.Login:
				out.Exceptions[a.Login] = append(out.Exceptions[a.Login], p)
			case p.Cloud < 0 && sides[a.Login].any(&p) && len(out.Almost[a.Login]) < maxNames && c.almostIs(&p, a):
				out.Almost[a.Login] = append(out.Almost[a.Login], p)
			}
		}
	}
	return out
}

// almostIs says that one of a person's server accounts almost joined a cloud
// account.
func (c *counted) almostIs(p *licensing.Person, a *licensing.CloudAccount) bool {
	one := func(yield func(*licensing.CloudAccount) bool) { yield(a) }
	return slices.ContainsFunc(p.Servers, func(s licensing.PlacedAccount) bool {
		account := licensing.ServerAccount{UserID: s.ID, Emails: []licensing.ServerEmail{{Email: s.Email, Primary: true}}}
		return len(c.index.NearMisses(&account, one, c.side.VerifiedDomains)) > 0
	})
}

// show notes which addresses the answer shows whole anyway.
func (e *explainer) show(found []licensing.Person, q question) {
	e.Shown = map[licensing.Key]bool{}
	if q.isKey {
		e.Shown[q.Key] = true
	}
	for i := range found {
		e.showPerson(&found[i])
		for j := range e.Around.Exceptions[found[i].Login] {
			e.showPerson(&e.Around.Exceptions[found[i].Login][j])
		}
	}
}

func (e *explainer) showPerson(p *licensing.Person) {
	show := func(email licensing.Email) {
		if key, ok := email.Key(); ok {
			e.Shown[key] = true
		}
	}
	for _, email := range p.PrimaryEmails() {
		show(email)
	}
	for i := range p.Invitations {
		show(p.Invitations[i].Email)
	}
	for i := range p.Subscriptions {
		show(p.Subscriptions[i].Email)
	}
}

// beside names those who stand beside a person with a cloud account: what
// takes a license more, and who almost is the same.
func (e *explainer) beside(p *licensing.Person) {
	if p.Cloud < 0 {
		return
	}
	for _, x := range e.Around.Exceptions[p.Login] {
		for i := range x.Invitations {
			inv := &x.Invitations[i]
			e.invitationHeading(inv)
			if !inv.Email.IsZero() {
				e.out.Prose(2, e.T("explain.invited", "Address", inv.Email.Address()))
			}
			e.because("R8", "explain.exception", "Login", p.Login)
		}
	}
	if almost := e.Around.Almost[p.Login]; len(almost) > 0 {
		e.out.Blank()
		for i := range almost {
			e.out.Prose(2, e.T("explain.almost_here", "Accounts", bounded(accountNames(&almost[i])), "First", almost[i].Servers[0].String()))
		}
	}
}
