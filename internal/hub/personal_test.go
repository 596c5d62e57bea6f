package hub_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// gone is the address these tests export and erase, in two spellings.
const (
	goneAddress = "zoe@gone.example"
	goneSpelled = "ZOE@Gone.Example"
)

// texts gives every text column of every table of the hub, to look for what
// must not be there.
func (k *kit) texts() string {
	k.t.Helper()
	var all strings.Builder
	for _, query := range []string{
		"SELECT key, document FROM item", "SELECT search, sort_key || document FROM person", "SELECT kind, people FROM change",
		"SELECT kind, document FROM result", "SELECT header, error_args FROM upload", "SELECT digest, meta FROM snapshot",
		"SELECT slug, settings FROM enterprise",
	} {
		rows, err := k.db.Read.QueryContext(k.t.Context(), query)
		if err != nil {
			k.t.Fatal(err)
		}
		for rows.Next() {
			var a, b string
			if err := rows.Scan(&a, &b); err != nil {
				k.t.Fatal(err)
			}
			all.WriteString(strings.ToLower(a + "\n" + b + "\n"))
		}
		if err := rows.Err(); err != nil {
			k.t.Fatal(err)
		}
		rows.Close() //nolint:errcheck,sqlclosecheck // read to its end
	}
	return all.String()
}

func (k *kit) erase(address string) *hub.Held {
	k.t.Helper()
	held, err := k.hub.ErasePerson(k.t.Context(), k.e, licensing.NewEmail(address), "mona")
	if err != nil {
		k.t.Fatal(err)
	}
	return held
}

func TestErasingTakesWhatDoesNotCountAnyMore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.apply(k.load(mixed))
		k.join(git, people{"1": goneSpelled, "2": "mona@acme.example"})
		k.apply(k.mustReceive(k.export(git, people{"1": goneAddress, "2": "mona@acme.example"}.users()), store.Preview))

		held := k.erase(goneAddress)
		if len(held.Counting) != 1 || held.Counting[0].Host != git.host || held.Counting[0].Count != 1 || held.Kept != 1 {
			t.Fatalf("while it counts: %+v", held)
		}
		before := k.recount()
		if names := k.names(before, hub.AllPeople); !slices.Contains(names, goneAddress) {
			t.Fatalf("erasing took somebody who counts: %q", names)
		}
		k.apply(k.mustReceive(k.export(git, people{"2": "mona@acme.example"}.users()), store.Preview))
		now := k.apply(k.mustReceive(k.export(git, people{"2": "mona@acme.example", "3": "new@acme.example"}.users()), store.Preview))
		if !strings.Contains(k.texts(), goneAddress) {
			t.Fatal("nothing is left to erase")
		}
		held = k.erase(goneSpelled)
		if len(held.Counting)+len(held.Waiting) != 0 || held.Kept == 0 || held.People == 0 || held.Changes == 0 {
			t.Errorf("when it is gone: %+v", held)
		}
		if left := k.texts(); strings.Contains(left, goneAddress) {
			at := strings.Index(left, goneAddress)
			t.Errorf("it is still there: …%s", left[max(0, at-80):at])
		}
		if names := k.names(before, hub.AllPeople); len(names) != int(before.People) || slices.Contains(names, goneAddress) {
			t.Errorf("the older result shows %q", names)
		}
		if again := k.recount(); again.Number != now.Number || again.Statement != now.Statement {
			t.Errorf("erasing changed what counts")
		}
		if held := k.erase(goneAddress); held.Kept+held.People+held.Changes+held.Results != 0 {
			t.Errorf("once more erased %+v", held)
		}
	})
}

func TestErasingLeavesWhatWaitsForADecision(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, people{"2": "mona@acme.example"})
		u := k.mustReceive(k.export(git, people{"1": goneAddress, "2": "mona@acme.example"}.users()), store.Preview)
		if held := k.erase(goneAddress); len(held.Waiting) != 1 || held.Kept != 0 {
			t.Errorf("got %+v", held)
		}
		if r := k.apply(u); r.Statement.Licenses != 2 {
			t.Errorf("%d consume, want 2", r.Statement.Licenses)
		}
	})
}

func TestAPersonIsExportedWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, git := newTown(t, db)
		k.apply(k.mustReceive(k.export(git, people{"4": "zoë@acme.example"}.users()), store.Preview))
		var file bytes.Buffer
		held, err := k.hub.ExportPerson(t.Context(), k.e, licensing.NewEmail("Mona@ACME.example"), "mona", &file)
		if err != nil {
			t.Fatal(err)
		}
		if len(held.Counting) != 1 || held.Counting[0].Kind != store.KindCloudAccount || held.Kept != 1 || held.People == 0 {
			t.Errorf("got %+v", held)
		}
		var x struct {
			About struct{ Format, Enterprise, Address string }
			Items []struct {
				Host, Kind, Key, Standing string
				Document                  map[string]any
			}
			People []struct {
				Current  bool
				Document struct{ Anchor string }
			}
			Changes []struct{ Before, After []struct{ Name string } }
		}
		if err := json.Unmarshal(file.Bytes(), &x); err != nil {
			t.Fatalf("%v: %s", err, file.Bytes())
		}
		if x.About.Enterprise != "acme" || len(x.Items) != 2 || len(x.People) < 2 || len(x.Changes) == 0 {
			t.Errorf("exported %s", file.Bytes())
		}
		if text := file.String(); strings.Contains(text, "zoë@") || strings.Contains(text, "hubot") {
			t.Errorf("others are exported too: %s", text)
		}
		_, err = k.hub.ExportPerson(t.Context(), k.e, licensing.NewEmail("mona"), "mona", &file)
		wantError(t, err, errs.Invalid, "hub.no_address")
	})
}

// TestRemovedInstancesAreForgottenInTime: what an instance said goes ninety
// days after it was removed.
func TestRemovedInstancesAreForgottenInTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.join(newAgent(1, "git.acme.example"), people{"1": goneAddress})
		u, err := k.hub.RemoveInstance(t.Context(), k.e, k.overview().Instances[0].Number, "sold", arrival())
		if err != nil {
			t.Fatal(err)
		}
		k.apply(u)
		k.tick.Add(91 * 24 * 60 * 60 * 1_000_000)
		if err := k.hub.Retain(t.Context(), k.e); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := k.db.Read.QueryRowContext(t.Context(), "SELECT count(*) FROM item").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d accounts are kept, %v", n, err)
		}
	})
}

// TestAnAddressIsFoundInEverySpelling: as often as their keys are equal.
func TestAnAddressIsFoundInEverySpelling(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.join(newAgent(1, "git.acme.example"), people{
			"1": " ZO\u00cb@B\u00fccher.example.", "2": "zoe\u0308@xn--bcher-kva.example", "3": "zoe@bucher.example",
			"4": "Plain@ACME.example. ", "5": "plain@acme.example", "6": "plain@acme.example.org",
		})
		for address, want := range map[string]int{"zoë@bücher.example": 2, "plain@acme.EXAMPLE": 2, "nobody@acme.example": 0} {
			held, got := k.erase(address), 0
			for _, place := range held.Counting {
				got += place.Count
			}
			if got != want {
				t.Errorf("%s counts %d times, want %d", address, got, want)
			}
		}
	})
}

// TestNamesInOldResultsAreForgotten: ninety days after a result was replaced
// nothing in the hub names whoever was only in it.
func TestNamesInOldResultsAreForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		cloud := strings.ReplaceAll(list("one", "two"), "two@acme.example", goneAddress)
		k.apply(k.load(strings.ReplaceAll(cloud, "one@acme.example", goneAddress)))
		if r := k.join(git, people{"1": goneAddress}); r.ConflictCount != 1 {
			t.Fatalf("%d conflicts, want a tie", r.ConflictCount)
		}
		k.apply(k.mustReceive(k.export(git, people{}.users()), store.Preview))
		k.apply(k.load(list("one", "two")))
		const day = 24 * 60 * 60 * 1_000_000
		forget := func() {
			t.Helper()
			k.tick.Add(50 * day)
			if _, err := k.hub.Recount(t.Context(), k.e, "job", true); err != nil {
				t.Fatal(err)
			}
			if err := k.hub.Retain(t.Context(), k.e); err != nil {
				t.Fatal(err)
			}
		}
		forget()
		if !strings.Contains(k.texts(), goneAddress) {
			t.Error("it was forgotten too early")
		}
		forget()
		forget()
		if left := k.texts(); strings.Contains(left, goneAddress) {
			at := strings.Index(left, goneAddress)
			t.Errorf("it is still there: …%s", left[max(0, at-80):at])
		}
		if history, err := k.hub.History(t.Context(), k.e, 0, 10); err != nil || !slices.ContainsFunc(history, func(r *hub.Result) bool { return r.ConflictCount == 1 }) {
			t.Errorf("the number of conflicts went too: %v", err)
		}
	})
}
