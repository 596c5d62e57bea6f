package hub_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// later is a clock that a test moves.
type later struct{ by time.Duration }

func (l *later) now() time.Time { return at().Add(l.by) }

func TestWalkKeepsItsResult(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		clock := &later{}
		k.hub = hub.New(hub.Config{Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Now: clock.now, Version: "test"})
		mona := hub.Walk{Walker: "mona", Size: 1}
		page := func(w hub.Walk, n int64) int64 {
			t.Helper()
			r, err := k.hub.WalkResult(t.Context(), k.e, w, n)
			if err != nil {
				t.Fatal(err)
			}
			return r.Number
		}
		is := func(what string, got, want int64) {
			t.Helper()
			if got != want {
				t.Errorf("%s sees result %d, want %d", what, got, want)
			}
		}
		_, err := k.hub.WalkResult(t.Context(), k.e, mona, 1)
		wantError(t, err, errs.NotFound, "hub.no_result")

		first := k.apply(k.load(list("mona", "hubot"))).Number
		is("page 1", page(mona, 1), first)
		second := k.apply(k.load(list("mona", "hubot", "new"))).Number
		is("page 2", page(mona, 2), first)
		is("another walker's page 2", page(hub.Walk{Walker: "hubot", Size: 1}, 2), second)
		is("page 1 of another size", page(hub.Walk{Walker: "mona", Size: 2}, 1), second)
		is("page 2 after it", page(mona, 2), first)

		for range 3 {
			clock.by += 10 * time.Minute
			is("a page of a slow walk", page(mona, 2), first)
		}
		clock.by += 16 * time.Minute
		is("a page after a long pause", page(mona, 2), second)
		third := k.apply(k.load(list("mona", "hubot", "new", "other"))).Number
		is("the page after it", page(mona, 3), second)
		is("page 1 of a new walk", page(mona, 1), third)
		is("its page 2", page(mona, 2), third)

		k.apply(k.load(list("mona", "hubot", "new")))
		for range 24 * 6 {
			clock.by += 10 * time.Minute
			page(mona, 2)
		}
		if got := page(mona, 2); got == third {
			t.Error("a walk sees yesterday's result")
		}
	})
}

// entries is an audit log that keeps what it is told.
type entries struct{ list []string }

func (e *entries) Record(_ context.Context, _ *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error {
	e.list = append(e.list, fmt.Sprint(enterprise, " ", actor, " ", action, " ", target, " ", details))
	return nil
}

// TestReadingAReportIsRecordedOnce: whoever asks again and again for the same
// result stands in the audit log twice a day.
func TestReadingAReportIsRecordedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		clock, log := &later{}, &entries{}
		first := k.apply(k.load(list("mona", "hubot"))).Number
		k.hub = hub.New(hub.Config{Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Now: clock.now, Version: "test", Audit: log})
		for range 12 {
			for page := range int64(2) {
				if _, err := k.hub.WalkResult(t.Context(), k.e, hub.Walk{Walker: "id", Actor: "token mona", Size: 1}, page+1); err != nil {
					t.Fatal(err)
				}
			}
			clock.by += time.Hour + time.Minute
		}
		want := fmt.Sprintf("%d token mona oneseat.report_read %d map[licenses:2]", k.e, first)
		if diff := cmp.Diff([]string{want}, log.list); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if _, err := k.hub.WalkResult(t.Context(), k.e, hub.Walk{Walker: "id", Actor: "token mona", Size: 1}, 2); err != nil {
			t.Fatal(err)
		}
		if len(log.list) != 2 {
			t.Errorf("%d entries after half a day, want 2", len(log.list))
		}
	})
}

// TestReadingPeopleIsRecordedOnce: who reads people, changes or conflicts stands
// in the audit log once for each result and half a day, in whatever order they
// read.
func TestReadingPeopleIsRecordedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		clock, log := &later{}, &entries{}
		k.hub = hub.New(hub.Config{Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Now: clock.now, Version: "test", Audit: log})
		for range 12 {
			for _, result := range []int64{7, 8, 7} {
				if err := k.hub.ReadPeople(t.Context(), k.e, "id", "token mona", result); err != nil {
					t.Fatal(err)
				}
			}
			clock.by += 59 * time.Minute
		}
		want := []string{
			fmt.Sprintf("%d token mona oneseat.report_read 7 map[what:people]", k.e),
			fmt.Sprintf("%d token mona oneseat.report_read 8 map[what:people]", k.e),
		}
		if diff := cmp.Diff(want, log.list); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		clock.by += time.Hour
		for _, who := range []string{"id", "other"} {
			if err := k.hub.ReadPeople(t.Context(), k.e, who, "token "+who, 7); err != nil {
				t.Fatal(err)
			}
		}
		if len(log.list) != 4 {
			t.Errorf("%d entries after half a day and with another reader, want 4", len(log.list))
		}
	})
}

// TestTwoWalksOfOneWalkerShareAPin: whoever begins again takes the other one
// along. That is why each job has a token of its own.
func TestTwoWalksOfOneWalkerShareAPin(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		page := func(walker string, n int64) int64 {
			t.Helper()
			r, err := k.hub.WalkResult(t.Context(), k.e, hub.Walk{Walker: walker, Size: 1}, n)
			if err != nil {
				t.Fatal(err)
			}
			return r.Number
		}
		first := k.apply(k.load(list("mona", "hubot"))).Number
		page("shared", 1)
		page("own", 1)
		second := k.apply(k.load(list("mona", "new"))).Number
		page("shared", 1) // another job
		if got := page("shared", 2); got != second {
			t.Errorf("the first job goes on with result %d, want the second job's %d", got, second)
		}
		if got := page("own", 2); got != first {
			t.Errorf("a job with a token of its own goes on with result %d, want %d", got, first)
		}
	})
}
