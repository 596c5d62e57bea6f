package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/oneseat/oneseat/internal/database"
)

// longestNap is how long the schedules sleep at most, so that a clock that was
// set, or a machine that slept, is noticed; afterFailure is the same when
// something is due and failed.
const (
	longestNap   = 15 * time.Minute
	afterFailure = time.Minute
)

// Schedules runs things when their schedule comes round. When each is due
// stands in the database: what came round while nothing ran is made up for
// once, at the next start, and several processes run it once among them.
type Schedules struct {
	db      *database.DB
	logger  *slog.Logger
	entries []entry

	life   life
	cancel context.CancelFunc
	ended  chan struct{} // closed when the loop has returned
}

type entry struct {
	name     string
	schedule Schedule
	run      func(context.Context, *sql.Tx) error
}

// NewSchedules makes schedules over a database that [Migrate] has prepared.
func NewSchedules(db *database.DB, logger *slog.Logger) *Schedules {
	return &Schedules{db: db, logger: logger, life: newLife(), ended: make(chan struct{})}
}

// Add adds something to be run. It comes before Start. The name stays the same
// from version to version.
//
// Run is called in the transaction that moves the schedule on, so it should
// do no more than insert a job. When it fails, it is called again within a
// minute.
func (s *Schedules) Add(name string, schedule Schedule, run func(ctx context.Context, tx *sql.Tx) error) {
	s.entries = append(s.entries, entry{name, schedule, run})
}

// Start begins to watch the clock and returns. It ends with ctx or Stop; after
// Stop the error is [ErrStopped].
func (s *Schedules) Start(ctx context.Context) error {
	return s.life.start(func() error {
		ctx, s.cancel = context.WithCancel(ctx)
		go s.loop(ctx)
		return nil
	})
}

// Started is closed when the clock is watched, or when Stop came before.
func (s *Schedules) Started() <-chan struct{} { return s.life.started }

// Stop ends the watch and waits for what is being run. It may be called often
// and before Start.
func (s *Schedules) Stop() {
	s.life.stop(func() {
		s.cancel()
		<-s.ended
	})
}

func (s *Schedules) loop(ctx context.Context) {
	defer close(s.ended)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		timer.Reset(s.turn(ctx))
	}
}

// turn runs what is due and gives the time until something may be due again.
func (s *Schedules) turn(ctx context.Context) time.Duration {
	nap := longestNap
	for _, e := range s.entries {
		next, err := s.runIfDue(ctx, e, time.Now())
		switch {
		case ctx.Err() != nil:
			return nap
		case err != nil:
			nap = min(nap, afterFailure)
			s.logger.LogAttrs(ctx, slog.LevelWarn, "schedule failed",
				slog.String("schedule", e.name), slog.Any("cause", err))
		default:
			nap = min(nap, time.Until(next))
		}
	}
	return max(nap, 0)
}

// runIfDue runs one entry if it is due, and gives the time it is due next.
func (s *Schedules) runIfDue(ctx context.Context, e entry, now time.Time) (time.Time, error) {
	next := e.schedule.Next(now)
	// Most of the time there is nothing to do; a look does not hold up writers.
	due, err := dueAt(ctx, s.db.Read, e.name)
	if err != nil || (due.After(now) && !due.After(next)) {
		return due, err
	}
	err = s.db.InTx(ctx, func(tx *sql.Tx) error {
		due, err := dueAt(ctx, tx, e.name)
		switch {
		case err != nil:
			return err
		case due.IsZero(): // never seen before
			return exec(ctx, tx, "INSERT INTO schedule (name, next_run_at) VALUES ($1, $2)", e.name, next.UnixMicro())
		case due.After(next): // it comes round sooner than it did, or the clock was set back
			return exec(ctx, tx, "UPDATE schedule SET next_run_at = $1 WHERE name = $2", next.UnixMicro(), e.name)
		case due.After(now): // another process was faster
			return nil
		}
		if err := e.run(ctx, tx); err != nil {
			return fmt.Errorf("run: %w", err)
		}
		return exec(ctx, tx, "UPDATE schedule SET next_run_at = $1, last_run_at = $2 WHERE name = $3",
			next.UnixMicro(), now.UnixMicro(), e.name)
	})
	return next, err
}

// dueAt is when an entry is due, the zero time when the database does not know
// it yet.
func dueAt(ctx context.Context, from querier, name string) (time.Time, error) {
	var micros int64
	err := from.QueryRowContext(ctx, "SELECT next_run_at FROM schedule WHERE name = $1", name).Scan(&micros)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.UnixMicro(micros), err
}

// querier is a pool or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) error {
	_, err := tx.ExecContext(ctx, statement, args...)
	return err
}
