package hub_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// later makes it later for the kit's clock.
func (k *kit) later(by time.Duration) { k.tick.Add(by.Microseconds()) }

// uploads are the states of all uploads, newest first.
func (k *kit) uploads() []hub.UploadState {
	k.t.Helper()
	list, err := k.hub.Uploads(k.t.Context(), k.e, hub.Upload{}, hub.MaxPage)
	if err != nil {
		k.t.Fatal(err)
	}
	var out []hub.UploadState
	for _, u := range list {
		out = append(out, u.State)
	}
	return out
}

// TestManyRefusedFilesLeaveFewRows: whoever sends what is no usage file again
// and again is refused each time, and fills neither list nor log.
func TestManyRefusedFilesLeaveFewRows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		log := &diary{}
		k := newKit(t, db, func(c *hub.Config) { c.Audit = log })
		send := func(times int, actor string) (recorded int) {
			t.Helper()
			for range times {
				u, err := k.hub.ReceiveUsage(t.Context(), k.e, strings.NewReader("x"), hub.Arrival{Actor: actor})
				if err == nil {
					t.Fatal("it was taken")
				}
				if u != nil {
					recorded++
				}
			}
			return recorded
		}
		if got := send(50, "token one"); got != 20 {
			t.Errorf("%d of 50 are recorded, want 20", got)
		}
		if got := send(3, "token two"); got != 3 {
			t.Errorf("%d of another's 3 are recorded", got)
		}
		refused := 0
		for _, e := range log.entries {
			if strings.Contains(e, hub.AuditRefuse) {
				refused++
			}
		}
		if rows := len(k.uploads()); rows != 23 || refused != 23 {
			t.Errorf("%d rows and %d entries, want 23", rows, refused)
		}
		k.later(time.Hour)
		if got := send(1, "token one"); got != 1 {
			t.Error("an hour later, none is recorded")
		}
	})
}

func TestUploadsThatNeverCountedGo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example"})
		if _, err := k.receive([]byte("x")); err == nil {
			t.Fatal("it was taken")
		}
		k.mustReceive(k.export(git, people{"2": "hubot@acme.example"}.users()), store.Preview)
		dropped := k.load(list("mona"))
		if _, err := k.hub.Discard(t.Context(), k.e, dropped.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			days int64 // since the step before
			left []hub.UploadState
		}{
			{89, []hub.UploadState{store.Discarded, store.Discarded, store.Refused, store.Applied}}, // one lapses today
			{2, []hub.UploadState{store.Discarded, store.Applied}},
			{87, []hub.UploadState{store.Discarded, store.Applied}},
			{3, []hub.UploadState{store.Applied}},
		} {
			k.later(time.Duration(step.days) * 24 * time.Hour)
			if err := k.hub.Retain(t.Context(), k.e); err != nil {
				t.Fatal(err)
			}
			if got := k.uploads(); !slices.Equal(got, step.left) {
				t.Errorf("%d days later there are %v, want %v", step.days, got, step.left)
			}
		}
	})
}

// TestSoManyInstancesWaitToBeKnown: names that somebody makes up are bounded,
// and one that is decided makes room for the next.
func TestSoManyInstancesWaitToBeKnown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		next := func(n int) (*hub.Upload, error) {
			return k.receive(k.export(newAgent(n, fmt.Sprintf("git-%d.acme.example", n)), people{"1": "mona@acme.example"}.users()))
		}
		var first *hub.Upload
		for n := range 100 {
			u, err := next(n)
			if err != nil {
				t.Fatal(n, err)
			}
			if first == nil {
				first = u
			}
		}
		_, err := next(100)
		wantError(t, err, errs.Conflict, "hub.many_held")
		if _, err := k.hub.Discard(t.Context(), k.e, first.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		if _, err := next(101); err != nil {
			t.Error(err)
		}
	})
}
