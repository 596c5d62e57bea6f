package hub_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/job"
)

// survive does a deed while something is wrong. It fails with a sentence that
// says so, or is done; within the hour, with nothing but the fault gone and no
// new start, the hub counts what it should and can do what failed.
func survive(jobs *worked, name string, begin, end func()) {
	jobs.t.Helper()
	w := newWorld(jobs.kit)
	d, next := w.prepare(name)
	jobs.due("hub tidy")
	begin()
	err := d.do(w.t.Context(), w.hub)
	end()
	jobs.start()
	if err != nil && errs.KindOf(err) != errs.Unavailable {
		w.t.Errorf("%s: %v error: %v", name, errs.KindOf(err), err)
	}
	if name == "apply" && w.pending() == nil {
		w.now = next
	}
	eventually(w.t, "nothing is left half done", func() bool {
		var n int
		err := w.db.Read.QueryRowContext(w.t.Context(), "SELECT count(*) FROM upload WHERE state IN ('checking', 'removing')").Scan(&n)
		return err == nil && n == 0
	})
	jobs.drain()
	w.check(fmt.Sprintf("%s: after %v", name, err))
	w.finish(d)
	w.now = next
	w.check(name + ": after it was done again")
}

// TestALostConnectionFailsTheUploadNotTheProcess: the server ends every
// connection of the hub in the middle of something.
func TestALostConnectionFailsTheUploadNotTheProcess(t *testing.T) {
	t.Parallel()
	for seed, name := range smallDeeds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			location := dbtest.Postgres(t)
			admin := dbtest.Open(t, database.Config{Location: location, Wait: patience})
			if err := errors.Join(admin.Migrate(t.Context(), store.Migrations()), job.Migrate(t.Context(), admin)); err != nil {
				t.Fatal(err)
			}
			db := dbtest.Open(t, database.Config{Location: location + "&application_name=victim", Wait: patience})
			r := rand.New(rand.NewPCG(uint64(seed), 2))
			killer := lieInWait(db, 0, func() {
				_, err := admin.Write.ExecContext(t.Context(),
					"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'victim'")
				if err != nil {
					t.Error(err)
				}
			})
			jobs := newWorked(t, db)
			survive(jobs, name, func() { killer.left.Store(1 + r.Int64N(points(name))) }, func() {
				killer.left.Store(0)
				db.Read.SetMaxIdleConns(0) // within a second the pool notices by itself
				db.Read.SetMaxIdleConns(4)
			})
		})
	}
}

// TestAFullDiskFailsTheUploadNotTheProcess: there is room for a few pages more,
// and then there is none.
func TestAFullDiskFailsTheUploadNotTheProcess(t *testing.T) {
	t.Parallel()
	for seed, name := range smallDeeds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t), Volatile: true})
			if err := errors.Join(db.Migrate(t.Context(), store.Migrations()), job.Migrate(t.Context(), db)); err != nil {
				t.Fatal(err)
			}
			jobs := newWorked(t, db)
			room := func(pages int) {
				_, err := db.Write.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
				if err != nil {
					t.Error(err)
				}
			}
			begin := func() {
				var pages int
				if err := db.Write.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
					t.Error(err)
				}
				room(pages + seed%3)
			}
			survive(jobs, name, begin, func() { room(1 << 30) })
		})
	}
}
