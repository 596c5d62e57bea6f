package api

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// summary shows a person of a list.
func summary(r *hub.Result, p *hub.Person) PersonSummary {
	return eyesOn(r, &p.Person).summary(r, p)
}

func (e eyes) summary(r *hub.Result, p *hub.Person) PersonSummary {
	row := r.Row(p)
	out := PersonSummary{
		ID: p.ID, Name: reported(p.Name), Login: row.Login, FullName: row.Name, Deployment: hub.DeploymentOf(&p.Person),
		Consumes: p.Person.Consumes, License: string(row.LicenseType), Unsure: p.Unsure, Accounts: row.Accounts,
		Organizations: []string{}, Roles: list(row.EnterpriseRoles),
		Emails: []string{}, Servers: []string{},
	}
	if p.Account != nil {
		for _, m := range p.Account.Organizations {
			out.Organizations = append(out.Organizations, m.Login)
		}
	}
	for _, email := range slices.Concat(row.VerifiedDomainEmails, row.ServerEmails) {
		out.Emails = append(out.Emails, reported(email))
	}
	for i := range p.Person.Servers {
		out.Servers = append(out.Servers, p.Person.Servers[i].String())
	}
	return out
}

// person shows a person with every reason.
func (e eyes) person(r *hub.Result, p *hub.Person) Person {
	return Person{
		PersonSummary: e.summary(r, p), Result: r.Number, Beside: p.Person.Beside,
		Cloud: e.account(p.Account), Places: each(p.Person.Servers, e.serverAccount),
		Invitations:   each(p.Person.Invitations, e.invitation),
		Subscriptions: each(p.Person.Subscriptions, e.subscription),
		ReportEmails:  each(p.Person.ReportEmails, reported),
	}
}

func (e eyes) serverAccount(a licensing.PlacedAccount) ServerAccount {
	return ServerAccount{
		Host: a.Host, UserID: a.ID, Email: reported(a.Email), AdvancedSecurity: a.AdvancedSecurity, Reason: e.reason(a.Reason),
	}
}

func (e eyes) invitation(i licensing.PlacedInvitation) Invitation {
	kind := "member"
	if i.Kind == licensing.InviteOutsideCollaborator {
		kind = "outside_collaborator"
	}
	return Invitation{
		Address: e.asserted(i.Email), Organization: i.Organization, Repository: i.Repository, Kind: kind,
		CreatedAt: i.CreatedAt, SCIM: i.SCIM, Consumes: i.Consumes, Reason: e.reason(i.Reason),
	}
}

func (e eyes) subscription(s licensing.PlacedSubscription) Subscription {
	return Subscription{ID: s.ID, Email: reported(s.Email), Login: s.Login, Reason: e.reason(s.Reason)}
}

func (e eyes) reason(r licensing.Reason) Reason {
	out := Reason{Rule: r.Rule.String(), Value: e.text(r.Value), Tie: r.Tie, Source: r.Source, FromReport: r.FromReport}
	if r.Attribute != licensing.NoAttribute {
		out.Attribute = r.Attribute.String()
	}
	return out
}

func (e eyes) account(a *licensing.CloudAccount) *CloudAccount {
	if a == nil {
		return nil
	}
	return &CloudAccount{
		Login: a.Login, Name: a.Name, Suspended: a.Suspended, TwoFactor: a.TwoFactor, Reported: a.Reported,
		Emails: each(a.Emails, e.cloudEmail), Identities: e.identities(a),
		Organizations:   each(a.Organizations, func(m licensing.Membership) Membership { return Membership(m) }),
		EnterpriseRoles: list(a.EnterpriseRoles), OutsideCollaborator: list(a.OutsideCollaborator),
		PendingOrganizations: list(a.PendingOrganizations),
	}
}

func (e eyes) cloudEmail(c licensing.CloudEmail) CloudEmail {
	text, hidden := e.See(c)
	return CloudEmail{Address: Address{text, hidden}, Primary: c.Primary, Verified: c.Verified}
}

// identities are the values that identity providers assert, in the order of
// their ranks.
func (e eyes) identities(a *licensing.CloudAccount) []CloudIdentity {
	out := []CloudIdentity{}
	add := func(organization, attribute string, value licensing.Email) {
		if !value.IsZero() {
			out = append(out, CloudIdentity{e.asserted(value), organization, attribute})
		}
	}
	for i := range a.SAML {
		for _, claim := range a.SAML[i].Attributes {
			add(a.SAML[i].Organization, strings.TrimSpace(claim.Name), claim.Value)
		}
		add(a.SAML[i].Organization, licensing.AttrNameID.String(), a.SAML[i].NameID)
	}
	for i := range a.SCIM {
		add(a.SCIM[i].Organization, licensing.AttrUserName.String(), a.SCIM[i].UserName)
		for _, email := range a.SCIM[i].Emails {
			add(a.SCIM[i].Organization, licensing.AttrEmails.String(), email)
		}
	}
	return out
}
