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
}

// MaxNearMisses is how many near misses are given, the best first.
const MaxNearMisses = 5

// NearMisses looks for what almost joined one server account, by going
// through the cloud accounts once: it is for one account, when somebody asks.
// domains are the enterprise's verified domains.
func (ix *Index) NearMisses(a *ServerAccount, accounts iter.Seq[*CloudAccount], domains []string) []NearMiss {
	s := missSearch{o: offerOf(a), secondary: map[string]Email{}, local: map[string]Email{}}
	s.prepare(a, domains)
	for c := range accounts {
		s.look(c)
	}
	s.best()
	return s.found
}

// best sorts what was found and keeps the best.
func (s *missSearch) best() {
	slices.SortFunc(s.found, func(x, y NearMiss) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(strings.ToLower(x.Login), strings.ToLower(y.Login)),
			cmp.Compare(x.Theirs.text, y.Theirs.text), cmp.Compare(x.Mine.text, y.Mine.text))
	})
	s.found = s.found[:min(len(s.found), MaxNearMisses)]
}

type missSearch struct {
	o         offer
	secondary map[string]Email // keys the account has besides the one it offered
	local     map[string]Email // its key's local part under the enterprise's other domains
	found     []NearMiss
}

func (s *missSearch) prepare(a *ServerAccount, domains []string) {
	for _, e := range a.Emails {
		if key, ok := addressKey(e.Email.text); ok && key != s.o.key {
			if old := s.secondary[key]; old.text == "" || e.Email.text < old.text {
				s.secondary[key] = e.Email
			}
		}
	}
	if !s.o.ok {
		return
	}
	local, _, _ := strings.Cut(s.o.key, "@")
	for _, d := range domains {
		if key, ok := addressKey(local + "@" + d); ok && key != s.o.key {
			s.local[key] = s.o.email
		}
	}
}

// look adds what a cloud account offers; what cannot be among the best any
// more is dropped from time to time.
func (s *missSearch) look(c *CloudAccount) {
	for key, theirs := range addressesOf(c) {
		switch {
		case s.o.ok && key == s.o.key && !theirs.joins:
			s.found = append(s.found, NearMiss{MissUnverified, c.Login, s.o.email, theirs.Email})
		case s.secondary[key].text != "" && theirs.joins:
			s.found = append(s.found, NearMiss{MissSecondary, c.Login, s.secondary[key], theirs.Email})
		case s.local[key].text != "":
			s.found = append(s.found, NearMiss{MissOtherDomain, c.Login, s.local[key], theirs.Email})
		}
	}
	if len(s.found) > 16*MaxNearMisses {
		s.best()
	}
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
