package licensing

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"
	"slices"
)

// sortLogins brings the people with a cloud account into the order of every
// list, which is: by lower-cased login, those without one last, then by first
// server address, first HOST:ID, invited address and anchor.
func (ix *Index) sortLogins(order []person) {
	byLogin := textSort{text: func(p person) []byte { return ix.accounts.logins.text(uint32(p)) }}
	byLogin.into(order, 0, inTurn)
}

// firstAddress is the smallest address of a person's server accounts, as
// written.
func (r *Result) firstAddress(p person) []byte {
	if n := int(p) - r.keyPerson(); n >= 0 && n < r.c.keys.len() && !r.c.oddKeys[n] {
		return r.c.keys.text(uint32(n)) //nolint:gosec // a key's number
	}
	var smallest []byte
	if int(p) >= r.total {
		return nil
	}
	for _, a := range r.accountsOf(p) {
		row := r.c.row(a)
		e := r.c.email(a, row)
		if row.why&whyReported != 0 {
			e = []byte(r.firstReported(a))
		}
		if len(e) > 0 && (smallest == nil || bytes.Compare(e, smallest) < 0) {
			smallest = e
		}
	}
	return smallest
}

// rest is what decides between people whose texts are equal.
type rest struct {
	serverID, invited, anchor string
	person                    person
}

func (r *Result) restOf(p person) rest {
	out := rest{invited: r.firstInvited(p), anchor: r.anchorOf(p).ID(), person: p}
	if int(p) < r.total {
		out.serverID = r.firstHostID(p)
	}
	return out
}

func compareRest(a, b rest) int {
	return cmp.Or(cmp.Compare(a.serverID, b.serverID), cmp.Compare(a.invited, b.invited), cmp.Compare(a.anchor, b.anchor))
}

func (r *Result) firstInvited(p person) string {
	smallest := ""
	for _, i := range r.invitesOf[p] {
		if e := r.ix().invitations[i].Email.text; smallest == "" || e != "" && e < smallest {
			smallest = e
		}
	}
	return smallest
}

// textSort sorts people by a text and, where texts are equal, by rest. It
// compares eight bytes at a time and fetches further bytes only for those
// that are equal so far: the texts of ten million people stay where they are.
type textSort struct {
	text func(person) []byte
	rest func(person) rest // nil: no two texts are equal
}

// sortItem is a person with eight bytes of the text, in twelve bytes.
type sortItem struct {
	high, low uint32
	person    person
}

func newSortItem(prefix uint64, p person) sortItem {
	return sortItem{uint32(prefix >> 32), uint32(prefix & (1<<32 - 1)), p}
}

func (i sortItem) prefix() uint64 { return uint64(i.high)<<32 | uint64(i.low) }

// byteAt is a byte of the prefix, the lowest being 0.
func (i sortItem) byteAt(d int) byte { return byte(i.prefix() >> (8 * d) & 0xff) }

// sortParts is into how many tasks a sort falls.
const sortParts = 8

// into sorts the len(order) people from the given number on into order. Beside
// its first step, tasks that have nothing to do with it may run.
func (t textSort) into(order []person, from int, run Runner, beside ...func()) {
	items, spare := make([]sortItem, len(order)), make([]sortItem, len(order))
	var fill []func()
	for start, end := range pieces(len(order)) {
		fill = append(fill, func() {
			for i := start; i < end; i++ {
				p := person(from + i) //nolint:gosec // fewer than none
				items[i] = newSortItem(prefixOf(t.text(p), 0), p)
			}
		})
	}
	run(append(fill, beside...)...)
	starts := byFirstByte(items, spare)
	var sorts []func()
	for n, first := range starts[:256] {
		if last := starts[n+1]; last > first {
			sorts = append(sorts, func() {
				sortByPrefix(spare[first:last], items[first:last])
				t.sortGroups(spare[first:last], items[first:last], 0)
				for i := first; i < last; i++ {
					order[i] = spare[i].person
				}
			})
		}
	}
	run(sorts...)
}

