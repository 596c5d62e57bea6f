package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// How syncs are counted: not each by itself, because two hundred agents may
// deliver in the same minute. A recount waits until nothing more comes, but not
// for long; and the lists that follow from it wait for the last one.
const (
	// settle is how long nothing may have come before a recount begins.
	settle = 2 * time.Second
	// gatherEvery is how far apart recounts of syncs are, and gatherMost how
	// long one waits at most while agents keep coming.
	gatherEvery = 20 * time.Second
	gatherMost  = 40 * time.Second
	// overdue is when a recount that waits is not waited for any longer.
	overdue = time.Minute
	// listsMost is how old lists become at most while recounts follow each other.
	listsMost = 10 * time.Minute
)

// Gathered is a recount that waits for whatever else comes.
type Gathered struct {
	Enterprise int64
	// At is when it looks whether anything came since Seen, a version of the
	// inputs. If so it waits again, until Latest.
	At, Latest time.Time
	Seen       int64
}

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
	in, err := tx.Inputs(ctx)
	if err != nil {
		return err
	}
	next := Gathered{Enterprise: tx.Enterprise(), At: now.Add(settle), Seen: in.Version}
	if apart := g.Due.Add(gatherEvery); apart.After(next.At) {
		next.At = apart
	}
	next.Latest = next.At.Add(gatherMost)
	return s.wait(ctx, tx, next)
}

// wait enqueues a recount, and says that one waits.
func (s *Service) wait(ctx context.Context, tx *store.Tx, r Gathered) error {
	if err := tx.SetGathering(ctx, store.Gathering{Due: r.At, Waits: true}); err != nil {
		return err
	}
	return s.enqueueAt(ctx, tx.SQL, r)
}

// recountGathered counts once what was applied until now, if anything was, or
// waits again because more has come. What is applied from when it begins enqueues
// a recount of its own: the row that says so is one that every change of what
// counts writes.
func (s *Service) recountGathered(ctx context.Context, r Gathered) error {
	unlock, err := s.counting.lock(ctx, r.Enterprise)
	if err != nil {
		return err
	}
	defer unlock()
	if waits, err := s.waitAgain(ctx, r); waits || err != nil {
		return err
	}
	if current, err := s.upToDate(ctx, r.Enterprise); current != nil || err != nil {
		return err
	}
	_, _, err = s.recount(ctx, r.Enterprise, jobActor)
	return err
}

// waitAgain puts a recount off when something came since it was last looked, and
// says that it begins otherwise.
func (s *Service) waitAgain(ctx context.Context, r Gathered) (waits bool, err error) {
	err = s.store.For(r.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		in, err := tx.Inputs(ctx)
		if err != nil {
			return err
		}
		now := s.now()
		if waits = in.Version != r.Seen && now.Before(r.Latest); waits {
			r.At, r.Seen = now.Add(settle), in.Version
			return s.wait(ctx, tx, r)
		}
		return tx.SetGathering(ctx, store.Gathering{Due: now})
	})
	return waits, err
}

// listGathered makes the lists after a gathered recount, unless another one waits
// and will: they take longer than the count.
func (s *Service) listGathered(ctx context.Context, enterprise int64) error {
	var g store.Gathering
	err := s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) (err error) {
		g, err = tx.Gathering(ctx)
		return err
	})
	if err != nil {
		return err
	}
	made, err := s.store.For(enterprise).Work(ctx)
	if err != nil || g.Waits && s.now().Before(made.MadeAt.Add(listsMost)) {
		return err
	}
	return s.MakeWorklists(ctx, enterprise)
}
