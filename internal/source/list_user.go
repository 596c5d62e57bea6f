package source

import (
	"strings"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

func (r *listReader) user() {
	o := object{keys: r.keys.user}
	var a licensing.CloudAccount
	var states fieldSet
	for key := range r.members(&o) {
		states |= r.userMember(key, &a)
	}
	r.require(&o, "login")
	r.Accounts.add(a)
	r.states.add(states)
}

// userMember reads one member and says which field it states.
func (r *listReader) userMember(key string, a *licensing.CloudAccount) fieldSet {
	switch key {
	case "login":
		a.Login = r.login()
	case "id":
		a.ID = r.text()
		return 1 << fieldID
	case "name":
		a.Name = r.text()
		return 1 << fieldName
	case "suspended":
		a.Suspended = r.boolean()
		return 1 << fieldSuspended
	case "two_factor":
		a.TwoFactor = r.maybe()
		if a.TwoFactor != nil {
			return 1 << fieldTwoFactor
		}
	case "emails":
		a.Emails = r.emails()
		return 1 << fieldEmails
	case "saml_identities":
		a.SAML = r.samlIdentities()
		return 1 << fieldSAML
	case "scim_identities":
		a.SCIM = r.scimIdentities()
		return 1 << fieldSCIM
	case "organizations":
		a.Organizations = r.organizations()
		return 1 << fieldOrganizations
	case "enterprise_roles":
		a.EnterpriseRoles = r.words(r.elements(), func() string {
			return r.choice(report.RoleOwner, report.RoleBillingManager, report.RoleGuestCollaborator)
		})
		return 1 << fieldRoles
	case "outside_collaborator":
		a.OutsideCollaborator = r.words(r.elements(), r.repository)
		return 1 << fieldOutside
	case "pending_organizations":
		a.PendingOrganizations = r.words(r.elements(), r.needed)
		return 1 << fieldPending
	}
	return 0
}

// login reads a login, which nobody else in the file may have.
func (r *listReader) login() string {
	login := r.needed()
	if login == "" || r.stopped() {
		return login
	}
	key := strings.ToLower(login)
	if first, twice := r.logins[key]; twice {
		r.problem("source.login_twice", "Login", shown(login), "Other", first.String(), "OtherLine", first.line)
		return login
	}
	r.logins[key] = r.tracker.place(r.start)
	return login
}

// maybe reads a boolean that may be unknown.
func (r *listReader) maybe() *bool {
	if !r.stopped() && r.decoder.PeekKind() == 'n' {
		r.value()
		return nil
	}
	found := len(r.problems.found)
	switch value := r.boolean(); {
	case found != len(r.problems.found):
		return nil
	case value:
		return r.yes
	default:
		return r.no
	}
}

func (r *listReader) emails() []licensing.CloudEmail {
	r.Scratch.Emails = r.Scratch.Emails[:0]
	for range r.elements() {
		o := object{keys: r.keys.email}
		var e licensing.CloudEmail
		for key := range r.members(&o) {
			switch key {
			case "email":
				e.Email = licensing.NewEmail(r.needed())
			case "primary":
				e.Primary = r.boolean()
			case "verified":
				e.Verified = r.boolean()
			}
		}
		r.require(&o, "email")
		r.Scratch.Emails = append(r.Scratch.Emails, e)
	}
	return r.Scratch.KeptEmails.keep(r.Scratch.Emails)
}

func (r *listReader) samlIdentities() []licensing.SAMLIdentity {
	r.Scratch.SAML = r.Scratch.SAML[:0]
	for range r.elements() {
		o := object{keys: r.keys.saml}
		var id licensing.SAMLIdentity
		for key := range r.members(&o) {
			switch key {
			case "organization":
				id.Organization = r.text()
			case "name_id":
				id.NameID = r.email()
			case "attributes":
				id.Attributes = r.attributes()
			}
		}
		r.Scratch.SAML = append(r.Scratch.SAML, id)
	}
	return r.Scratch.KeptSAML.keep(r.Scratch.SAML)
}

func (r *listReader) attributes() []licensing.SAMLAttribute {
	r.Scratch.Attributes = r.Scratch.Attributes[:0]
	for range r.elements() {
		o := object{keys: r.keys.attribute}
		var a licensing.SAMLAttribute
		for key := range r.members(&o) {
			switch key {
			case "name":
				a.Name = r.needed()
			case "value":
				a.Value = r.email()
			}
		}
		r.require(&o, "name")
		r.Scratch.Attributes = append(r.Scratch.Attributes, a)
	}
	return r.Scratch.KeptAttributes.keep(r.Scratch.Attributes)
}

func (r *listReader) scimIdentities() []licensing.SCIMIdentity {
	r.Scratch.SCIM = r.Scratch.SCIM[:0]
	for range r.elements() {
		o := object{keys: r.keys.scim}
		var id licensing.SCIMIdentity
		for key := range r.members(&o) {
			switch key {
			case "organization":
				id.Organization = r.text()
			case "user_name":
				id.UserName = r.email()
			case "emails":
				id.Emails = r.scimEmails()
			}
		}
		r.Scratch.SCIM = append(r.Scratch.SCIM, id)
	}
	return r.Scratch.KeptSCIM.keep(r.Scratch.SCIM)
}

func (r *listReader) scimEmails() []licensing.Email {
	r.Scratch.SCIMEmails = r.Scratch.SCIMEmails[:0]
	for range r.elements() {
		if e := r.email(); !e.IsZero() {
			r.Scratch.SCIMEmails = append(r.Scratch.SCIMEmails, e)
		}
	}
	return r.Scratch.KeptSCIMEmails.keep(r.Scratch.SCIMEmails)
}

func (r *listReader) organizations() []licensing.Membership {
	r.Scratch.memberships = r.Scratch.memberships[:0]
	for range r.elements() {
		o := object{keys: r.keys.organization}
		var m licensing.Membership
		for key := range r.members(&o) {
			switch key {
			case "login":
				m.Login = r.needed()
			case "role":
				m.Role = r.choice(report.OrganizationOwner, report.OrganizationMember)
			}
		}
		r.require(&o, "login", "role")
		r.Scratch.memberships = append(r.Scratch.memberships, m)
	}
	return r.Scratch.keptMemberships.keep(r.Scratch.memberships)
}
