package licensingtest

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/oneseat/oneseat/licensing"
)

// upper upper-cases the runes whose lower case brings them back.
func upper(text string) string {
	return strings.Map(func(r rune) rune {
		if up := unicode.ToUpper(r); unicode.ToLower(up) == r {
			return up
		}
		return r
	}, text)
}

func decomposed(text string) string { return norm.NFD.String(text) }

// instances are one to four hosts with size accounts between them.
func (m *maker) instances(size int) []Instance {
	hosts := []string{"ghe-1.acme.example", "GHE-2.acme.example:8443", "10.0.0.7", "[2001:db8::1]:443"}
	list := make([]Instance, 1+m.IntN(len(hosts)))
	for i := range list {
		list[i].Host = hosts[i]
		m.hosts = append(m.hosts, licensing.NormalHost(hosts[i]))
	}
	for n := range size {
		i := m.IntN(len(list))
		list[i].Accounts = append(list[i].Accounts, m.serverAccount(n))
	}
	return list
}

// serverAccount has an id that other instances use for somebody else.
func (m *maker) serverAccount(n int) licensing.ServerAccount {
	account := licensing.ServerAccount{UserID: fmt.Sprint(n), AdvancedSecurity: m.chance(10)}
	if m.chance(10) {
		return account
	}
	primary := m.IntN(12) // which address is marked: mostly the first
	for i := range 1 + m.IntN(3) {
		marked := i == 0 && primary > 1 || primary == 0 && i < 2
		account.Emails = append(account.Emails, licensing.ServerEmail{Email: m.value(), Primary: marked})
	}
	return account
}

func (m *maker) cloudAccounts(n int) []licensing.CloudAccount {
	list := make([]licensing.CloudAccount, n)
	for i := range list {
		list[i] = m.cloudAccount(i)
	}
	return list
}

func (m *maker) cloudAccount(n int) licensing.CloudAccount {
	account := licensing.CloudAccount{
		ID:        fmt.Sprint(1000 + n),
		Login:     m.oneOf("mona", "Hubot", "OCTO", "zed") + fmt.Sprint("-", m.IntN(10), n),
		Suspended: m.chance(12),
	}
	for range m.IntN(3) {
		account.Emails = append(account.Emails, licensing.CloudEmail{
			Email: m.value(), Primary: m.chance(40), Verified: m.chance(75),
		})
	}
	for range m.few() {
		account.SAML = append(account.SAML, m.samlIdentity())
	}
	for range m.few() {
		account.SCIM = append(account.SCIM, m.scimIdentity())
	}
	m.giveRoles(&account)
	return account
}

// few is 0 in most cases.
func (m *maker) few() int { return max(0, m.IntN(5)-2) }

func (m *maker) samlIdentity() licensing.SAMLIdentity {
	identity := licensing.SAMLIdentity{Organization: m.oneOf("", "eng", "sales")}
	if m.chance(50) {
		identity.NameID = m.value()
	}
	for range m.IntN(3) {
		identity.Attributes = append(identity.Attributes, licensing.SAMLAttribute{
			Name: m.oneOf(
				"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
				"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
				"username", "NameID", "emails", "emails",
				"UserName", "nameid", "email", "Emails", "HTTP://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
			),
			Value: m.value(),
		})
	}
	return identity
}

func (m *maker) scimIdentity() licensing.SCIMIdentity {
	identity := licensing.SCIMIdentity{Organization: m.oneOf("", "eng")}
	if m.chance(60) {
		identity.UserName = m.value()
	}
	for range m.IntN(3) {
		identity.Emails = append(identity.Emails, m.value())
	}
	return identity
}

// giveRoles makes the account a member, a collaborator, invited, an owner of
// nothing, or unaffiliated.
func (m *maker) giveRoles(account *licensing.CloudAccount) {
	for range m.IntN(3) {
		account.Organizations = append(account.Organizations,
			licensing.Membership{Login: m.oneOf("eng", "sales"), Role: m.oneOf("Owner", "Member")})
	}
	if m.chance(25) {
		account.OutsideCollaborator = []string{m.oneOf("eng/app", "sales/deck")}
	}
	if m.chance(10) {
		account.PendingOrganizations = []string{"sales"}
	}
	if m.chance(15) {
		account.EnterpriseRoles = []string{m.oneOf("Owner", "Billing manager")}
	}
}

func (m *maker) invitations(n int) []licensing.Invitation {
	list := make([]licensing.Invitation, n)
	for i := range list {
		invitation := licensing.Invitation{Email: m.address(), Organization: "eng", SCIM: m.chance(15), Failed: m.chance(15)}
		if m.chance(50) {
			invitation.Organization, invitation.Repository = "", "eng/app"
			invitation.Kind = licensing.InviteOutsideCollaborator
		}
		invitation.CreatedAt = m.inviteDate()
		list[i] = invitation
	}
	return list
}

// inviteDate is none, recent, on the very edge of seven days, old, or still
// to come.
func (m *maker) inviteDate() time.Time {
	week := 7 * 24 * time.Hour
	switch m.IntN(6) {
	case 0:
		return time.Time{}
	case 1:
		return At().Add(-week)
	case 2:
		return At().Add(-week - time.Nanosecond)
	case 3:
		return At().Add(time.Hour)
	default:
		return At().Add(-time.Duration(m.IntN(10*24)) * time.Hour)
	}
}

func (m *maker) subscriptions(accounts []licensing.CloudAccount, n int) []licensing.Subscription {
	list := make([]licensing.Subscription, n)
	for i := range list {
		subscription := licensing.Subscription{ID: fmt.Sprintf("00000000-0000-0000-0000-%012d", i), Email: m.value()}
		switch {
		case m.chance(20):
			subscription.Login = upper(accounts[m.IntN(len(accounts))].Login)
		case m.chance(10):
			subscription.Login = "nobody"
		}
		if subscription.Login != "" && m.chance(50) {
			subscription.Email = licensing.Email{}
		}
		list[i] = subscription
	}
	return list
}

// dropSecondClaims takes every value away from all accounts but the first that
// claims it.
func dropSecondClaims(accounts []licensing.CloudAccount) {
	owners := map[string]int{}
	for i := range accounts {
		claim := func(value *licensing.Email) {
			key := keyOf(value.Address())
			if owner, claimed := owners[key]; claimed && owner != i {
				*value = licensing.Email{}
				return
			}
			owners[key] = i
		}
		account := &accounts[i]
		for j := range account.Emails {
			claim(&account.Emails[j].Email)
		}
		for j := range account.SAML {
			claim(&account.SAML[j].NameID)
			for k := range account.SAML[j].Attributes {
				claim(&account.SAML[j].Attributes[k].Value)
			}
		}
		for j := range account.SCIM {
			claim(&account.SCIM[j].UserName)
			for k := range account.SCIM[j].Emails {
				claim(&account.SCIM[j].Emails[k])
			}
		}
	}
}
