package licensing

import (
	"slices"
	"strings"
)

// LicenseType is the kind of license a person consumes, spelled as GitHub's
// REST API spells it.
type LicenseType string

// The license types (C6).
const (
	LicenseEnterprise   LicenseType = "Enterprise"
	LicenseVisualStudio LicenseType = "Visual Studio subscription"
)

// Person is everything that gathers at one anchor.
type Person struct {
	Anchor Anchor
	// Cloud is the number of the cloud account in CloudSide.Accounts, -1 when
	// the person has none. Login is its login as written there.
	Cloud int
	Login string
	// Servers are sorted by the bytes of HOST:ID.
	Servers       []PlacedAccount
	Invitations   []PlacedInvitation
	Subscriptions []PlacedSubscription
	// ReportEmails are the addresses GitHub's report gives for the accounts
	// that are known from it alone (it does not say which is whose).
	ReportEmails []Email
	// Consumes one license (C5), of type License ("" when it consumes none).
	Consumes bool
	License  LicenseType
	// OnlyHost is the host, as HostID has it, of the server instance that alone
	// accounts for the person: all their server accounts are on it, and without it
	// nothing of theirs would consume. They are the OnlyHere of its
	// [InstanceStatement]. Empty: there is no such instance.
	OnlyHost string
	// Beside is, for an exception of R8, the login of the cloud account whose
	// person it stands beside: it falls away when the invitation is accepted.
	Beside string
}

// Accounts is the number of cloud and server accounts; invitations and
// subscriptions are not accounts.
func (p *Person) Accounts() int {
	n := len(p.Servers)
	if p.Cloud >= 0 {
		n++
	}
	return n
}

// PrimaryEmails are the addresses of the person's server accounts as written,
// distinct and sorted by bytes: enterprise_server_primary_emails.
func (p *Person) PrimaryEmails() []Email {
	out := slices.Clone(p.ReportEmails)
	for i := range p.Servers {
		if !p.Servers[i].Email.IsZero() {
			out = append(out, p.Servers[i].Email)
		}
	}
	slices.SortFunc(out, func(a, b Email) int { return strings.Compare(a.text, b.text) })
	return slices.Compact(out)
}

// PlacedAccount is a server account with its reason.
type PlacedAccount struct {
	HostID
	// Email is the address whose key the account offered, as written; the
	// primary one when its text is no address; zero when it has none, and
	// for an account known from GitHub's report alone.
	Email            Email
	AdvancedSecurity bool
	Reason           Reason
}

// PlacedInvitation is an open invitation with its reason.
type PlacedInvitation struct {
	Invitation
	// Consumes by C4, wherever it was placed.
	Consumes bool
	// Row is the row of GitHub's report it was read from, -1 when it came
	// from a list.
	Row    int
	Reason Reason
}

// PlacedSubscription is a subscription with its reason.
type PlacedSubscription struct {
	Subscription
	// Row as in PlacedInvitation.
	Row    int
	Reason Reason
}
