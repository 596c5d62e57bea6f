package licensing

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// NearMissKind says what almost joined a server account.
type NearMissKind uint8

// The kinds of near miss, best first.
const (
	MissUnverified  NearMissKind = iota // the same address, not verified
	MissSecondary                       // a secondary address that would have hit
	MissOtherDomain                     // the same local part under another domain of the enterprise
)

// NearMiss is a cloud account that a server account almost joined.
type NearMiss struct {
	Kind  NearMissKind
	Login string
	// Mine is the server account's address, Theirs the cloud account's.
	Mine, Theirs Email
	// Verified says that Theirs joins server accounts: the cloud account verified
	// it, or its identity provider vouches for it.
	Verified bool
}

// MaxNearMisses is how many near misses are given, the best first.
const MaxNearMisses = 5

// NearMisses looks for what almost joined one server account, by going
// through the cloud accounts once: it is for one account, when somebody asks.
// domains are the enterprise's verified domains. [NearFinder] is for many.
func (ix *Index) NearMisses(a *ServerAccount, accounts iter.Seq[*CloudAccount], domains []string) []NearMiss {
	f := NewNearFinder(domains)
	f.Want(a)
	for c := range accounts {
		f.Look(c)
	}
	return f.Misses(a)
}

// NearFinder finds what almost joined any number of server accounts while
// going through the cloud accounts once: Want every account, Look at every
// cloud account, then ask for the Misses of each.
//
// Its time is proportional to the accounts on both sides, whatever addresses
// they have: of the cloud accounts with one address no more are kept than
// [MaxNearMisses] can name. It keeps the addresses of the accounts that were
// wanted and nothing of cloud accounts that missed none. It is not safe for
// concurrent use.
type NearFinder struct {
	domains map[string]bool      // verified, as in keys
	exact   map[string]*nearBy   // what was wanted by its whole key; nil: not seen
	local   map[string][]*nearBy // by local part of a wanted key: in verified domains
}

// nearBy is who in the cloud has an address: the first of those it would join,
// and of those it would not.
type nearBy struct {
	key           string
	joined, loose []nearOne
}

// nearOne is a cloud account with one of its addresses.
type nearOne struct {
	Login  string
	Theirs Email
}

// NewNearFinder begins with the enterprise's verified domains.
func NewNearFinder(domains []string) *NearFinder {
	f := &NearFinder{domains: map[string]bool{}, exact: map[string]*nearBy{}, local: map[string][]*nearBy{}}
	for _, d := range domains {
		if key, ok := addressKey("a@" + d); ok {
			_, domain, _ := strings.Cut(key, "@")
			f.domains[domain] = true
		}
	}
	return f
}

// Want names a server account that will be asked for.
func (f *NearFinder) Want(a *ServerAccount) {
	o := offerOf(a)
	for key := range secondariesOf(a, &o) {
		f.want(key)
	}
	if o.ok {
		f.want(o.key)
		local, _, _ := strings.Cut(o.key, "@")
		if _, known := f.local[local]; !known {
			f.local[local] = nil
		}
	}
}

func (f *NearFinder) want(key string) {
	if _, known := f.exact[key]; !known {
		f.exact[key] = nil
	}
}

// Look takes a cloud account, after all accounts were wanted; each is looked at
// once.
func (f *NearFinder) Look(c *CloudAccount) {
	for key, theirs := range addressesOf(c) {
		by, wanted := f.exact[key]
		local, domain, _ := strings.Cut(key, "@")
		around, near := f.local[local]
		near = near && f.domains[domain]
		if !wanted && !near {
			continue
		}
		if by == nil {
			by = &nearBy{key: key}
			f.exact[key] = by
			if near {
				f.local[local] = append(around, by)
			}
		}
		if one := (nearOne{c.Login, theirs.Email}); theirs.joins {
			by.joined = firstOnes(by.joined, one)
		} else {
			by.loose = firstOnes(by.loose, one)
		}
	}
}

