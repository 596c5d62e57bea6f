package signin_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
)

const applied signin.Action = "business.import_license_usage"

func entry(target string) signin.Entry {
	return signin.Entry{Enterprise: acme, Actor: "token sync", Action: applied, Target: target, Details: map[string]any{"accounts": 12, "kind": "usage"}}
}

func TestAnEntryComesBackAsItWent(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		if err := k.record(t.Context(), entry("upload 7")); err != nil {
			t.Fatal(err)
		}
		got := k.mustEntries(acme, signin.Filter{})
		if len(got) != 1 {
			t.Fatal(got)
		}
		want := entry("upload 7")
		want.Number, want.At, want.Hash = 1, morning, got[0].Hash
		if fmt.Sprint(got[0]) != fmt.Sprint(want) || len(got[0].Hash) != 64 {
			t.Errorf("got %+v, want %+v", got[0], want)
		}
		if others := k.mustEntries(globex, signin.Filter{}); len(others) != 0 {
			t.Errorf("another enterprise sees %v", others)
		}
	})
}

func TestNoChangeNoEntry(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		failed := errors.New("the change failed")
		err := k.db.InTx(t.Context(), func(tx *sql.Tx) error {
			if err := k.Record(t.Context(), tx, entry("upload 1")); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if err := k.record(t.Context(), entry("upload 2")); err != nil {
			t.Fatal(err)
		}
		if got := k.mustEntries(acme, signin.Filter{}); len(got) != 1 || got[0].Number != 1 || got[0].Target != "upload 2" {
			t.Errorf("got %v", got)
		}
	})
}

func TestNoEntryHoldsAWholeAddress(t *testing.T) {
	t.Parallel()
	type nested struct {
		Emails []licensing.Email `json:"emails"`
		Note   string            `json:"note"`
	}
	e := signin.Entry{
		Enterprise: acme, Actor: "owner ada.byron@acme.example", Action: applied, Target: "person <grace.hopper@acme.example>",
		Details: map[string]any{
			"text":                       "from ada.byron@acme.example, to grace.hopper@acme.example;mary…jackson@acme.example",
			"katherine.g@acme.example":   1,
			"list":                       []any{"dorothy.v@acme.example", nested{[]licensing.Email{licensing.NewEmail("annie.e@acme.example")}, "b&c<edith.c@acme.example>\x00"}},
			"number":                     int64(9007199254740993),
			"already":                    "m…@acme.example",
			"mailto:joan.c@acme.example": true,
		},
	}
	Each(t, func(t *testing.T, k *kit) {
		if err := k.record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		dump := k.mustDump("audit_entry")
		for _, local := range []string{"byron", "hopper", "jackson", "erine", "rothy", "nnie", "dith", "oan"} {
			if strings.Contains(dump, local) {
				t.Errorf("%q is to be read in %s", local, dump)
			}
		}
		for _, kept := range []string{"9007199254740993", `"already":"m…@acme.example"`, "from a…@acme.example, to g…@acme.example;m…@acme.example"} {
			if !strings.Contains(dump, kept) {
				t.Errorf("%q is not to be read in %s", kept, dump)
			}
		}
		if verdict := k.mustVerify(acme); verdict.Fault != signin.Sound {
			t.Error(verdict)
		}
	})
}

func TestEntriesThatCannotBe(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		long, odd, wordless := entry("upload 1"), entry("upload 1"), entry("upload 1")
		long.Target = strings.Repeat("x", 65<<10)
		odd.Details["when"] = make(chan int)
		wordless.Action = "Upload!"
		wantError(t, k.record(t.Context(), long), errs.Invalid, "signin.long_entry")
		for _, e := range []signin.Entry{odd, wordless} {
			if err := k.record(t.Context(), e); err == nil || errs.KindOf(err) != errs.Internal {
				t.Errorf("%v: got %v", e.Action, err)
			}
		}
		if got := k.mustEntries(acme, signin.Filter{}); len(got) != 0 {
			t.Errorf("recorded %v", got)
		}
	})
}

func TestEntriesAreFound(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		for i := range 6 { // one an hour, by two actors
			e := entry(fmt.Sprintf("upload %d", i+1))
			e.Actor = []string{"token sync", "owner Ada"}[i%2]
			if i == 5 {
				e.Action = "oneseat.upload_discard"
			}
			if err := k.record(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			k.pass(time.Hour)
		}
		hour := func(n int) time.Time { return morning.Add(time.Duration(n) * time.Hour) }
		tests := map[string]struct {
			before int64
			limit  int
			filter signin.Filter
			want   string
		}{
			"all":           {0, 100, signin.Filter{}, "[6 5 4 3 2 1]"},
			"the newest":    {0, 2, signin.Filter{}, "[6 5]"},
			"the next":      {5, 2, signin.Filter{}, "[4 3]"},
			"before all":    {1, 2, signin.Filter{}, "[]"},
			"an action":     {0, 100, signin.Filter{Action: applied}, "[5 4 3 2 1]"},
			"an actor":      {6, 100, signin.Filter{Actor: "owner Ada"}, "[4 2]"},
			"a target":      {0, 100, signin.Filter{Target: "upload 3"}, "[3]"},
			"a time":        {0, 100, signin.Filter{Since: hour(1), Until: hour(3)}, "[3 2]"},
			"since":         {0, 100, signin.Filter{Since: hour(4)}, "[6 5]"},
			"all of it":     {6, 1, signin.Filter{Action: applied, Actor: "token sync", Until: hour(4)}, "[3]"},
			"nothing":       {0, 100, signin.Filter{Actor: "owner"}, "[]"},
			"not injection": {0, 100, signin.Filter{Actor: "' OR '1'='1"}, "[]"},
		}
		for name, test := range tests {
			entries, err := k.Entries(t.Context(), acme, test.before, test.limit, test.filter)
			numbers := []int64{}
			for _, e := range entries {
				numbers = append(numbers, e.Number)
			}
			if err != nil || fmt.Sprint(numbers) != test.want {
				t.Errorf("%s: got %v (%v), want %s", name, numbers, err, test.want)
			}
		}
		for _, limit := range []int{-1, 0, signin.MaxEntries + 1} {
			_, err := k.Entries(t.Context(), acme, 0, limit, signin.Filter{})
			wantError(t, err, errs.Invalid, "signin.bad_limit")
		}
	})
}

// TestManyRecordAtOnce: each entry follows the one before it, and none is lost,
// whoever is faster. Who lost eight times in a row is told to come again.
func TestManyRecordAtOnce(t *testing.T) {
	t.Parallel()
	const writers, entries = 8, 25
	Each(t, func(t *testing.T, k *kit) {
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range entries {
					e := entry(fmt.Sprintf("upload %d-%d", w, i))
					err := k.record(t.Context(), e)
					for errs.KindOf(err) == errs.Unavailable {
						err = k.record(t.Context(), e)
					}
					if err != nil {
						t.Error(err)
					}
					other := e
					other.Enterprise = globex + int64(w)
					if err := k.record(t.Context(), other); err != nil { // nobody else records there
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if got := k.mustVerify(acme); got.Fault != signin.Sound || got.First != 1 || got.Last != writers*entries {
			t.Errorf("got %+v", got)
		}
		targets := map[string]bool{}
		for before := int64(0); ; {
			list, err := k.Entries(t.Context(), acme, before, signin.MaxEntries, signin.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, e := range list {
				targets[e.Target], before = true, e.Number
			}
		}
		if len(targets) != writers*entries {
			t.Errorf("%d different entries, want %d", len(targets), writers*entries)
		}
	})
}
