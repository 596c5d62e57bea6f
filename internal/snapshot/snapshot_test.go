package snapshot_test

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oneseat/oneseat/internal/snapshot"
	"github.com/oneseat/oneseat/licensing"
)

func mustAdd(t *testing.T, u *snapshot.Users, a licensing.ServerAccount) {
	t.Helper()
	if err := u.Add(&a); err != nil {
		t.Fatal(err)
	}
}

func ids(t *testing.T, u *snapshot.Users) []string {
	t.Helper()
	var out []string
	for a, err := range u.Sorted(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a.UserID)
	}
	return out
}

func TestUsersComeInTheOrderOfTheBytesOfTheirIDs(t *testing.T) {
	t.Parallel()
	var u snapshot.Users
	for _, id := range []string{"9", "100", "é", "10", "", "Z"} {
		mustAdd(t, &u, licensing.ServerAccount{UserID: id})
	}
	want := []string{"", "10", "100", "9", "Z", "é"}
	if got := ids(t, &u); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	mustAdd(t, &u, licensing.ServerAccount{UserID: "0"})
	if got := ids(t, &u); !slices.Equal(got, slices.Insert(want, 1, "0")) {
		t.Errorf("after one more: %q", got)
	}
}

// TestWhatIsAddedComesBack: any users, also larger than a piece of memory.
func TestWhatIsAddedComesBack(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ab]{0,2}(@[ab]{0,2}){0,2}`), rapid.Map(rapid.IntRange(0, 1<<19), func(n int) string { return strings.Repeat("x", n) }))
	rapid.Check(t, func(t *rapid.T) {
		accounts := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) licensing.ServerAccount {
			a := licensing.ServerAccount{UserID: rapid.String().Draw(t, "id"), AdvancedSecurity: rapid.Bool().Draw(t, "security")}
			for range rapid.IntRange(0, 3).Draw(t, "addresses") {
				a.Emails = append(a.Emails, licensing.ServerEmail{Email: licensing.NewEmail(text.Draw(t, "address")), Primary: rapid.Bool().Draw(t, "primary")})
			}
			return a
		}), 0, 20, func(a licensing.ServerAccount) string { return a.UserID }).Draw(t, "accounts")
		var u snapshot.Users
		for i := range accounts {
			if err := u.Add(&accounts[i]); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortFunc(accounts, func(a, b licensing.ServerAccount) int { return cmp.Compare(a.UserID, b.UserID) })
		for range 2 {
			i := 0
			for got, err := range u.Sorted(t.Context()) {
				if err != nil || !gocmp.Equal(got, accounts[i], gocmp.AllowUnexported(licensing.Email{})) {
					t.Fatalf("user %d differs (%v)", i, err)
				}
				i++
			}
			if i != len(accounts) {
				t.Fatalf("%d of %d users", i, len(accounts))
			}
		}
	})
}

func TestUsersEndWithTheContext(t *testing.T) {
	t.Parallel()
	var u snapshot.Users
	for i := range 10_000 {
		mustAdd(t, &u, licensing.ServerAccount{UserID: strconv.Itoa(i)})
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range u.Sorted(ctx) {
		n++
		last = err
		cancel()
	}
	if !errors.Is(last, context.Canceled) || n > 5000 {
		t.Errorf("%d users, then %v", n, last)
	}
}

// TestAUserTakesItsBytes: a place and the texts, no pointers.
func TestAUserTakesItsBytes(t *testing.T) { // not parallel: it counts allocations
	const users = 50_000
	allocated := testing.AllocsPerRun(1, func() {
		var u snapshot.Users
		a := licensing.ServerAccount{UserID: "1234567", Emails: []licensing.ServerEmail{{Email: licensing.NewEmail("somebody.else@acme.example"), Primary: true}}}
		for range users {
			if err := u.Add(&a); err != nil {
				t.Error(err)
			}
		}
	})
	if allocated > users/500 {
		t.Errorf("%v allocations for %d users", allocated, users)
	}
}

// TestTextsWithoutAtTakeNoDomains: domains have few numbers, and a text that
// is no address has no domain.
func TestTextsWithoutAtTakeNoDomains(t *testing.T) { // not parallel: it counts what is allocated
	bytes := func(odd int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var u snapshot.Users
		for i := range odd {
			mustAdd(t, &u, licensing.ServerAccount{UserID: "odd", Emails: []licensing.ServerEmail{{Email: licensing.NewEmail("no-address-" + strconv.Itoa(i))}}})
		}
		a := licensing.ServerAccount{UserID: "1", Emails: []licensing.ServerEmail{{Email: licensing.NewEmail("a@" + strings.Repeat("d", 1000))}}}
		for range 10_000 {
			mustAdd(t, &u, a)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if got := bytes(5000); got > 5<<20 {
		t.Errorf("10,000 addresses of one domain take %d bytes beside texts without @", got)
	}
}
