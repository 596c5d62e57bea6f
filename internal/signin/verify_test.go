package signin_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/signin"
)

// TestTamperingShows: ten entries, of which somebody changes the rows.
func TestTamperingShows(t *testing.T) {
	t.Parallel()
	const of = " WHERE enterprise = 1 AND number = "
	tests := map[string]struct {
		do     []string
		fault  signin.Fault
		number int64
	}{
		"nothing":               {nil, signin.Sound, 0},
		"another enterprise":    {[]string{"UPDATE audit_entry SET actor = 'owner Eve' WHERE enterprise = 2"}, signin.Sound, 0},
		"an actor":              {[]string{"UPDATE audit_entry SET actor = 'owner Eve'" + of + "4"}, signin.Changed, 4},
		"an action":             {[]string{"UPDATE audit_entry SET action = 'oneseat.undo'" + of + "4"}, signin.Changed, 4},
		"a target":              {[]string{"UPDATE audit_entry SET target = 'upload 3'" + of + "4"}, signin.Changed, 4},
		"details":               {[]string{"UPDATE audit_entry SET details = '{}'" + of + "4"}, signin.Changed, 4},
		"a time":                {[]string{"UPDATE audit_entry SET at = at + 1" + of + "4"}, signin.Changed, 4},
		"a hash":                {[]string{"UPDATE audit_entry SET hash = 'beef'" + of + "4"}, signin.Changed, 4},
		"text between fields":   {[]string{"UPDATE audit_entry SET actor = 'token syn', action = 'c' || action" + of + "4"}, signin.Changed, 4},
		"the last":              {[]string{"UPDATE audit_entry SET actor = 'owner Eve'" + of + "10"}, signin.Changed, 10},
		"the head":              {[]string{"UPDATE audit_chain SET last_hash = 'beef' WHERE enterprise = 1"}, signin.Changed, 10},
		"removed":               {[]string{"DELETE FROM audit_entry" + of + "4"}, signin.Missing, 4},
		"removed the first":     {[]string{"DELETE FROM audit_entry" + of + "1"}, signin.Missing, 1},
		"removed the last":      {[]string{"DELETE FROM audit_entry" + of + "10"}, signin.Missing, 10},
		"removed all":           {[]string{"DELETE FROM audit_entry WHERE enterprise = 1"}, signin.Missing, 1},
		"removed and closed up": {[]string{"DELETE FROM audit_entry" + of + "4", "UPDATE audit_entry SET number = number + 100 WHERE enterprise = 1 AND number > 4", "UPDATE audit_entry SET number = number - 101 WHERE enterprise = 1 AND number > 100"}, signin.Changed, 4},
		"two changed places":    {[]string{"UPDATE audit_entry SET number = 99" + of + "4", "UPDATE audit_entry SET number = 4" + of + "5", "UPDATE audit_entry SET number = 5" + of + "99"}, signin.Changed, 4},
		"moved to the end":      {[]string{"UPDATE audit_entry SET number = 99" + of + "4"}, signin.Missing, 4},
		"added at the end":      {[]string{added("11")}, signin.Added, 11},
		"added at the front":    {[]string{added("0")}, signin.Added, 0},
		"added before all":      {[]string{added("-5")}, signin.Added, -5},
		"taken from another":    {[]string{"DELETE FROM audit_entry" + of + "4", "UPDATE audit_entry SET enterprise = 1 WHERE enterprise = 2 AND number = 4"}, signin.Changed, 4},
		"the end cut off":       {[]string{"DELETE FROM audit_entry" + of + "10", "UPDATE audit_chain SET last_number = 9 WHERE enterprise = 1"}, signin.Changed, 9},
		"the beginning cut off": {[]string{"DELETE FROM audit_entry WHERE enterprise = 1 AND number < 3", "UPDATE audit_chain SET base_number = 2 WHERE enterprise = 1"}, signin.Changed, 3},
		"the ends removed":      {[]string{"DELETE FROM audit_chain WHERE enterprise = 1"}, signin.Added, 1},
	}
	Each(t, func(t *testing.T, k *kit) {
		for enterprise := range int64(2) {
			k.mustRecord(enterprise+1, 10)
		}
		k.mustExec("CREATE TABLE kept_entry AS SELECT * FROM audit_entry")
		k.mustExec("CREATE TABLE kept_chain AS SELECT * FROM audit_chain")
		for name, test := range tests {
			for _, statement := range test.do {
				k.mustExec(statement)
			}
			got := k.mustVerify(acme)
			if got.Fault != test.fault || got.Fault != signin.Sound && got.Number != test.number {
				t.Errorf("%s: got %q at %d, want %q at %d", name, got.Fault, got.Number, test.fault, test.number)
			}
			for _, statement := range []string{
				"DELETE FROM audit_entry", "DELETE FROM audit_chain",
				"INSERT INTO audit_entry SELECT * FROM kept_entry", "INSERT INTO audit_chain SELECT * FROM kept_chain",
			} {
				k.mustExec(statement)
			}
		}
	})
}

