package job_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/job"
)

// begun is when time begins in a bubble of testing/synctest.
var begun = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // a Saturday

// watch starts schedules with one entry and gives the times it ran at.
func watch(t *testing.T, db *database.DB, s job.Schedule, failures int) (*job.Schedules, func() []time.Time) {
	t.Helper()
	var mutex sync.Mutex
	var times []time.Time
	schedules := job.NewSchedules(db, slog.New(slog.DiscardHandler))
	schedules.Add("sync", s, func(context.Context, *sql.Tx) error {
		mutex.Lock()
		defer mutex.Unlock()
		times = append(times, time.Now().UTC())
		if len(times) <= failures {
			return errors.New("not now")
		}
		return nil
	})
	ran := func() []time.Time {
		mutex.Lock()
		defer mutex.Unlock()
		return slices.Clone(times)
	}
	if err := schedules.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(schedules.Stop)
	return schedules, ran
}

func TestFourWeeks(t *testing.T) {
	t.Parallel()
	location := dbtest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		db := mustMigrated(t, location)
		weekly := job.Weekly(time.Monday, 3, 0).Spread(time.Hour, "ghes-1")
		schedules, ran := watch(t, db, weekly, 0)
		time.Sleep(28 * 24 * time.Hour)
		schedules.Stop()
		if len(ran()) != 4 {
			t.Fatalf("ran at %v, want 4 times", ran())
		}
		want := begun
		for i, got := range ran() {
			if want = weekly.Next(want); got.Sub(want) < 0 || got.Sub(want) > time.Second {
				t.Errorf("%d: ran at %v, want %v", i, got, want)
			}
		}
	})
}

// TestWhatWasMissedIsMadeUpForOnce: the machine is off for three weeks of a
// weekly schedule.
func TestWhatWasMissedIsMadeUpForOnce(t *testing.T) {
	t.Parallel()
	location := dbtest.SQLite(t)
	weekly := job.Weekly(time.Monday, 3, 0)
	synctest.Test(t, func(t *testing.T) {
		db := mustMigrated(t, location)
		schedules, _ := watch(t, db, weekly, 0)
		synctest.Wait()
		schedules.Stop()
	})
	synctest.Test(t, func(t *testing.T) {
		db := mustMigrated(t, location)
		time.Sleep(23 * 24 * time.Hour) // three Mondays are missed, the fourth begins
		schedules, ran := watch(t, db, weekly, 0)
		synctest.Wait()
		if len(ran()) != 1 {
			t.Fatalf("ran at %v, want once at once", ran())
		}
		time.Sleep(7 * 24 * time.Hour)
		schedules.Stop()
		if want := time.Date(2000, 1, 24, 3, 0, 0, 0, time.UTC); len(ran()) != 2 || ran()[1].Sub(want).Abs() > time.Second {
			t.Errorf("ran at %v, want then %v", ran(), want)
		}
	})
}

func TestAFailureIsTriedAgainWithinAMinute(t *testing.T) {
	t.Parallel()
	location := dbtest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		db := mustMigrated(t, location)
		schedules, ran := watch(t, db, job.Daily(0, 30), 2)
		time.Sleep(23 * time.Hour)
		schedules.Stop()
		if len(ran()) != 3 || ran()[2].Sub(ran()[0]) > 3*time.Minute {
			t.Errorf("ran at %v, want 3 times within minutes", ran())
		}
	})
}

// TestASoonerScheduleHoldsAtOnce: weekly became hourly.
func TestASoonerScheduleHoldsAtOnce(t *testing.T) {
	t.Parallel()
	location := dbtest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		db := mustMigrated(t, location)
		before, _ := watch(t, db, job.Weekly(time.Monday, 3, 0), 0)
		synctest.Wait()
		before.Stop()
		after, ran := watch(t, db, job.Hourly(30), 0)
		time.Sleep(80 * time.Minute)
		after.Stop()
		if len(ran()) != 1 {
			t.Errorf("ran at %v, want once, at the half hour", ran())
		}
	})
}

// TestSeveralProcessesRunItOnce: three run the same schedule, which has long
// been due, and each writes in its transaction.
func TestSeveralProcessesRunItOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		for _, statement := range []string{
			"CREATE TABLE tally (n BIGINT)", "INSERT INTO schedule (name, next_run_at) VALUES ('sync', 1)",
		} {
			if _, err := db.Write.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			s := job.NewSchedules(db, slog.New(slog.DiscardHandler))
			s.Add("sync", job.Weekly(time.Monday, 3, 0), func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO tally (n) VALUES (1)")
				return err
			})
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Stop)
		}
		for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
			var n, next int64
			err := db.Read.QueryRowContext(t.Context(), "SELECT (SELECT count(*) FROM tally), next_run_at FROM schedule").Scan(&n, &next)
			if err != nil || n > 1 || time.Now().After(deadline) {
				t.Fatalf("ran %d times, next %d, %v", n, next, err)
			}
			if next > time.Now().UnixMicro() {
				return
			}
		}
	}, job.Migrate)
}
