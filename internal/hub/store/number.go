package store

import (
	"context"
	"slices"
)

// resultBits is how many bits of a number count the people of a result.
const resultBits = 32

// firstNumber is the smallest number that a person may get who comes with a
// result: it is above those of all results before.
func firstNumber(result int64) int64 { return result << resultBits }

// numbering gives new people their numbers and gathers which, to write them in
// the order of the ids: hashes written as they come would touch every page of
// their table again and again.
type numbering struct {
	next int64
	// given are kept by the first byte of the id.
	given [256][]givenNumber
	any   bool
}

type givenNumber struct {
	id     PersonID
	number int64
}

func (n *numbering) add(id PersonID) (number int64) {
	number = n.next
	n.next++
	n.given[id[0]] = append(n.given[id[0]], givenNumber{id, number})
	n.any = true
	return number
}

// take gives what was given, nil when there is nothing, and forgets it.
func (n *numbering) take() [][]givenNumber {
	if !n.any {
		return nil
	}
	given := n.given
	n.given, n.any = [256][]givenNumber{}, false
	return given[:]
}

// writeNumbers stages what numbers the new people have.
func (w *ResultWriter) writeNumbers(ctx context.Context, given [][]givenNumber) error {
	var batch []givenNumber
	for _, some := range given {
		slices.SortFunc(some, func(a, b givenNumber) int { return a.id.Compare(b.id) })
		for len(some) > 0 {
			n := min(chunk-len(batch), len(some))
			batch, some = append(batch, some[:n]...), some[n:]
			if len(batch) < chunk {
				continue
			}
			if err := w.insertNumbers(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return w.insertNumbers(ctx, batch)
}

func (w *ResultWriter) insertNumbers(ctx context.Context, batch []givenNumber) error {
	return w.e.inBulk(ctx, func(tx *Tx) error {
		if err := w.claimed(ctx, tx); err != nil {
			return err
		}
		b := tx.insert(insertNumber, numberRow, w.e.id)
		_, err := b.run(ctx, len(batch), func(args []any, i int) []any { return append(args, batch[i].id[:], batch[i].number) })
		return err
	})
}
