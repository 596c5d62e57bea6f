package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
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

// Any page of at most MaxPage people lies in one block: it holds the
// numbers of blockSize people and of the MaxPage behind them.
const (
	MaxPage   = 100
	blockSize = 1000
)

// numberBytes is how long a number is in a block.
const numberBytes = 8

// blocksPerTx bounds the transactions that write blocks, some 9 kB each.
const blocksPerTx = 100

// WriteBlocks stages the order of a list, by the numbers of its people, when all
// of them were written: it comes after the last, and does not wait. Blocks that
// are as they were stay.
func (w *ResultWriter) WriteBlocks(ctx context.Context, list List, numbers []int64) {
	w.last(ctx)
	w.behind.run(func() error {
		blocks := int64((len(numbers) + blockSize - 1) / blockSize)
		return w.writeBlocks(ctx, list, blocks, func(n int64) []byte { return packBlock(numbers, n) })
	})
}

// writeBlocks stages the blocks of a list that differ; pack gives nil for those
// that are not there.
func (w *ResultWriter) writeBlocks(ctx context.Context, list List, want int64, pack func(n int64) []byte) error {
	had, err := w.e.reader().BlockEnd(ctx, sqlgen.BlockEndParams{Enterprise: w.e.id, List: string(list), Result: w.Inputs.Result})
	if err != nil {
		return database.Translate(err)
	}
	for from := int64(0); from < max(had, want); from += blocksPerTx {
		written := int64(0)
		err := w.e.inBulk(ctx, func(tx *Tx) error {
			written = 0
			if err := w.claimed(ctx, tx); err != nil {
				return err
			}
			for n := from; n < min(from+blocksPerTx, max(had, want)); n++ {
				changed, err := w.writeBlock(ctx, tx, list, n, pack(n))
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
func packBlock(numbers []int64, n int64) []byte {
	from := n * blockSize
	if from >= int64(len(numbers)) {
		return nil
	}
	part := numbers[from:min(from+blockSize+MaxPage, int64(len(numbers)))]
	packed := make([]byte, 0, len(part)*numberBytes)
	for _, number := range part {
		packed = binary.BigEndian.AppendUint64(packed, uint64(number)) //nolint:gosec // numbers are above 0
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
	return 1, tx.q.AddBlock(ctx, sqlgen.AddBlockParams{Enterprise: w.e.id, List: string(list), Block: n, Result: w.number, People: packed})
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
		packed = packed[min(from%blockSize*numberBytes, int64(len(packed))):]
		packed = packed[:min(int64(min(n, MaxPage))*numberBytes, int64(len(packed)))]
		for ; len(packed) > 0; packed = packed[numberBytes:] {
			number := int64(binary.BigEndian.Uint64(packed)) //nolint:gosec // as it was packed
			r, err := q.PersonByNumber(ctx, sqlgen.PersonByNumberParams{Enterprise: e.id, Number: number, Result: result})
			if err != nil {
				return err
			}
			id, err := storedID(r.PersonID)
			if err != nil {
				return err
			}
			out = append(out, StoredPerson{id, number, r.Document})
		}
		return nil
	})
	return out, err
}
