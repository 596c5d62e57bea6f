package licensing

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Reconciliation relates GitHub's figure to the licenses here:
//
//	Figure − MoreThere − Unexplained + SeveralHere + OnlyHere − OnlyThere = Licenses
//
// Rows of GitHub's report and consuming people here form clusters that share
// an account. A cluster of g rows and h people counts max(g−h, 0) into
// MoreThere and max(h−g, 0) into SeveralHere; OnlyHere and OnlyThere have
// g = 0 or h = 0.
type Reconciliation struct {
	// Figure is GitHub's, of Date (zero: unknown).
	Figure int
	Date   time.Time
	// MoreThere: counted there more than once.
	MoreThere   int
	SeveralHere int
	OnlyHere    int
	OnlyThere   int
	// Unexplained is what no row tells about: all of the difference when only
	// a figure is known, the missing rows when the report is partial.
	Unexplained int
	Licenses    int
	// Items opens the terms: one entry a cluster that differs, one a cause of
	// being only here.
	Items []ReconcileItem
}

// Holds says whether the terms add up.
func (rc *Reconciliation) Holds() bool {
	return rc.Figure-rc.MoreThere-rc.Unexplained+rc.SeveralHere+rc.OnlyHere-rc.OnlyThere == rc.Licenses
}

// Term names a term of the reconciliation.
type Term uint8

// The terms.
const (
	TermMoreThere Term = iota
	TermSeveralHere
	TermOnlyHere
	TermOnlyThere
)

// Cause says why a cluster differs, as far as it can be told.
type Cause uint8

// The causes.
const (
	CauseRule         Cause = iota // a rule of ours decided otherwise
	CauseNeverSynced               // an instance GitHub's report does not know
	CauseSyncedBefore              // GitHub synced before our snapshot
	CauseHidden                    // an address only GitHub sees
	CauseInvitation                // an invitation
	CauseSubscription              // a Visual Studio subscription
	CauseNotInReport               // a cloud account GitHub's report lacks
)

// String is the cause's short name, for catalogues and machines.
func (c Cause) String() string {
	return nameOf(int(c), "rule", "never_synced", "synced_before", "hidden_address",
		"invitation", "subscription", "not_in_report")
}

// String is the term's short name, for catalogues and machines.
func (t Term) String() string {
	return nameOf(int(t), "more_there", "several_here", "only_here", "only_there")
}

// nameOf names a value; one of a later version by its number.
func nameOf(n int, names ...string) string {
	if n < len(names) {
		return names[n]
	}
	return strconv.Itoa(n)
}

// ReconcileItem is a cluster that differs, or everybody who is only here for
// one cause.
type ReconcileItem struct {
	Term  Term
	Count int // what it adds to its term
	Cause Cause
	// Rows there, as numbers of GitHubReport.Rows; People here, as places for
	// Result.At, ascending.
	Rows   []int
	People []int
}

// reconciliation is nil when GitHub's figure is unknown.
func (r *Result) reconciliation() *Reconciliation {
	ix := r.ix()
	switch {
	case ix.report != nil:
		return r.reconcileRows()
	case ix.figure != nil:
		return &Reconciliation{
			Figure: ix.figure.Licenses, Date: ix.figure.Date,
			Unexplained: ix.figure.Licenses - r.statement.Licenses, Licenses: r.statement.Licenses,
		}
	default:
		return nil
	}
}

func (r *Result) reconcileRows() *Reconciliation {
	ri := r.ix().report
	rc := &Reconciliation{
		Figure: ri.consumed, Date: ri.date,
		Unexplained: ri.consumed - len(ri.rows), Licenses: r.statement.Licenses,
	}
	linked, alone := r.clusters()
	for _, c := range linked {
		rc.add(c, r)
	}
	rc.addAlone(alone, r)
	slices.SortFunc(rc.Items, func(a, b ReconcileItem) int {
		return cmp.Or(cmp.Compare(a.Term, b.Term), slices.Compare(a.People, b.People), r.compareRowLists(a.Rows, b.Rows))
	})
	return rc
}

func (r *Result) compareRowLists(a, b []int) int {
	rows := r.ix().report.rows
	return slices.CompareFunc(a, b, func(x, y int) int { return compareRows(&rows[x], &rows[y]) })
}

func (rc *Reconciliation) add(c cluster, r *Result) {
	g, h := len(c.rows), len(c.people)
	item := ReconcileItem{Count: max(g-h, h-g), Rows: c.rows, People: c.people}
	switch {
	case g == h:
		return
	case h == 0:
		item.Term, item.Cause = TermOnlyThere, r.causeOnlyThere(c)
		rc.OnlyThere += item.Count
	case g > h:
		item.Term, item.Cause = TermMoreThere, r.causeMoreThere(c)
		rc.MoreThere += item.Count
	default:
		item.Term, item.Cause = TermSeveralHere, r.causeSeveralHere(c)
		rc.SeveralHere += item.Count
	}
	rc.Items = append(rc.Items, item)
}

// addAlone adds the people whom no row has.
func (rc *Reconciliation) addAlone(people []int, r *Result) {
	by := map[Cause][]int{}
	for _, place := range people {
		cause := r.causeOnlyHere(place)
		by[cause] = append(by[cause], place)
	}
	for cause, people := range by {
		rc.Items = append(rc.Items, ReconcileItem{Term: TermOnlyHere, Count: len(people), Cause: cause, People: people})
	}
	rc.OnlyHere = len(people)
}
