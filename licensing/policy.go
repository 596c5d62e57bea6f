package licensing

import "time"

// Billing is how the enterprise pays (C7).
type Billing uint8

// The billing models; the zero value is the default.
const (
	Volume Billing = iota
	Metered
)

// Policy is what an enterprise and the person who asks decide (C7), with the
// instant the result is computed for. The zero value, with At set, is the
// policy "documented" except for UseGitHubJoins: start from [Documented].
type Policy struct {
	// At decides which invitations are open (C4).
	At           time.Time
	Billing      Billing
	ManagedUsers bool
	// UseGitHubJoins switches R0.
	UseGitHubJoins bool
	// ConsumeUnlinkedSubscribers makes each unmatched subscription a person
	// that consumes (unlinked_subscribers=consume).
	ConsumeUnlinkedSubscribers bool
}

// Documented is the default policy for an enterprise at an instant.
func Documented(e Enterprise, at time.Time) Policy {
	return Policy{At: at, Billing: e.Billing, ManagedUsers: e.ManagedUsers, UseGitHubJoins: true}
}
