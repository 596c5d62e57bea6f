package licensing

import (
	"fmt"
	"strings"
	"time"
)

// Rule is the number of a joining rule, R0 to R10.
type Rule uint8

// The joining rules that can decide an account's place.
const (
	R0  Rule = iota // joined by GitHub
	R1              // a cloud account is one person
	R2              // a server account offers its primary address
	R3              // SAML and SCIM values
	R4              // verified addresses
	R5              // open invitations nobody has
	R6              // server accounts with the same key
	R7              // no key: a person of its own
	R8              // invitations
	R9              // Visual Studio subscriptions
	R10             // ties
)

// String is the rule's number, "R3".
func (r Rule) String() string { return fmt.Sprintf("R%d", uint8(r)) }

// Attribute is where a value of a cloud account stood. Those of R3 come in the
// order of its ranks.
type Attribute uint8

// The attributes.
const (
	NoAttribute       Attribute = iota
	AttrClaimName               // rank 1
	AttrClaimEmail              // rank 2
	AttrUserName                // rank 3
	AttrNameID                  // rank 4
	AttrEmails                  // rank 5
	AttrVerifiedEmail           // R4
	AttrReportEmail             // R0, enterprise_server_primary_emails
	AttrReportID                // R0, enterprise_server_user_ids
)

// String is the attribute's name as GitHub's documentation writes it.
func (a Attribute) String() string {
	names := [...]string{
		"",
		"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
		"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
		"username", "NameID", "emails", "verified email",
		"enterprise_server_primary_emails", "enterprise_server_user_ids",
	}
	if int(a) < len(names) {
		return names[a]
	}
	return fmt.Sprintf("Attribute(%d)", uint8(a))
}

// AnchorKind says what an anchor is.
type AnchorKind uint8

// The kinds of anchor.
const (
	AnchorCloud        AnchorKind = iota + 1 // a cloud account: its login, lower-cased
	AnchorAddress                            // an address key
	AnchorHostID                             // a server account without key: HOST:ID
	AnchorException                          // the exception of R8: an address key
	AnchorSubscription                       // an unmatched subscription (C7)
	AnchorInvitation                         // an invitation in GitHub's report that names no address
)

// Anchor is the stable identity of a person: what its accounts gather at. It
// can hold an address and masks it as [Email] does. Anchors compare with ==.
type Anchor struct {
	Kind AnchorKind
	text string
}

// ID is the whole text with its kind in front, "cloud:mona",
// "address:a@x.example", "account:HOST:ID", "exception:a@x.example",
// "subscription:ID", "invitation:…"; unique within an enterprise.
func (a Anchor) ID() string { return a.prefix() + a.text }

// Text is the whole text without the kind.
func (a Anchor) Text() string { return a.text }

// String is ID with an address masked.
func (a Anchor) String() string {
	if strings.Contains(a.text, "@") {
		return a.prefix() + mask(a.text)
	}
	return a.prefix() + a.text
}

// GoString masks for %#v.
func (a Anchor) GoString() string { return a.String() }

// Format masks for every verb.
func (a Anchor) Format(f fmt.State, verb rune) { formatMasked(f, verb, a.String()) }

// MarshalText masks for JSON and for slog's handlers.
func (a Anchor) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

func (a Anchor) prefix() string { return a.Kind.text() }

func (k AnchorKind) text() string {
	switch k {
	case AnchorCloud:
		return "cloud:"
	case AnchorAddress:
		return "address:"
	case AnchorHostID:
		return "account:"
	case AnchorException:
		return "exception:"
	case AnchorSubscription:
		return "subscription:"
	case AnchorInvitation:
		return "invitation:"
	default:
		return ""
	}
}

// Reason says why an account, an invitation or a subscription stands where it
// stands.
type Reason struct {
	// Rule that decided.
	Rule Rule
	// Value that hit: the address key, or for R0 by id the HOST:ID. Zero for
	// R1 and R7.
	Value Email
	// Attribute of the cloud account the value was found in; NoAttribute
	// when no cloud account was hit.
	Attribute Attribute
	// Tie: several cloud accounts were hit at the same rank (R10), or R0's
	// key and id hit different ones.
	Tie bool
	// Source is the date of GitHub's report when the evidence is that report
	// (R0, and accounts known from the report alone); zero when unknown or
	// not from a report.
	Source time.Time
	// FromReport: the account itself is known from GitHub's report alone,
	// because its host has no loaded snapshot.
	FromReport bool
}
