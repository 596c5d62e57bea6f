package licensing_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/oneseat/oneseat/licensing"
)

func TestNearMisses(t *testing.T) {
	t.Parallel()
	domains := []string{"acme.example", "bücher.example"}
	tests := []struct {
		name    string
		account string // ID and addresses, as in scenarios
		cloud   []string
		want    string
	}{
		{"an unverified address", "1 a@acme.example", []string{"mona unverified:A@acme.example"}, "0 mona a@acme.example A@acme.example"},
		{"a secondary address", "1 b@acme.example* a@acme.example", []string{"mona verified:a@acme.example"}, "1 mona a@acme.example a@acme.example"},
		{"an unverified secondary address is none", "1 b@acme.example* a@acme.example", []string{"mona unverified:a@acme.example"}, ""},
		{"another domain of the enterprise", "1 a@old.example", []string{"mona verified:a@acme.example"}, "2 mona a@old.example a@acme.example"},
		{"another domain in another spelling", "1 a@old.example", []string{"mona nameid:a@xn--bcher-kva.example"}, "2 mona a@old.example a@xn--bcher-kva.example"},
		{"a domain of somebody else is none", "1 a@old.example", []string{"mona verified:a@other.example"}, ""},
		{"no key, so only the others", "1 none* a@acme.example", []string{"mona verified:a@acme.example"}, "1 mona a@acme.example a@acme.example"},
		{
			"best first, five at most", "1 a@acme.example",
			[]string{
				"g unverified:a@acme.example", "f unverified:a@acme.example", "e unverified:a@acme.example", "d unverified:a@acme.example",
				"c unverified:a@acme.example", "b unverified:a@acme.example", "a verified:a@xn--bcher-kva.example",
			},
			"0 b a@acme.example a@acme.example; 0 c a@acme.example a@acme.example; 0 d a@acme.example a@acme.example; 0 e a@acme.example a@acme.example; 0 f a@acme.example a@acme.example",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var s scenario
			s.section(t, "cloud", strings.Join(tt.cloud, "\n"))
			s.section(t, "server s", tt.account)
			ix, err := licensing.NewIndex(&s.side, s.policy)
			if err != nil {
				t.Fatal(err)
			}
			accounts := func(yield func(*licensing.CloudAccount) bool) {
				for i := range s.side.Accounts {
					if !yield(&s.side.Accounts[i]) {
						return
					}
				}
			}
			var got []string
			for _, m := range ix.NearMisses(&s.accounts["s"][0], accounts, domains) {
				got = append(got, fmt.Sprintf("%d %s %s %s", m.Kind, m.Login, m.Mine.Address(), m.Theirs.Address()))
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("got  %s\nwant %s", text, tt.want)
			}
		})
	}
}

func TestNearMissesAmongManyAreTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	var accounts []licensing.CloudAccount
	for i := range 500 {
		accounts = append(accounts, licensing.CloudAccount{
			Login:  fmt.Sprintf("u%03d", i),
			Emails: []licensing.CloudEmail{{Email: licensing.NewEmail("a@acme.example")}},
		})
	}
	ix, err := licensing.NewIndex(&licensing.CloudSide{}, licensing.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() []licensing.NearMiss {
		mine := &licensing.ServerAccount{UserID: "1", Emails: []licensing.ServerEmail{{Email: licensing.NewEmail("a@acme.example"), Primary: true}}}
		return ix.NearMisses(mine, func(yield func(*licensing.CloudAccount) bool) {
			for i := range accounts {
				if !yield(&accounts[i]) {
					return
				}
			}
		}, nil)
	}
	first := ask()
	slices.Reverse(accounts)
	second := ask()
	if len(first) != licensing.MaxNearMisses || !slices.Equal(first, second) || first[0].Login != "u000" {
		t.Errorf("got %v and %v", first, second)
	}
}

// TestNearFinderIsThePlainSearch: for many accounts at once it finds what a
// search through everything finds for each.
func TestNearFinderIsThePlainSearch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawEnterprise(t)
		finder := licensing.NewNearFinder(d.side.VerifiedDomains)
		for _, in := range d.instances {
			for i := range in.Accounts {
				finder.Want(&in.Accounts[i])
			}
		}
		for i := range d.side.Accounts {
			finder.Look(&d.side.Accounts[i])
		}
		for _, in := range d.instances {
			for i := range in.Accounts {
				want := plainMisses(d.side, &in.Accounts[i])
				if got := finder.Misses(&in.Accounts[i]); !slices.Equal(got, want) {
					t.Fatalf("account %s: got %v, want %v", in.Accounts[i].UserID, got, want)
				}
			}
		}
	})
}

