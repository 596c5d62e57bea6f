package report

import "github.com/oneseat/oneseat/licensing"

// User is one row of the report: whoever consumes one license. Its members
// stand in the order of GitHub's live answer. Lists hold no order of their
// own; [Builder] sorts them by bytes.
type User struct {
	// Login of the cloud account, empty for somebody without one.
	Login string
	Name  string
	// ServerUsers are the person's accounts on server instances. GitHub's CSV
	// has a role beside each, which is passed over.
	ServerUsers []licensing.HostID
	// CloudUser says that there is a cloud account; ServerUser that there is
	// an account on a server instance (nil: not said).
	CloudUser        bool
	ServerUser       *bool
	SubscriptionUser bool
	LicenseType      licensing.LicenseType
	Profile          string // address of the profile page
	// MemberRoles are "org:Owner", "org:Member" and "org/repo:Collaborator".
	MemberRoles []string
	// EnterpriseRoles are those of the Role constants and whatever GitHub adds.
	EnterpriseRoles []string
	// VerifiedDomainEmails are the account's addresses inside the enterprise's
	// verified domains: all of its addresses GitHub shows.
	VerifiedDomainEmails []licensing.Email
	SAMLNameID           licensing.Email
	// PendingOrganizations invited the account.
	PendingOrganizations []string
	TwoFactor            *bool // nil: not known

	// What GitHub sends beside its published schema, by product and plan.
	TwoFactorRequiredBy string
	AdvancedSecurity    *bool
	CostCenter          string
	CodeSecurity        *bool
	SecretProtection    *bool
	LicenseActive       *bool
	LicenseStart        string
	LicenseEnd          string

	// ServerEmails are the primary addresses of the ServerUsers.
	ServerEmails []licensing.Email
	// The server accounts that use a product, as GitHub writes them.
	AdvancedSecurityServers []string
	CodeSecurityServers     []string
	SecretProtectionServers []string

	SubscriptionStatus string // of the Visual Studio subscription
	SubscriptionEmail  licensing.Email
	// Accounts is the number of cloud and server accounts.
	Accounts int
	// InvitationEmail is the address of somebody who is only invited. It is
	// ours: GitHub's rows of such people name nobody.
	InvitationEmail licensing.Email
}

// The roles GitHub's live answers show in EnterpriseRoles.
const (
	RoleOwner             = "Owner"
	RoleMember            = "Member"
	RoleOutside           = "Outside collaborator"
	RoleRepository        = "Repository collaborator" // RoleOutside with managed users
	RolePending           = "Pending invitation"
	RolePendingOutside    = "Pending outside collaborator invitation"
	RoleBillingManager    = "Billing manager"
	RoleGuestCollaborator = "Guest collaborator"
)

// The roles in MemberRoles, after the colon.
const (
	OrganizationOwner      = "Owner"
	OrganizationMember     = "Member"
	RepositoryCollaborator = "Collaborator"
)

// StatusMatched is the SubscriptionStatus of a subscriber whose cloud account
// is known.
const StatusMatched = "Matched to Cloud"

// Summary is what a report says about itself.
type Summary struct {
	// Consumed is the number of licenses the report states:
	// total_seats_consumed, or the number of rows of a CSV.
	Consumed int
	// Purchased is total_seats_purchased, 0 when it is not said.
	Purchased int
	Rows      int
	// Missing is the number of rows that Consumed promises and the report
	// lacks; above 0 only when [Limits.AllowPartial].
	Missing int
	// TotalsChanged: the pages state different totals, so the report changed
	// while somebody fetched it; the last page's count.
	TotalsChanged bool
}
