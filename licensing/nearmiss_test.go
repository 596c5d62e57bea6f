package licensing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
