package hub

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// maxNamed is how many changes of a kind are kept with names; the tallies
// count all.
const maxNamed = 1000

// ChangeTally is how often a kind of change happened.
type ChangeTally struct {
	Kind     string `json:"kind"`
	Count    int    `json:"count"`
	Licenses int    `json:"licenses"`
}

// kindNames are the kinds of change in the order of licensing's.
func kindNames() [6]string {
	return [6]string{"joined", "split", "appeared", "vanished", "moved", "altered"}
}

// order is the people of a count in the orders the store wants them in.
type order struct {
	byID []placedID // ascending by id
	ids  map[store.List][]store.PersonID
}

type placedID struct {
	id    store.PersonID
	place int32
}

// orderOf gives everybody an id.
func orderOf(c *counted, salt []byte) *order {
	ids := store.NewPersonIDs(salt)
	o := &order{byID: make([]placedID, 0, c.result.Len()), ids: map[store.List][]store.PersonID{}}
	all := make([]store.PersonID, 0, c.result.Len())
	consumed := make([]store.PersonID, 0, c.result.Statement().Licenses)
	for i := range c.result.Len() {
		p := c.result.At(i)
		id := ids.Of(p.Anchor.ID())
		o.byID = append(o.byID, placedID{id, int32(i)})
		all = append(all, id)
		if p.Consumes {
			consumed = append(consumed, id)
		}
	}
	o.ids[store.AllPeople], o.ids[store.Consumed] = all, consumed
	slices.SortFunc(o.byID, func(a, b placedID) int { return a.id.Compare(b.id) })
	return o
}

// people gives everybody for the store, in the order of ids.
func (o *order) people(ctx context.Context, rows *peopleOf) iter.Seq2[store.Person, error] {
	return func(yield func(store.Person, error) bool) {
		for i, p := range o.byID {
			if i%shardSize == 0 && ctx.Err() != nil {
				yield(store.Person{}, ctx.Err())
				return
			}
			if person, err := rows.at(int(p.place), p.id); !yield(person, err) || err != nil {
				return
			}
		}
	}
}

// differ gathers the people that differ between the current result and a new
// one, and says what happened to them. It keeps some 100 bytes for each of them.
type differ struct {
	// now has the document of the person that is being compared.
	now    *peopleOf
	people []differing
	seen   map[accountDigest]int32 // whom an account was first seen with
}

type accountDigest [16]byte

// differing is somebody on one side.
type differing struct {
	id       store.PersonID
	after    bool
	consumes bool
	license  licensing.LicenseType
	group    int32 // whom they share accounts with
}

// visit takes a difference as the store finds it. Who only differs in details,
// a name or a role, is not reported.
func (d *differ) visit(before *store.StoredPerson, after *store.Person) error {
	var was personDocument
	if before != nil {
		if err := json.Unmarshal([]byte(before.Document), &was); err != nil {
			return fmt.Errorf("document of person %s: %w", before.ID, err)
		}
	}
	if before != nil && after != nil && was.sameHolding(&d.now.document) {
		return nil
	}
	if before != nil {
		d.add(before.ID, false, &was)
	}
	if after != nil {
		d.add(after.ID, true, &d.now.document)
	}
	return nil
}

// identities are what makes people the same: their accounts and, where the
// anchor is an address or there are no accounts, the anchor.
func (p *personDocument) identities() []string {
	var out []string
	if p.Cloud != nil || len(p.Servers) == 0 || strings.HasPrefix(p.Anchor, "address:") {
		out = append(out, p.Anchor)
	}
	for _, a := range p.Servers {
		out = append(out, "account:"+a.Host+":"+a.ID)
	}
	return out
}

func (p *personDocument) sameHolding(o *personDocument) bool {
	return p.Consumes == o.Consumes && p.License == o.License && slices.Equal(p.identities(), o.identities())
}

// add notes somebody and joins them with whom they share an account.
func (d *differ) add(id store.PersonID, after bool, doc *personDocument) {
	if d.seen == nil {
		d.seen = map[accountDigest]int32{}
	}
	n := int32(len(d.people)) //nolint:gosec // fewer people than 2^31
	p := differing{id: id, after: after, consumes: doc.Consumes, license: licensing.LicenseType(doc.License), group: n}
	d.people = append(d.people, p)
	for _, text := range doc.identities() {
		sum := sha256.Sum256([]byte(text))
		key := accountDigest(sum[:16])
		if other, ok := d.seen[key]; ok {
			d.join(n, other)
		} else {
			d.seen[key] = n
		}
	}
}

