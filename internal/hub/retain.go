package hub

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// keptDays is how long addresses that vanished can still be found: in
// snapshots, which can be gone back to, and in older results.
const keptDays = 90

// historyPage is how many results are looked at to find what is too old.
const historyPage = 100

// Retain removes people's data that is too old: uploads that waited thirty days
// for somebody to decide about them, snapshots that counted last
// more than ninety days ago, beside the last three, which go earlier, and
// people of results that were replaced more than ninety days ago, with whoever
// those results name in changes, conflicts and reconciliation, and uploads that
// ended without counting more than ninety days ago. Totals, tallies and digests
// stay for ever. It is to be run once a day.
func (s *Service) Retain(ctx context.Context, enterprise int64) error {
	e := s.store.For(enterprise)
	if err := s.lapse(ctx, e); err != nil {
		return err
	}
	before := s.now().Add(-keptDays * 24 * time.Hour)
	if err := e.ForgetConnections(ctx, s.now(), before); err != nil {
		return err
	}
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
	if err := s.retainPeople(ctx, e, before); err != nil {
		return err
	}
	return e.ForgetUploads(ctx, before)
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
				if err := e.ForgetPeople(ctx, r.Number); err != nil {
					return err
				}
				return forgetNames(ctx, e, r.Number)
			}
		}
	}
}

// forgetNames takes the names from results up to one, unless it still is the
// current one.
func forgetNames(ctx context.Context, e *store.Enterprise, number int64) error {
	in, err := e.Inputs(ctx)
	if err != nil {
		return err
	}
	number = min(number, in.Result-1)
	if err := e.ForgetChanges(ctx, number); err != nil {
		return err
	}
	for r, err := range e.EveryResult(ctx) {
		if err != nil || r.Number > number {
			return err
		}
		if r.Document, err = nameless(r.Document); err == nil && r.Document != nil {
			err = e.InTx(ctx, func(tx *store.Tx) error { return tx.RewriteResult(ctx, &r) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// nameless is the document of a result without its lists of names, whose
// lengths stay; nil when it has none.
func nameless(document []byte) ([]byte, error) {
	var doc Counted
	if err := json.Unmarshal(document, &doc, whole()); err != nil {
		return nil, fmt.Errorf("document of a result: %w", err)
	}
	if len(doc.Conflicts) == 0 && len(doc.Unmatched) == 0 && (doc.Reconciliation == nil || len(doc.Reconciliation.Items) == 0) {
		return nil, nil
	}
	doc.Conflicts, doc.Unmatched = nil, nil
	if doc.Reconciliation != nil {
		doc.Reconciliation.Items = nil
	}
	return json.Marshal(&doc, whole())
}
