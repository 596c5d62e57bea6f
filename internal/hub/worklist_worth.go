package hub

import (
	"slices"
	"strconv"

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
	switch {
	case l.List == WorkMembers:
		return w.Result.worthOfMember()
	case l.List != WorkNear || len(l.Misses) == 0:
		return worthOf(w.Result.notYet(l.Hosts), false)
	case l.Misses[0].Invitation:
		return w.Result.worthOfInvitation(l.Person.ID, l.Person.Unsure)
	default:
		return w.Result.worthOfMiss(l.Hosts, &l.Misses[0])
	}
}

// worthOfMember is that of any member who is hard to compare: whom they could
// be is on some instance.
func (r *Result) worthOfMember() WorkWorth {
	var hosts []string
	for _, in := range r.Inputs {
		if in.Source != CloudSource {
			hosts = append(hosts, in.Host)
		}
	}
	return worthOf(r.notYet(hosts), true)
}

// worthOfMiss is that of somebody with accounts on these instances, by the best
// of what they almost joined.
func (r *Result) worthOfMiss(hosts []string, best *WorkMiss) WorkWorth {
	return worthOf(r.notYet(hosts), best.Kind == licensing.MissOtherDomain)
}

// worthOfInvitation is that of an invitation beside an account. One that GitHub's
// figure lacks may be the one that GitHub's report has without a name, and then
// the figure has it: nobody is sure.
func (r *Result) worthOfInvitation(person, unsure string) WorkWorth {
	lacks := r.onlyHere(person)
	return worthOf(lacks, lacks && unsure == UnsureInvited)
}

// notYet says that GitHub's report knows none of the instances of some accounts,
// so that its figure does not have them.
func (r *Result) notYet(hosts []string) bool {
	return len(hosts) > 0 && !slices.ContainsFunc(hosts, func(host string) bool { return !r.unknownToGitHub(host) })
}

// unknownToGitHub says that GitHub's report does not know an instance.
func (r *Result) unknownToGitHub(host string) bool {
	return slices.ContainsFunc(r.Warnings, func(warning licensing.Warning) bool {
		return warning.Code == licensing.WarnUnknownHost && warning.Host == licensing.NormalHost(host)
	})
}

// onlyHere says that a person is among those whom GitHub's figure lacks.
func (r *Result) onlyHere(person string) bool {
	if r.Reconciliation == nil {
		return false
	}
	return slices.ContainsFunc(r.Reconciliation.Items, func(i ReconcileItem) bool {
		return i.Term == licensing.TermOnlyHere.String() && slices.Contains(i.Here, person)
	})
}

// rank begins the place of a line in its list.
func (w WorkWorth) rank() string { return strconv.Itoa(slices.Index(WorkWorths(), w)) }
