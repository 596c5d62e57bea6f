package hub

import (
	"slices"
	"strconv"
	"sync"

	"github.com/oneseat/oneseat/licensing"
)

// WorkWorth is what putting a line right does to what GitHub counts: OneSeat's
// own count falls either way.
type WorkWorth string

// What it is worth, the most first; every list is in this order.
const (
	// WorthSaves takes licenses away that GitHub counts today.
	WorthSaves WorkWorth = "saves"
	// WorthMaySave does if the line is right about who somebody is.
	WorthMaySave WorkWorth = "may_save"
	// WorthKeeps is about licenses that are not in GitHub's figure yet, because
	// GitHub knows none of the instances, or does not count the invitation: they
	// are kept from being added.
	WorthKeeps WorkWorth = "keeps"
	// WorthMayKeep does if the line is right about who somebody is; or, of an
	// invitation, if it is not the one that GitHub's report has without a name.
	WorthMayKeep WorkWorth = "may_keep"
)

// WorkWorths are all of them, in their order.
func WorkWorths() []WorkWorth {
	return []WorkWorth{WorthSaves, WorthMaySave, WorthKeeps, WorthMayKeep}
}

// worthOf puts together whether GitHub counts it already, and whether it is
// sure.
func worthOf(notYet, guess bool) WorkWorth {
	switch {
	case notYet && guess:
		return WorthMayKeep
	case notYet:
		return WorthKeeps
	case guess:
		return WorthMaySave
	default:
		return WorthSaves
	}
}

// Worth is what putting a line right is worth. Of a member nobody knows who
// they turn out to be, and of somebody with the same name under another domain
// nobody is sure.
func (w *Work) Worth(l *WorkLine) WorkWorth {
	gap := w.gap()
	switch {
	case l.List == WorkMembers:
		return gap.worthOfMember()
	case l.List != WorkNear || len(l.Misses) == 0:
		return worthOf(gap.hasHosts(l.Hosts), false)
	case l.Misses[0].Invitation:
		return gap.worthOfInvitation(l.Person.ID, l.Person.Unsure)
	default:
		return worthOfMiss(gap.hasHosts(l.Hosts), &l.Misses[0])
	}
}

// gap is that of what the lists are of.
func (w *Work) gap() *gap {
	w.look.Do(func() { w.found = gapOf(w.Result) })
	return w.found
}

// gap is what GitHub's figure lacks of a result, as far as is known: looked for
// once, and asked for every line.
type gap struct {
	// hosts are the instances that GitHub's report does not know, by what
	// [licensing.NormalHost] makes of their names; sources are those of the result
	// among them, and all says that it has no others.
	hosts   map[string]bool
	sources map[int64]bool
	all     bool
	// people gives the ids of those who are here alone: a set as large as they are
	// many, and only invitations are asked about.
	people func() map[string]bool
}

func gapOf(r *Result) *gap {
	g := &gap{hosts: map[string]bool{}, sources: map[int64]bool{}, people: sync.OnceValue(r.onlyHere)}
	for _, warning := range r.Warnings {
		if warning.Code == licensing.WarnUnknownHost {
			g.hosts[warning.Host] = true
		}
	}
	var instances []int64
	for _, in := range r.Inputs {
		if in.Source == CloudSource {
			continue
		}
		instances = append(instances, in.Source)
		if g.hasHost(in.Host) {
			g.sources[in.Source] = true
		}
	}
	g.all = g.hasSources(instances)
	return g
}

// onlyHere are the ids of the people whom GitHub's figure lacks.
func (r *Result) onlyHere() map[string]bool {
	out := map[string]bool{}
	if r.Reconciliation == nil {
		return out
	}
	for _, item := range r.Reconciliation.Items {
		if item.Term != licensing.TermOnlyHere.String() {
			continue
		}
		for _, person := range item.Here {
			out[person] = true
		}
	}
	return out
}

// hasHost says that GitHub's report does not know an instance.
func (g *gap) hasHost(host string) bool { return g.hosts[licensing.NormalHost(host)] }

// hasHosts says that GitHub's report knows none of the instances of some
// accounts, so that its figure does not have them.
func (g *gap) hasHosts(hosts []string) bool {
	return len(hosts) > 0 && !slices.ContainsFunc(hosts, func(host string) bool { return !g.hasHost(host) })
}

// hasSources says the same by the numbers of the instances.
func (g *gap) hasSources(sources []int64) bool {
	return len(sources) > 0 && !slices.ContainsFunc(sources, func(source int64) bool { return !g.sources[source] })
}

// worthOfMember is that of any member who is hard to compare: whom they could
// be is on some instance.
func (g *gap) worthOfMember() WorkWorth { return worthOf(g.all, true) }

// worthOfMiss is that of somebody by the best of what they almost joined.
func worthOfMiss(notYet bool, best *WorkMiss) WorkWorth {
	return worthOf(notYet, best.Kind == licensing.MissOtherDomain)
}

// worthOfInvitation is that of an invitation beside an account. One that GitHub's
// figure lacks may be the one that GitHub's report has without a name, and then
// the figure has it: nobody is sure.
func (g *gap) worthOfInvitation(person, unsure string) WorkWorth {
	lacks := g.people()[person]
	return worthOf(lacks, lacks && unsure == UnsureInvited)
}

// rank begins the place of a line in its list.
func (w WorkWorth) rank() string { return strconv.Itoa(slices.Index(WorkWorths(), w)) }
