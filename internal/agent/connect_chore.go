package agent

import (
	"context"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
)

// longestChore is how long a chore that failed waits at most.
const longestChore = 15 * time.Minute

// tend does a chore that is due, and notes when it is due again: after a while
// when it went well, sooner when it did not, and then less and less soon.
func (s *Service) tend(ctx context.Context, c *Connection, pick func(*Connection) *Chore, again time.Duration, do func(token string) error) error {
	token, err := s.token(ctx, c)
	if err == nil {
		err = do(token)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, errMeanwhile) {
		return err
	}
	if ended, failed := s.revoked(ctx, c, err); ended || failed != nil {
		return failed
	}
	s.forgetToken(connect.FailureOf(err))
	return s.note(ctx, c, func(_ *store.Tx, c *Connection) error {
		chore, now := pick(c), s.now()
		if err == nil {
			*chore = Chore{At: now.Add(again), DoneAt: now}
			return nil
		}
		chore.Failed, chore.Why = chore.Failed+1, s.failureOf(err)
		table := connect.Delays()
		delay, ok := connect.Delay(table[:], chore.Failed, c.Key, 0)
		if !ok {
			delay = longestChore
		}
		chore.At = s.after(min(delay, longestChore))
		return nil
	})
}

// requestStep asks whether somebody pressed Sync now on the hub, where owners here
// opted in to that.
func (s *Service) requestStep(ctx context.Context, c *Connection) (bool, time.Time, error) {
	if !c.Syncs() || !c.Sync.Asks {
		return false, time.Time{}, nil
	}
	if !s.due(c.Requests.At) {
		return false, c.Requests.At, nil
	}
	err := s.tend(ctx, c, func(c *Connection) *Chore { return &c.Requests }, connect.RequestsEvery, func(token string) error {
		list, err := s.client(c.Hub).Requests(ctx, token)
		if err != nil || len(list) == 0 {
			return err
		}
		return s.requested(ctx, list[0].ID)
	})
	return true, time.Time{}, err
}

// requested begins a run that the hub asked for, or lets the one that waits answer
// it.
func (s *Service) requested(ctx context.Context, id string) error {
	if id == "" || len(id) > 128 {
		return nil
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		r, err := s.wish(ctx, tx, store.ByRequest, syncActor, id)
		if err != nil || r.Request != "" || r.State != store.RunWaiting {
			return err
		}
		r.Request = id
		return s.writeRun(ctx, tx, r)
	})
}
