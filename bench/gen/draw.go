package gen

// trait names a decision about a person, an account or a row, so that two
// decisions about the same thing are independent.
type trait uint64

const (
	firstInstance trait = iota + 1
	stepToNextInstance
	startOfShuffle
	firstName
	lastName
	domainOf
	foreign
	privateDomain
	serverAddress
	serverSpelling
	serverSuspended
	cloudLogin
	cloudStanding
	cloudKnownBy
	cloudSpelling
	identityShape
	alsoClaims
	invitationOf
	invitationKind
	invitationAge
	invitationSpelling
	subscriptionOf
	subscriptionSpelling
)

// draw is a number from 0 to n-1 that depends on its arguments alone
// (splitmix64).
func draw(n int, t trait, of, and int) int {
	h := uint64(t)<<56 ^ uint64(of)<<8 ^ uint64(and)
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	h ^= h >> 31
	return int(h % uint64(n))
}
