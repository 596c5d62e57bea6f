package report

import (
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// Shown says which addresses of cloud accounts GitHub shows to an enterprise's
// owners: verified ones inside verified domains, and with managed users every
// verified one, because the enterprise made the accounts. It is the one home of
// that rule: reports show such addresses, and explanations show them whole.
//
// A Shown may be used concurrently.
type Shown struct {
	domains      map[string]bool // verified, as in address keys
	managedUsers bool
}

// NewShown takes the verified domains of an enterprise, and whether its users
// are managed, which the policy a count was made with decides.
func NewShown(verifiedDomains []string, managedUsers bool) *Shown {
	s := &Shown{domains: make(map[string]bool, len(verifiedDomains)), managedUsers: managedUsers}
	for _, domain := range verifiedDomains {
		if key, ok := licensing.NewEmail("a@" + domain).Key(); ok {
			s.domains[domainOf(key)] = true
		}
	}
	return s
}

// Shows says that GitHub shows an address of a cloud account.
func (s *Shown) Shows(e licensing.CloudEmail) bool {
	return e.Verified && (s.managedUsers || s.Inside(e.Email))
}

// Inside says that a text is an address inside a verified domain.
func (s *Shown) Inside(e licensing.Email) bool {
	key, ok := e.Key()
	return ok && s.domains[domainOf(key)]
}

// domainOf is what follows the @.
func domainOf(key licensing.Key) string {
	_, domain, _ := strings.Cut(key.Address(), "@")
	return domain
}
