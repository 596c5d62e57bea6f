package licensing

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// sort brings the people into the order of every list: by lower-cased login,
// those without one last, then by first server address, first HOST:ID,
// invited address and anchor.
func (r *Result) sort() {
	r.order = make([]person, len(r.state))
	items := make([]sortItem, len(r.state))
	for p := range items {
		items[p].person = person(p) //nolint:gosec // fewer than none
	}
	cloud := r.ix().accounts.len()
	byLogin := textSort{
		text: func(p person) []byte { return r.ix().accounts.logins.text(uint32(p)) },
		rest: func(_, _ person) int { return 0 }, // logins are unique
	}
	byLogin.sort(items[:cloud], 0)
	textSort{text: r.firstAddress, rest: r.compareRest}.sort(items[cloud:], 0)
	for i := range items {
		r.order[i] = items[i].person
	}
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
			e = []byte(r.firstReported(row))
		}
		if len(e) > 0 && (smallest == nil || bytes.Compare(e, smallest) < 0) {
			smallest = e
		}
	}
	return smallest
}

func (r *Result) compareRest(a, b person) int {
	return cmp.Or(
		bytes.Compare(r.firstAddress(a), r.firstAddress(b)),
		cmp.Compare(r.serverID(a), r.serverID(b)),
		cmp.Compare(r.firstInvited(a), r.firstInvited(b)),
		cmp.Compare(r.anchorOf(a).ID(), r.anchorOf(b).ID()),
	)
}

func (r *Result) serverID(p person) string {
	if int(p) >= r.total {
		return ""
	}
	return r.firstHostID(p)
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
// that are equal so far: texts of ten million people stay where they are.
type textSort struct {
	text func(person) []byte
	rest func(a, b person) int
}

type sortItem struct {
	prefix uint64
	person person
}

// fewItems is how many items are sorted by plain comparison.
const fewItems = 8

func (t textSort) sort(items []sortItem, depth int) {
	if len(items) <= fewItems {
		slices.SortFunc(items, t.compare)
		return
	}
	more := false
	for i := range items {
		text := t.text(items[i].person)
		more = more || len(text) > depth
		items[i].prefix = prefixOf(text, depth)
	}
	if !more {
		slices.SortFunc(items, t.compare)
		return
	}
	slices.SortFunc(items, func(a, b sortItem) int { return cmp.Compare(a.prefix, b.prefix) })
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && items[to].prefix == items[from].prefix {
			to++
		}
		if to-from > 1 {
			t.sort(items[from:to], depth+8)
		}
		from = to
	}
}

func (t textSort) compare(a, b sortItem) int {
	return cmp.Or(bytes.Compare(t.text(a.person), t.text(b.person)), t.rest(a.person, b.person))
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
