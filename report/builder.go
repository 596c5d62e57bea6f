package report

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// DefaultProfiles is what a login is put behind for the address of a profile
// page, unless a report of GitHub's says otherwise: an enterprise on GHE.com has
// its pages there.
const DefaultProfiles = "https://github.com/"

// Builder makes the rows of counted people.
type Builder struct {
	side     *licensing.CloudSide
	shown    *Shown
	profiles string // before a login; empty when not known
}

// NewBuilder makes rows from the cloud side and under the policy that the
// people were counted with. It only reads the cloud side. A Builder may be used
// concurrently.
func NewBuilder(side *licensing.CloudSide, policy licensing.Policy) *Builder {
	return &Builder{side: side, shown: NewShown(side.VerifiedDomains, policy.ManagedUsers), profiles: profilesOf(side)}
}

// profilesOf is what stands before the logins in the addresses of profile pages:
// what the report shows, and nothing when it shows none, because a link to
// somebody else's page is worse than no link.
func profilesOf(side *licensing.CloudSide) string {
	if side.Report != nil {
		return side.Report.Profiles
	}
	return DefaultProfiles
}

// User is the row of a person. Lists are sorted by bytes and hold nothing
// twice. A person who consumes no license has an empty LicenseType, and no
// place in GitHub's report.
//
// A cloud account's addresses are those that GitHub shows: see [Shown].
func (b *Builder) User(p *licensing.Person) User {
	onServer := len(p.Servers) > 0
	u := User{
		ServerUser:       &onServer,
		SubscriptionUser: len(p.Subscriptions) > 0,
		LicenseType:      p.License,
		Accounts:         p.Accounts(),
	}
	if p.Cloud >= 0 {
		b.cloud(&u, &b.side.Accounts[p.Cloud])
	}
	servers(&u, p)
	b.invitations(&u, p)
	subscriptions(&u, p)
	return u
}

func (b *Builder) cloud(u *User, a *licensing.CloudAccount) {
	u.Login, u.Name, u.CloudUser = a.Login, a.Name, true
	if b.profiles != "" {
		u.Profile = b.profiles + a.Login
	}
	u.TwoFactor = a.TwoFactor
	for _, m := range a.Organizations {
		u.MemberRoles = append(u.MemberRoles, m.Login+":"+m.Role)
	}
	for _, repository := range a.OutsideCollaborator {
		u.MemberRoles = append(u.MemberRoles, repository+":"+RepositoryCollaborator)
	}
	u.MemberRoles = set(u.MemberRoles)
	u.PendingOrganizations = set(slices.Clone(a.PendingOrganizations))
	u.EnterpriseRoles = set(accountRoles(a))
	u.SAMLNameID = nameID(a.SAML)
	for _, e := range a.Emails {
		if b.shown.Shows(e) {
			u.VerifiedDomainEmails = append(u.VerifiedDomainEmails, e.Email)
		}
	}
	u.VerifiedDomainEmails = emailSet(u.VerifiedDomainEmails)
}

// accountRoles are the roles that a source gave and those that follow from
// what the account belongs to.
func accountRoles(a *licensing.CloudAccount) []string {
	roles := slices.Clone(a.EnterpriseRoles)
	if len(a.Organizations) > 0 {
		roles = append(roles, RoleMember)
	}
	if len(a.OutsideCollaborator) > 0 && !slices.Contains(roles, RoleRepository) {
		roles = append(roles, RoleOutside)
	}
	if len(a.PendingOrganizations) > 0 {
		roles = append(roles, RolePending)
	}
	return roles
}

// nameID is the NameID at the enterprise's own provider, else at an
// organization's; of several the first by bytes.
func nameID(identities []licensing.SAMLIdentity) licensing.Email {
	var best licensing.SAMLIdentity
	for _, id := range identities {
		if !id.NameID.IsZero() && (best.NameID.IsZero() || nameOrder(id) < nameOrder(best)) {
			best = id
		}
	}
	return best.NameID
}

func nameOrder(id licensing.SAMLIdentity) string {
	return id.Organization + "\x00" + id.NameID.Address()
}

func servers(u *User, p *licensing.Person) {
	for _, a := range p.Servers {
		u.ServerUsers = append(u.ServerUsers, a.HostID)
		if a.AdvancedSecurity {
			u.AdvancedSecurityServers = append(u.AdvancedSecurityServers, a.String())
		}
	}
	u.ServerEmails = p.PrimaryEmails()
	u.AdvancedSecurityServers = set(u.AdvancedSecurityServers)
}

// invitations adds what open invitations say, and the address of somebody who
// is nothing but invited. The exception of R8 stands beside a cloud account and
// has an address of that account: it is shown where that account's would be.
func (b *Builder) invitations(u *User, p *licensing.Person) {
	var addresses []licensing.Email
	for _, i := range p.Invitations {
		if i.Kind == licensing.InviteOutsideCollaborator {
			u.EnterpriseRoles = append(u.EnterpriseRoles, RolePendingOutside)
		} else {
			u.EnterpriseRoles = append(u.EnterpriseRoles, RolePending)
		}
		if i.Organization != "" {
			u.PendingOrganizations = append(u.PendingOrganizations, i.Organization)
		}
		if !i.Email.IsZero() {
			addresses = append(addresses, i.Email)
		}
	}
	u.EnterpriseRoles, u.PendingOrganizations = set(u.EnterpriseRoles), set(u.PendingOrganizations)
	addresses = emailSet(addresses)
	if p.Accounts() == 0 && len(addresses) > 0 && (p.Beside == "" || b.shown.Shows(licensing.CloudEmail{Email: addresses[0], Verified: true})) {
		u.InvitationEmail = addresses[0]
	}
}

func subscriptions(u *User, p *licensing.Person) {
	var addresses []licensing.Email
	for _, s := range p.Subscriptions {
		if !s.Email.IsZero() {
			addresses = append(addresses, s.Email)
		}
	}
	if addresses = emailSet(addresses); len(addresses) > 0 {
		u.SubscriptionEmail = addresses[0]
	}
	if u.SubscriptionUser && u.CloudUser {
		u.SubscriptionStatus = StatusMatched
	}
}

// set sorts by bytes and leaves out what stands twice.
func set(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}

func emailSet(values []licensing.Email) []licensing.Email {
	slices.SortFunc(values, func(a, b licensing.Email) int {
		return strings.Compare(a.Address(), b.Address())
	})
	return slices.Compact(values)
}
