package job_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/job"
)

// runs is the contract of everything that runs.
type runs interface {
	Start(ctx context.Context) error
	Started() <-chan struct{}
	Stop()
}

func mustRunners(t *testing.T, db *database.DB) map[string]func() runs {
	t.Helper()
	return map[string]func() runs{
		"queue": func() runs {
			q := mustQueue(t, db, quick())
			job.Register(q, job.Limits{}, func(context.Context, greet) error { return nil })
			return q
		},
		"schedules": func() runs {
			s := job.NewSchedules(db, slog.New(slog.DiscardHandler))
			s.Add("hourly", job.Hourly(0), func(context.Context, *sql.Tx) error { return nil })
			return s
		},
	}
}

func TestStartAndStopInSillyOrders(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		for name, fresh := range mustRunners(t, db) {
			never := fresh()
			never.Stop()
			receive(t, never.Started(), name+" that will never start")
			if err := never.Start(t.Context()); !errors.Is(err, job.ErrStopped) {
				t.Errorf("%s: start after stop: got %v", name, err)
			}
			twice := fresh()
			for range 2 {
				if err := twice.Start(t.Context()); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			receive(t, twice.Started(), name)
			twice.Stop()
			twice.Stop()
			if err := twice.Start(t.Context()); !errors.Is(err, job.ErrStopped) {
				t.Errorf("%s: start after run: got %v", name, err)
			}
			cancelled := fresh()
			ctx, cancel := context.WithCancel(t.Context())
			if err := cancelled.Start(ctx); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			cancel()
			cancelled.Stop()
		}
	}, job.Migrate)
}

// TestStartAndStopAtOnce calls everything from everywhere, in any order.
func TestStartAndStopAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		for name, fresh := range mustRunners(t, db) {
			for range 4 {
				r := fresh()
				var all sync.WaitGroup
				for range 8 {
					all.Go(func() {
						for range 4 {
							switch rand.IntN(4) {
							case 0:
								r.Stop()
							default:
								if err := r.Start(t.Context()); err != nil && !errors.Is(err, job.ErrStopped) {
									t.Errorf("%s: %v", name, err)
								}
							}
						}
						r.Stop()
						<-r.Started()
					})
				}
				all.Wait()
			}
		}
	}, job.Migrate)
}

// TestAQueueThatCouldNotStartMayStartLater: the database has no tables yet.
func TestAQueueThatCouldNotStartMayStartLater(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		q := mustQueue(t, db, quick())
		ran := make(chan struct{})
		job.Register(q, job.Limits{}, func(context.Context, greet) error { close(ran); return nil })
		if err := q.Start(t.Context()); err == nil {
			t.Fatal("started without tables")
		}
		for range 2 { // twice changes nothing
			if err := job.Migrate(t.Context(), db); err != nil {
				t.Fatal(err)
			}
		}
		mustStart(t, q)
		mustInsert(t, db, q, greet{})
		receive(t, ran, "the job")
	})
}
