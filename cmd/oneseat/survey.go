package main

import (
	"cmp"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// survey picks, in one pass over the people, those a license manager wants to
// see first.
type survey struct {
	// Almost and Others are consuming people with server accounts and no cloud
	// account, the first in order: those who may have almost joined one, and
	// those who have not. ServerOnly is how many there are.
	Almost, Others []licensing.Person
	ServerOnly     int
	// Several are the people with the most accounts, more than usual first.
	Several []licensing.Person
}

// unusual is from how many accounts on a person is worth a look when there are
// people with fewer: more than one account on each side.
const unusual = 3

func surveyOf(c *counted) *survey {
	v, h := &survey{}, newHints(c.side)
	for p := range c.result.All() {
		if p.Consumes && p.Cloud < 0 && len(p.Servers) > 0 {
			v.serverOnly(p, h)
		}
		v.several(p)
	}
	return v
}

func (v *survey) serverOnly(p licensing.Person, h hints) {
	v.ServerOnly++
	switch {
	case h.any(&p):
		if len(v.Almost) < maxPeopleRows {
			v.Almost = append(v.Almost, p)
		}
	case len(v.Others) < maxPeopleRows:
		v.Others = append(v.Others, p)
	}
}

// several keeps the people with the most accounts; of two with as many the one
// that comes first.
func (v *survey) several(p licensing.Person) {
	n := p.Accounts()
	if n < unusual || len(v.Several) == maxPeopleRows && n <= v.Several[maxPeopleRows-1].Accounts() {
		return
	}
	at, _ := slices.BinarySearchFunc(v.Several, n, func(q licensing.Person, n int) int {
		if q.Accounts() >= n {
			return -1
		}
		return 1
	})
	v.Several = slices.Insert(v.Several, at, p)
	v.Several = v.Several[:min(len(v.Several), maxPeopleRows)]
}

// largest gives the first n of a list in an order, and all of a short list in
// the order it has.
func largest[T any](all []T, n int, order func(a, b T) int) []T {
	if len(all) <= n {
		return all
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, order)
	return sorted[:n]
}

// group is what several entries of a list have in common, with how many they
// are and a few of their names.
type group struct {
	term  licensing.Term
	cause licensing.Cause
	count int
	names []string
	more  int
}

// groups sorts the entries of a reconciliation by term and cause.
func (c *counted) groups(items []licensing.ReconcileItem) []*group {
	var out []*group
	for _, item := range items {
		at := slices.IndexFunc(out, func(g *group) bool { return g.term == item.Term && g.cause == item.Cause })
		if at < 0 {
			at = len(out)
			out = append(out, &group{term: item.Term, cause: item.Cause})
		}
		out[at].count += item.Count
		out[at].add(c.itemNames(item))
	}
	slices.SortStableFunc(out, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(b.count, a.count))
	})
	return out
}

func (g *group) add(names []string) {
	room := max(maxNames-len(g.names), 0)
	g.names = append(g.names, names[:min(len(names), room)]...)
	g.more += max(len(names)-room, 0)
}

// itemNames are the people behind an entry: those here, or the rows there when
// there are none here.
func (c *counted) itemNames(item licensing.ReconcileItem) []string {
	var names []string
	for _, place := range item.People {
		p := c.result.At(place)
		names = append(names, c.name(&p))
	}
	if len(names) > 0 {
		return names
	}
	for _, row := range item.Rows {
		if name := rowName(&c.side.Report.Rows[row]); name != "" {
			names = append(names, name)
		}
	}
	return names
}
