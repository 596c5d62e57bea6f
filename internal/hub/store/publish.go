package store

import (
	"context"

	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// ResultWriter stages the people of a new result beside the current one and
// publishes it. Only one writes for an enterprise: who begins later takes over,
// and the earlier one's next write is a Conflict. It is not safe for concurrent
// use.
type ResultWriter struct {
	e *Enterprise
	// Inputs is what to count: the state at the moment the writer began.
	Inputs *Inputs
	number int64
	// Written counts the rows of people added and closed, Blocks those of
	// blocks: the work of this result.
	Written, Blocks int64

	added  []Person
	closed []PersonID
	bytes  int
}

// BeginResult begins a result of what counts now.
func (e *Enterprise) BeginResult(ctx context.Context) (*ResultWriter, error) {
	w := &ResultWriter{e: e}
	err := e.InTx(ctx, func(tx *Tx) (err error) {
		if w.Inputs, err = tx.Inputs(ctx); err != nil {
			return err
		}
		if w.number, err = tx.q.TakeResult(ctx, e.id); err != nil {
			return err
		}
		return tx.q.SetStagingResult(ctx, sqlgen.SetStagingResultParams{Result: w.number, Enterprise: e.id})
	})
	if err != nil {
		return nil, err
	}
	return w, w.removeLeftovers(ctx)
}

// removeLeftovers takes back what a writer before left behind the current
// result.
func (w *ResultWriter) removeLeftovers(ctx context.Context) error {
	return w.e.removePeople(ctx, w.Inputs.Result, w.claimed)
}

// claimed says that this is still the writer.
func (w *ResultWriter) claimed(ctx context.Context, tx *Tx) error {
	r, err := tx.q.OneEnterprise(ctx, w.e.id)
	if err == nil && r.StagingResult != w.number {
		return lost()
	}
	return err
}

// removePeople takes back the people and blocks of results behind one.
func (e *Enterprise) removePeople(ctx context.Context, result int64, may func(context.Context, *Tx) error) error {
	statements := []func(*sqlgen.Queries) (int64, error){
		func(q *sqlgen.Queries) (int64, error) {
			return q.RemovePeople(ctx, sqlgen.RemovePeopleParams{Enterprise: e.id, Result: result, Page: chunk})
		},
		func(q *sqlgen.Queries) (int64, error) {
			return q.ReopenPeople(ctx, sqlgen.ReopenPeopleParams{Enterprise: e.id, Result: result, Page: chunk})
		},
		func(q *sqlgen.Queries) (int64, error) {
			if err := q.RemoveBlocks(ctx, sqlgen.RemoveBlocksParams{Enterprise: e.id, Result: result}); err != nil {
				return 0, err
			}
			return 0, q.ReopenBlocks(ctx, sqlgen.ReopenBlocksParams{Enterprise: e.id, Result: result})
		},
	}
	for _, statement := range statements {
		for n := int64(1); n > 0; {
			err := e.InTx(ctx, func(tx *Tx) (err error) {
				if err = may(ctx, tx); err != nil {
					return err
				}
				n, err = statement(tx.q)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// removeStagedResult takes back a result that was being written when the
// program ended, if there is one.
func (e *Enterprise) removeStagedResult(ctx context.Context) error {
	in, err := e.reader().OneEnterprise(ctx, e.id)
	if err != nil || in.StagingResult == 0 {
		return err
	}
	err = e.removePeople(ctx, in.CurrentResult, func(context.Context, *Tx) error { return nil })
	if err != nil {
		return err
	}
	return e.InTx(ctx, func(tx *Tx) error {
		return tx.q.SetStagingResult(ctx, sqlgen.SetStagingResultParams{Result: 0, Enterprise: e.id})
	})
}

// Write stages a difference as [Enterprise.ComparePeople] visits it.
func (w *ResultWriter) Write(ctx context.Context, before *StoredPerson, after *Person) error {
	if before != nil {
		w.closed = append(w.closed, before.ID)
		w.Written++
	}
	if after != nil {
		w.added = append(w.added, *after)
		w.bytes += len(after.Document)
		w.Written++
	}
	if len(w.added)+len(w.closed) < chunk-1 && w.bytes < chunkBytes {
		return nil
	}
	return w.flush(ctx)
}

func (w *ResultWriter) flush(ctx context.Context) error {
	if len(w.added)+len(w.closed) == 0 {
		return nil
	}
	err := w.e.InTx(ctx, func(tx *Tx) error {
		if err := w.claimed(ctx, tx); err != nil {
			return err
		}
		if err := w.closePeople(ctx, tx); err != nil {
			return err
		}
		return w.insertPeople(ctx, tx)
	})
	w.added, w.closed, w.bytes = w.added[:0], w.closed[:0], 0
	return err
}

func (w *ResultWriter) closePeople(ctx context.Context, tx *Tx) error {
	b := tx.keys(closePeople, w.number, w.e.id, w.number)
	n, err := b.run(ctx, len(w.closed), func(args []any, i int) []any { return append(args, w.closed[i].String()) })
	if err == nil && n != int64(len(w.closed)) {
		return lost()
	}
	return err
}

func (w *ResultWriter) insertPeople(ctx context.Context, tx *Tx) error {
	b := tx.insert(insertPeople, personRow, w.e.id, w.number)
	_, err := b.run(ctx, len(w.added), func(args []any, i int) []any {
		p := &w.added[i]
		return append(args, p.ID.String(), p.SortKey, p.Search, p.Deployment, p.License,
			p.Consumes, p.Accounts, p.Organizations, p.Roles, p.Document)
	})
	return err
}

// Publish makes the result the current one, with its changes, and says whether
// what is counted changed in the meantime: then there is something to recount.
func (w *ResultWriter) Publish(ctx context.Context, r *Result, changes []Change) (stale bool, err error) {
	if err := w.flush(ctx); err != nil {
		return false, err
	}
	r.Number, r.Kind, r.Version = w.number, CurrentResult, w.Inputs.Version
	err = w.e.InTx(ctx, func(tx *Tx) error {
		if err := one(tx.q.PublishResult(ctx, sqlgen.PublishResultParams{Enterprise: w.e.id, Result: w.number})); err != nil {
			return err
		}
		row, err := tx.q.OneEnterprise(ctx, w.e.id)
		if err != nil {
			return err
		}
		stale = row.InputVersion != w.Inputs.Version
		return tx.addResult(ctx, r, changes)
	})
	return stale, err
}

// ForgetPeople removes people and blocks that ended with a result or before:
// those results can no longer be walked, their totals stay.
func (e *Enterprise) ForgetPeople(ctx context.Context, result int64) error {
	err := e.chunks(ctx, func(q *sqlgen.Queries) (int64, error) {
		return q.ForgetPeople(ctx, sqlgen.ForgetPeopleParams{Enterprise: e.id, Result: result, Page: chunk})
	})
	if err != nil {
		return err
	}
	return e.InTx(ctx, func(tx *Tx) error {
		return tx.q.ForgetBlocks(ctx, sqlgen.ForgetBlocksParams{Enterprise: e.id, Result: result})
	})
}
