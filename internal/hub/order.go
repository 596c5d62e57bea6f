package hub

import (
	"context"
	"iter"
	"slices"

	"github.com/oneseat/oneseat/internal/ahead"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// order is the ids of the people of a count, by place.
type order struct {
	ids []store.PersonID
	// consumed are the licenses people consume, as places in types; the first
	// of which is none.
	consumed []uint8
	types    []licensing.LicenseType
	// stored are the places in the order of the store, where that is another
	// than the count's: two orders of one idea, of which one knows ids and the
	// other anchors. Nil: it is the same.
	stored []int32
}

// orderOf gives everybody an id.
func orderOf(ctx context.Context, c *counted, salt []byte) (*order, error) {
	ids := store.NewPersonIDs(salt)
	o := &order{
		ids: make([]store.PersonID, 0, c.result.Len()), consumed: make([]uint8, 0, c.result.Len()), types: []licensing.LicenseType{""},
	}
	last, sorted := "", true
	for i := range c.result.Len() {
		if i%shardSize == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		p := c.result.At(i)
		o.ids = append(o.ids, ids.Of(p.Anchor.ID()))
		o.consumed = append(o.consumed, o.typeOf(&p))
		key := sortKey(&p)
		sorted = sorted && (i == 0 || store.ComparePlaces(last, o.ids[i-1], key, o.ids[i]) < 0)
		last = key
	}
	if !sorted {
		o.sort(c)
	}
	return o, nil
}

// typeOf is the place of somebody's license in types.
func (o *order) typeOf(p *licensing.Person) uint8 {
	if !p.Consumes {
		return 0
	}
	for i := 1; i < len(o.types); i++ {
		if o.types[i] == p.License {
			return uint8(i)
		}
	}
	o.types = append(o.types, p.License)
	return uint8(len(o.types) - 1) //nolint:gosec // there are two
}

// license is what somebody at a place consumes; false: none.
func (o *order) license(place int32) (licensing.LicenseType, bool) {
	n := o.consumed[place]
	return o.types[n], n > 0
}

// sort finds the order of the store. It is hardly ever needed: for people of
// whom nothing differs that a list shows, or whose texts have odd characters.
func (o *order) sort(c *counted) {
	keys := make([]string, len(o.ids))
	o.stored = make([]int32, len(o.ids))
	for i := range keys {
		p := c.result.At(i)
		keys[i], o.stored[i] = sortKey(&p), int32(i)
	}
	slices.SortFunc(o.stored, func(a, b int32) int { return store.ComparePlaces(keys[a], o.ids[a], keys[b], o.ids[b]) })
}

// place is the place in the count of the nth person of the store.
func (o *order) place(n int) int32 {
	if o.stored != nil {
		return o.stored[n]
	}
	return int32(n) //nolint:gosec // fewer people than 2^31
}

// people gives everybody for the store, in its order. They are made beside
// whoever takes them.
func (o *order) people(ctx context.Context, c *counted) iter.Seq2[store.Person, error] {
	return ahead.Of(func(yield func(store.Person, error) bool) {
		rows := newPeopleOf(c)
		for n := range o.ids {
			if n%shardSize == 0 && ctx.Err() != nil {
				yield(store.Person{}, ctx.Err())
				return
			}
			place := o.place(n)
			if person, err := rows.at(int(place), o.ids[place]); !yield(person, err) || err != nil {
				return
			}
		}
	})
}

// lists are the orders that can be paged by number. stored are the numbers of
// everybody in the order of the store.
func (o *order) lists(c *counted, stored []int64) iter.Seq2[store.List, []int64] {
	numbers := stored
	if o.stored != nil {
		numbers = make([]int64, len(stored))
		for n, place := range o.stored {
			numbers[place] = stored[n]
		}
	}
	return func(yield func(store.List, []int64) bool) {
		if !yield(store.AllPeople, numbers) {
			return
		}
		consumed := make([]int64, 0, c.result.Statement().Licenses)
		for i, number := range numbers {
			if o.consumed[i] > 0 {
				consumed = append(consumed, number)
			}
		}
		yield(store.Consumed, consumed)
	}
}
