package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"

	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// numberBits is how many bits of a person's number count the people of a
// result.
const numberBits = 32

// firstNumber is the smallest number that a person may get who comes with a
// result: it is above those of all results before.
func firstNumber(result int64) int64 { return result << numberBits }

// byID is the list that people are found in by their ids. Its blocks are not of
// so many people but of the ids that begin with the same bits: somebody who
// comes or goes changes one block, wherever the others stand.
const byID List = "ids"

// idsPerBlock bounds how many ids are in a block on average, half of which is
// the least.
const idsPerBlock = 512

// identityBytes is how long an id and its number are in a block.
const identityBytes = len(PersonID{}) + numberBytes

// idBits is how many bits of an id say its block, when there are so many people.
func idBits(people int64) int { return bits.Len64(uint64(people / idsPerBlock)) } //nolint:gosec // no less than none

func idBlock(id PersonID, bits int) int64 {
	return int64(binary.BigEndian.Uint32(id[:]) >> (32 - bits))
}

// WriteIDs stages what everybody is found by, when all people were written:
// their ids, in any order, and the numbers of the same people. It comes after
// the last of them, and does not wait.
func (w *ResultWriter) WriteIDs(ctx context.Context, ids []PersonID, numbers []int64) {
	w.last(ctx)
	w.behind.run(func() error {
		i := identities{ids: ids, numbers: numbers}
		i.divide()
		return w.writeBlocks(ctx, byID, int64(len(i.first)-1), i.pack)
	})
}

// identities are ids with numbers, divided into blocks.
type identities struct {
	ids     []PersonID
	numbers []int64
	places  []int32 // block by block
	first   []int32 // in places, of each block; the last is their end
}

// divide brings the places of each block together.
func (i *identities) divide() {
	bits := idBits(int64(len(i.ids)))
	i.first = make([]int32, 1<<bits+1)
	for _, id := range i.ids {
		i.first[idBlock(id, bits)+1]++
	}
	for n := range i.first[1:] {
		i.first[n+1] += i.first[n]
	}
	next := slices.Clone(i.first)
	i.places = make([]int32, len(i.ids))
	for place, id := range i.ids {
		n := idBlock(id, bits)
		i.places[next[n]] = int32(place)
		next[n]++
	}
}

// pack gives the bytes of a block in the order of the ids, nil when it is empty.
func (i *identities) pack(n int64) []byte {
	if n >= int64(len(i.first)-1) || i.first[n] == i.first[n+1] {
		return nil
	}
	places := i.places[i.first[n]:i.first[n+1]]
	slices.SortFunc(places, func(a, b int32) int { return i.ids[a].Compare(i.ids[b]) })
	packed := make([]byte, 0, len(places)*identityBytes)
	for _, place := range places {
		packed = append(packed, i.ids[place][:]...)
		packed = binary.BigEndian.AppendUint64(packed, uint64(i.numbers[place])) //nolint:gosec // numbers are above 0
	}
	return packed
}

// numberOf finds the number of a person of a result; sql.ErrNoRows when there
// is none.
func (e *Enterprise) numberOf(ctx context.Context, q *sqlgen.Queries, result int64, id PersonID) (int64, error) {
	people, err := q.PeopleOf(ctx, sqlgen.PeopleOfParams{Enterprise: e.id, ID: result})
	if err != nil {
		return 0, err
	}
	packed, err := q.Block(ctx, sqlgen.BlockParams{Enterprise: e.id, List: string(byID), Block: idBlock(id, idBits(people)), Result: result})
	if err != nil {
		return 0, err
	}
	n, found := sort.Find(len(packed)/identityBytes, func(n int) int {
		return id.Compare(PersonID(packed[n*identityBytes:][:len(id)]))
	})
	if !found {
		return 0, sql.ErrNoRows
	}
	return int64(binary.BigEndian.Uint64(packed[n*identityBytes+len(id):])), nil //nolint:gosec // as it was packed
}
