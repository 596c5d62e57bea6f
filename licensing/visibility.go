package licensing

import (
	"slices"
	"time"
)

// Visibility says what the cloud side let be compared, and so how sure the
// total is.
type Visibility struct {
	// Cloud accounts by the best thing they can be compared by; the four add
	// up to Accounts.
	Accounts   int
	ByVerified int // a verified address
	ByIdentity int // an identity attribute
	ByGitHub   int // GitHub's own join
	ByNothing  int
	// Hidden: at least one cloud account has addresses that are not fully
	// known, because it comes from GitHub's report.
	Hidden bool
	// Undecided is the number of consuming people without a cloud account
	// whom GitHub's report has not decided about; when Hidden each of them
	// may be one with somebody in the cloud.
	Undecided int
	// Doubled is how many people without account may stand here twice: invited
	// people of a list, and invitations of GitHub's report that name nobody.
	Doubled int
	// Missing is how many rows a partial report lacks.
	Missing int
	// Low and High are the range of the licenses consumed.
	Low, High int
}

// visibility is the range: the result less everybody a hidden address could
// join and who may stand here twice, and the result with every row that is
// missing.
func (r *Result) visibility() Visibility {
	v := Visibility{Accounts: r.ix().accounts.len()}
	for _, f := range r.ix().accounts.flags {
		switch {
		case f&byVerified != 0:
			v.ByVerified++
		case f&byIdentity != 0:
			v.ByIdentity++
		case f&byGitHub != 0:
			v.ByGitHub++
		default:
			v.ByNothing++
		}
		v.Hidden = v.Hidden || f&isReported != 0 && !r.ix().policy.ManagedUsers
	}
	for p := r.ix().accounts.len(); p < r.total; p++ {
		if r.isUndecided(person(p)) { //nolint:gosec // fewer than none
			v.Undecided++
		}
	}
	v.High = r.statement.Licenses
	v.Low = v.High
	if v.Hidden {
		v.Low -= v.Undecided
	}
	if r.ix().report != nil {
		v.Doubled = r.doubled()
		v.Low -= v.Doubled
		v.Missing = r.ix().report.missing
		v.High += v.Missing
	}
	return v
}

// doubled: an invitation of GitHub's report that names no address may be that
// of somebody a list names.
func (r *Result) doubled() int {
	listed, unnamed := 0, 0
	for n := range r.ix().extras {
		switch is, named := r.invitedAlone(r.ix().extraPerson(uint32(n))); {
		case !is:
		case named:
			listed++
		default:
			unnamed++
		}
	}
	return min(listed, unnamed)
}

// invitedAlone says that a person consumes by an invitation, has no account and
// may be one with another: whether a list alone names them, or a row of
// GitHub's report does not. Whom both name is one person already, and what was
// sent after the report was made is not in it.
func (r *Result) invitedAlone(p person) (is, named bool) {
	x := r.extraOf(p)
	if x == nil || !r.consumes(p) || r.accounts(p) > 0 {
		return false, false
	}
	if x.kind == extraRow {
		return true, false
	}
	reported := slices.ContainsFunc(x.invitations, func(i uint32) bool { return r.ix().invitations[i].Row >= 0 })
	mayBe := !reported && slices.ContainsFunc(x.invitations, func(i uint32) bool { return r.ix().report.mayHave(&r.ix().invitations[i]) })
	return mayBe, mayBe
}

// reportDay is how much later something may be than the date of a report that
// has it: the date may be a day without a time.
const reportDay = 24 * time.Hour

// mayHave says that a report can have an invitation, by the dates of both as far
// as they are known.
func (ri *reportIndex) mayHave(inv *PlacedInvitation) bool {
	return ri == nil || ri.date.IsZero() || inv.CreatedAt.IsZero() || inv.CreatedAt.Before(ri.date.Add(reportDay))
}

// Unsure says why a person may be one with another, so that the total has a
// range.
type Unsure uint8

// Why; the numbers of people are those of [Visibility].
const (
	// Sure: nothing of the range is about them.
	Sure Unsure = iota
	// UnsureUndecided: known from server instances alone, and somebody in the
	// cloud may have the address hidden; Undecided of them.
	UnsureUndecided
	// UnsureInvited: invited, and may stand here twice, once by a list alone and
	// once by a row of GitHub's report that names nobody. Twice as many as Doubled, or
	// more: which belong together is not known.
	UnsureInvited
	// UnsureNothing: a cloud account that can be compared by nothing; ByNothing of
	// them.
	UnsureNothing
)

// Unsure says it of the person at a place of the order.
func (r *Result) Unsure(i int) Unsure {
	p := r.order[i]
	if int(p) < r.ix().accounts.len() {
		if r.ix().accounts.flags[p]&(byVerified|byIdentity|byGitHub) == 0 {
			return UnsureNothing
		}
		return Sure
	}
	if r.vis.Hidden && r.isUndecided(p) {
		return UnsureUndecided
	}
	if is, _ := r.invitedAlone(p); is && r.vis.Doubled > 0 {
		return UnsureInvited
	}
	return Sure
}

// isUndecided says whether a person has server accounts, no cloud account,
// and GitHub has not decided about their address: no row without cloud account
// has it, or, where they have none, one of their HOST:IDs.
func (r *Result) isUndecided(p person) bool {
	accounts := r.accountsOf(p)
	if len(accounts) == 0 {
		return false
	}
	ri := r.ix().report
	if ri == nil {
		return true
	}
	if key := r.c.key(r.c.row(accounts[0])); key != nil {
		_, decided := ri.decided.lookup(string(key))
		return !decided
	}
	return !slices.ContainsFunc(accounts, func(a uint32) bool {
		n, ok := r.reportID(a)
		return ok && ri.alone[n]
	})
}
