package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// pendingDays is how long an upload waits for somebody to decide about it. What
// it staged is people's data, and its source takes no other meanwhile.
const pendingDays = 30

// LapsesAt is when an upload is discarded unless somebody decides about it, or
// does something with it, before; zero when nothing waits for people.
func LapsesAt(u *Upload) time.Time {
	if u.State != store.Preview && u.State != store.Waiting {
		return time.Time{}
	}
	return u.UpdatedAt.Add(pendingDays * 24 * time.Hour)
}

// lapse discards what nobody decided about in time, and says so.
func (s *Service) lapse(ctx context.Context, e *store.Enterprise) error {
	list, err := e.PendingUploads(ctx)
	if err != nil {
		return err
	}
	for _, u := range list {
		if s.now().Before(LapsesAt(u)) {
			continue
		}
		err := s.endNow(ctx, e.Number(), u, store.Discarded, &Refusal{Key: "hub.lapsed", Args: map[string]any{"Days": pendingDays}}, jobActor)
		if err == nil || errs.KindOf(err) == errs.Conflict { // somebody decided just now
			continue
		}
		s.later(e.Number(), u, nil, jobActor)
		return err
	}
	return nil
}
