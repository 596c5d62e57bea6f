package licensing

import (
	"cmp"
	"slices"
)

// Difference is what changed from one result to another, by anchor.
type Difference struct {
	// Changes are sorted by kind, then by the order of the anchors' texts.
	Changes []Change
	// Licenses is the difference of the licenses consumed: after − before.
	Licenses int
}

// ChangeKind says what happened to people.
type ChangeKind uint8

// The kinds of change.
const (
	Joined   ChangeKind = iota // several people became one
	Split                      // one person became several
	Appeared                   // somebody none of whose accounts was there before
	Vanished                   // somebody none of whose accounts is there any more
	Moved                      // the same person at another anchor
	Altered                    // the same person, whose license or accounts changed
)

// Change is one thing that happened. What both joined and split (accounts
// were exchanged) is reported as Joined.
type Change struct {
	Kind ChangeKind
	// Before and After are the people concerned on each side, sorted by
	// anchor; one of them is empty for Appeared and Vanished.
	Before, After []Person
	// Licenses is what the change adds to the total.
	Licenses int
}

// Diff compares two results of one enterprise. People are the same when they
// share an account, or, having none, an anchor.
func Diff(before, after *Result) Difference {
	d := differ{u: newUnion(before.Len() + after.Len()), before: before, after: after}
	d.link()
	out := Difference{Licenses: after.statement.Licenses - before.statement.Licenses}
	for _, g := range d.groups() {
		if c, changed := d.change(g); changed {
			out.Changes = append(out.Changes, c)
		}
	}
	slices.SortFunc(out.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.firstAnchor(), b.firstAnchor()))
	})
	return out
}

func (c *Change) firstAnchor() string {
	if len(c.Before) > 0 {
		return c.Before[0].Anchor.ID()
	}
	return c.After[0].Anchor.ID()
}

type differ struct {
	u             union
	before, after *Result
}

// group is a set of people that share accounts over the two results, as
// places in their orders.
type group struct{ before, after []int }

// link connects people that have an identity in common.
func (d *differ) link() {
	owner := map[string]int{}
	for i := range d.before.Len() {
		p := d.before.At(i)
		for _, id := range identities(&p) {
			owner[id] = i
		}
	}
	for i := range d.after.Len() {
		p := d.after.At(i)
		for _, id := range identities(&p) {
			if was, ok := owner[id]; ok {
				d.u.join(was, d.before.Len()+i)
			}
		}
	}
}

// identities are what makes people the same: their accounts, or, having none,
// the anchor.
func identities(p *Person) []string {
	if p.Accounts() == 0 {
		return []string{p.Anchor.ID()}
	}
	ids := make([]string, 0, p.Accounts())
	if p.Cloud >= 0 {
		ids = append(ids, p.Anchor.ID())
	}
	for i := range p.Servers {
		ids = append(ids, AnchorHostID.text()+p.Servers[i].String())
	}
	if p.Anchor.Kind == AnchorAddress { // an invited person who got an account is the same
		ids = append(ids, p.Anchor.ID())
	}
	return ids
}

func (d *differ) groups() []group {
	at := map[int]int{}
	var out []group
	of := func(n int) *group {
		root := d.u.find(n)
		if _, ok := at[root]; !ok {
			at[root] = len(out)
			out = append(out, group{})
		}
		return &out[at[root]]
	}
	for i := range d.before.Len() {
		g := of(i)
		g.before = append(g.before, i)
	}
	for i := range d.after.Len() {
		g := of(d.before.Len() + i)
		g.after = append(g.after, i)
	}
	return out
}

func (d *differ) change(g group) (Change, bool) {
	c := Change{Before: pick(d.before, g.before), After: pick(d.after, g.after)}
	for i := range c.Before {
		c.Licenses -= licensesOf(&c.Before[i])
	}
	for i := range c.After {
		c.Licenses += licensesOf(&c.After[i])
	}
	switch {
	case len(c.Before) == 0:
		c.Kind = Appeared
	case len(c.After) == 0:
		c.Kind = Vanished
	case len(c.Before) > 1:
		c.Kind = Joined
	case len(c.After) > 1:
		c.Kind = Split
	case c.Before[0].Anchor != c.After[0].Anchor:
		c.Kind = Moved
	case sameHolding(&c.Before[0], &c.After[0]):
		return Change{}, false
	default:
		c.Kind = Altered
	}
	return c, true
}

func pick(r *Result, places []int) []Person {
	out := make([]Person, 0, len(places))
	for _, i := range places {
		out = append(out, r.At(i))
	}
	slices.SortFunc(out, func(a, b Person) int { return cmp.Compare(a.Anchor.ID(), b.Anchor.ID()) })
	return out
}

func licensesOf(p *Person) int {
	if p.Consumes {
		return 1
	}
	return 0
}

// sameHolding: the same accounts and the same license.
func sameHolding(a, b *Person) bool {
	return a.Consumes == b.Consumes && a.License == b.License && slices.Equal(identities(a), identities(b))
}
