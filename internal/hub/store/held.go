package store

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// HeldItem is an item whenever it was or will be visible: from From up to but
// not at Until.
type HeldItem struct {
	Item
	Source      int64
	From, Until int64
}

// HeldPerson is a person of the results from From up to but not at Until.
type HeldPerson struct {
	StoredPerson
	From, Until int64
}

// HeldChange is a change of a result.
type HeldChange struct {
	Result, N int64
	People    json.RawMessage
}

// HeldResult is the document of a result.
type HeldResult struct {
	Number   int64
	Document json.RawMessage
}

// EveryItem gives all items there are, visible or not; see pages.
func (e *Enterprise) EveryItem(ctx context.Context) iter.Seq2[HeldItem, error] {
	return pages(func(last HeldItem) ([]HeldItem, error) {
		rows, err := e.reader().EveryItem(ctx, sqlgen.EveryItemParams{
			Enterprise: e.id, Source: last.Source, Kind: string(last.Kind), Key: last.Key, FromSeq: last.From, Page: page,
		})
		out := make([]HeldItem, 0, len(rows))
		for _, r := range rows {
			out = append(out, HeldItem{Item{ItemKind(r.Kind), r.Key, r.Document}, r.Source, r.FromSeq, r.ToSeq})
		}
		return out, err
	})
}

// EveryPerson gives the people of all results there are; see pages.
func (e *Enterprise) EveryPerson(ctx context.Context) iter.Seq2[HeldPerson, error] {
	return pages(func(last HeldPerson) ([]HeldPerson, error) {
		rows, err := e.reader().EveryPerson(ctx, sqlgen.EveryPersonParams{Enterprise: e.id, Number: last.Number, FromResult: last.From, Page: page})
		if err != nil {
			return nil, err
		}
		out := make([]HeldPerson, 0, len(rows))
		for _, r := range rows {
			id, err := storedID(r.PersonID)
			if err != nil {
				return nil, err
			}
			out = append(out, HeldPerson{StoredPerson{id, r.Number, r.Document}, r.FromResult, r.ToResult})
		}
		return out, nil
	})
}

// EveryChange gives the changes of all results there are; see pages.
func (e *Enterprise) EveryChange(ctx context.Context) iter.Seq2[HeldChange, error] {
	return pages(func(last HeldChange) ([]HeldChange, error) {
		rows, err := e.reader().EveryChange(ctx, sqlgen.EveryChangeParams{Enterprise: e.id, Result: last.Result, N: last.N, Page: page})
		out := make([]HeldChange, 0, len(rows))
		for _, r := range rows {
			out = append(out, HeldChange{r.Result, r.N, json.RawMessage(r.People)})
		}
		return out, err
	})
}

// resultPage is how many results are read at a time; one may be some 100 kB.
const resultPage = 20

// EveryResult gives the documents of all results there are.
func (e *Enterprise) EveryResult(ctx context.Context) iter.Seq2[HeldResult, error] {
	return pages(func(last HeldResult) ([]HeldResult, error) {
		rows, err := e.reader().EveryResult(ctx, sqlgen.EveryResultParams{Enterprise: e.id, ID: last.Number, Page: resultPage})
		out := make([]HeldResult, 0, len(rows))
		for _, r := range rows {
			out = append(out, HeldResult{r.ID, json.RawMessage(r.Document)})
		}
		return out, err
	})
}

// pages gives all rows, a page at a time: next gives those behind one. Nothing
// is held between pages, so rows may change meanwhile.
func pages[T any](next func(last T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last T
		for {
			rows, err := next(last)
			if err != nil {
				yield(last, database.Translate(err))
				return
			}
			if len(rows) == 0 {
				return
			}
			for _, last = range rows {
				if !yield(last, nil) {
					return
				}
			}
		}
	}
}

// EraseItem deletes an item, and says whether it did: not when it is visible
// now, or staged.
func (tx *Tx) EraseItem(ctx context.Context, i *HeldItem) (bool, error) {
	n, err := tx.q.EraseItem(ctx, sqlgen.EraseItemParams{
		Enterprise: tx.e.id, Source: i.Source, Kind: string(i.Kind), Key: i.Key, FromSeq: i.From,
	})
	return n > 0, err
}

// ErasePerson leaves nothing of somebody in old results but that there was one
// who consumed or not, and says whether it did: not in the current result.
// Their place in the lists stays.
func (tx *Tx) ErasePerson(ctx context.Context, p *HeldPerson, document string) (bool, error) {
	n, err := tx.q.ErasePerson(ctx, sqlgen.ErasePersonParams{
		Document: document, Enterprise: tx.e.id, Number: p.Number, FromResult: p.From,
	})
	return n > 0, err
}

// RewriteChange replaces who was concerned by a change.
func (tx *Tx) RewriteChange(ctx context.Context, c *HeldChange) error {
	return one(tx.q.RewriteChange(ctx, sqlgen.RewriteChangeParams{
		People: string(c.People), Enterprise: tx.e.id, Result: c.Result, N: c.N,
	}))
}

// RewriteResult replaces the document of a result.
func (tx *Tx) RewriteResult(ctx context.Context, r *HeldResult) error {
	return one(tx.q.RewriteResult(ctx, sqlgen.RewriteResultParams{Document: string(r.Document), Enterprise: tx.e.id, ID: r.Number}))
}

// ForgetChanges removes the changes that results up to a number are shown with;
// their tallies stay in the documents.
func (e *Enterprise) ForgetChanges(ctx context.Context, result int64) error {
	err := e.chunks(ctx, func(q *sqlgen.Queries) (int64, error) {
		return q.ForgetChanges(ctx, sqlgen.ForgetChangesParams{Enterprise: e.id, Result: result, Page: chunk})
	})
	if err != nil {
		return err
	}
	return e.InTx(ctx, func(tx *Tx) error {
		return tx.q.ForgetChangeCounts(ctx, sqlgen.ForgetChangeCountsParams{Enterprise: e.id, Result: result})
	})
}
