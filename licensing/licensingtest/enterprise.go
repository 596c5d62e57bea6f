package licensingtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oneseat/oneseat/licensing"
)

// At is the instant random enterprises are computed for.
func At() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// Options say what [Enterprise] makes.
type Options struct {
	// Report is the share of enterprises, in percent, whose cloud side was
	// loaded (in part) from a report of GitHub's; -1 for none.
	Report int
	// OneOwner: no value is claimed by two cloud accounts, so there are no ties.
	OneOwner bool
	// Addresses is how many distinct addresses there are for a hundred
	// accounts; 0 means 60. Few make every kind of collision common.
	Addresses int
}

// Enterprise makes a random enterprise: the same one for the same arguments.
// Its size is the number of server accounts, give or take; the cloud side is
// about as large. Everything passes [Check].
func Enterprise(seed uint64, size int, options Options) (*licensing.CloudSide, []Instance) {
	m := newMaker(seed, size, options)
	side := &licensing.CloudSide{
		Enterprise:      licensing.Enterprise{Slug: "acme", Name: "Acme", Purchased: size},
		AsOf:            At(),
		VerifiedDomains: []string{"acme.example", "bücher.example"},
	}
	instances := m.instances(size)
	side.Accounts = m.cloudAccounts(1 + m.IntN(size+1))
	if options.OneOwner {
		dropSecondClaims(side.Accounts)
	}
	side.Invitations = m.invitations(m.IntN(size/2 + 2))
	side.Subscriptions = m.subscriptions(side.Accounts, m.IntN(size/3+2))
	if m.chance(options.Report) {
		m.addReport(side, instances)
	}
	if m.chance(15) {
		side.Figure = &licensing.Figure{Licenses: m.IntN(2*size + 1), Date: At()}
	}
	return side, instances
}

// PolicyOf is a random policy that goes with the seed of an enterprise: the
// documented one in half of the cases.
func PolicyOf(seed uint64, side *licensing.CloudSide) licensing.Policy {
	r := maker{Rand: rand.New(rand.NewPCG(seed, 2))} //nolint:gosec // a seeded stream is the point
	policy := licensing.Documented(side.Enterprise, At())
	if r.chance(50) {
		return policy
	}
	if r.chance(40) {
		policy.Billing = licensing.Metered
	}
	policy.ManagedUsers = r.chance(25)
	policy.UseGitHubJoins = !r.chance(25)
	policy.ConsumeUnlinkedSubscribers = r.chance(30)
	return policy
}

// Shuffled is the same enterprise with every list in another order.
func Shuffled(seed uint64, side *licensing.CloudSide, instances []Instance) (*licensing.CloudSide, []Instance) {
	r := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // a seeded stream is the point
	other := *side
	other.VerifiedDomains = shuffled(r, side.VerifiedDomains)
	other.Invitations = shuffled(r, side.Invitations)
	other.Subscriptions = shuffled(r, side.Subscriptions)
	other.Accounts = shuffled(r, side.Accounts)
	for i := range other.Accounts {
		shuffleAccount(r, &other.Accounts[i])
	}
	if side.Report != nil {
		report := *side.Report
		report.Rows = shuffled(r, report.Rows)
		for i := range report.Rows {
			row := &report.Rows[i]
			row.ServerAccounts, row.ServerEmails = shuffled(r, row.ServerAccounts), shuffled(r, row.ServerEmails)
		}
		other.Report = &report
	}
	instances = shuffled(r, instances)
	for i := range instances {
		instances[i].Accounts = shuffled(r, instances[i].Accounts)
		for j := range instances[i].Accounts {
			account := &instances[i].Accounts[j]
			account.Emails = shuffled(r, account.Emails)
		}
	}
	return &other, instances
}

func shuffleAccount(r *rand.Rand, account *licensing.CloudAccount) {
	account.Emails = shuffled(r, account.Emails)
	account.SAML = shuffled(r, account.SAML)
	account.SCIM = shuffled(r, account.SCIM)
	account.Organizations = shuffled(r, account.Organizations)
	account.OutsideCollaborator = shuffled(r, account.OutsideCollaborator)
	for i := range account.SAML {
		account.SAML[i].Attributes = shuffled(r, account.SAML[i].Attributes)
	}
	for i := range account.SCIM {
		account.SCIM[i].Emails = shuffled(r, account.SCIM[i].Emails)
	}
}

// shuffled is a shuffled copy.
func shuffled[T any](r *rand.Rand, list []T) []T {
	other := make([]T, len(list))
	for to, from := range r.Perm(len(list)) {
		other[to] = list[from]
	}
	return other
}

// maker makes the parts of one enterprise.
type maker struct {
	*rand.Rand
	addresses []string // the distinct addresses, in a plain spelling
	hosts     []string // of the instances, in one spelling each
}

func newMaker(seed uint64, size int, options Options) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // a seeded stream is the point
	share := options.Addresses
	if share == 0 {
		share = 60
	}
	for range 2 + size*share/100 {
		m.addresses = append(m.addresses, m.newAddress())
	}
	return m
}

// chance is true in so many of a hundred cases.
func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

// oneOf is one of some texts.
func (m *maker) oneOf(texts ...string) string { return texts[m.IntN(len(texts))] }

// newAddress is an address out of the parts that make trouble.
func (m *maker) newAddress() string {
	local := m.oneOf("ana", "bob", "cleo", "dora", "müller", "οδος", "straße", "a+ci", "d.o.t", "ıı", "e_1")
	if m.chance(60) {
		local += fmt.Sprint(m.IntN(30))
	}
	domain := m.oneOf("acme.example", "acme.example", "acme.example", "home.example", "bücher.example",
		"straße.example", "strasse.example", "a_b.example", "sub.acme.example", "xn--bcher-kva.example")
	return local + "@" + domain
}

// address is one of the enterprise's addresses as somebody may write it.
func (m *maker) address() licensing.Email {
	return licensing.NewEmail(m.spell(m.addresses[m.IntN(len(m.addresses))]))
}

// value is an address or a text that is none.
func (m *maker) value() licensing.Email {
	if m.chance(8) {
		return licensing.NewEmail(m.oneOf("none", "-", "@", "a@", "@acme.example", "a@b@acme.example",
			"Ana Lopez", "a@ acme.example", " ", "a@\xff.example", "ana", "a@..."))
	}
	return m.address()
}

// spell writes an address in another way; most ways keep its key.
func (m *maker) spell(address string) string {
	switch m.IntN(16) {
	case 0:
		_, size := utf8.DecodeRuneInString(address)
		return upper(address[:size]) + address[size:]
	case 1:
		return upper(address)
	case 2:
		return " " + address + "\t"
	case 3:
		return "\u00a0" + address + "\u2003"
	case 4:
		return address + "."
	case 5:
		return decomposed(address)
	case 6:
		return strings.ReplaceAll(address, "bücher", "xn--bcher-kva")
	case 7:
		return strings.ReplaceAll(address, "xn--bcher", "XN--Bcher")
	case 8:
		return strings.ReplaceAll(address, ".example", "。EXAMPLE")
	default:
		return address
	}
}
