package store

import (
	"context"
	"iter"

	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// ResultWriter stages the people of a new result beside the current one, to
// publish it or to show it as a preview. Only one writes for an enterprise: who
// begins later takes over, and the earlier one's next write is a Conflict. It
// writes beside its caller: an error may come with the next call. It is not
// safe for concurrent use.
type ResultWriter struct {
	e *Enterprise
	// Inputs is what to count: the state at the moment the writer began.
	Inputs *Inputs
	// Anew has [ResultWriter.Compare] write everybody, also whose document is the
	// same: what is taken from documents was something else.
	Anew   bool
	number int64
	// Written counts the rows of people added and closed, Blocks those of
	// blocks: the work of this result.
	Written, Blocks int64

	nextNumber    int64 // of somebody new
	next, writing peopleBatch
	behind        behind
}

// peopleBatch is what one transaction writes.
type peopleBatch struct {
	added   []Person
	numbers []int64 // of those added
	closed  []int64 // numbers
	bytes   int
}

// BeginResult begins a result of what counts now. The caller closes it.
func (e *Enterprise) BeginResult(ctx context.Context) (*ResultWriter, error) {
	w := &ResultWriter{e: e}
	leftovers := false
	err := e.InTx(ctx, func(tx *Tx) (err error) {
		if w.Inputs, err = tx.Inputs(ctx); err != nil {
			return err
		}
		row, err := tx.q.OneEnterprise(ctx, e.id)
		if err != nil {
			return err
		}
		leftovers = row.StagingResult != 0
		if w.number, err = tx.q.TakeResult(ctx, e.id); err != nil {
			return err
		}
		return tx.q.SetStagingResult(ctx, sqlgen.SetStagingResultParams{Result: w.number, Enterprise: e.id})
	})
	if err != nil {
		return nil, err
	}
	w.nextNumber = firstNumber(w.number)
	if leftovers { // a writer before did not publish: it died, or was a preview
		err = e.removePeople(ctx, w.Inputs.Result, w.claimed)
	}
	return w, err
}

// Close waits for what is being written. After an error the rows stay where
// nobody sees them, until the next writer begins.
func (w *ResultWriter) Close() { _ = w.behind.wait() }

// claimed says that this is still the writer.
func (w *ResultWriter) claimed(ctx context.Context, tx *Tx) error {
	r, err := tx.q.OneEnterprise(ctx, w.e.id)
	if err == nil && r.StagingResult != w.number {
		return lost()
	}
	return err
}

// Compare stages the people of the result, who come in the order of every list,
// beside those of the current one. visit is told of whoever differs, as by
// [Enterprise.ComparePeople], and with Anew of everybody, before they are staged. It gives everybody's
// number, in that order, for [ResultWriter.WriteBlocks] and
// [ResultWriter.WriteIDs].
func (w *ResultWriter) Compare(ctx context.Context, people iter.Seq2[Person, error], visit func(before *StoredPerson, after *Person) error) ([]int64, error) {
	var numbers []int64
	c := comparison{
		anew: w.Anew,
		same: func(p *StoredPerson) { numbers = append(numbers, p.Number) },
		visit: func(before *StoredPerson, after *Person) error {
			if err := visit(before, after); err != nil {
				return err
			}
			number, err := w.Write(ctx, before, after)
			if after != nil {
				numbers = append(numbers, number)
			}
			return err
		},
	}
	return numbers, w.e.compare(ctx, w.Inputs.Result, people, &c)
}

// Write stages one difference: somebody new, somebody who is gone, or both of
// one who differs at the same place. It gives the number of who is there now.
func (w *ResultWriter) Write(ctx context.Context, before *StoredPerson, after *Person) (number int64, err error) {
	b := &w.next
	if before != nil {
		number = before.Number
		b.closed = append(b.closed, number)
		w.Written++
	}
	if after != nil {
		if before == nil {
			number = w.nextNumber
			w.nextNumber++
		}
		b.added, b.numbers = append(b.added, *after), append(b.numbers, number)
		b.bytes += len(after.Document)
		w.Written++
	}
	if len(b.added)+len(b.closed) < chunk-1 && b.bytes < chunkBytes {
		return number, nil
	}
	return number, w.flush(ctx)
}

// flush begins to write what came together, when what came before is written.
func (w *ResultWriter) flush(ctx context.Context) error {
	if err := w.behind.wait(); err != nil {
		return err
	}
	w.next, w.writing = w.writing, w.next
	w.next = peopleBatch{added: w.next.added[:0], numbers: w.next.numbers[:0], closed: w.next.closed[:0]}
	w.behind.run(func() error { return w.write(ctx, &w.writing) })
	return nil
}

// last has the rest of the people written, without waiting.
func (w *ResultWriter) last(ctx context.Context) {
	rest := w.next
	w.next = peopleBatch{}
	if len(rest.added)+len(rest.closed) > 0 {
		w.behind.run(func() error { return w.write(ctx, &rest) })
	}
}

// finish writes what is left and waits for it.
func (w *ResultWriter) finish(ctx context.Context) error {
	w.last(ctx)
	if err := w.behind.wait(); err != nil {
		return err
	}
	return w.e.lookAt(ctx, "person", w.Written)
}

// manyRows is from how many new rows on the database is to look at a table
// anew.
const manyRows = 10_000

// lookAt has the database look at a table to which so many rows were added.
func (e *Enterprise) lookAt(ctx context.Context, table string, rows int64) error {
	if rows < manyRows {
		return nil
	}
	return e.db.Analyze(ctx, table)
}

// write writes a batch. Who is gone is closed first: who differs is in both
// lists.
func (w *ResultWriter) write(ctx context.Context, b *peopleBatch) error {
	return w.e.inBulk(ctx, func(tx *Tx) error {
		if err := w.claimed(ctx, tx); err != nil {
			return err
		}
		if err := w.closePeople(ctx, tx, b.closed); err != nil {
			return err
		}
		return w.insertPeople(ctx, tx, b)
	})
}

func (w *ResultWriter) closePeople(ctx context.Context, tx *Tx, closed []int64) error {
	b := tx.keys(closePeople, w.number, w.e.id, w.number)
	n, err := b.run(ctx, len(closed), func(args []any, i int) []any { return append(args, closed[i]) })
	if err == nil && n != int64(len(closed)) {
		return lost()
	}
	return err
}

func (w *ResultWriter) insertPeople(ctx context.Context, tx *Tx, batch *peopleBatch) error {
	b := tx.insert(insertPeople, personRow, w.e.id, w.number)
	_, err := b.run(ctx, len(batch.added), func(args []any, i int) []any {
		p := &batch.added[i]
		return append(args, batch.numbers[i], p.ID[:], p.SortKey, p.Search, p.Deployment, p.License,
			p.Consumes, p.Accounts, p.Organizations, p.Roles, p.Document)
	})
	return err
}

// Publish makes the result the current one, with its changes, and says whether
// what is counted changed in the meantime: then there is something to recount.
func (w *ResultWriter) Publish(ctx context.Context, r *Result, changes []Change) (stale bool, err error) {
	if err := w.finish(ctx); err != nil {
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

// Preview shows the result as what would be if an upload were applied, in the
// place of an older preview. Its people stay staged, until another writer
// begins: [Tx.PublishPreview] makes them the current ones without counting
// again.
func (w *ResultWriter) Preview(ctx context.Context, u *Upload, r *Result, changes []Change) error {
	if err := w.finish(ctx); err != nil {
		return err
	}
	r.Number, r.Kind, r.Version, r.Upload = w.number, PreviewResult, w.Inputs.Version, u.ID
	err := w.e.InTx(ctx, func(tx *Tx) error {
		if err := w.claimed(ctx, tx); err != nil {
			return err
		}
		if err := tx.removePreview(ctx, u.ID); err != nil {
			return err
		}
		if err := tx.addResult(ctx, r, changes); err != nil {
			return err
		}
		return tx.SetPreview(ctx, u.ID, w.number, r.CreatedAt)
	})
	if err == nil {
		u.PreviewResult = w.number
	}
	return err
}

// PublishPreview makes the preview of an upload that is being applied the
// current result, if its people are staged still: nobody began to write a
// result since. What else there is to say of it is in r. It comes after
// everything that counts was changed.
func (tx *Tx) PublishPreview(ctx context.Context, u *Upload, r *Result) (bool, error) {
	if u.PreviewResult == 0 {
		return false, nil
	}
	n, err := tx.q.PublishResult(ctx, sqlgen.PublishResultParams{Enterprise: tx.e.id, Result: u.PreviewResult})
	if err != nil || n == 0 {
		return false, err
	}
	row, err := tx.q.OneEnterprise(ctx, tx.e.id)
	if err != nil {
		return false, err
	}
	return true, one(tx.q.PublishPreview(ctx, sqlgen.PublishPreviewParams{
		Enterprise: tx.e.id, ID: u.PreviewResult, InputVersion: row.InputVersion, CreatedAt: micros(r.CreatedAt), Document: string(r.Document),
	}))
}
