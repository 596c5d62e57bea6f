package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// take gives an account a field of another.
func take(f field, to, of *licensing.CloudAccount) {
	switch f {
	case fieldID:
		to.ID = of.ID
	case fieldName:
		to.Name = of.Name
	case fieldSuspended:
		to.Suspended = of.Suspended
	case fieldTwoFactor:
		to.TwoFactor = of.TwoFactor
	case fieldEmails:
		to.Emails = of.Emails
	case fieldSAML:
		to.SAML = of.SAML
	case fieldSCIM:
		to.SCIM = of.SCIM
	case fieldOrganizations:
		to.Organizations = of.Organizations
	case fieldRoles:
		to.EnterpriseRoles = of.EnterpriseRoles
	case fieldOutside:
		to.OutsideCollaborator = of.OutsideCollaborator
	case fieldPending:
		to.PendingOrganizations = of.PendingOrganizations
	case fields:
	}
}

// same says that two accounts say the same in a field. Lists are sets; logins
// and organizations compare without case, addresses as they are written.
func same(f field, a, b *licensing.CloudAccount) bool {
	switch f {
	case fieldID:
		return a.ID == b.ID
	case fieldName:
		return a.Name == b.Name
	case fieldSuspended:
		return a.Suspended == b.Suspended
	case fieldTwoFactor:
		return a.TwoFactor == b.TwoFactor || a.TwoFactor != nil && b.TwoFactor != nil && *a.TwoFactor == *b.TwoFactor
	case fieldEmails:
		return sameSet(a.Emails, b.Emails, emailText)
	case fieldSAML:
		return sameSet(a.SAML, b.SAML, samlText)
	case fieldSCIM:
		return sameSet(a.SCIM, b.SCIM, scimText)
	case fieldOrganizations:
		return sameSet(a.Organizations, b.Organizations, func(m licensing.Membership) string { return strings.ToLower(m.Login) + ":" + m.Role })
	case fieldRoles:
		return sameSet(a.EnterpriseRoles, b.EnterpriseRoles, strings.ToLower)
	case fieldOutside:
		return sameSet(a.OutsideCollaborator, b.OutsideCollaborator, strings.ToLower)
	case fieldPending:
		return sameSet(a.PendingOrganizations, b.PendingOrganizations, strings.ToLower)
	case fields:
	}
	return true
}

// sameSet compares two lists as sets of texts.
func sameSet[T any](a, b []T, text func(T) string) bool {
	return slices.Equal(textSet(a, text), textSet(b, text))
}

// textSet gives the texts of a list, sorted and each once.
func textSet[T any](list []T, text func(T) string) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = text(v)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// The texts below hold whole addresses: they are compared and dropped.

func emailText(e licensing.CloudEmail) string {
	return fmt.Sprintf("%q %t %t", e.Email.Address(), e.Primary, e.Verified)
}

func samlText(id licensing.SAMLIdentity) string {
	attributes := textSet(id.Attributes, func(a licensing.SAMLAttribute) string {
		return fmt.Sprintf("%q %q", a.Name, a.Value.Address())
	})
	return fmt.Sprintf("%q %q %q", strings.ToLower(id.Organization), id.NameID.Address(), attributes)
}

func scimText(id licensing.SCIMIdentity) string {
	return fmt.Sprintf("%q %q %q", strings.ToLower(id.Organization), id.UserName.Address(), textSet(id.Emails, licensing.Email.Address))
}

func invitationText(i licensing.Invitation) string {
	return fmt.Sprintf("%q %q %q %d %d %t %t", i.Email.Address(), strings.ToLower(i.Organization), strings.ToLower(i.Repository),
		i.Kind, i.CreatedAt.UnixNano(), i.SCIM, i.Failed)
}

func subscriptionText(s licensing.Subscription) string {
	return fmt.Sprintf("%q %q %q", s.ID, s.Email.Address(), strings.ToLower(s.Login))
}

func rowText(r licensing.ReportRow) string {
	return fmt.Sprintf("%q %q %q %q %q %q %q", strings.ToLower(r.Login),
		textSet(r.ServerAccounts, licensing.HostID.String), textSet(r.ServerEmails, licensing.Email.Address),
		r.SubscriptionEmail.Address(), strings.ToLower(r.SubscriptionLogin), r.InvitationEmail.Address(), r.Detail)
}
