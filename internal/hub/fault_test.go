package hub_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

func TestAFullDiskFailsTheUploadAndNothingElse(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t), MaxPages: 150, Volatile: true})
	if err := db.Migrate(t.Context(), store.Migrations()); err != nil {
		t.Fatal(err)
	}
	k := newKit(t, db)
	git := newAgent(1, "git.acme.example")
	k.join(git, people{"1": "mona@acme.example"})
	u, err := k.receive(k.export(git, crowd(0, 3000).users()))
	if errs.KindOf(err) != errs.Unavailable {
		t.Fatalf("got %v, want unavailable", err)
	}
	kept, err := k.hub.Upload(t.Context(), k.e, u.ID)
	if err != nil || kept.State != store.Refused || kept.Refusal == nil || kept.Refusal.Key != "database.full" {
		t.Fatalf("recorded as %+v, %v", kept, err)
	}
	r := k.apply(k.mustReceive(k.export(git, people{"1": "mona@acme.example", "2": "hubot@acme.example"}.users()), store.Preview))
	k.mustNames(r, "hubot@acme.example", "mona@acme.example")
}

func TestAnUploadThatIsCancelledChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git := newAgent(1, "git.acme.example")
		k.join(git, people{"1": "mona@acme.example"})
		file := k.export(git, crowd(0, 3000).users())
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		u, err := k.hub.ReceiveUsage(ctx, k.e, &cancelling{data: file, cancel: cancel}, arrival())
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want cancelled", err)
		}
		if u != nil {
			if kept, err := k.hub.Upload(t.Context(), k.e, u.ID); err != nil || kept.State != store.Refused {
				t.Errorf("recorded as %+v, %v", kept, err)
			}
		}
		k.mustReceive(file, store.Preview)
	})
}

// cancelling reads a file and, when it is read for the second time, cancels.
type cancelling struct {
	data   []byte
	at     int64
	seeks  int
	cancel func()
}

func (c *cancelling) Read(p []byte) (int, error) {
	n := copy(p, c.data[c.at:])
	c.at += int64(n)
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (c *cancelling) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekCurrent {
		return c.at + offset, nil
	}
	if c.seeks++; c.seeks == 1 {
		c.cancel()
	}
	c.at = offset
	return offset, nil
}

func TestSettingsGoBeforeWhatTheCloudSideSays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		r := k.apply(k.load(list("mona")))
		if r.Purchased != 0 || r.Policy.Billing != "volume" {
			t.Fatalf("got %d, %+v", r.Purchased, r.Policy)
		}
		yes := true
		settings := hub.Settings{Purchased: 50, Billing: "metered", ManagedUsers: &yes, ConsumeUnlinkedSubscribers: true}
		change := func() error {
			_, err := k.hub.ChangeSettings(t.Context(), k.e, "mona", func(_ *string, now *hub.Settings) { *now = settings })
			return err
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		r, err := k.hub.Recount(t.Context(), k.e, "mona", false)
		if err != nil {
			t.Fatal(err)
		}
		want := hub.PolicyUsed{Billing: "metered", ManagedUsers: true, UseGitHubJoins: true, UnlinkedSubscribers: "consume"}
		if r.Purchased != 50 || r.Policy != want {
			t.Errorf("got %d, %+v", r.Purchased, r.Policy)
		}
		settings.Billing = "cash"
		wantError(t, change(), errs.Invalid, "hub.bad_billing")
	})
}

func TestEnterprisesAreApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		r := k.join(newAgent(1, "git.acme.example"), people{"1": "mona@acme.example"})
		people, err := k.hub.People(t.Context(), k.e, r.Number, hub.AllPeople, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		info, _, err := k.hub.Init(t.Context(), "other", "", hub.Settings{}, "mona")
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.hub.Person(t.Context(), info.Number, r.Number, people[0].ID)
		wantError(t, err, errs.NotFound, "hub.no_person")
		_, err = k.hub.Current(t.Context(), info.Number)
		wantError(t, err, errs.NotFound, "hub.no_result")
		other := &kit{t: t, hub: k.hub, e: info.Number}
		empty, err := k.hub.Recount(t.Context(), info.Number, "mona", false)
		if err != nil {
			t.Fatal(err)
		}
		other.mustNames(empty)
	})
}