func (d *differ) find(n int32) int32 {
	for d.people[n].group != n {
		d.people[n].group = d.people[d.people[n].group].group
		n = d.people[n].group
	}
	return n
}

func (d *differ) join(a, b int32) {
	a, b = d.find(a), d.find(b)
	d.people[max(a, b)].group = min(a, b)
}

// happened is one thing that happened to people that share accounts: places
// in differ.people, those of before and then those of after.
type happened struct {
	kind          licensing.ChangeKind
	before, after []int32
	licenses      int32
}

// Difference is what changes from one result to another.
type Difference struct {
	Tallies  []ChangeTally `json:"tallies"`
	Licenses int           `json:"licenses"`
	// Digest is equal for equal differences.
	Digest string `json:"digest"`
}

// all gives what happened, sorted by kind and then by id.
func (d *differ) all() []happened {
	sorted := make([]int32, len(d.people))
	for i := range sorted {
		sorted[i] = int32(i)
	}
	slices.SortFunc(sorted, func(a, b int32) int {
		x, y := &d.people[a], &d.people[b]
		if c := cmp.Compare(d.find(a), d.find(b)); c != 0 {
			return c
		}
		if x.after != y.after {
			if y.after {
				return -1
			}
			return 1
		}
		return x.id.Compare(y.id)
	})
	var out []happened
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && d.find(sorted[n]) == d.find(sorted[0]) {
			n++
		}
		out = append(out, d.happened(sorted[:n]))
		sorted = sorted[n:]
	}
	slices.SortFunc(out, func(a, b happened) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), d.first(&a).Compare(d.first(&b)))
	})
	return out
}

// happened says what happened to a group.
func (d *differ) happened(group []int32) happened {
	var h happened
	before := 0
	for _, n := range group {
		p := &d.people[n]
		licenses := int32(0)
		if p.consumes {
			licenses = 1
		}
		if !p.after {
			before++
			licenses = -licenses
		}
		h.licenses += licenses
	}
	h.before, h.after = group[:before], group[before:]
	h.kind = d.kind(&h)
	return h
}

// kind names what happened, as licensing.Diff does.
func (d *differ) kind(h *happened) licensing.ChangeKind {
	switch {
	case len(h.before) == 0:
		return licensing.Appeared
	case len(h.after) == 0:
		return licensing.Vanished
	case len(h.before) > 1:
		return licensing.Joined
	case len(h.after) > 1:
		return licensing.Split
	case d.people[h.before[0]].id != d.people[h.after[0]].id:
		return licensing.Moved
	default:
		return licensing.Altered
	}
}

func (d *differ) first(h *happened) store.PersonID {
	if len(h.before) > 0 {
		return d.people[h.before[0]].id
	}
	return d.people[h.after[0]].id
}

// sum tallies what happened and gives the digest of all of it.
func (d *differ) sum(all []happened) Difference {
	names := kindNames()
	tallies := make([]ChangeTally, len(names))
	for i, name := range names {
		tallies[i].Kind = name
	}
	out := Difference{Tallies: tallies}
	digest := sha256.New()
	var text []byte
	for i := range all {
		h := &all[i]
		tallies[h.kind].Count++
		tallies[h.kind].Licenses += int(h.licenses)
		out.Licenses += int(h.licenses)
		text = d.signature(text[:0], h)
		digest.Write(text)
	}
	out.Digest = hex.EncodeToString(digest.Sum(nil)[:16])
	return out
}

// signature says who was concerned and what they consume.
func (d *differ) signature(b []byte, h *happened) []byte {
	b = append(b, byte(h.kind))
	for _, side := range [][]int32{h.before, h.after} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(side))) //nolint:gosec // fewer people than 2^31
		for _, n := range side {
			p := &d.people[n]
			b = append(append(b, p.id[:]...), p.license...)
			b = append(b, 0)
		}
	}
	return b
}