// plainMisses goes through every address of everybody.
func plainMisses(side *licensing.CloudSide, a *licensing.ServerAccount) []licensing.NearMiss {
	mine := plainOffer(a)
	var found []licensing.NearMiss
	for i := range side.Accounts {
		c := &side.Accounts[i]
		for key, theirs := range plainAddresses(c) {
			if kind, which, ok := plainMiss(side, a, mine, key, theirs.joins); ok {
				found = append(found, licensing.NearMiss{Kind: kind, Login: c.Login, Mine: which, Theirs: theirs.email, Verified: theirs.joins})
			}
		}
	}
	slices.SortFunc(found, func(x, y licensing.NearMiss) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(strings.ToLower(x.Login), strings.ToLower(y.Login)),
			cmp.Compare(x.Theirs.Address(), y.Theirs.Address()), cmp.Compare(x.Mine.Address(), y.Mine.Address()))
	})
	return found[:min(len(found), licensing.MaxNearMisses)]
}

func plainMiss(side *licensing.CloudSide, a *licensing.ServerAccount, mine licensing.Email, theirs licensing.Key, joins bool) (licensing.NearMissKind, licensing.Email, bool) {
	offered, offers := mine.Key()
	if offers && theirs == offered {
		return licensing.MissUnverified, mine, !joins
	}
	var secondary licensing.Email
	for _, e := range a.Emails {
		if key, ok := e.Email.Key(); ok && key == theirs && (secondary.IsZero() || e.Email.Address() < secondary.Address()) {
			secondary = e.Email
		}
	}
	if joins && !secondary.IsZero() {
		return licensing.MissSecondary, secondary, true
	}
	if !offers {
		return 0, mine, false
	}
	local, _, _ := strings.Cut(offered.Address(), "@")
	return licensing.MissOtherDomain, mine, slices.ContainsFunc(side.VerifiedDomains, func(d string) bool {
		key, ok := licensing.NewEmail(local + "@" + d).Key()
		return ok && key == theirs
	})
}

// plainOffer is R2: the smallest key of the marked addresses, or of all.
func plainOffer(a *licensing.ServerAccount) licensing.Email {
	marked := slices.ContainsFunc(a.Emails, func(e licensing.ServerEmail) bool { return e.Primary })
	var best licensing.Email
	for _, e := range a.Emails {
		if marked && !e.Primary {
			continue
		}
		key, ok := e.Email.Key()
		old, had := best.Key()
		if ok && (!had || key.Address() < old.Address() || key == old && e.Email.Address() < best.Address()) {
			best = e.Email
		}
	}
	return best
}

type plainAddress struct {
	email licensing.Email
	joins bool
}

// plainAddresses are those of a cloud account, one of each key: one that joins
// before others, and the smallest text.
func plainAddresses(c *licensing.CloudAccount) map[licensing.Key]plainAddress {
	var all []plainAddress
	for _, e := range c.Emails {
		all = append(all, plainAddress{e.Email, e.Verified})
	}
	for _, id := range c.SAML {
		all = append(all, plainAddress{id.NameID, true})
		for _, at := range id.Attributes {
			if slices.Contains([]string{
				licensing.AttrClaimName.String(), licensing.AttrClaimEmail.String(), licensing.AttrUserName.String(),
				licensing.AttrNameID.String(), licensing.AttrEmails.String(),
			}, at.Name) {
				all = append(all, plainAddress{at.Value, true})
			}
		}
	}
	for _, id := range c.SCIM {
		all = append(all, plainAddress{id.UserName, true})
		for _, e := range id.Emails {
			all = append(all, plainAddress{e, true})
		}
	}
	out := map[licensing.Key]plainAddress{}
	for _, one := range all {
		key, ok := one.email.Key()
		old, had := out[key]
		if ok && (!had || one.joins && !old.joins || one.joins == old.joins && one.email.Address() < old.email.Address()) {
			out[key] = one
		}
	}
	return out
}
