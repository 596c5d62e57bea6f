package ui

import (
	"slices"
	"strings"
)

// metered is a policy's billing under which an organization's invitation takes
// no license (C4).
const metered = "metered"

// Frees are what has to end so that the license of a person who consumes falls
// away, a sentence each: whatever takes one by itself (C1, C3, C4, C6), in the
// order of the page. Empty of who consumes none, and of a past count.
func (p *personPage) Frees() []string {
	if p.Past || !p.Person.Person.Consumes {
		return nil
	}
	list := slices.Concat(p.freesServers(), p.freesInvitations(), p.freesSubscription())
	return slices.Concat(p.freesCloud(len(list) > 0), list)
}

// freesCloud is what the cloud account takes a license by; others: something
// else of the person does too.
func (p *personPage) freesCloud(others bool) []string {
	a := p.Person.Account
	if a == nil {
		return nil
	}
	var list []string
	if !a.Suspended {
		if len(a.Organizations) > 0 {
			list = append(list, p.T("ui.free.member", "Login", a.Login, "Organizations", strings.Join(p.Line.Organizations, ", ")))
		}
		if len(a.OutsideCollaborator) > 0 {
			list = append(list, p.T("ui.free.outside", "Login", a.Login, "Repositories", strings.Join(a.OutsideCollaborator, ", ")))
		}
		policy := &p.Result.Policy
		if len(a.PendingOrganizations) > 0 && !policy.ManagedUsers && policy.Billing != metered {
			list = append(list, p.T("ui.free.pending", "Login", a.Login, "Organizations", strings.Join(a.PendingOrganizations, ", ")))
		}
	}
	if a.Reported && len(list) == 0 {
		list = append(list, p.T("ui.free.reported", "Login", a.Login, "Others", others))
	}
	return list
}

func (p *personPage) freesServers() []string {
	if len(p.Line.Servers) == 0 {
		return nil
	}
	return []string{p.T("ui.free.servers", "Hosts", strings.Join(p.Line.Servers, ", "))}
}

func (p *personPage) freesInvitations() []string {
	var list []string
	for _, i := range p.Invitations() {
		switch to := invitedTo(&i.It); {
		case !i.It.Consumes:
		case i.It.SCIM:
			list = append(list, p.T("ui.free.invitation_scim", "To", to))
		default:
			list = append(list, p.T("ui.free.invitation", "To", to))
		}
	}
	return list
}

// freesSubscription: a subscription takes a license with a cloud account that is
// not suspended (C6), and of nobody known when the policy says so (C7).
func (p *personPage) freesSubscription() []string {
	person, a := &p.Person.Person, p.Person.Account
	alone := a == nil && len(person.Servers)+len(person.Invitations) == 0
	if len(person.Subscriptions) == 0 || !alone && (a == nil || a.Suspended) {
		return nil
	}
	return []string{p.T("ui.free.subscription")}
}

// Compared says that GitHub has compared somebody who is known from server
// instances alone, and joined them to nobody; empty: it has not, or nothing
// could be hidden from the comparison here.
func (p *personPage) Compared() string {
	person := &p.Person.Person
	if person.Cloud >= 0 || len(person.Servers) == 0 || !person.Consumes || p.Person.Unsure != "" || !p.Result.Visibility.Hidden {
		return ""
	}
	return p.T("ui.person.compared", "Date", p.reportDay())
}

// reportDay is the day of GitHub's report; empty: it does not say.
func (p *personPage) reportDay() string {
	if rc := p.Result.Reconciliation; rc != nil && !rc.Date.IsZero() {
		return p.Date(rc.Date)
	}
	return ""
}
