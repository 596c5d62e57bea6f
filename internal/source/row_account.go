package source

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// accountOf is the cloud account of a row of GitHub's report, with the fields
// that the row says something of. A row says nothing of what it leaves empty
// where GitHub leaves out what it does not know: name, SAML name id, two factor
// and the repositories of a collaborator, which older reports do not have.
func accountOf(u *report.User) (licensing.CloudAccount, fieldSet) {
	a := licensing.CloudAccount{
		Login: u.Login, Name: u.Name, TwoFactor: u.TwoFactor, Reported: true,
		EnterpriseRoles: u.EnterpriseRoles, PendingOrganizations: u.PendingOrganizations,
	}
	states := fieldSet(1<<fieldEmails | 1<<fieldOrganizations | 1<<fieldRoles | 1<<fieldPending)
	for _, e := range u.VerifiedDomainEmails {
		a.Emails = append(a.Emails, licensing.CloudEmail{Email: e, Verified: true})
	}
	for _, role := range u.MemberRoles {
		at := max(0, strings.LastIndexByte(role, ':'))
		switch of, role := role[:at], role[min(at+1, len(role)):]; {
		case role == report.RepositoryCollaborator:
			a.OutsideCollaborator = append(a.OutsideCollaborator, of)
			states |= 1 << fieldOutside
		case of != "":
			a.Organizations = append(a.Organizations, licensing.Membership{Login: of, Role: role})
		}
	}
	if !u.SAMLNameID.IsZero() {
		a.SAML = []licensing.SAMLIdentity{{NameID: u.SAMLNameID}}
		states |= 1 << fieldSAML
	}
	if u.Name != "" {
		states |= 1 << fieldName
	}
	if u.TwoFactor != nil {
		states |= 1 << fieldTwoFactor
	}
	return a, states
}

// profilesOf is what stands before the login in a row's link to a profile page;
// empty when there is no such link.
func profilesOf(u *report.User) string {
	at := len(u.Profile) - len(u.Login)
	if at <= 0 || !strings.EqualFold(u.Profile[at:], u.Login) {
		return ""
	}
	return u.Profile[:at]
}

// domainOf is the domain of an address as in address keys; empty when it is no
// address.
func domainOf(e licensing.Email) string {
	key, ok := e.Key()
	if !ok {
		return ""
	}
	_, domain, _ := strings.Cut(key.Address(), "@")
	return domain
}

// hasLostCharacter says that an address holds the sign that stands for a
// character which some program could not read: two such addresses may look
// the same and be two.
func hasLostCharacter(u *report.User) bool {
	lost := func(e licensing.Email) bool { return strings.ContainsRune(e.Address(), utf8.RuneError) }
	return slices.ContainsFunc(u.VerifiedDomainEmails, lost) || slices.ContainsFunc(u.ServerEmails, lost) ||
		lost(u.SAMLNameID) || lost(u.SubscriptionEmail) || lost(u.InvitationEmail)
}

// detail tells rows apart that have no login, server account or subscription:
// what they are invited to, in words, and a fingerprint of whatever else they
// say, so that the text holds no address and equal rows have equal texts.
func detail(u *report.User) string {
	roles, pending, members := slices.Clone(u.EnterpriseRoles), slices.Clone(u.PendingOrganizations), slices.Clone(u.MemberRoles)
	for _, list := range [][]string{roles, pending, members} {
		slices.Sort(list)
	}
	var parts []string
	for _, list := range [][]string{roles, pending, members} {
		if len(list) > 0 {
			parts = append(parts, strings.Join(list, ", "))
		}
	}
	rest := []string{u.Login, u.Name, u.Profile, u.SAMLNameID.Address(), u.CostCenter, u.TwoFactorRequiredBy}
	for _, e := range slices.Concat(u.VerifiedDomainEmails, u.ServerEmails) {
		rest = append(rest, e.Address())
	}
	slices.Sort(rest[6:])
	if strings.Join(rest, "") != "" {
		sum := sha256.Sum256([]byte(fmt.Sprintf("%q", rest)))
		parts = append(parts, "#"+hex.EncodeToString(sum[:6]))
	}
	return strings.Join(parts, "; ")
}
