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
	warm  uint32 // what touch read; keeps the reads from being dropped
}

type slot struct {
	hash uint32
	next uint32 // number + 1; 0: free
}

const firstSlots = 1 << 6

func newTable() table {
	return table{seed: rand.Uint64(), slots: make([]slot, firstSlots)} //nolint:gosec // a seed against accidents and floods, no secret
}

func (t *table) hash(text string) uint32 { return uint32(xxh3.HashStringSeed(text, t.seed)) } //nolint:gosec // the low half

func (t *table) len() int { return len(t.ids) }

func (t *table) mask() uint32 { return uint32(len(t.slots) - 1) } //nolint:gosec // fewer than 2^32 slots

// text gives the bytes of number n.
func (t *table) text(n uint32) []byte { return t.texts.get(t.ids[n]) }

// find looks a text up by its hash.
func (t *table) find(text string, hash uint32) (uint32, bool) {
	mask := t.mask()
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

// guess gives the number of the first text with this hash, unconfirmed, or
// none. It reads no text: a loop of guesses lets the memory work ahead.
func (t *table) guess(hash uint32) uint32 {
	mask := t.mask()
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := t.slots[i]; s.next == 0 || s.hash == hash {
			return s.next - 1
		}
	}
}

// confirm makes a guess sure.
func (t *table) confirm(guess uint32, text string, hash uint32) (uint32, bool) {
	if guess == none {
		return 0, false
	}
	if string(t.text(guess)) == text {
		return guess, true
	}
	return t.find(text, hash)
}

// touch reads the slot of a hash, so that it is near when it is needed.
func (t *table) touch(hash uint32) { t.warm += t.slots[hash&t.mask()].next }

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
	mask := t.mask()
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
