package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// keptDays is how long addresses that vanished can still be found: in
// snapshots, which can be gone back to, and in older results.
const keptDays = 90

// historyPage is how many results are looked at to find what is too old.
const historyPage = 100

// Retain removes people's data that is too old: snapshots that counted last
// more than ninety days ago, beside the last three, which go earlier, and
// people of results that were replaced more than ninety days ago. Totals,
// tallies and digests stay for ever. It is to be run once a day.
func (s *Service) Retain(ctx context.Context, enterprise int64) error {
	e := s.store.For(enterprise)
	before := s.now().Add(-keptDays * 24 * time.Hour)
	in, err := e.Inputs(ctx)
	if err != nil {
		return err
	}
	gone, err := e.RemovedSources(ctx)
	if err != nil {
		return err
	}
	for _, src := range append(gone, in.Sources...) {
		if err := s.retainSnapshots(ctx, e, src.Number, before); err != nil {
			return err
		}
	}
	return s.retainPeople(ctx, e, before)
}

// retainSnapshots gives up snapshots that were replaced before a time: a
// snapshot was replaced when the next one was applied.
func (s *Service) retainSnapshots(ctx context.Context, e *store.Enterprise, source int64, before time.Time) error {
	list, err := e.Snapshots(ctx, source, keptSnapshots)
	if err != nil {
		return err
	}
	for i := range list {
		if i == len(list)-1 || list[i].AppliedAt.Before(before) {
			return e.KeepFrom(ctx, source, list[i].Seq)
		}
	}
	return nil
}

// retainPeople forgets the people of results that were replaced before a time.
// The newest result from before it was current then: it stays.
func (s *Service) retainPeople(ctx context.Context, e *store.Enterprise, before time.Time) error {
	for next := int64(0); ; {
		list, err := e.Results(ctx, next, historyPage)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, r := range list {
			if next = r.Number; r.CreatedAt.Before(before) {
				return e.ForgetPeople(ctx, r.Number)
			}
		}
	}
}
