package hub

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

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

// Difference is what changes from one result to another.
type Difference struct {
	Tallies  []ChangeTally `json:"tallies"`
	Licenses int           `json:"licenses"`
	// Digest is equal for equal differences.
	Digest string `json:"digest"`
}

// differ gathers the people that differ between the current result and a new
// one, and says what happened to them. It keeps some 100 bytes for each that
// was, and four for each that is.
type differ struct {
	c      *counted
	o      *order
	place  int32 // of whom is being compared
	before []standing
	after  []int32 // places
	// Whose an account and an id was, in before: an id stands for an anchor,
	// which one who is has at hand.
	accounts map[accountDigest]int32
	ids      map[store.PersonID]int32
	text     []byte
	alone    [1]standing // who appeared last
}

type accountDigest [16]byte

// standing is what somebody is in a result.
type standing struct {
	id       store.PersonID
	holding  accountDigest // of what they hold
	consumes bool
	license  licensing.LicenseType
	group    int32 // the first before that they are together with
}

func newDiffer(c *counted, o *order) *differ {
	return &differ{c: c, o: o, accounts: map[accountDigest]int32{}, ids: map[store.PersonID]int32{}}
}

// pass notes whom the store is being given.
func (d *differ) pass(people iter.Seq2[store.Person, error]) iter.Seq2[store.Person, error] {
	return func(yield func(store.Person, error) bool) {
		n := 0
		for p, err := range people {
			if err == nil {
				d.place = d.o.place(n)
			}
			if n++; !yield(p, err) {
				return
			}
		}
	}
}

// visit takes a difference as the store finds it. Who only differs in details,
// a name or a role, is not reported.
func (d *differ) visit(before *store.StoredPerson, after *store.Person) error {
	if before != nil {
		var doc personDocument
		if err := json.Unmarshal([]byte(before.Document), &doc); err != nil {
			return fmt.Errorf("document of person %s: %w", before.ID, err)
		}
		identities := doc.identities()
		was := d.standing(before.ID, identities, doc.Consumes, licensing.LicenseType(doc.License))
		if after != nil && was.same(d.now(d.place)) {
			return nil
		}
		d.add(was, &doc)
	}
	if after != nil {
		d.after = append(d.after, d.place)
	}
	return nil
}

func (d *differ) standing(id store.PersonID, identities []string, consumes bool, license licensing.LicenseType) standing {
	d.text = d.text[:0]
	for _, text := range identities {
		d.text = append(append(d.text, text...), 0)
	}
	sum := sha256.Sum256(d.text)
	return standing{id: id, holding: accountDigest(sum[:16]), consumes: consumes, license: licenseOf(license)}
}

// licenseOf is one of licensing's texts: a text of a document's own would keep
// all of it in memory.
func licenseOf(l licensing.LicenseType) licensing.LicenseType {
	for _, known := range []licensing.LicenseType{licensing.LicenseEnterprise, licensing.LicenseVisualStudio, ""} {
		if l == known {
			return known
		}
	}
	return licensing.LicenseType(strings.Clone(string(l)))
}

// same says that somebody stands as they stood.
func (s *standing) same(o standing) bool {
	return s.id == o.id && s.holding == o.holding && s.consumes == o.consumes && s.license == o.license
}

// now is how somebody stands in the new result.
func (d *differ) now(place int32) standing {
	p := d.c.result.At(int(place))
	return d.standing(d.o.ids[place], identitiesOf(&p), p.Consumes, p.License)
}

// identitiesOf are what somebody holds: the anchor where it counts, and their
// accounts.
func identitiesOf(p *licensing.Person) []string {
	var out []string
	if anchor := p.Anchor.ID(); anchored(anchor, p.Cloud >= 0, len(p.Servers)) {
		out = append(out, anchor)
	}
	for i := range p.Servers {
		out = append(out, accountIdentity(p.Servers[i].Host, p.Servers[i].ID))
	}
	return out
}

// identities are those of [identitiesOf] as the document has them.
func (d *personDocument) identities() []string {
	var out []string
	if anchored(d.Anchor, d.Cloud != nil, len(d.Servers)) {
		out = append(out, d.Anchor)
	}
	for i := range d.Servers {
		out = append(out, accountIdentity(d.Servers[i].Host, d.Servers[i].ID))
	}
	return out
}

// anchored says that an anchor makes people the same, and not only what they
// hold: it is an address or a cloud account, or there are no accounts.
func anchored(anchor string, cloud bool, servers int) bool {
	return cloud || servers == 0 || strings.HasPrefix(anchor, anchoredAddress)
}

func accountIdentity(host, id string) string { return "account:" + host + ":" + id }

