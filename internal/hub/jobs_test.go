package hub_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/internal/source"
)

// patience is how long a test waits for what must happen.
const patience = time.Minute

// worked is a kit whose recounts are jobs.
type worked struct {
	*kit
	queue     *job.Queue
	schedules *job.Schedules
}

// newWorked wires a hub as the command does; nothing is started.
func newWorked(t *testing.T, db *database.DB) *worked {
	t.Helper()
	return wire(t, newKit(t, db))
}

// wire makes the hub of a kit anew, with jobs.
func wire(t *testing.T, k *kit) *worked {
	t.Helper()
	queue, err := job.New(k.db, job.Config{Poll: 5 * time.Millisecond, Rescue: hub.JobRescue, Alone: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	k.config.Enqueue = hub.EnqueueRecount(queue)
	k.hub = hub.New(k.config)
	w := &worked{k, queue, job.NewSchedules(k.db, slog.New(slog.DiscardHandler))}
	hub.RegisterJobs(queue, w.schedules, k.hub)
	return w
}

// start begins to work until the test ends.
func (w *worked) start() {
	w.t.Helper()
	for _, part := range []interface {
		Start(ctx context.Context) error
		Stop()
	}{w.queue, w.schedules} {
		if err := part.Start(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		w.t.Cleanup(part.Stop)
	}
}

// drain waits for the end of all jobs; none may be dead.
func (w *worked) drain() {
	w.t.Helper()
	eventually(w.t, "all jobs end", func() bool {
		var n int
		err := w.db.Read.QueryRowContext(w.t.Context(),
			"SELECT count(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded')").Scan(&n)
		return err == nil && n == 0
	})
	if dead, err := w.queue.Dead(w.t.Context(), 10); err != nil || len(dead) > 0 {
		w.t.Fatalf("dead jobs %v, %v", dead, err)
	}
}

// due makes a schedule come round.
func (w *worked) due(name string) {
	w.t.Helper()
	if _, err := w.db.Write.ExecContext(w.t.Context(), "INSERT INTO schedule (name, next_run_at) VALUES ($1, 1)", name); err != nil {
		w.t.Fatal(err)
	}
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// current is the current result, nil when there is none yet.
func (k *kit) current() *hub.Result {
	k.t.Helper()
	r, err := k.hub.Current(k.t.Context(), k.e)
	if err != nil {
		return nil
	}
	return r
}

func TestWhatIsAppliedIsCountedByAJob(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		w := newWorked(t, db)
		w.start()
		git := newAgent(1, "git.acme.example")
		u := w.confirm(git, w.mustReceive(w.export(git, people{"1": "mona@acme.example"}.users()), store.Waiting))
		if _, err := w.hub.Recount(t.Context(), w.e, "hubot", true); err != nil { // else the preview becomes the result
			t.Fatal(err)
		}
		if _, err := w.hub.Apply(t.Context(), w.e, u.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "one license", func() bool { r := w.current(); return r != nil && r.Statement.Licenses == 1 })
		if r := w.current(); r.Actor != "job" {
			t.Errorf("counted by %q", r.Actor)
		}
	}, job.Migrate)
}

// TestAChangeDuringARecountIsCountedByTheNext: each time a recount has looked
// at what there is, one more thing changes, more often than one recount goes
// round. Nobody asks for another.
func TestAChangeDuringARecountIsCountedByTheNext(t *testing.T) {
	t.Parallel()
	const changes = 7
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		w := newWorked(t, db)
		other := hub.New(w.config) // another process, say
		var mu sync.Mutex
		made := 0
		w.now = func() {
			mu.Lock()
			defer mu.Unlock()
			if made == changes {
				return
			}
			made++
			if _, err := other.ChangeSettings(t.Context(), w.e, "mona", func(_ *string, s *hub.Settings) { s.Purchased = made }); err != nil {
				t.Error(err)
			}
		}
		w.start()
		if _, err := other.ChangeSettings(t.Context(), w.e, "mona", func(*string, *hub.Settings) {}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the last change counts", func() bool { r := w.current(); return r != nil && r.Purchased == changes })
	}, job.Migrate)
}

// TestEveryDayInvitationsLapseAndOldPeopleGo: nothing changes but the date.
func TestEveryDayInvitationsLapseAndOldPeopleGo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		w := newWorked(t, db)
		w.apply(w.load(list("zoe")))
		r := w.apply(w.load(`{"format": "oneseat-cloud-list/1", "enterprise": {"slug": "acme"}, "users": [], "invitations": [
			{"email": "new@acme.example", "organization": "eng", "kind": "member", "created_at": "2026-11-20T08:00:00Z"}]}`))
		if r.Statement.Licenses != 1 {
			t.Fatalf("%d licenses", r.Statement.Licenses)
		}
		w.tick.Add((91 * 24 * time.Hour).Microseconds())
		w.due("hub recount")
		w.due("hub retain")
		w.start()
		eventually(t, "the invitation lapses", func() bool { return w.current().Statement.Licenses == 0 })
		eventually(t, "who left is forgotten", func() bool {
			var rows int
			err := db.Read.QueryRowContext(t.Context(), "SELECT count(*) FROM item WHERE document LIKE '%zoe@acme.example%'").Scan(&rows)
			return err == nil && rows == 0
		})
	}, job.Migrate)
}

