package client

import "time"

// PersonSummary is a person of a list.
type PersonSummary struct {
	ID            string   `json:"id"`                  // name of the person in this enterprise; it tells nothing about them and stays
	Name          string   `json:"name"`                // what to call them: login, else first server address, HOST:ID or invited address
	Login         string   `json:"login,omitempty"`     // login of the cloud account
	FullName      string   `json:"full_name,omitempty"` // display name of the cloud account
	Deployment    string   `json:"deployment"`          // where they have accounts; one of cloud, server, both, none
	Consumes      bool     `json:"consumes"`            // they consume a license
	License       string   `json:"license,omitempty"`   // type of the license; one of Enterprise, Visual Studio subscription
	Unsure        string   `json:"unsure,omitempty"`    // why the range of the total is about them; one of undecided, invited, nothing
	Accounts      int      `json:"accounts"`            // cloud and server accounts
	Organizations []string `json:"organizations"`       // organizations they are owner or member of
	Roles         []string `json:"roles"`               // roles in the enterprise, as GitHub's report spells them
	Emails        []string `json:"emails"`              // addresses that GitHub's report shows: in verified domains, and of server accounts
	Servers       []string `json:"server_accounts"`     // HOST:ID of each server account
}

// Person is a person with the reason of every account.
type Person struct {
	PersonSummary

	Result        int64            `json:"result"`                  // number of the result they are of
	Cloud         *CloudAccount    `json:"cloud_account,omitempty"` // the cloud account; absent when there is none
	Places        []ServerAccount  `json:"places"`                  // every server account with its reason
	Invitations   []Invitation     `json:"invitations"`             // open invitations with their reasons
	Subscriptions []Subscription   `json:"subscriptions"`           // Visual Studio subscriptions with their reasons
	ReportEmails  []string         `json:"report_emails"`           // addresses that GitHub's report gives for accounts known from it alone
	Beside        string           `json:"beside,omitempty"`        // login of the person whose invitation takes a license of its own until it is accepted
	NearMisses    []PersonNearMiss `json:"near_misses,omitempty"`   // what almost joined; only when asked for
}

// Address is an address of a cloud account.
type Address struct {
	Address string `json:"address"` // the address; a mask when hidden
	Hidden  bool   `json:"hidden"`  // true when GitHub's report would not show it
}

// CloudAccount is one login in the cloud.
type CloudAccount struct {
	Login                string          `json:"login"`                 // login
	Name                 string          `json:"name,omitempty"`        // display name
	Suspended            bool            `json:"suspended"`             // cannot sign in
	TwoFactor            *bool           `json:"two_factor,omitempty"`  // uses two-factor authentication; absent when unknown
	Reported             bool            `json:"reported"`              // stands in GitHub's own report, so it consumes
	Emails               []CloudEmail    `json:"emails"`                // all addresses
	Identities           []CloudIdentity `json:"identities"`            // what identity providers assert
	Organizations        []Membership    `json:"organizations"`         // organizations
	EnterpriseRoles      []string        `json:"enterprise_roles"`      // roles in the enterprise
	OutsideCollaborator  []string        `json:"outside_collaborator"`  // private and internal repositories, ORG/REPOSITORY
	PendingOrganizations []string        `json:"pending_organizations"` // organizations that invited the account
}

// CloudEmail is an address of a cloud account.
type CloudEmail struct {
	Address

	Primary  bool `json:"primary"`  // the account's primary address
	Verified bool `json:"verified"` // the account proved that the address is its own
}

// CloudIdentity is one value that an identity provider asserts.
type CloudIdentity struct {
	Address

	Organization string `json:"organization,omitempty"` // the organization whose provider it is; none: the enterprise's
	Attribute    string `json:"attribute"`              // where the value stands, as GitHub's documentation names it
}

// Membership is a role in an organization.
type Membership struct {
	Login string `json:"login"` // the organization
	Role  string `json:"role"`  // owner or Member
}

// ServerAccount is an account on a server instance with its reason.
type ServerAccount struct {
	Host             string `json:"host"`              // host name of the instance
	UserID           string `json:"user_id"`           // the account's id there
	Email            string `json:"email,omitempty"`   // the address it was placed by
	AdvancedSecurity bool   `json:"advanced_security"` // uses Advanced Security there
	Reason           Reason `json:"reason"`            // why it belongs to this person
}

// Invitation is an open invitation with its reason.
type Invitation struct {
	Address

	Organization string    `json:"organization,omitempty"` // the organization invited to
	Repository   string    `json:"repository,omitempty"`   // the repository invited to
	Kind         string    `json:"kind"`                   // what it invites to; one of member, outside_collaborator
	CreatedAt    time.Time `json:"created_at,omitzero"`    // when; absent when unknown
	SCIM         bool      `json:"scim"`                   // came through SCIM: it never expires
	Consumes     bool      `json:"consumes"`               // consumes a license by itself
	Reason       Reason    `json:"reason"`                 // why it belongs to this person
}

// Subscription is a Visual Studio subscription with its reason.
type Subscription struct {
	ID     string `json:"id,omitempty"`    // subscription id
	Email  string `json:"email,omitempty"` // its address
	Login  string `json:"login,omitempty"` // the login it was assigned to by hand
	Reason Reason `json:"reason"`          // why it belongs to this person
}

// Reason says why something stands where it stands.
type Reason struct {
	Rule       string    `json:"rule"`                // the rule that decided, R0 to R10
	Value      string    `json:"value,omitempty"`     // the value that hit; masked where the address is
	Attribute  string    `json:"attribute,omitempty"` // where it stood on the cloud account
	Tie        bool      `json:"tie"`                 // several accounts were hit, and R10 decided
	Source     time.Time `json:"source,omitzero"`     // date of GitHub's report when that is the evidence
	FromReport bool      `json:"from_report"`         // known from GitHub's report alone
}

// PersonNearMiss is a cloud account that a server account almost joined.
type PersonNearMiss struct {
	Account string  `json:"account"` // HOST:ID of the server account
	Kind    string  `json:"kind"`    // what almost joined; one of unverified, secondary, other_domain
	Login   string  `json:"login"`   // login of the cloud account
	Mine    Address `json:"mine"`    // address of the server account
	Theirs  Address `json:"theirs"`  // address of the cloud account
}
