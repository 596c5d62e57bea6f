package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// How syncs are counted: not each by itself, because two hundred agents may
// deliver in the same minute.
const (
	// settle is how long a recount waits for what comes at the same time.
	settle = 2 * time.Second
	// gatherEvery is how far apart recounts of syncs are.
	gatherEvery = 20 * time.Second
	// overdue is when a recount that waits is not waited for any longer.
	overdue = time.Minute
)

// gather enqueues a recount for what the transaction applies, unless one waits
// that will count it too.
func (s *Service) gather(ctx context.Context, tx *store.Tx) error {
	if s.enqueueAt == nil {
		return s.recountLater(ctx, tx, tx.Enterprise())
	}
	g, err := tx.Gathering(ctx)
	if err != nil {
		return err
	}
	now := s.now()
	if g.Waits && now.Before(g.Due.Add(overdue)) {
		return nil
	}
	due := now.Add(settle)
	if next := g.Due.Add(gatherEvery); next.After(due) {
		due = next
	}
	if err := tx.SetGathering(ctx, store.Gathering{Due: due, Waits: true}); err != nil {
		return err
	}
	return s.enqueueAt(ctx, tx.SQL, tx.Enterprise(), due)
}

// recountGathered counts once what was applied until now, if anything was. What
// is applied from now on enqueues a recount of its own: the row that says so is
// one that every change of what counts writes.
func (s *Service) recountGathered(ctx context.Context, enterprise int64) error {
	err := s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		g, err := tx.Gathering(ctx)
		if err != nil {
			return err
		}
		return tx.SetGathering(ctx, store.Gathering{Due: g.Due})
	})
	if err != nil {
		return err
	}
	unlock, err := s.counting.lock(ctx, enterprise)
	if err != nil {
		return err
	}
	defer unlock()
	if current, err := s.upToDate(ctx, enterprise); current != nil || err != nil {
		return err
	}
	_, _, err = s.recount(ctx, enterprise, jobActor)
	return err
}
