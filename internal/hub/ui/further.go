package ui

import (
	"context"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// further is an invitation or a subscription of a person: what a list and
// GitHub's report both say of it stands once.
type further[T any] struct {
	It T
	// Both: GitHub's report has it too.
	Both bool
}

// Invitations are the person's.
func (p *personPage) Invitations() []further[licensing.PlacedInvitation] {
	return once(p.Person.Person.Invitations, func(i *licensing.PlacedInvitation) (int, licensing.Key) { return i.Row, keyOf(i.Email) })
}

// Subscriptions are the person's: of those with an address or a login.
func (p *personPage) Subscriptions() []further[licensing.PlacedSubscription] {
	return once(p.Person.Person.Subscriptions, func(s *licensing.PlacedSubscription) (int, licensing.Key) { return s.Row, keyOf(s.Email) })
}

func keyOf(e licensing.Email) licensing.Key {
	key, _ := e.Key()
	return key
}

// once leaves out what GitHub's report (row >= 0) says of an address of which a
// list says something.
func once[T any](all []T, about func(*T) (row int, key licensing.Key)) []further[T] {
	listed, reported := map[licensing.Key]bool{}, map[licensing.Key]bool{}
	for i := range all {
		switch row, key := about(&all[i]); {
		case key == licensing.Key{}:
		case row < 0:
			listed[key] = true
		default:
			reported[key] = true
		}
	}
	var out []further[T]
	for i := range all {
		row, key := about(&all[i])
		if row >= 0 && listed[key] {
			continue
		}
		out = append(out, further[T]{all[i], row < 0 && reported[key]})
	}
	return out
}

// maxPairs is how many invitations a page names that may be the same one.
const maxPairs = 5

// pairs finds which invitations may be the same as the person's: those without
// a name for one with, and the other way round. An address that GitHub's report
// would show comes last: it is likelier that of an invitation sent since.
func (u *UI) pairs(ctx context.Context, p *personPage) error {
	if p.Person.Unsure != hub.UnsureInvited || p.Past {
		return nil
	}
	found, err := u.hub.Search(ctx, p.About.Number, hub.Query{Unsure: hub.UnsureInvited}, "", hub.MaxPage)
	if err != nil {
		return err
	}
	shown := report.NewShown(found.Result.Domains, found.Result.Policy.ManagedUsers)
	var likely, others []pairLink
	for _, other := range found.People {
		if nameless(&other.Person) == nameless(&p.Person.Person) {
			continue
		}
		link := pairLink{personLink{ID: other.ID, Name: p.line(found.Result, other).Name}, p.invitedTo(&other.Person)}
		if len(other.Person.Invitations) > 0 && shown.Inside(other.Person.Invitations[0].Email) {
			others = append(others, link)
		} else {
			likely = append(likely, link)
		}
	}
	p.Pairs = append(likely, others...)
	p.Pairs = p.Pairs[:min(len(p.Pairs), maxPairs)]
	return nil
}

// pairLink names an invitation that may be the same as another.
type pairLink struct {
	personLink

	To string // what to; empty: nobody says
}

// invitedTo is what somebody's invitations are to.
func (p *personPage) invitedTo(person *licensing.Person) string {
	var to []string
	for i := range person.Invitations {
		if name := invitedTo(&person.Invitations[i]); name != "" {
			to = append(to, name)
		}
	}
	return strings.Join(to, ", ")
}

// UnsureWhy says why the range of the total is about the person.
func (p *personPage) UnsureWhy() string {
	switch p.Person.Unsure {
	case hub.UnsureUndecided:
		if p.NoAddress() {
			return p.T("ui.person.unsure.undecided_no_address")
		}
		return p.T("ui.person.unsure.undecided")
	case hub.UnsureNothing:
		return p.T("ui.person.unsure.nothing")
	}
	date := p.reportDay()
	if nameless(&p.Person.Person) {
		return p.T("ui.person.unsure.nameless", "Date", date)
	}
	return p.T("ui.person.unsure.invited", "Date", date)
}

// InvitationSaid is what the files say of an invitation: when it was sent and
// lapses, and where GitHub shows what they do not say and lets it be cancelled.
func (p *personPage) InvitationSaid(i *licensing.PlacedInvitation) []string {
	sent, who := p.T("pagelicensing.invitation.undated"), "pagelicensing.invitation.who"
	switch {
	case i.SCIM:
		sent = p.T("pagelicensing.invitation.scim", "Date", p.dayOf(i.CreatedAt))
	case !i.CreatedAt.IsZero():
		sent = p.T("pagelicensing.invitation.sent", "Date", p.dayOf(i.CreatedAt), "End", p.dayOf(i.Lapses()))
	}
	switch {
	case i.Repository != "":
		who = "pagelicensing.invitation.who_repository"
	case i.Organization == "": // GitHub's report does not say what it is to
		who = "pagelicensing.invitation.who_anywhere"
	}
	return []string{sent, p.T(who, "To", invitedTo(i))}
}

func (p *personPage) dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.Date(t)
}

// Awaited is the invitation that somebody who is known from server instances
// alone has not accepted; nil: there is none.
func (p *personPage) Awaited() *licensing.PlacedInvitation {
	person := &p.Person.Person
	if person.Cloud >= 0 || len(person.Servers) == 0 || len(person.Invitations) == 0 {
		return nil
	}
	return &person.Invitations[0]
}

// InvitationWhy says whose an invitation is, and by what.
func (p *personPage) InvitationWhy(i *licensing.PlacedInvitation) why {
	person, rule := &p.Person.Person, licensing.R8.String()
	switch {
	case i.Row >= 0 && !i.Email.IsZero():
		return why{p.T("ui.why.R8_report", "Date", p.day(i.Reason.Source)), rule}
	case i.Email.IsZero():
		return why{p.T("ui.why.R8_nameless"), rule}
	case person.Beside != "" && i.Reason.Attribute == licensing.AttrVerifiedEmail:
		return why{p.T("ui.why.R8_exception", "Login", person.Beside), rule}
	case person.Beside != "":
		return why{p.T("ui.why.R8_exception_identity", "Login", person.Beside, "Attribute", i.Reason.Attribute.String()), rule}
	case person.Cloud >= 0:
		return why{p.T("ui.why.R8_found", "Login", person.Login), rule}
	default:
		return why{p.T("ui.why.R8_nobody"), rule}
	}
}

// SubscriptionWhy says why a subscription is this person's.
func (p *personPage) SubscriptionWhy(s *licensing.PlacedSubscription) why {
	person := &p.Person.Person
	if s.Login != "" && strings.EqualFold(s.Login, person.Login) {
		return why{p.T("ui.why.R9_login", "Login", person.Login), licensing.R9.String()}
	}
	if person.Cloud >= 0 || len(person.Servers) > 0 {
		return why{p.T("ui.why.R9_address"), licensing.R9.String()}
	}
	return why{p.T("ui.why.R9_nobody"), licensing.R9.String()}
}

// invited is the address that an invitation went to.
func (p *personPage) invited(i *licensing.PlacedInvitation) string {
	text, _ := p.Eyes.Asserted(i.Email)
	return text
}
