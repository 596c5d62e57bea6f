package hub_test

import (
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// TestAPreviewBecomesTheResult: applying what was previewed counts nothing
// again, unless somebody counted in between; the result is the same.
func TestAPreviewBecomesTheResult(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, git := newKit(t, db), newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example", "2": "hubot@acme.example"})
		for _, between := range []bool{false, true} {
			id := map[bool]string{false: "3", true: "4"}[between]
			u := k.mustReceive(k.export(git, people{"1": "mona@acme.example", id: "octocat" + id + "@acme.example"}.users()), store.Preview)
			if between {
				if _, err := k.hub.Recount(t.Context(), k.e, "mona", true); err != nil {
					t.Fatal(err)
				}
			}
			r := k.apply(u)
			if got := r.Number == u.PreviewResult; got == between {
				t.Errorf("counted between: %v; the preview became the result: %v", between, got)
			}
			if r.Preview || r.Actor != "mona" || r.Statement.Licenses != 2 {
				t.Errorf("the result is %+v", r)
			}
			wantChanges(t, r.Difference, "appeared 1 +1", "vanished 1 -1")
			k.mustNames(r, "mona@acme.example", "octocat"+id+"@acme.example")
			again, err := k.hub.Recount(t.Context(), k.e, "mona", true)
			if err != nil {
				t.Fatal(err)
			}
			wantChanges(t, again.Difference)
		}
	})
}

// TestADiscardedPreviewLeavesNobody: nothing of the people that a preview
// staged is left, and the next one is not disturbed.
func TestADiscardedPreviewLeavesNobody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, git := newKit(t, db), newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example"})
		rows := func() (n int) {
			if err := db.Read.QueryRowContext(t.Context(), "SELECT count(*) FROM person").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := rows()
		u := k.mustReceive(k.export(git, people{"1": "monalisa@acme.example", "2": "hubot@acme.example"}.users()), store.Preview)
		if rows() == before {
			t.Error("a preview staged nobody")
		}
		if _, err := k.hub.Discard(t.Context(), k.e, u.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		if now := rows(); now != before {
			t.Errorf("%d rows of people, want %d", now, before)
		}
		r, err := k.hub.Current(t.Context(), k.e)
		if err != nil {
			t.Fatal(err)
		}
		k.mustNames(r, "mona@acme.example")
	})
}

// TestANewPlaceInTheListIsNoChange: the same person with the same accounts,
// whose address is written in another way, is another row and no change.
func TestANewPlaceInTheListIsNoChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, git := newKit(t, db), newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example", "2": "hubot@acme.example"})
		u := k.mustReceive(k.export(git, people{"1": "Mona@acme.example", "2": "hubot@acme.example"}.users()), store.Preview)
		r := k.apply(u)
		wantChanges(t, r.Difference)
		k.mustNames(r, "Mona@acme.example", "hubot@acme.example")
	})
}
