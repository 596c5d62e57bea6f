package source

import (
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// part is what one file says of a cloud side.
type part struct {
	name string
	// date of what the file says; zero when unknown.
	date time.Time
	// someTime says that date is a day, and the time of day is unknown.
	someTime bool
	asOf     time.Time // of a list

	enterprise    licensing.Enterprise
	domains       []string
	Invitations   []licensing.Invitation
	Subscriptions []licensing.Subscription
	stated        topSet

	Accounts []licensing.CloudAccount
	states   []fieldSet // by account: the fields the file says something of

	// report is set when the file is GitHub's report.
	report *licensing.GitHubReport
	// reportDomains are those of the addresses a report shows: GitHub shows
	// none outside verified domains.
	reportDomains []string
	warnings      []Warning
}

// made is when a part was made, as a sentence says it.
func (p *part) made() string {
	if p.someTime {
		return p.date.Format(time.DateOnly)
	}
	return p.date.UTC().Format("2006-01-02 15:04 UTC")
}

func (p *part) state(field topField) { p.stated |= 1 << field }

// field is a field of a cloud account, by which files are merged.
type field uint8

const (
	fieldID field = iota
	fieldName
	fieldSuspended
	fieldTwoFactor
	fieldEmails
	fieldSAML
	fieldSCIM
	fieldOrganizations
	fieldRoles
	fieldOutside
	fieldPending
	fields
)

type fieldSet uint16

func (s fieldSet) has(f field) bool { return s&(1<<f) != 0 }

// String is the key of the field in a cloud list.
func (f field) String() string {
	return [fields]string{
		"id", "name", "suspended", "two_factor", "emails", "saml_identities", "scim_identities",
		"organizations", "enterprise_roles", "outside_collaborator", "pending_organizations",
	}[f]
}

// topField is a field of a cloud side itself.
type topField uint8

const (
	topName topField = iota
	topPurchased
	topBilling
	topManagedUsers
	topDomains
	topInvitations
	topSubscriptions
	topFields
)

type topSet uint8

func (s topSet) has(f topField) bool { return s&(1<<f) != 0 }

// String is the key of the field in a cloud list.
func (f topField) String() string {
	return [topFields]string{
		"enterprise.name", "enterprise.total_seats_purchased", "enterprise.billing", "enterprise.managed_users",
		"verified_domains", "invitations", "visual_studio_subscriptions",
	}[f]
}
