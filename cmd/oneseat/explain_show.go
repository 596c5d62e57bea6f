package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// explainer writes one person with every account and every reason.
type explainer struct {
	*session

	c *counted
	// whole are server accounts with all their addresses, of those whose near
	// misses are looked for.
	whole map[licensing.HostID]*licensing.ServerAccount
	// Around are the people beside those who are explained.
	Around surroundings
	// Shown are the addresses that are whole here anyway: the same one of a
	// cloud account is too. hid says that another was masked.
	Shown map[licensing.Key]bool
	hid   bool
	rule  *report.Shown
}

func (e *explainer) explain(p *licensing.Person) {
	e.out.Strong(e.summary(p))
	if p.Beside != "" {
		e.out.Prose(2, e.T("explain.beside", "Login", p.Beside))
	}
	if p.Cloud >= 0 {
		e.cloud(p, &e.c.side.Accounts[p.Cloud])
	}
	for i := range p.Servers {
		e.server(p, &p.Servers[i])
	}
	if len(p.Servers) > 0 && (p.Cloud < 0 || !consumesAlone(&e.c.side.Accounts[p.Cloud])) {
		e.out.Blank()
		e.because("C3", "explain.c3")
	}
	for i := range p.Invitations {
		e.invitation(p, &p.Invitations[i])
	}
	for i := range p.Subscriptions {
		e.subscription(p, &p.Subscriptions[i])
	}
	e.beside(p)
}

// because writes a sentence with the number of its rule at the end.
func (e *explainer) because(rule, key string, args ...any) {
	e.out.Prose(2, e.T("explain.rule", "Text", e.T(key, args...), "Rule", rule))
}

func (e *explainer) summary(p *licensing.Person) string {
	name := e.c.name(p)
	if p.Cloud >= 0 {
		if full := e.c.side.Accounts[p.Cloud].Name; full != "" {
			name = e.T("explain.named", "Login", p.Login, "Name", full)
		}
	}
	license := e.T("explain.no_license")
	if p.Consumes {
		license = e.T("explain.license", "Type", string(p.License))
	}
	if p.Accounts() == 0 {
		return e.T("explain.without_account", "Name", name, "License", license)
	}
	return e.T("explain.person", "Name", name, "Count", p.Accounts(), "License", license)
}

// cloud writes a cloud account: what it belongs to, and what it can be found
// by. Addresses GitHub would not show are masked.
func (e *explainer) cloud(p *licensing.Person, a *licensing.CloudAccount) {
	e.out.Heading(e.T("explain.cloud_account", "Login", p.Login))
	e.cloudConsumes(a)
	var found []terminal.Definition
	add := func(key string, values []string) {
		if len(values) > 0 {
			found = append(found, terminal.Definition{Term: e.T(key), Text: bounded(values)})
		}
	}
	if a.Reported {
		add("explain.organizations", memberships(a.Organizations))
	}
	add("explain.verified", e.addresses(a, true))
	add("explain.unverified", e.addresses(a, false))
	add("explain.saml", e.samlValues(a))
	add("explain.scim", e.scimValues(a))
	if len(e.addresses(a, true))+len(a.SAML)+len(a.SCIM) == 0 {
		e.out.Prose(2, e.T("explain.not_comparable"))
	}
	e.out.Definitions(2, found)
	if e.hid {
		e.hid = false
		e.faintAt(2, "explain.hidden")
	}
	e.lost(p.Login)
}

// lost names the values that fit the account too, but went to another (R10).
func (e *explainer) lost(login string) {
	n := 0
	for _, k := range e.c.result.Conflicts() {
		if n < maxNames && k.Chosen != login && slices.Contains(k.Candidates, login) {
			n++
			e.because("R10", "explain.lost", "Value", k.Value.Address(), "Chosen", k.Chosen)
		}
	}
}

// consumesAlone says that C1 needs no invitation of R8 for a cloud account.
func consumesAlone(a *licensing.CloudAccount) bool {
	return a.Reported || !a.Suspended && len(a.Organizations)+len(a.OutsideCollaborator) > 0
}

// cloudConsumes says in words what C1 and C2 look at.
func (e *explainer) cloudConsumes(a *licensing.CloudAccount) {
	switch {
	case a.Reported:
		e.because("C1", "explain.c1_reported", "Date", e.date(e.c.figureDate()))
	case a.Suspended:
		e.because("C2", "explain.c2_suspended")
	case len(a.Organizations) > 0:
		e.because("C1", "explain.c1_organizations", "Organizations", bounded(memberships(a.Organizations)))
	case len(a.OutsideCollaborator) > 0:
		e.because("C1", "explain.c1_outside", "Repositories", bounded(a.OutsideCollaborator))
	case len(a.PendingOrganizations) > 0:
		e.because("C4", "explain.c4_pending", "Organizations", bounded(a.PendingOrganizations))
	default:
		e.because("C2", "explain.c2_unaffiliated", "Roles", cmp.Or(bounded(a.EnterpriseRoles), e.T("explain.no_role")))
	}
}

func memberships(all []licensing.Membership) []string {
	list := make([]string, len(all))
	for i, m := range all {
		list[i] = m.Login + " (" + m.Role + ")"
	}
	return list
}

// bounded joins the first of a list.
func bounded(list []string) string {
	if len(list) > maxNames {
		return strings.Join(list[:maxNames], ", ") + ", …"
	}
	return strings.Join(list, ", ")
}

func (e *explainer) addresses(a *licensing.CloudAccount, verified bool) []string {
	var list []string
	for _, email := range a.Emails {
		if email.Verified == verified {
			list = append(list, e.visible(email))
		}
	}
	return list
}

func (e *explainer) samlValues(a *licensing.CloudAccount) []string {
	var list []string
	for i := range a.SAML {
		if id := a.SAML[i].NameID; !id.IsZero() {
			list = append(list, licensing.AttrNameID.String()+" "+e.identity(id))
		}
		for _, at := range a.SAML[i].Attributes {
			list = append(list, at.Name[strings.LastIndexByte(at.Name, '/')+1:]+" "+e.identity(at.Value))
		}
	}
	return list
}

func (e *explainer) scimValues(a *licensing.CloudAccount) []string {
	var list []string
	for i := range a.SCIM {
		if name := a.SCIM[i].UserName; !name.IsZero() {
			list = append(list, licensing.AttrUserName.String()+" "+e.identity(name))
		}
		for _, email := range a.SCIM[i].Emails {
			list = append(list, licensing.AttrEmails.String()+" "+e.identity(email))
		}
	}
	return list
}

// visible is an address of a cloud account as GitHub would show it to an
// owner, or whole when the same address is shown anyway. What is no address is
// a user name of the identity provider.
func (e *explainer) visible(email licensing.CloudEmail) string {
	key, isAddress := email.Email.Key()
	switch {
	case !isAddress && !strings.Contains(email.Email.Address(), "@"), e.Shown[key], e.rule.Shows(email):
		return email.Email.Address()
	}
	e.hid = true
	return email.Email.String()
}

// identity is visible for a value of the identity provider, which vouches for
// it.
func (e *explainer) identity(value licensing.Email) string {
	return e.visible(licensing.CloudEmail{Email: value, Verified: true})
}
