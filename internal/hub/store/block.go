package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// List is an order of people that can be paged by number.
type List string

// The lists of a result.
const (
	AllPeople List = "people"   // everybody
	Consumed  List = "consumed" // who consumes a license
)

// Any page of at most MaxPage people lies in one block: it holds the ids of
// blockSize people and of the MaxPage behind them.
const (
	MaxPage   = 100
	blockSize = 1000
)

// blocksPerTx bounds the transactions that write blocks, some 18 kB each.
const blocksPerTx = 100

// WriteBlocks stages the order of a list when all people were written: it comes
// after the last of them, and does not wait. Blocks that are as they were stay.
func (w *ResultWriter) WriteBlocks(ctx context.Context, list List, ids []PersonID) {
	w.last(ctx)
	w.behind.run(func() error { return w.writeBlocks(ctx, list, ids) })
}

func (w *ResultWriter) writeBlocks(ctx context.Context, list List, ids []PersonID) error {
	had, err := w.e.reader().BlockCount(ctx, sqlgen.BlockCountParams{Enterprise: w.e.id, List: string(list), Result: w.Inputs.Result})
	if err != nil {
		return database.Translate(err)
	}
	want := int64((len(ids) + blockSize - 1) / blockSize)
	for from := int64(0); from < max(had, want); from += blocksPerTx {
		written := int64(0)
		err := w.e.InTx(ctx, func(tx *Tx) error {
			written = 0
			if err := w.claimed(ctx, tx); err != nil {
				return err
			}
			for n := from; n < min(from+blocksPerTx, max(had, want)); n++ {
				changed, err := w.writeBlock(ctx, tx, list, n, packBlock(ids, n))
				if err != nil {
					return err
				}
				written += changed
			}
			return nil
		})
		if err != nil {
			return err
		}
		w.Blocks += written
	}
	return nil
}

// packBlock gives the bytes of block n, nil when the list ends before it.
func packBlock(ids []PersonID, n int64) []byte {
	from := n * blockSize
	if from >= int64(len(ids)) {
		return nil
	}
	part := ids[from:min(from+blockSize+MaxPage, int64(len(ids)))]
	packed := make([]byte, 0, len(part)*len(PersonID{}))
	for _, id := range part {
		packed = append(packed, id[:]...)
	}
	return packed
}

func (w *ResultWriter) writeBlock(ctx context.Context, tx *Tx, list List, n int64, packed []byte) (int64, error) {
	old, err := tx.q.Block(ctx, sqlgen.BlockParams{Enterprise: w.e.id, List: string(list), Block: n, Result: w.Inputs.Result})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if bytes.Equal(old, packed) {
		return 0, nil
	}
	if old != nil {
		if err := tx.q.CloseBlock(ctx, sqlgen.CloseBlockParams{Result: w.number, Enterprise: w.e.id, List: string(list), Block: n}); err != nil {
			return 0, err
		}
	}
	if packed == nil {
		return 1, nil
	}
	return 1, tx.q.AddBlock(ctx, sqlgen.AddBlockParams{Enterprise: w.e.id, List: string(list), Block: n, Result: w.number, Ids: packed})
}

// Page gives the people of a result at the places from up to from+n of a list,
// n at most [MaxPage]: one block and n people are read, wherever they stand.
// There are fewer at the end of the list.
func (e *Enterprise) Page(ctx context.Context, result int64, list List, from int64, n int) ([]StoredPerson, error) {
	var out []StoredPerson
	err := e.view(ctx, func(q *sqlgen.Queries) error {
		packed, err := q.Block(ctx, sqlgen.BlockParams{Enterprise: e.id, List: string(list), Block: from / blockSize, Result: result})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		const width = int64(len(PersonID{}))
		packed = packed[min(from%blockSize*width, int64(len(packed))):]
		packed = packed[:min(int64(min(n, MaxPage))*width, int64(len(packed)))]
		for ; len(packed) > 0; packed = packed[width:] {
			id := PersonID(packed[:width])
			r, err := q.Person(ctx, sqlgen.PersonParams{Enterprise: e.id, PersonID: id[:], Result: result})
			if err != nil {
				return err
			}
			out = append(out, StoredPerson{id, r.Document})
		}
		return nil
	})
	return out, err
}
