package licensing

import "slices"

// cluster is a connected set of rows there and consuming people here.
type cluster struct {
	rows   []int
	people []int // places in the order
}

// links connects the rows of GitHub's report with the consuming people that
// share an account, an invitation or a subscription with them.
type links struct {
	rows  union
	rowOf []uint32 // by person: a row they are linked to, or none
}

func (r *Result) links() links {
	ri := r.ix().report
	l := links{rows: newUnion(len(ri.rows)), rowOf: make([]uint32, len(r.state))}
	for p := range l.rowOf {
		l.rowOf[p] = none
	}
	link := func(row uint32, p person) {
		switch {
		case !r.consumes(p):
		case l.rowOf[p] == none:
			l.rowOf[p] = row
		default:
			l.rows.join(int(row), int(l.rowOf[p]))
		}
	}
	r.eachLink(link)
	return l
}

// eachLink walks what rows and people have in common.
func (r *Result) eachLink(link func(row uint32, p person)) {
	ri := r.ix().report
	for row, a := range ri.account {
		if a != none {
			link(uint32(row), person(a))
		}
	}
	owner := r.idOwners()
	for row := range ri.rows {
		for _, id := range ri.rows[row].ServerAccounts {
			if n, ok := ri.find(id.Host, id.ID); ok && owner[n] != person(none) {
				link(uint32(row), owner[n])
			}
		}
	}
	for i, p := range r.ix().inviteOwner {
		if row := r.ix().invitations[i].Row; row >= 0 {
			link(uint32(row), p) //nolint:gosec // as above
		}
	}
	for p, list := range r.subsOf {
		for _, i := range list {
			if row := r.subs[i].Row; row >= 0 {
				link(uint32(row), p) //nolint:gosec // as above
			}
		}
	}
}

// idOwners gives the person of every HOST:ID of GitHub's report, none where
// the account is not here.
func (r *Result) idOwners() []person {
	out := make([]person, r.ix().report.ids.len())
	for n := range out {
		out[n] = person(none)
	}
	r.eachAccount(func(a uint32, p person) {
		if n, ok := r.reportID(a); ok {
			out[n] = p
		}
	})
	return out
}

// reportID is the number an account's HOST:ID has in GitHub's report.
func (r *Result) reportID(account uint32) (uint32, bool) {
	ri := r.ix().report
	if !ri.hosts[r.c.hostOf(account)] {
		return 0, false
	}
	id := r.c.hostID(account)
	return ri.find(id.Host, id.ID)
}

// clusters lists the connected sets that have rows, and apart from them the
// consuming people whom no row has.
func (r *Result) clusters() (linked []cluster, alone []int) {
	l := r.links()
	at := make([]uint32, len(l.rows)) // by root: 1 + its place in linked
	of := func(row int) *cluster {
		root := l.rows.find(row)
		if at[root] == 0 {
			linked = append(linked, cluster{})
			at[root] = uint32(len(linked)) //nolint:gosec // fewer rows than 2^32
		}
		return &linked[at[root]-1]
	}
	for row := range l.rows {
		c := of(row)
		c.rows = append(c.rows, row)
	}
	for place, p := range r.order {
		switch {
		case !r.consumes(p):
		case l.rowOf[p] == none:
			alone = append(alone, place)
		default:
			c := of(int(l.rowOf[p]))
			c.people = append(c.people, place)
		}
	}
	for i := range linked {
		slices.SortFunc(linked[i].rows, func(a, b int) int {
			return compareRows(&r.ix().report.rows[a], &r.ix().report.rows[b])
		})
	}
	return linked, alone
}

// union is a union-find with path halving.
type union []int

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = i
	}
	return u
}

func (u union) find(n int) int {
	for u[n] != n {
		u[n] = u[u[n]]
		n = u[n]
	}
	return n
}

func (u union) join(a, b int) { u[u.find(a)] = u.find(b) }