// pieces cuts n into pieces of about the same length.
func pieces(n int) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for i := range sortParts {
			if start, end := n*i/sortParts, n*(i+1)/sortParts; start < end && !yield(start, end) {
				return
			}
		}
	}
}

// byFirstByte brings items into the order of their first byte, in another
// slice, and gives where each byte begins.
func byFirstByte(items, to []sortItem) (first [257]int) {
	for i := range items {
		first[int(items[i].byteAt(7))+1]++
	}
	for b := range 256 {
		first[b+1] += first[b]
	}
	next := slices.Clone(first[:])
	for _, item := range items {
		at := &next[item.byteAt(7)]
		to[*at] = item
		*at++
	}
	return first
}

// fewItems is how many items are sorted by plain comparison, manyItems from
// how many on counting beats comparing.
const (
	fewItems  = 8
	manyItems = 512
	maxDepth  = 256 // beyond, texts are compared whole
)

// sort needs a spare as long as items.
func (t textSort) sort(items, spare []sortItem, depth int) {
	more := false
	for i := range items {
		text := t.text(items[i].person)
		more = more || len(text) > depth
		items[i] = newSortItem(prefixOf(text, depth), items[i].person)
	}
	if !more || len(items) <= fewItems || depth >= maxDepth {
		t.finish(items)
		return
	}
	sortByPrefix(items, spare)
	t.sortGroups(items, spare, depth)
}

// sortGroups sorts on among items whose prefixes at this depth are equal.
func (t textSort) sortGroups(items, spare []sortItem, depth int) {
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && items[to].prefix() == items[from].prefix() {
			to++
		}
		if to-from > 1 {
			t.sort(items[from:to], spare[from:to], depth+8)
		}
		from = to
	}
}

// sortByPrefix is a radix sort, the lowest byte first; bytes that are the same
// everywhere are passed over.
func sortByPrefix(items, spare []sortItem) {
	if len(items) < manyItems {
		slices.SortFunc(items, func(a, b sortItem) int { return cmp.Compare(a.prefix(), b.prefix()) })
		return
	}
	var counts [8][256]int
	for i := range items {
		for d := range counts {
			counts[d][items[i].byteAt(d)]++
		}
	}
	from, to := items, spare
	for d := range counts {
		if counts[d][items[0].byteAt(d)] == len(items) {
			continue
		}
		starts(&counts[d])
		for _, item := range from {
			at := &counts[d][item.byteAt(d)]
			to[*at] = item
			*at++
		}
		from, to = to, from
	}
	if &from[0] != &items[0] {
		copy(items, from)
	}
}

// starts turns how many there are of each byte into where they begin.
func starts(counts *[256]int) {
	at := 0
	for i, n := range counts {
		counts[i] = at
		at += n
	}
}

// finish sorts by whole texts: few items, or items whose texts are equal.
func (t textSort) finish(items []sortItem) {
	if len(items) <= fewItems || t.rest == nil {
		slices.SortFunc(items, t.compare)
		return
	}
	rests := make([]rest, len(items))
	for i := range items {
		rests[i] = t.rest(items[i].person)
	}
	slices.SortFunc(rests, func(a, b rest) int {
		return cmp.Or(bytes.Compare(t.text(a.person), t.text(b.person)), compareRest(a, b))
	})
	for i := range items {
		items[i].person = rests[i].person
	}
}

func (t textSort) compare(a, b sortItem) int {
	if c := bytes.Compare(t.text(a.person), t.text(b.person)); c != 0 || t.rest == nil {
		return c
	}
	return compareRest(t.rest(a.person), t.rest(b.person))
}

// prefixOf are the eight bytes of a text from depth on, the first the
// highest, missing ones zero.
func prefixOf(text []byte, depth int) uint64 {
	if depth >= len(text) {
		return 0
	}
	var b [8]byte
	copy(b[:], text[depth:])
	return binary.BigEndian.Uint64(b[:])
}
