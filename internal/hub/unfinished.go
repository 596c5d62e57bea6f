package hub

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// unfinished is what failed uploads could not take back, because the database
// did not answer either: their source takes no other until it is. It is kept in
// memory, because after the next start Recover finds it. The zero value is
// ready.
type unfinished struct {
	mu  sync.Mutex
	all map[string]func(context.Context) error // by what it takes back
}

// add keeps something for later.
func (f *unfinished) add(what string, takeBack func(context.Context) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[string]func(context.Context) error{}
	}
	f.all[what] = takeBack
}

// finish takes back what it can. Who comes at the same time waits: they want
// it finished too.
func (f *unfinished) finish(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, what := range slices.Sorted(maps.Keys(f.all)) {
		if err := f.all[what](ctx); err != nil {
			return err
		}
		delete(f.all, what)
	}
	return nil
}

// later has an upload taken back when the database answers again: one that was
// being taken back, whoever decided that, and one that was to be refused. What
// somebody wanted to drop and could not stays as it was.
func (s *Service) later(enterprise int64, u *Upload, refusal *Refusal, actor string) {
	s.unfinished.add(u.ID, func(ctx context.Context) error {
		now, err := s.store.For(enterprise).Upload(ctx, u.ID)
		if err != nil {
			return err
		}
		switch {
		case now.State == store.Removing:
			return s.store.For(enterprise).Remove(ctx, now, s.now())
		case now.State.Pending() && refusal != nil:
			return s.endNow(ctx, enterprise, now, store.Refused, refusal, actor)
		default:
			return nil
		}
	})
}

// unstage takes back what is staged for nobody any more, now or later; after
// the caller's context has ended too.
func (s *Service) unstage(ctx context.Context, e *store.Enterprise, source, seq int64) error {
	takeBack := func(ctx context.Context) error { return e.Unstage(ctx, source, seq) }
	err := takeBack(context.WithoutCancel(ctx))
	if err != nil {
		s.unfinished.add(fmt.Sprintf("%d/%d/%d", e.Number(), source, seq), takeBack)
	}
	return err
}
