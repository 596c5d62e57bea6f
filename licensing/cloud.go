package licensing

import "time"

// CloudSide is everything known of an enterprise's cloud side. It is a set:
// no order of its lists changes a result.
type CloudSide struct {
	Enterprise Enterprise
	// AsOf is when the list was made; zero when unknown.
	AsOf time.Time
	// VerifiedDomains are the domains the enterprise proved it owns; they
	// matter for near misses and for what a reader is told, never for joining.
	VerifiedDomains []string
	Accounts        []CloudAccount
	Invitations     []Invitation
	Subscriptions   []Subscription
	// Report is GitHub's own consumed-license report, nil when none was
	// loaded. The accounts of its rows are in Accounts, with Reported set.
	Report *GitHubReport
	// Figure is a figure of GitHub's known without a report (typed in);
	// nil when unknown. A Report's own figure goes before it.
	Figure *Figure
}

// Enterprise is the account that owns licenses, instances and domains.
type Enterprise struct {
	Slug string
	Name string
	// Purchased is the number of licenses bought; 0 when unknown.
	Purchased int
	// Billing and ManagedUsers are rule C7's; a caller copies them into the
	// Policy unless told otherwise.
	Billing      Billing
	ManagedUsers bool
}

// CloudAccount is one login in the cloud.
type CloudAccount struct {
	ID    string
	Login string // unique, case ignored
	Name  string
	// Suspended accounts never consume by C1.
	Suspended bool
	TwoFactor *bool // nil: unknown
	Emails    []CloudEmail
	SAML      []SAMLIdentity
	SCIM      []SCIMIdentity
	// Organizations the account is Owner or Member of.
	Organizations   []Membership
	EnterpriseRoles []string
	// OutsideCollaborator lists private and internal repositories, "org/repo".
	OutsideCollaborator []string
	// PendingOrganizations are the logins of organizations that invited the
	// account itself; such invitations are open.
	PendingOrganizations []string
	// Reported: the account stands in the loaded report of GitHub's, so it
	// consumes whatever else is said of it.
	Reported bool
}

// CloudEmail is an address of a cloud account.
type CloudEmail struct {
	Email    Email
	Primary  bool
	Verified bool
}

// SAMLIdentity is what a SAML identity provider asserts of an account.
type SAMLIdentity struct {
	Organization string // empty: the enterprise's own provider
	NameID       Email
	Attributes   []SAMLAttribute
}

// SAMLAttribute is one asserted value; a name may repeat.
type SAMLAttribute struct {
	Name  string
	Value Email
}

// SCIMIdentity is what was provisioned for an account.
type SCIMIdentity struct {
	Organization string // empty: the enterprise's own provider
	UserName     Email
	Emails       []Email
}

// Membership is a role in an organization: "Owner" or "Member".
type Membership struct {
	Login string
	Role  string
}

// InvitationKind is what an invitation invites to.
type InvitationKind uint8

// The kinds of invitation.
const (
	InviteMember              InvitationKind = iota // to an organization
	InviteOutsideCollaborator                       // to a repository
)

// Invitation is an invitation by address.
type Invitation struct {
	Email Email // must be an address
	// Organization or Repository says what to; exactly one is set. It does
	// not matter for counting.
	Organization string
	Repository   string
	Kind         InvitationKind
	CreatedAt    time.Time // zero: no date
	SCIM         bool      // came through SCIM: never expires
	Failed       bool      // failed invitations are not open
}

// Subscription is a Visual Studio subscription with GitHub Enterprise.
type Subscription struct {
	ID    string
	Email Email
	Login string // manual assignment; empty when there is none
}

// GitHubReport is GitHub's own consumed-license report.
type GitHubReport struct {
	// Date of the report; zero when unknown.
	Date time.Time
	Rows []ReportRow
	// Consumed is the figure GitHub states: total_seats_consumed, or the
	// number of rows of a CSV.
	Consumed int
	// Missing is how many rows a partial report lacks (Consumed − len(Rows)).
	Missing int
	// Profiles is what stands before the logins in the report's links to
	// profile pages ("https://github.com/"); empty when it has none. It does
	// not matter for counting.
	Profiles string
}

// ReportRow is what a row of GitHub's report says about joining: one row is
// one license at GitHub.
type ReportRow struct {
	// Login names an account in CloudSide.Accounts; empty when the row has no
	// cloud account.
	Login string
	// ServerAccounts and ServerEmails are the row's
	// enterprise_server_user_ids and enterprise_server_primary_emails.
	ServerAccounts []HostID
	ServerEmails   []Email
	// SubscriptionEmail is the row's visual_studio_subscription_email.
	SubscriptionEmail Email
	// SubscriptionLogin is the login a row without cloud account gives its
	// subscription (R9); Login goes first.
	SubscriptionLogin string
	// InvitationEmail is our own last column; GitHub leaves it out.
	InvitationEmail Email
	// Detail is any further text that tells two rows without login,
	// server account and subscription apart (roles, pending organizations).
	Detail string
}

// Figure is a number of licenses GitHub states, with its date.
type Figure struct {
	Licenses int
	Date     time.Time
}