// firstOnes adds one to those that come first.
func firstOnes(list []nearOne, one nearOne) []nearOne {
	at, _ := slices.BinarySearchFunc(list, one, func(x, y nearOne) int {
		return cmp.Or(cmp.Compare(strings.ToLower(x.Login), strings.ToLower(y.Login)), cmp.Compare(x.Theirs.text, y.Theirs.text))
	})
	if at == MaxNearMisses {
		return list
	}
	list = slices.Insert(list, at, one)
	return list[:min(len(list), MaxNearMisses)]
}

// Misses gives what almost joined an account that was wanted, at most
// [MaxNearMisses], the best first.
func (f *NearFinder) Misses(a *ServerAccount) []NearMiss {
	o := offerOf(a)
	secondary := secondariesOf(a, &o)
	var found []NearMiss
	add := func(kind NearMissKind, mine Email, ones []nearOne, verified bool) {
		for _, one := range ones {
			found = append(found, NearMiss{kind, one.Login, mine, one.Theirs, verified})
		}
	}
	for key, mine := range secondary {
		if by := f.exact[key]; by != nil {
			add(MissSecondary, mine, by.joined, true)
		}
	}
	if !o.ok {
		return bestMisses(found)
	}
	if by := f.exact[o.key]; by != nil {
		add(MissUnverified, o.email, by.loose, false)
	}
	local, _, _ := strings.Cut(o.key, "@")
	for _, by := range f.local[local] {
		if by.key == o.key {
			continue
		}
		add(MissOtherDomain, o.email, by.loose, false)
		if secondary[by.key].text == "" { // else it is told of already
			add(MissOtherDomain, o.email, by.joined, true)
		}
	}
	return bestMisses(found)
}

// bestMisses sorts what was found and keeps the best.
func bestMisses(found []NearMiss) []NearMiss {
	slices.SortFunc(found, func(x, y NearMiss) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(strings.ToLower(x.Login), strings.ToLower(y.Login)),
			cmp.Compare(x.Theirs.text, y.Theirs.text), cmp.Compare(x.Mine.text, y.Mine.text))
	})
	return found[:min(len(found), MaxNearMisses)]
}

// secondariesOf are the addresses of an account that it did not offer, by key;
// of several texts of one key the smallest.
func secondariesOf(a *ServerAccount, o *offer) map[string]Email {
	if len(a.Emails) < 2 {
		return nil
	}
	out := map[string]Email{}
	for _, e := range a.Emails {
		key, ok := addressKey(e.Email.text)
		if !ok || o.ok && key == o.key {
			continue
		}
		if old := out[key]; old.text == "" || e.Email.text < old.text {
			out[key] = e.Email
		}
	}
	return out
}

// address is one of a cloud account's, and whether it can join.
type address struct {
	Email Email
	joins bool
}

// addressesOf gives every address of a cloud account by its key.
func addressesOf(c *CloudAccount) map[string]address {
	out := map[string]address{}
	put := func(e Email, joins bool) {
		if key, ok := addressKey(e.text); ok {
			old, seen := out[key]
			if !seen || joins && !old.joins || joins == old.joins && e.text < old.Email.text {
				out[key] = address{e, joins}
			}
		}
	}
	for _, e := range c.Emails {
		put(e.Email, e.Verified)
	}
	for i := range c.SAML {
		put(c.SAML[i].NameID, true)
		for _, at := range c.SAML[i].Attributes {
			if samlAttribute(at.Name) != NoAttribute {
				put(at.Value, true)
			}
		}
	}
	for i := range c.SCIM {
		put(c.SCIM[i].UserName, true)
		for _, e := range c.SCIM[i].Emails {
			put(e, true)
		}
	}
	return out
}

// Comparable says what a cloud account can be found by on its own: a verified
// address (R4), a value of an identity (R3). What GitHub joined to it (R0) is
// not the account's to say.
func (a *CloudAccount) Comparable() (verified, identity bool) {
	for _, e := range a.Emails {
		if _, ok := addressKey(e.Email.text); ok && e.Verified {
			verified = true
		}
	}
	bare := *a
	bare.Emails = nil
	return verified, len(addressesOf(&bare)) > 0
}
