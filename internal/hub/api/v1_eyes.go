package api

import (
	"strings"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// eyes decide which addresses of a person a token sees whole: those that
// GitHub's report would show, and those that the person shows anyway as a
// server account's. Every other address of a cloud account is masked until
// somebody reveals it. It is the one place of this API that unmasks.
type eyes struct {
	rule *report.Shown
	// Shown are addresses that stand whole elsewhere on the same person.
	Shown map[licensing.Key]bool
	// open eyes see everything: for somebody who asked, and was recorded.
	open bool
}

// eyesOn are the eyes for a person of a result.
func eyesOn(r *hub.Result, p *licensing.Person) eyes {
	e := eyes{rule: ruleOf(r), Shown: map[licensing.Key]bool{}}
	for i := range p.Servers {
		e.show(p.Servers[i].Email)
	}
	for _, email := range p.ReportEmails {
		e.show(email)
	}
	for i := range p.Subscriptions {
		e.show(p.Subscriptions[i].Email)
	}
	if p.Cloud < 0 && p.Beside == "" {
		for i := range p.Invitations {
			e.show(p.Invitations[i].Email)
		}
	}
	return e
}

// ruleOf is the rule that a result's rows are shown by.
func ruleOf(r *hub.Result) *report.Shown { return report.NewShown(r.Domains, r.Policy.ManagedUsers) }

func (e eyes) show(address licensing.Email) {
	if key, ok := address.Key(); ok {
		e.Shown[key] = true
	}
}

// see is an address of a cloud account, whole or masked, and whether it is
// masked. What is no address is a name that an identity provider gave.
func (e eyes) see(address licensing.CloudEmail) (text string, hidden bool) {
	key, isAddress := address.Email.Key()
	whole := e.Shown[key] || e.rule.Shows(address)
	if e.open || isAddress && whole || !isAddress && !strings.Contains(address.Email.Address(), "@") {
		return address.Email.Address(), false
	}
	return address.Email.String(), true
}

// asserted is see for what an identity provider or an invitation says: it
// vouches for the address.
func (e eyes) asserted(address licensing.Email) Address {
	text, hidden := e.see(licensing.CloudEmail{Email: address, Verified: true})
	return Address{Address: text, Hidden: hidden}
}

// text is asserted for places that have no room to say that it is a mask.
func (e eyes) text(address licensing.Email) string { return e.asserted(address).Address }

// reported is what GitHub's report shows: the addresses of server accounts and
// subscriptions, and what a person without a cloud account is called by.
func reported(address licensing.Email) string { return address.Address() }
