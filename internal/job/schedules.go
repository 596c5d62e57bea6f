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

// longestNap is how long a [Loop] sleeps at most, so that a clock that was set, or
// a machine that slept, is noticed; afterFailure is the same when something is
// due and failed.
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

	loop *Loop
}

type entry struct {
	name     string
	schedule Schedule
	run      func(context.Context, *sql.Tx) error
}

// NewSchedules makes schedules over a database that [Migrate] has prepared.
func NewSchedules(db *database.DB, logger *slog.Logger) *Schedules {
	s := &Schedules{db: db, logger: logger}
	s.loop = NewLoop("schedules", s.turn, logger)
	return s
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
func (s *Schedules) Start(ctx context.Context) error { return s.loop.Start(ctx) }

// Started is closed when the clock is watched, or when Stop came before.
func (s *Schedules) Started() <-chan struct{} { return s.loop.Started() }

// Stop ends the watch and waits for what is being run. It may be called often
// and before Start.
func (s *Schedules) Stop() { s.loop.Stop() }

// turn runs what is due and gives the time at which something may be due again.
// An entry that fails is logged by its name and keeps no other from running.
func (s *Schedules) turn(ctx context.Context) (time.Time, error) {
	again := time.Now().Add(longestNap)
	for _, e := range s.entries {
		next, err := s.runIfDue(ctx, e, time.Now())
		if ctx.Err() != nil {
			return again, ctx.Err()
		}
		if err != nil {
			next = time.Now().Add(afterFailure)
			s.logger.LogAttrs(ctx, slog.LevelWarn, "schedule failed",
				slog.String("schedule", e.name), slog.Any("cause", err))
		}
		if next.Before(again) {
			again = next
		}
	}
	return again, nil
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
