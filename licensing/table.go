package licensing

import (
	"math/rand/v2"
	"slices"

	"github.com/zeebo/xxh3"
)

// table interns texts: every distinct text gets the next number, from 0.
// A slot is the low half of a text's seeded hash and its number; a hit counts
// only when the bytes are equal, so that no collision, found or provoked, can
// merge two texts. With each text it keeps a value, beside the text's place:
// who looks a text up reads both.
type table[V any] struct {
	seed    uint64
	slots   []slot
	entries []entry[V] // by number
	texts   texts
}

type entry[V any] struct {
	value V
	text  textID
}

type slot struct {
	hash uint32
	next uint32 // number + 1; 0: free
}

const firstSlots = 1 << 6

func newTable[V any]() table[V] {
	return table[V]{seed: rand.Uint64(), slots: make([]slot, firstSlots)} //nolint:gosec // a seed against accidents and floods, no secret
}

func (t *table[V]) hash(text string) uint32 { return hashOf(text, t.seed) }

func hashOf(text string, seed uint64) uint32 { return uint32(xxh3.HashStringSeed(text, seed)) } //nolint:gosec // the low half

func (t *table[V]) len() int { return len(t.entries) }

func (t *table[V]) mask() uint32 { return uint32(len(t.slots) - 1) } //nolint:gosec // fewer than 2^32 slots

// text gives the bytes of number n.
func (t *table[V]) text(n uint32) []byte { return t.texts.get(t.entries[n].text) }

// find looks a text up by its hash.
func (t *table[V]) find(text string, hash uint32) (uint32, bool) {
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
// none. It reads no text.
func (t *table[V]) guess(hash uint32) uint32 {
	mask := t.mask()
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := t.slots[i]; s.next == 0 || s.hash == hash {
			return s.next - 1
		}
	}
}

// probe is a text on its way through a table.
type probe struct {
	text  string
	hash  uint32
	guess uint32
	at    textID // of the guess
}

// probe starts a text on its way.
func (t *table[V]) probe(text string) probe { return newProbe(text, t.seed) }

func newProbe(text string, seed uint64) probe { return probe{text: text, hash: hashOf(text, seed)} }

// approach takes probes to their guesses. It goes over all of them step by
// step (slots, guesses, entries, texts), so that the memory works ahead: a few
// hundred probes or more wait for it about as long as one. The result is of no
// use; it keeps the reads from being dropped.
func (t *table[V]) approach(probes []probe) (read uint32) {
	slots, mask := t.slots, t.mask()
	for i := range probes {
		read += slots[probes[i].hash&mask].next
	}
	for i := range probes {
		probes[i].guess = t.guess(probes[i].hash)
	}
	for i := range probes {
		if p := &probes[i]; p.guess != none {
			p.at = t.entries[p.guess].text
		}
	}
	for i := range probes {
		if p := &probes[i]; p.guess != none {
			read += uint32(len(t.texts.get(p.at))) //nolint:gosec // what it reads does not matter
		}
	}
	return read
}

// confirm makes the guess of a probe sure.
func (t *table[V]) confirm(p *probe) (uint32, bool) {
	if p.guess == none {
		return 0, false
	}
	if string(t.texts.get(p.at)) == p.text {
		return p.guess, true
	}
	return t.find(p.text, p.hash)
}

// lookup is find for a text whose hash is not at hand.
func (t *table[V]) lookup(text string) (uint32, bool) { return t.find(text, t.hash(text)) }

// intern gives the number of a text, and whether it is new.
func (t *table[V]) intern(text string) (n uint32, fresh bool) {
	return t.internHashed(text, t.hash(text))
}

func (t *table[V]) internHashed(text string, hash uint32) (n uint32, fresh bool) {
	if n, ok := t.find(text, hash); ok {
		return n, false
	}
	if len(t.entries) >= len(t.slots)/4*3 {
		t.grow()
	}
	t.entries = append(t.entries, entry[V]{text: t.texts.add(text)})
	n = uint32(len(t.entries)) //nolint:gosec // as many as fit 4 GiB of text
	t.put(slot{hash, n})
	return n - 1, true
}

func (t *table[V]) put(s slot) {
	mask := t.mask()
	i := s.hash & mask
	for t.slots[i].next != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *table[V]) grow() { t.resize(2 * len(t.slots)) }

// reserve makes room for n further texts.
func (t *table[V]) reserve(n int) {
	t.entries = slices.Grow(t.entries, n)
	size := len(t.slots)
	for len(t.entries)+n > size/4*3 {
		size *= 2
	}
	if size > len(t.slots) {
		t.resize(size)
	}
}

func (t *table[V]) resize(size int) {
	old := t.slots
	t.slots = make([]slot, size)
	for _, s := range old {
		if s.next != 0 {
			t.put(s)
		}
	}
}
