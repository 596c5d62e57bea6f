package licensing

import (
	"math/rand/v2"

	"github.com/zeebo/xxh3"
)

// table interns texts: every distinct text gets the next number, from 0.
// A slot is the low half of a text's seeded hash and its number; a hit counts
// only when the bytes are equal, so that no collision, found or provoked, can
// merge two texts.
type table struct {
	seed  uint64
	slots []slot
	ids   []textID // by number
	texts texts
}

type slot struct {
	hash uint32
	next uint32 // number + 1; 0: free
}

const firstSlots = 1 << 10

func newTable() table {
	return table{seed: rand.Uint64(), slots: make([]slot, firstSlots)} //nolint:gosec // a seed against accidents and floods, no secret
}

func (t *table) hash(text string) uint32 { return uint32(xxh3.HashStringSeed(text, t.seed)) } //nolint:gosec // the low half

func (t *table) len() int { return len(t.ids) }

// text gives the bytes of number n.
func (t *table) text(n uint32) []byte { return t.texts.get(t.ids[n]) }

// find looks a text up by its hash.
func (t *table) find(text string, hash uint32) (uint32, bool) {
	mask := uint32(len(t.slots) - 1) //nolint:gosec // fewer than 2^32 slots
	for i := hash & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s.next == 0 {
			return 0, false
		}
		if s.hash == hash && string(t.text(s.next-1)) == text {
			return s.next - 1, true
		}
	}
}

// lookup is find for a text whose hash is not at hand.
func (t *table) lookup(text string) (uint32, bool) { return t.find(text, t.hash(text)) }

// intern gives the number of a text, and whether it is new.
func (t *table) intern(text string) (n uint32, fresh bool) { return t.internHashed(text, t.hash(text)) }

func (t *table) internHashed(text string, hash uint32) (n uint32, fresh bool) {
	if n, ok := t.find(text, hash); ok {
		return n, false
	}
	if len(t.ids) >= len(t.slots)/4*3 {
		t.grow()
	}
	t.ids = append(t.ids, t.texts.add(text))
	n = uint32(len(t.ids)) //nolint:gosec // as many as fit 4 GiB of text
	t.put(slot{hash, n})
	return n - 1, true
}

func (t *table) put(s slot) {
	mask := uint32(len(t.slots) - 1) //nolint:gosec // as in find
	i := s.hash & mask
	for t.slots[i].next != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.next != 0 {
			t.put(s)
		}
	}
}