func digestOf(identity string) accountDigest {
	sum := sha256.Sum256([]byte(identity))
	return accountDigest(sum[:16])
}

// add notes somebody who was. In one result nobody shares an account with
// anybody else.
func (d *differ) add(was standing, doc *personDocument) {
	n := int32(len(d.before)) //nolint:gosec // fewer people than 2^31
	was.group = n
	d.before = append(d.before, was)
	if anchored(doc.Anchor, doc.Cloud != nil, len(doc.Servers)) {
		d.ids[was.id] = n
	}
	for i := range doc.Servers {
		d.accounts[digestOf(accountIdentity(doc.Servers[i].Host, doc.Servers[i].ID))] = n
	}
}

func (d *differ) find(n int32) int32 {
	for d.before[n].group != n {
		d.before[n].group = d.before[d.before[n].group].group
		n = d.before[n].group
	}
	return n
}

// joined gives the first of those who were and share an anchor or an account
// with somebody who is, all of whom are together from now on; none when there is
// nobody.
func (d *differ) joined(place int32) (first int32, found bool) {
	first, found = d.ids[d.o.ids[place]]
	if !found && len(d.accounts) == 0 {
		return 0, false
	}
	p := d.c.result.At(int(place))
	if found = found && anchored(p.Anchor.ID(), p.Cloud >= 0, len(p.Servers)); found {
		first = d.find(first)
	}
	for i := range p.Servers {
		n, ok := d.accounts[digestOf(accountIdentity(p.Servers[i].Host, p.Servers[i].ID))]
		if !ok {
			continue
		}
		if n = d.find(n); found {
			d.before[max(n, first)].group = min(n, first)
			n = min(n, first)
		}
		first, found = n, true
	}
	return first, found
}

// happened is one thing that happened to people that share accounts.
type happened struct {
	kind     licensing.ChangeKind
	before   []standing // by id
	after    []standing // by id
	licenses int
}

// difference says what happened: all of it in tallies, and of each kind the
// first to be named, in the order of every list.
func (d *differ) difference() (Difference, []happened) {
	t := newTally()
	var appeared []int32
	var members []member
	for _, place := range d.after {
		if first, ok := d.joined(place); ok {
			members = append(members, member{first, place})
		} else {
			appeared = append(appeared, place)
		}
	}
	for i := range members { // groups may have become one since
		members[i].group = d.find(members[i].group)
	}
	for n := range d.before {
		members = append(members, member{d.find(int32(n)), -1 - int32(n)})
	}
	slices.SortFunc(members, func(a, b member) int { return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.who, b.who)) })
	for len(members) > 0 {
		n := 1
		for n < len(members) && members[n].group == members[0].group {
			n++
		}
		if h := d.happened(members[:n]); h != nil {
			t.add(h)
		}
		members = members[n:]
	}
	for _, place := range appeared {
		t.add(d.appeared(place))
	}
	return t.sum()
}

// appeared says that somebody is new: a first upload says it of everybody.
func (d *differ) appeared(place int32) *happened {
	license, consumes := d.o.license(place)
	d.alone[0] = standing{id: d.o.ids[place], consumes: consumes, license: license}
	h := happened{kind: licensing.Appeared, after: d.alone[:]}
	if consumes {
		h.licenses = 1
	}
	return &h
}

// member is somebody of a group: the place of one who is, or -1-n for one who
// was.
type member struct{ group, who int32 }

// happened says what happened to a group; nil when nothing did, but that
// somebody has another place in the list.
func (d *differ) happened(group []member) *happened {
	var h happened
	for _, m := range group {
		var s standing
		if m.who < 0 {
			s = d.before[-1-m.who]
			h.before = append(h.before, s)
		} else {
			s = d.now(m.who)
			h.after = append(h.after, s)
		}
		if s.consumes && m.who < 0 {
			h.licenses--
		} else if s.consumes {
			h.licenses++
		}
	}
	byID := func(a, b standing) int { return a.id.Compare(b.id) }
	slices.SortFunc(h.before, byID)
	slices.SortFunc(h.after, byID)
	if len(h.before) == 1 && len(h.after) == 1 && h.before[0].same(h.after[0]) {
		return nil
	}
	h.kind = h.name()
	return &h
}

// name is the kind of what happened, as licensing.Diff has it.
func (h *happened) name() licensing.ChangeKind {
	switch {
	case len(h.before) == 0:
		return licensing.Appeared
	case len(h.after) == 0:
		return licensing.Vanished
	case len(h.before) > 1:
		return licensing.Joined
	case len(h.after) > 1:
		return licensing.Split
	case h.before[0].id != h.after[0].id:
		return licensing.Moved
	default:
		return licensing.Altered
	}
}