// writtenBefore takes texts out of the documents of people and results, as if
// they had been written before the texts were.
func (k *kit) writtenBefore(person, result string) {
	k.t.Helper()
	for statement, text := range map[string]string{
		"UPDATE person SET document = replace(document, $1, '')": person,
		"UPDATE result SET document = replace(document, $1, '')": result,
	} {
		if _, err := k.db.Write.ExecContext(k.t.Context(), statement, text); err != nil {
			k.t.Fatal(err)
		}
	}
}

// TestAnOlderVersionsPeopleAreCountedOnceMore: a database whose people were
// written before the hub kept whom one instance alone accounts for says so until
// its first recount, which the start enqueues once.
func TestAnOlderVersionsPeopleAreCountedOnceMore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		w := newWorked(t, db)
		w.start()
		w.apply(w.load(list("mona")))
		w.join(newAgent(1, "git.acme.example"), people{"1": "zoe@acme.example", "2": "yan@acme.example", "3": "mona@acme.example"})
		only := hub.Query{Only: "git.acme.example"}
		want := w.find(only, 10)
		if len(want) != 2 {
			t.Fatalf("only there are %q", want)
		}
		w.drain()
		w.writtenBefore(`,"only_here":true`, `"documents":2,`)
		_, err := w.hub.Search(t.Context(), w.e, only, "", 10)
		wantError(t, err, errs.Unavailable, "hub.only_later")
		before := w.current()
		if err := w.hub.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.drain()
		if got := w.find(only, 10); !slices.Equal(got, want) {
			t.Errorf("after the recount only there are %q, want %q", got, want)
		}
		after := w.current()
		if after.Number == before.Number || after.Difference.Licenses != 0 || after.Changes != 0 {
			t.Errorf("the recount says %+v", after.Difference)
		}
		if err := w.hub.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.drain()
		if again := w.current(); again.Number != after.Number {
			t.Errorf("a second start counted result %d", again.Number)
		}
	}, job.Migrate)
}

// TestAnOlderVersionsPeopleAreFoundAsNewOnes: whom an older version wrote with
// another text to be found by, in the same document, is found by the text of this
// one after the recount that the start enqueues.
func TestAnOlderVersionsPeopleAreFoundAsNewOnes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		w := newWorked(t, db)
		w.start()
		u, err := w.hub.LoadCloud(t.Context(), w.e, []source.File{text("consumed_licenses-acme-20261119T000200Z.csv", namelessInvitation)}, false, arrival())
		if err != nil {
			t.Fatal(err)
		}
		w.apply(u)
		invited := hub.Query{Text: "invitation"}
		want := w.find(invited, 10)
		if len(want) != 1 {
			t.Fatalf("invited are %q", want)
		}
		w.drain()
		w.writtenBefore("", `"documents":2,`)
		if _, err := db.Write.ExecContext(t.Context(), "UPDATE person SET search = replace(search, 'invitation ', '')"); err != nil {
			t.Fatal(err)
		}
		if got := w.find(invited, 10); len(got) != 0 {
			t.Fatalf("the older version found %q", got)
		}
		before := w.current()
		if err := w.hub.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.drain()
		if got := w.find(invited, 10); !slices.Equal(got, want) {
			t.Errorf("after the recount invited are %q, want %q", got, want)
		}
		after := w.current()
		if after.Number == before.Number || after.Changes != 0 || len(w.names(after, hub.AllPeople)) != 2 || len(w.names(before, hub.AllPeople)) != 2 {
			t.Errorf("the recount says %+v", after.Difference)
		}
	}, job.Migrate)
}

// namelessInvitation is a report of GitHub's with a member, and an invitation of
// which it says nothing but the organization.
const namelessInvitation = "github_com_login,github_com_name,enterprise_server_user_ids,github_com_user,enterprise_server_user," +
	"visual_studio_subscription_user,license_type,github_com_profile,github_com_member_roles,github_com_enterprise_roles," +
	"github_com_verified_domain_emails,github_com_saml_name_id,github_com_orgs_with_pending_invites,github_com_two_factor_auth," +
	"github_com_two_factor_auth_required_by_date,github_com_advanced_security_license_user,enterprise_server_primary_emails," +
	"visual_studio_license_status,visual_studio_subscription_email,total_user_accounts\n" +
	"mona,,,true,false,false,Enterprise,https://github.com/mona,eng:Member,Member,mona@acme.example,,,,,false,,,,1\n" +
	",,,false,false,false,Enterprise,,,Pending invitation,,,eng,,,false,,,,0\n"
