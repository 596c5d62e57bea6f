package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// maxRounds is how often a recount goes round because something changed
// meanwhile. Whatever changes after that has enqueued a recount of its own.
const maxRounds = 3

// Recount counts what is there and publishes the result. When something
// changed meanwhile it counts again at once. Nothing happens when the current
// result is of the current inputs; Force counts all the same, because
// invitations lapse with time.
//
// It may run twice and at the same time as others: an older result never
// replaces a newer one. Conflict when another process took over; trying again
// is right then.
func (s *Service) Recount(ctx context.Context, enterprise int64, actor string, force bool) (*Result, error) {
	defer s.counting.lock(enterprise)()
	for round := 1; ; round++ {
		if !force || round > 1 {
			current, err := s.upToDate(ctx, enterprise)
			if current != nil || err != nil {
				return current, err
			}
		}
		stale, result, err := s.recount(ctx, enterprise, actor)
		if err != nil || !stale || round == maxRounds {
			return result, err
		}
	}
}

// upToDate gives the current result if it is of the current inputs.
func (s *Service) upToDate(ctx context.Context, enterprise int64) (*Result, error) {
	e := s.store.For(enterprise)
	in, err := e.Inputs(ctx)
	if err != nil || in.Result == 0 {
		return nil, err
	}
	current, err := e.Result(ctx, in.Result)
	if err != nil || current.Version != in.Version {
		return nil, err
	}
	return resultFrom(current)
}

// recount counts once, writes who differs and publishes.
func (s *Service) recount(ctx context.Context, enterprise int64, actor string) (stale bool, _ *Result, err error) {
	w, err := s.store.For(enterprise).BeginResult(ctx)
	if err != nil {
		return false, nil, err
	}
	found, err := s.compare(ctx, w.Inputs, nil, actor, func(before *store.StoredPerson, after *store.Person) error {
		return w.Write(ctx, before, after)
	})
	if err != nil {
		return false, nil, err
	}
	for list, ids := range found.order.ids {
		if err := w.WriteBlocks(ctx, list, ids); err != nil {
			return false, nil, err
		}
	}
	if stale, err = w.Publish(ctx, found.result, found.changes); err != nil {
		return false, nil, err
	}
	result, err := resultFrom(found.result)
	return stale, result, err
}

// compared is a count beside the current result.
type compared struct {
	order   *order
	result  *store.Result
	changes []store.Change
	digest  string
}

// compare counts, with a pending upload or without, and says how the people
// differ from those of the current result; write is told of each who does.
func (s *Service) compare(ctx context.Context, in *store.Inputs, pending *Upload, actor string, write func(*store.StoredPerson, *store.Person) error) (*compared, error) {
	c, err := s.count(ctx, in, pending)
	if err != nil {
		return nil, err
	}
	o := orderOf(c, in.Salt)
	d := differ{now: newPeopleOf(c)}
	err = s.store.For(in.Number).ComparePeople(ctx, in.Result, o.people(ctx, d.now), func(before *store.StoredPerson, after *store.Person) error {
		if err := d.visit(before, after); err != nil {
			return err
		}
		return write(before, after)
	})
	if err != nil {
		return nil, err
	}
	all := d.all()
	difference := d.sum(all)
	changes, err := s.named(ctx, in, c, o, &d, all)
	if err != nil {
		return nil, err
	}
	document, err := s.say(c, o, difference, actor)
	return &compared{order: o, changes: changes, digest: difference.Digest, result: &store.Result{
		Version: in.Version, CreatedAt: s.now(), People: int64(c.result.Len()),
		Licenses: int64(c.result.Statement().Licenses), Document: document,
	}}, err
}

// preview counts as if an upload were applied and keeps what would change.
func (s *Service) preview(ctx context.Context, enterprise int64, u *Upload, actor string) (*compared, error) {
	e := s.store.For(enterprise)
	in, err := e.Inputs(ctx)
	if err != nil {
		return nil, err
	}
	if in, err = s.counted(ctx, in, actor); err != nil {
		return nil, err
	}
	found, err := s.compare(ctx, in, u, actor, func(*store.StoredPerson, *store.Person) error { return nil })
	if err != nil {
		return nil, err
	}
	return found, e.InTx(ctx, func(tx *store.Tx) error { return tx.AddPreview(ctx, u, found.result, found.changes) })
}

// counted makes sure that the result a preview is held against is of these
// inputs, and gives the inputs anew.
func (s *Service) counted(ctx context.Context, in *store.Inputs, actor string) (*store.Inputs, error) {
	if _, err := s.Recount(ctx, in.Number, actor, false); err != nil && errs.KindOf(err) != errs.Conflict {
		return nil, err
	}
	return s.store.For(in.Number).Inputs(ctx)
}
