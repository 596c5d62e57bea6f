package hub

import (
	"context"

	"github.com/go-json-experiment/json"

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
	unlock, err := s.counting.lock(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return s.recountUntilCurrent(ctx, enterprise, actor, force)
}

func (s *Service) recountUntilCurrent(ctx context.Context, enterprise int64, actor string, force bool) (*Result, error) {
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

// upToDate gives the current result if it is of the current inputs and its people
// are as they are written now.
func (s *Service) upToDate(ctx context.Context, enterprise int64) (*Result, error) {
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	r, err := s.resultOf(ctx, in)
	if err != nil || r == nil || !r.current(in) {
		return nil, err
	}
	return r, nil
}

// CatchUp enqueues a recount for every enterprise whose result is not of what
// counts now, or says less of its people than this version does. It is for the
// start of a hub: a new version counts once what an older one counted.
func (s *Service) CatchUp(ctx context.Context) error {
	all, err := s.Enterprises(ctx)
	if err != nil {
		return err
	}
	for _, e := range all {
		in, err := s.store.For(e.Number).Inputs(ctx)
		if err != nil {
			return err
		}
		r, err := s.resultOf(ctx, in)
		if err != nil {
			return err
		}
		if r == nil || r.current(in) {
			continue
		}
		if err := s.store.For(e.Number).InTx(ctx, func(tx *store.Tx) error { return s.recountLater(ctx, tx, e.Number) }); err != nil {
			return err
		}
	}
	return nil
}

// recount counts once, writes who differs and publishes.
func (s *Service) recount(ctx context.Context, enterprise int64, actor string) (stale bool, _ *Result, err error) {
	w, err := s.store.For(enterprise).BeginResult(ctx)
	if err != nil {
		return false, nil, err
	}
	defer w.Close()
	found, err := s.compare(ctx, w, nil, actor)
	if err != nil {
		return false, nil, err
	}
	if stale, err = w.Publish(ctx, found.result, found.changes); err != nil {
		return false, nil, err
	}
	result, err := resultFrom(found.result)
	return stale, result, err
}

// compared is a count beside the current result.
type compared struct {
	result  *store.Result
	changes []store.Change
	digest  string
}

// compare counts, with a pending upload or without, stages how the people
// differ from those of the current result, and says it.
func (s *Service) compare(ctx context.Context, w *store.ResultWriter, pending *Upload, actor string) (*compared, error) {
	in := w.Inputs
	c, err := s.count(ctx, in, pending)
	if err != nil {
		return nil, err
	}
	o, err := orderOf(ctx, c, in.Salt)
	if err != nil {
		return nil, err
	}
	was, err := s.resultOf(ctx, in)
	if err != nil {
		return nil, err
	}
	w.Anew = was != nil && was.Documents != documentsVersion
	d := newDiffer(c, o)
	numbers, err := w.Compare(ctx, d.pass(o.people(ctx, c)), d.visit)
	if err != nil {
		return nil, err
	}
	numbers = o.byPlace(numbers)
	w.WriteIDs(ctx, o.ids, numbers)
	for list, numbers := range o.lists(c, numbers) {
		w.WriteBlocks(ctx, list, numbers)
	}
	difference, named := d.difference()
	changes, err := s.named(ctx, in, c, o, named)
	if err != nil {
		return nil, err
	}
	document, err := s.say(c, o, difference, actor)
	return &compared{changes: changes, digest: difference.Digest, result: &store.Result{
		Version: in.Version, CreatedAt: s.now(), People: int64(c.result.Len()),
		Licenses: int64(c.result.Statement().Licenses), Document: document,
	}}, err
}

// preview counts as if an upload were applied and keeps what would change. It
// begins again when another process took over, which happens when both count
// the same enterprise at the same time.
func (s *Service) preview(ctx context.Context, enterprise int64, u *Upload, actor string) (*compared, error) {
	unlock, err := s.counting.lock(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for round := 1; ; round++ {
		found, err := s.previewOnce(ctx, enterprise, u, actor)
		if errs.KindOf(err) != errs.Conflict || round == maxRounds {
			return found, err
		}
	}
}

// previewOnce makes sure that the result the preview is held against is of the
// inputs there are.
func (s *Service) previewOnce(ctx context.Context, enterprise int64, u *Upload, actor string) (*compared, error) {
	if _, err := s.recountUntilCurrent(ctx, enterprise, actor, false); err != nil {
		return nil, err
	}
	w, err := s.store.For(enterprise).BeginResult(ctx)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	found, err := s.compare(ctx, w, u, actor)
	if err != nil {
		return nil, err
	}
	return found, w.Preview(ctx, u, found.result, found.changes)
}

// publish makes the preview of an upload that is being applied the current
// result where nobody counted since; otherwise the recount does.
func (s *Service) publish(ctx context.Context, tx *store.Tx, u *Upload, seen *Result, actor string) error {
	said := seen.Counted
	said.Actor = actor
	document, err := json.Marshal(&said, whole())
	if err != nil {
		return err
	}
	_, err = tx.PublishPreview(ctx, u, &store.Result{CreatedAt: s.now(), Document: document})
	return err
}
