package hub

import (
	"maps"
	"strings"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// Eyes decide which addresses of a person a reader sees whole: those that
// GitHub's report would show, and those that the person shows anyway as a
// server account's. Every other address of a cloud account is masked until
// somebody reveals it; see [Service.Reveal]. Every surface looks through them.
type Eyes struct {
	rule *report.Shown
	// Shown are addresses that stand whole elsewhere on the same person.
	Shown map[licensing.Key]bool
	// open eyes see everything, closed ones no address.
	open, closed bool
}

// ClosedEyes see no address whole: those of people with a read-only role.
func ClosedEyes() Eyes { return Eyes{closed: true} }

// EyesOn are the eyes for a person of a result.
func EyesOn(r *Result, p *licensing.Person) Eyes {
	e := Eyes{rule: report.NewShown(r.Domains, r.Policy.ManagedUsers), Shown: map[licensing.Key]bool{}}
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

// Opened are the eyes of somebody who asked to see everything, and was
// recorded.
func (e Eyes) Opened() Eyes {
	e.open, e.closed = true, false
	return e
}

// Knowing are the eyes of somebody to whom the same page shows an address whole,
// as somebody else's.
func (e Eyes) Knowing(address licensing.Email) Eyes {
	if e.Shown = maps.Clone(e.Shown); e.Shown != nil {
		e.show(address)
	}
	return e
}

func (e Eyes) show(address licensing.Email) {
	if key, ok := address.Key(); ok {
		e.Shown[key] = true
	}
}

// See is an address of a cloud account, whole or masked, and whether it is
// masked. What is no address is a name that an identity provider gave.
func (e Eyes) See(address licensing.CloudEmail) (text string, hidden bool) {
	key, isAddress := address.Email.Key()
	switch looksLikeOne := isAddress || strings.Contains(address.Email.Address(), "@"); {
	case e.open, !looksLikeOne:
		return address.Email.Address(), false
	case !e.closed && isAddress && (e.Shown[key] || e.rule.Shows(address)):
		return address.Email.Address(), false
	}
	return address.Email.String(), true
}

// Asserted is See for what an identity provider or an invitation says: it
// vouches for the address.
func (e Eyes) Asserted(address licensing.Email) (text string, hidden bool) {
	return e.See(licensing.CloudEmail{Email: address, Verified: true})
}

// Missed is See for the address of a cloud account that a server account of the
// person almost joined: whole here if the cloud account's own page shows it, or
// this person's, as an address of a server account.
func (e Eyes) Missed(m *licensing.NearMiss) (text string, hidden bool) {
	return e.See(licensing.CloudEmail{Email: m.Theirs, Verified: m.Verified})
}

// Reported is what GitHub's report shows: the addresses of server accounts and
// subscriptions, and what a person without a cloud account is called by.
func (e Eyes) Reported(address licensing.Email) string {
	if e.closed && strings.Contains(address.Address(), "@") {
		return address.String()
	}
	return address.Address()
}
