package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/oneseat/oneseat/internal/errs"
)

// outcome is what became of an attempt.
type outcome string

const (
	succeeded   outcome = "succeeded"
	interrupted outcome = "interrupted" // the queue stops; it will be run again
	failed      outcome = "failed"      // it will be tried again
	died        outcome = "died"
)

// attempt is one run of a job.
type attempt struct {
	row    *rivertype.JobRow
	limits Limits
	begun  time.Time

	took    time.Duration
	err     error
	stack   []byte // of a panic
	outcome outcome
}

// run does the work and decides what becomes of the job.
func (a *attempt) run(ctx context.Context, work func(context.Context) error) {
	a.err = a.recovered(ctx, work)
	a.took = time.Since(a.begun)
	switch {
	case a.err == nil:
		a.outcome = succeeded
	case errors.Is(ctx.Err(), context.Canceled):
		a.outcome = interrupted
	case permanent(a.err) || time.Since(a.row.CreatedAt) >= a.limits.MaxAge:
		a.outcome = died
	default:
		a.outcome = failed
	}
}

// recovered calls work; a panic is an error like others.
func (a *attempt) recovered(ctx context.Context, work func(context.Context) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			a.stack = debug.Stack()
			err = errs.Wrap(errs.Internal, fmt.Errorf("panic: %v", v), "job.panicked", "Kind", a.row.Kind)
		}
	}()
	err = work(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		return errs.Wrap(errs.Unavailable, err, "job.took_too_long", "Kind", a.row.Kind, "Limit", a.limits.Timeout)
	}
	return err
}

// permanent says that trying again would not help.
func permanent(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.NotFound, errs.TooLarge, errs.Unauthenticated, errs.Forbidden:
		return true
	case errs.Internal, errs.Conflict, errs.RateLimited, errs.Unavailable:
		return false
	}
	return false
}

// answer is what River is told.
func (a *attempt) answer(ctx context.Context) error {
	switch a.outcome {
	case succeeded:
		return nil
	case interrupted:
		return river.JobSnooze(0) // at once, and the attempt does not count
	case failed, died:
	}
	if err := river.RecordOutput(ctx, newRecord(a.err, a.row.Attempt)); err != nil {
		return errors.Join(a.err, err)
	}
	if a.outcome == died {
		return river.JobCancel(a.err)
	}
	return a.err
}

func (a *attempt) level() slog.Level {
	switch {
	case a.outcome == died, a.stack != nil:
		return slog.LevelError
	case a.outcome == failed:
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}

func (a *attempt) attrs() []slog.Attr {
	attrs := []slog.Attr{
		slog.String("job_kind", a.row.Kind),
		slog.Int64("job_id", a.row.ID),
		slog.Int("attempt", a.row.Attempt),
		slog.String("outcome", string(a.outcome)),
		slog.Duration("duration", a.took),
	}
	if a.err != nil {
		attrs = append(attrs, slog.String("error_kind", errs.KindOf(a.err).String()), slog.Any("cause", a.err))
	}
	if a.stack != nil {
		attrs = append(attrs, slog.String("stack", string(a.stack)))
	}
	return attrs
}
