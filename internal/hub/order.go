package hub

import (
	"context"
	"iter"
	"slices"
	"sync"

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

// orderOf gives everybody an id, on two processors: nothing else can be done
// before.
func orderOf(ctx context.Context, c *counted, salt []byte) (*order, error) {
	n := c.result.Len()
	o := &order{
		ids: make([]store.PersonID, n), consumed: make([]uint8, n),
		types: []licensing.LicenseType{"", licensing.LicenseEnterprise, licensing.LicenseVisualStudio},
	}
	low, high := stretch{to: n / 2}, stretch{from: n / 2, to: n}
	var lower sync.WaitGroup
	lower.Go(func() { o.fill(ctx, c, salt, &low) })
	o.fill(ctx, c, salt, &high)
	lower.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	sorted := low.sorted && high.sorted
	if between := high.from; sorted && between > 0 {
		sorted = store.ComparePlaces(low.last, o.ids[between-1], high.first, o.ids[between]) < 0
	}
	if !sorted {
		o.sort(c)
	}
	return o, nil
}

// stretch are people at places that follow each other.
type stretch struct {
	from, to    int
	first, last string // sort keys
	sorted      bool   // they are in the order of the store
}

// fill gives ids to a stretch of people.
func (o *order) fill(ctx context.Context, c *counted, salt []byte, s *stretch) {
	ids := store.NewPersonIDs(salt)
	s.sorted = true
	for i := s.from; i < s.to; i++ {
		if i%shardSize == 0 && ctx.Err() != nil {
			return
		}
		p := c.result.At(i)
		o.ids[i] = ids.Of(p.Anchor.ID())
		o.consumed[i] = o.typeOf(&p)
		key := sortKey(&p)
		if i == s.from {
			s.first = key
		} else {
			s.sorted = s.sorted && store.ComparePlaces(s.last, o.ids[i-1], key, o.ids[i]) < 0
		}
		s.last = key
	}
}

// typeOf is the place of somebody's license in types, which has them all.
func (o *order) typeOf(p *licensing.Person) uint8 {
	if !p.Consumes {
		return 0
	}
	return uint8(slices.Index(o.types, p.License)) //nolint:gosec // there are three
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

// byPlace gives the numbers of everybody by place, from those in the order of
// the store.
func (o *order) byPlace(stored []int64) []int64 {
	if o.stored == nil {
		return stored
	}
	numbers := make([]int64, len(stored))
	for n, place := range o.stored {
		numbers[place] = stored[n]
	}
	return numbers
}

// lists are the orders that can be paged by number, of everybody's numbers by
// place.
func (o *order) lists(c *counted, numbers []int64) iter.Seq2[store.List, []int64] {
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
