package agent

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/filelock"
)

// takenNap is when to look again after another process was found at work.
const takenNap = 5 * time.Second

// SyncTurn does what is due for Connect and license sync, one thing, and says when
// something is due next: the zero time when nothing will be. It stores what came
// of it before it returns, so whoever calls it again goes on from there, in another
// process too. It is what a job.Loop calls.
//
// What the hub or the network says is stored with the run it is about and is no
// error here. An error means that nobody knows, such as of the database.
func (s *Service) SyncTurn(ctx context.Context) (time.Time, error) {
	at, err := s.turn(ctx)
	if err == nil {
		s.stuck.Store(nil)
	} else if ctx.Err() == nil {
		s.stuck.Store(s.failureOf(err))
	}
	return at, err
}

func (s *Service) turn(ctx context.Context) (time.Time, error) {
	lock, err := filelock.Take(filepath.Join(s.config.Dir, "sync.lock"))
	switch {
	case errors.Is(err, filelock.ErrTaken):
		return s.now().Add(takenNap), nil
	case err != nil:
		return time.Time{}, s.unusable(err)
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	c, err := s.Connection(ctx)
	if err != nil {
		return time.Time{}, err
	}
	switch {
	case c.Pairing():
		return s.pairTurn(ctx, c)
	case c.Connected():
		return s.syncTurn(ctx, c)
	default:
		return time.Time{}, nil
	}
}

// step looks whether one thing is due and does it. Done says that it did
// something; at is when it is due otherwise, zero for never.
type step func(ctx context.Context, c *Connection) (done bool, at time.Time, err error)

// syncTurn takes the first step that is due.
func (s *Service) syncTurn(ctx context.Context, c *Connection) (time.Time, error) {
	var next time.Time
	for _, take := range []step{s.runStep, s.scheduleStep, s.changeStep, s.heldStep, s.keyStep, s.recordStep, s.requestStep} {
		done, at, err := take(ctx, c)
		if err != nil {
			if errors.Is(err, errMeanwhile) && ctx.Err() == nil {
				return s.now(), nil
			}
			return time.Time{}, err
		}
		if done {
			return s.now(), nil
		}
		next = sooner(next, at)
	}
	return next, nil
}

// sooner is the earlier of two times, of which the zero time is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// due says whether a time has come.
func (s *Service) due(at time.Time) bool { return !at.IsZero() && !s.now().Before(at) }

// scheduleStep begins the run whose regular time has come. One that was missed is
// made up for once. While a run is on its way there is no second; one that waits
// to be tried again is tried now.
func (s *Service) scheduleStep(ctx context.Context, c *Connection) (bool, time.Time, error) {
	if !c.Syncs() {
		return false, time.Time{}, nil
	}
	if !s.due(c.NextRunAt) {
		return false, c.NextRunAt, nil
	}
	err := s.note(ctx, c, func(tx *store.Tx, c *Connection) error {
		st, err := tx.State(ctx)
		if err != nil {
			return err
		}
		c.NextRunAt = c.nextRun(st.ServerID, s.now())
		open, err := runOrNone(tx.OpenRun(ctx))
		switch {
		case err != nil:
			return err
		case open == nil:
			_, err = s.addRun(ctx, tx, store.BySchedule, syncActor, "")
			return err
		case open.State == store.RunRetrying:
			open.DueAt = s.now()
			return s.writeRun(ctx, tx, open)
		default:
			return nil
		}
	})
	return true, time.Time{}, err
}

// changeStep begins a run when there is a snapshot that no run was about.
func (s *Service) changeStep(ctx context.Context, c *Connection) (bool, time.Time, error) {
	if !c.Syncs() || !c.Sync.OnChange {
		return false, time.Time{}, nil
	}
	last, err := s.store.LastSnapshot(ctx)
	if errs.KindOf(err) == errs.NotFound {
		return false, time.Time{}, nil
	}
	if err != nil || last.Sequence <= c.Tried {
		return false, time.Time{}, err
	}
	added := false
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		open, err := runOrNone(tx.OpenRun(ctx))
		if added = open == nil; err != nil || !added {
			return err
		}
		_, err = s.addRun(ctx, tx, store.ByChange, syncActor, "")
		return err
	})
	return added, time.Time{}, err
}
