package hub_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// TestSearchFindsLettersHoweverTheyWereTyped: é as one character or as e with an
// accent, in the list and in the question.
func TestSearchFindsLettersHoweverTheyWereTyped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.apply(k.load(`{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"}, "users": [
			{"login": "one", "name": "Zo\u00e9 Abel", "organizations": [{"login": "eng", "role": "Member"}]},
			{"login": "two", "name": "ZOE\u0301 Brandt", "organizations": [{"login": "eng", "role": "Member"}]},
			{"login": "three", "name": "Zoe Cole", "organizations": [{"login": "eng", "role": "Member"}]}]}`))
		for _, text := range []string{"zo\u00e9", "Zoe\u0301"} {
			got := k.find(hub.Query{Text: text}, 10)
			slices.Sort(got)
			if !slices.Equal(got, []string{"one", "two"}) {
				t.Errorf("%q finds %v", text, got)
			}
		}
	})
}

// TestWaitingForARecountEndsWithItsContext: whoever gave up asking does not
// stand in the queue of those who count.
func TestWaitingForARecountEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.join(newAgent(1, "git.acme.example"), people{"1": "mona@acme.example"})
		waited := false
		k.now = func() { // the first thing a recount asks for is the time
			if waited {
				return
			}
			waited = true
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := k.hub.Recount(ctx, k.e, "mona", true); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
		if _, err := k.hub.Recount(t.Context(), k.e, "mona", true); err != nil || !waited {
			t.Errorf("waited %v, %v", waited, err)
		}
	})
}
