package source

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// agree says that a list and a report do not contradict each other in a field.
// Of some they speak in different ways:
//
//   - emails: the report shows exactly the verified addresses inside verified
//     domains. They agree when each of the report's is verified in the list
//     and, as far as the domains are known, the list has no further such one.
//   - saml_identities: the report shows one name id. They agree when some
//     identity of the list has it.
//   - enterprise_roles: the report adds what an account is to organizations
//     and leaves out billing managers. They agree when both or neither say
//     that the account owns the enterprise.
func (m *merger) agree(f field, list, rep *licensing.CloudAccount) bool {
	switch f {
	case fieldEmails:
		return m.sameAddresses(list.Emails, rep.Emails)
	case fieldSAML:
		return hasNameID(list.SAML, rep.SAML[0].NameID)
	case fieldRoles:
		return isOwner(list) == isOwner(rep)
	default:
		return same(f, list, rep)
	}
}

// amend brings a list's field into agreement with a newer report:
//
//   - emails: the report's become verified; a verified one inside a verified
//     domain that the report lacks goes.
//   - saml_identities: the report's name id comes; at the enterprise's own
//     provider another one goes, with what is asserted beside it.
//   - enterprise_roles: the report's, and those it never shows.
//   - any other: the report's word.
func (m *merger) amend(f field, list, rep *licensing.CloudAccount) {
	switch f {
	case fieldEmails:
		list.Emails = m.amendedEmails(list.Emails, rep.Emails)
	case fieldSAML:
		kept := slices.DeleteFunc(slices.Clone(list.SAML), func(id licensing.SAMLIdentity) bool {
			return id.Organization == "" && !id.NameID.IsZero()
		})
		list.SAML = append(kept, rep.SAML...)
	case fieldRoles:
		roles := slices.DeleteFunc(slices.Clone(list.EnterpriseRoles), func(role string) bool { return role == report.RoleOwner })
		for _, role := range rep.EnterpriseRoles {
			if !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
		list.EnterpriseRoles = roles
	default:
		take(f, list, rep)
	}
}

func (m *merger) sameAddresses(list, rep []licensing.CloudEmail) bool {
	shown := m.shownAddresses(list)
	for _, e := range rep {
		if !hasVerified(list, e.Email) {
			return false
		}
	}
	for _, e := range shown {
		if !hasVerified(rep, e.Email) {
			return false
		}
	}
	return true
}

// shownAddresses are those that a report would show.
func (m *merger) shownAddresses(list []licensing.CloudEmail) []licensing.CloudEmail {
	var shown []licensing.CloudEmail
	for _, e := range list {
		if e.Verified && m.domains[domainOf(e.Email)] {
			shown = append(shown, e)
		}
	}
	return shown
}

func (m *merger) amendedEmails(list, rep []licensing.CloudEmail) []licensing.CloudEmail {
	var out []licensing.CloudEmail
	for _, e := range list {
		switch {
		case hasVerified(rep, e.Email):
			e.Verified = true
		case e.Verified && m.domains[domainOf(e.Email)]:
			continue
		}
		out = append(out, e)
	}
	for _, e := range rep {
		if !hasVerified(out, e.Email) {
			out = append(out, e)
		}
	}
	return out
}

// hasVerified says that a list has an address, by its key, as a verified one.
func hasVerified(list []licensing.CloudEmail, email licensing.Email) bool {
	return slices.ContainsFunc(list, func(e licensing.CloudEmail) bool {
		return e.Verified && sameEmail(e.Email, email)
	})
}

func sameEmail(a, b licensing.Email) bool {
	if a == b {
		return true
	}
	x, ok := a.Key()
	y, also := b.Key()
	return ok && also && x == y
}

func hasNameID(list []licensing.SAMLIdentity, id licensing.Email) bool {
	return slices.ContainsFunc(list, func(s licensing.SAMLIdentity) bool { return sameEmail(s.NameID, id) })
}

func isOwner(a *licensing.CloudAccount) bool {
	return slices.ContainsFunc(a.EnterpriseRoles, func(role string) bool { return strings.EqualFold(role, report.RoleOwner) })
}
