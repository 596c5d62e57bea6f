package store_test

import (
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub/store"
)

func TestPins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		set := func(walker string, result int64, ends, before time.Time) {
			t.Helper()
			k.inTx(func(tx *store.Tx) error {
				return tx.SetPin(t.Context(), walker, 30, store.Pin{Result: result, PinnedAt: at(), ExpiresAt: ends}, before)
			})
		}
		want := func(walker string, size, result int64) {
			t.Helper()
			pin, err := k.e.Pin(t.Context(), walker, size)
			if err != nil || pin.Result != result {
				t.Errorf("%s with pages of %d is pinned to %d, %v; want %d", walker, size, pin.Result, err, result)
			}
		}
		minute := func(n int) time.Time { return at().Add(time.Duration(n) * time.Minute) }
		want("mona", 30, 0)
		set("mona", 1, minute(1), at())
		set("mona", 2, minute(2), at())
		set("hubot", 1, minute(5), minute(2))
		want("mona", 30, 2)
		want("mona", 100, 0)
		want("hubot", 30, 1)
		set("hubot", 3, minute(5), minute(3))
		want("mona", 30, 0)
		want("hubot", 30, 3)
	})
}
