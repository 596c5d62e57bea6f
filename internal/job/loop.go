package job

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// shortestNap is how long a loop rests between two turns at least, so that a turn
// that is always due again leaves time to everybody else.
const shortestNap = 10 * time.Millisecond

// Loop calls a function again and again, one call after the other, at the times
// that the function itself asks for: what is due stands wherever the function
// keeps it, and so outlives the process.
type Loop struct {
	turn   func(context.Context) (time.Time, error)
	logger *slog.Logger
	name   string

	life   life
	cancel context.CancelFunc
	poked  chan struct{} // holds one at most
	ended  chan struct{} // closed when the loop has returned
}

// NewLoop makes a loop around a function that does what is due and gives the
// time at which something is due next; the zero time says that it knows of
// nothing. It is called at that time, after 15 minutes at the latest so that a
// clock that was set is noticed, and when somebody pokes. When it fails, the
// error is logged and it is called again within a minute. The name is for logs.
func NewLoop(name string, turn func(context.Context) (next time.Time, err error), logger *slog.Logger) *Loop {
	return &Loop{turn: turn, logger: logger, name: name, life: newLife(), poked: make(chan struct{}, 1), ended: make(chan struct{})}
}

// Start begins with a turn at once and returns. It ends with ctx or Stop; after
// Stop the error is [ErrStopped].
func (l *Loop) Start(ctx context.Context) error {
	return l.life.start(func() error {
		ctx, l.cancel = context.WithCancel(ctx)
		go l.run(ctx)
		return nil
	})
}

// Started is closed when the loop runs, or when Stop came before.
func (l *Loop) Started() <-chan struct{} { return l.life.started }

// Stop ends the loop and waits for the turn that runs, whose context is
// cancelled. It may be called often and before Start.
func (l *Loop) Stop() {
	l.life.stop(func() {
		l.cancel()
		<-l.ended
	})
}

// Poke asks for a turn now, after the one that may be running. It never waits,
// and may come before Start and after Stop.
func (l *Loop) Poke() {
	select {
	case l.poked <- struct{}{}:
	default: // somebody did already
	}
}

func (l *Loop) run(ctx context.Context) {
	defer close(l.ended)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-l.poked:
		}
		timer.Reset(l.once(ctx))
	}
}

// once takes a turn and gives the time to rest.
func (l *Loop) once(ctx context.Context) time.Duration {
	next, err := l.call(ctx)
	switch {
	case ctx.Err() != nil:
		return longestNap
	case err != nil:
		l.logger.LogAttrs(ctx, slog.LevelWarn, "turn failed", slog.String("loop", l.name), slog.Any("cause", err))
		return afterFailure
	case next.IsZero():
		return longestNap
	default:
		return max(shortestNap, min(longestNap, time.Until(next)))
	}
}

// call is a turn that a mistake in the program does not end the process with.
func (l *Loop) call(ctx context.Context) (next time.Time, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return l.turn(ctx)
}
