package agent_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/filelock"
)

// TestAReadingCountsThoughWhatWasCannotBeForgotten: what counts stays what
// counts, with its users, whatever happens after the pointer moved.
func TestAReadingCountsThoughWhatWasCannotBeForgotten(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLiteAlone(t, store.Migrations())
	k := newKit(t, db)
	first := k.mustCount(header + people(1, 10))
	keep := fmt.Sprintf("CREATE TRIGGER kept BEFORE DELETE ON account WHEN OLD.reading = %d BEGIN SELECT RAISE(ABORT, 'kept'); END", first.Number)
	if _, err := db.Write.ExecContext(t.Context(), keep); err != nil {
		t.Fatal(err)
	}
	k.write(header + people(1, 12))
	if r, err := k.agent.Collect(t.Context(), "mona", false); err == nil || r == nil || r.State != store.Counts {
		t.Errorf("got %+v, %v", r, err)
	}
	if now := k.mustStatus().Current; now == nil || now.State != store.Counts || now.Counts.Leaving != 11 {
		t.Errorf("what counts is %+v", now)
	}
	if found, err := k.agent.Users(t.Context(), agent.UsersQuery{}, "", 50); err != nil || len(found.Users) != 11 {
		t.Errorf("the users are %+v, %v", found, err)
	}
}

// TestNobodyDecidesWhileTheSourceIsRead: the reading may take the place of what
// is held, and has the sequence of the instance as it was.
func TestNobodyDecidesWhileTheSourceIsRead(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + people(1, 10))
		k.write(header + people(1, 3))
		held := k.mustCollect()
		lock, err := filelock.Take(filepath.Join(k.config.Dir, "collect.lock"))
		if err != nil {
			k.t.Fatal(err)
		}
		if _, err := k.agent.Confirm(k.t.Context(), "mona", held.Number); errs.KindOf(err) != errs.Conflict {
			k.t.Errorf("confirm: %v", err)
		}
		if err := k.agent.Discard(k.t.Context(), "mona", held.Number); errs.KindOf(err) != errs.Conflict {
			k.t.Errorf("discard: %v", err)
		}
		if err := k.agent.Resume(k.t.Context(), "mona", 0); errs.KindOf(err) != errs.Conflict {
			k.t.Errorf("resume: %v", err)
		}
		if err := k.agent.Renew(k.t.Context(), "mona"); errs.KindOf(err) != errs.Conflict {
			k.t.Errorf("renew: %v", err)
		}
		if err := lock.Release(); err != nil {
			k.t.Fatal(err)
		}
		if _, err := k.agent.Confirm(k.t.Context(), "mona", held.Number); err != nil {
			k.t.Error(err)
		}
	})
}