func added(number string) string {
	return "INSERT INTO audit_entry VALUES (1, " + number + ", 5, 'owner Eve', 'oneseat.undo', '', '{}', 'beef')"
}

// mustRecord records n entries, one an hour.
func (k *kit) mustRecord(enterprise int64, n int) {
	k.t.Helper()
	for i := range n {
		e := entry(fmt.Sprintf("upload %d", i+1))
		e.Enterprise = enterprise
		if err := k.record(k.t.Context(), e); err != nil {
			k.t.Fatal(err)
		}
		k.pass(time.Hour)
	}
}

// TestHashesAreAsDocumented: worked out without this package, as docs/access.md
// says. What was recorded once has to verify for ever.
func TestHashesAreAsDocumented(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		for _, target := range []string{"upload 7", "upload 8"} {
			if err := k.record(t.Context(), entry(target)); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := k.mustVerify(acme).Head, "aa5bdd5993b8a208242c7cd0f43f09c0914a834d2d5e3b4c0df305942596e6cb"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestALogThatNeverWasIsSound(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		if got, want := k.mustVerify(acme), (signin.Verdict{First: 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

// TestALongLogIsVerifiedInPages: 1,200 entries are more than two pages.
func TestALongLogIsVerifiedInPages(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		k.mustRecordAtOnce(1200)
		if got := k.mustVerify(acme); got.Fault != signin.Sound || got.Last != 1200 {
			t.Fatalf("got %+v", got)
		}
		k.mustExec("UPDATE audit_entry SET target = '' WHERE number = 1101")
		if got := k.mustVerify(acme); got.Fault != signin.Changed || got.Number != 1101 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestWhatWasForgottenIsNotMissed(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		k.mustRecord(acme, 10)
		k.mustRecord(globex, 1)
		before := k.mustVerify(acme)
		forget := func(at time.Time) {
			if err := k.Forget(t.Context(), signin.Job(acme), acme, at); err != nil {
				t.Fatal(err)
			}
		}
		forget(morning)                    // nothing is older
		forget(morning.Add(4 * time.Hour)) // four are
		got := k.mustVerify(acme)
		if got.Fault != signin.Sound || got.First != 5 || got.Last != 11 || got.Head == before.Head {
			t.Errorf("got %+v", got)
		}
		entries := k.mustEntries(acme, signin.Filter{})
		if len(entries) != 7 || entries[0].Action != signin.EntriesForgotten || fmt.Sprint(entries[0].Details["entries"]) != "4" || entries[1].Hash != before.Head {
			t.Errorf("got %+v", entries)
		}
		k.mustExec("DELETE FROM audit_entry WHERE enterprise = 1 AND number = 5")
		if got := k.mustVerify(acme); got.Fault != signin.Missing || got.Number != 5 {
			t.Errorf("got %+v", got)
		}
		if got := k.mustVerify(globex); got.Fault != signin.Sound || got.First != 1 {
			t.Errorf("another enterprise: %+v", got)
		}
	})
}

// TestEverythingIsForgotten: more entries than one transaction removes.
func TestEverythingIsForgotten(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		k.mustRecordAtOnce(550)
		k.pass(time.Hour)
		if err := k.Forget(t.Context(), signin.Job(acme), acme, k.now()); err != nil {
			t.Fatal(err)
		}
		got := k.mustVerify(acme)
		if got.Fault != signin.Sound || got.First != 551 || got.Last != 552 {
			t.Errorf("got %+v", got)
		}
	})
}
