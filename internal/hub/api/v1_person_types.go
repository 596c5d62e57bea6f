package api

import "time"

// PersonSummary is a person of a list.
type PersonSummary struct {
	ID            string   `json:"id" doc:"Name of the person in this enterprise; it tells nothing about them and stays."`
	Name          string   `json:"name" doc:"What to call them: login, else first server address, HOST:ID or invited address."`
	Login         string   `json:"login,omitempty" doc:"Login of the cloud account."`
	FullName      string   `json:"full_name,omitempty" doc:"Display name of the cloud account."`
	Deployment    string   `json:"deployment" enum:"cloud,server,both,none" doc:"Where they have accounts."`
	Consumes      bool     `json:"consumes" doc:"They consume a license."`
	License       string   `json:"license,omitempty" enum:"Enterprise,Visual Studio subscription" doc:"Type of the license."`
	Unsure        string   `json:"unsure,omitempty" enum:"undecided,invited,nothing" doc:"Why the range of the total is about them; absent: it is not."`
	Accounts      int      `json:"accounts" doc:"Cloud and server accounts."`
	Organizations []string `json:"organizations" nullable:"false" doc:"Organizations they are owner or member of."`
	Roles         []string `json:"roles" nullable:"false" doc:"Roles in the enterprise, as GitHub's report spells them."`
	Emails        []string `json:"emails" nullable:"false" doc:"Addresses that GitHub's report shows: in verified domains, and of server accounts."`
	Servers       []string `json:"server_accounts" nullable:"false" doc:"HOST:ID of each server account."`
}

// Person is a person with the reason of every account.
type Person struct {
	PersonSummary

	Result        int64            `json:"result" doc:"Number of the result they are of."`
	Cloud         *CloudAccount    `json:"cloud_account,omitempty" doc:"The cloud account; absent when there is none."`
	Places        []ServerAccount  `json:"places" nullable:"false" doc:"Every server account with its reason."`
	Invitations   []Invitation     `json:"invitations" nullable:"false" doc:"Open invitations with their reasons."`
	Subscriptions []Subscription   `json:"subscriptions" nullable:"false" doc:"Visual Studio subscriptions with their reasons."`
	ReportEmails  []string         `json:"report_emails" nullable:"false" doc:"Addresses that GitHub's report gives for accounts known from it alone."`
	Beside        string           `json:"beside,omitempty" doc:"Login of the person whose invitation takes a license of its own until it is accepted."`
	NearMisses    []PersonNearMiss `json:"near_misses,omitempty" nullable:"false" doc:"What almost joined; only when asked for."`
}

// Address is an address of a cloud account.
type Address struct {
	Address string `json:"address" doc:"The address; a mask when hidden."`
	Hidden  bool   `json:"hidden" doc:"True when GitHub's report would not show it."`
}

// CloudAccount is one login in the cloud.
type CloudAccount struct {
	Login                string          `json:"login" doc:"Login."`
	Name                 string          `json:"name,omitempty" doc:"Display name."`
	Suspended            bool            `json:"suspended" doc:"Cannot sign in."`
	TwoFactor            *bool           `json:"two_factor,omitempty" doc:"Uses two-factor authentication; absent when unknown."`
	Reported             bool            `json:"reported" doc:"Stands in GitHub's own report, so it consumes."`
	Emails               []CloudEmail    `json:"emails" nullable:"false" doc:"All addresses."`
	Identities           []CloudIdentity `json:"identities" nullable:"false" doc:"What identity providers assert."`
	Organizations        []Membership    `json:"organizations" nullable:"false" doc:"Organizations."`
	EnterpriseRoles      []string        `json:"enterprise_roles" nullable:"false" doc:"Roles in the enterprise."`
	OutsideCollaborator  []string        `json:"outside_collaborator" nullable:"false" doc:"Private and internal repositories, ORG/REPOSITORY."`
	PendingOrganizations []string        `json:"pending_organizations" nullable:"false" doc:"Organizations that invited the account."`
}

// CloudEmail is an address of a cloud account.
type CloudEmail struct {
	Address

	Primary  bool `json:"primary" doc:"The account's primary address."`
	Verified bool `json:"verified" doc:"The account proved that the address is its own."`
}

// CloudIdentity is one value that an identity provider asserts.
type CloudIdentity struct {
	Address

	Organization string `json:"organization,omitempty" doc:"The organization whose provider it is; none: the enterprise's."`
	Attribute    string `json:"attribute" doc:"Where the value stands, as GitHub's documentation names it."`
}

// Membership is a role in an organization.
type Membership struct {
	Login string `json:"login" doc:"The organization."`
	Role  string `json:"role" doc:"Owner or Member."`
}

// ServerAccount is an account on a server instance with its reason.
type ServerAccount struct {
	Host             string `json:"host" doc:"Host name of the instance."`
	UserID           string `json:"user_id" doc:"The account's id there."`
	Email            string `json:"email,omitempty" doc:"The address it was placed by."`
	AdvancedSecurity bool   `json:"advanced_security" doc:"Uses Advanced Security there."`
	Reason           Reason `json:"reason" doc:"Why it belongs to this person."`
}

// Invitation is an open invitation with its reason.
type Invitation struct {
	Address

	Organization string    `json:"organization,omitempty" doc:"The organization invited to."`
	Repository   string    `json:"repository,omitempty" doc:"The repository invited to."`
	Kind         string    `json:"kind" enum:"member,outside_collaborator" doc:"What it invites to."`
	CreatedAt    time.Time `json:"created_at,omitzero" doc:"When; absent when unknown."`
	SCIM         bool      `json:"scim" doc:"Came through SCIM: it never expires."`
	Consumes     bool      `json:"consumes" doc:"Consumes a license by itself."`
	Reason       Reason    `json:"reason" doc:"Why it belongs to this person."`
}

// Subscription is a Visual Studio subscription with its reason.
type Subscription struct {
	ID     string `json:"id,omitempty" doc:"Subscription id."`
	Email  string `json:"email,omitempty" doc:"Its address."`
	Login  string `json:"login,omitempty" doc:"The login it was assigned to by hand."`
	Reason Reason `json:"reason" doc:"Why it belongs to this person."`
}

// Reason says why something stands where it stands.
type Reason struct {
	Rule       string    `json:"rule" doc:"The rule that decided, R0 to R10."`
	Value      string    `json:"value,omitempty" doc:"The value that hit; masked where the address is."`
	Attribute  string    `json:"attribute,omitempty" doc:"Where it stood on the cloud account."`
	Tie        bool      `json:"tie" doc:"Several accounts were hit, and R10 decided."`
	Source     time.Time `json:"source,omitzero" doc:"Date of GitHub's report when that is the evidence."`
	FromReport bool      `json:"from_report" doc:"Known from GitHub's report alone."`
}

// PersonNearMiss is a cloud account that a server account almost joined.
type PersonNearMiss struct {
	Account string  `json:"account" doc:"HOST:ID of the server account."`
	Kind    string  `json:"kind" enum:"unverified,secondary,other_domain" doc:"What almost joined."`
	Login   string  `json:"login" doc:"Login of the cloud account."`
	Mine    Address `json:"mine" doc:"Address of the server account."`
	Theirs  Address `json:"theirs" doc:"Address of the cloud account."`
}
