package licensing

import "slices"

// cluster is a connected set of rows there and consuming people here.
type cluster struct {
	rows   []int
	people []int // places in the order
}

// clusters connects rows and consuming people that share an account, an
// invitation or a subscription.
func (r *Result) clusters() []cluster {
	ri := r.ix().report
	u := newUnion(len(ri.rows) + len(r.state))
	link := func(row uint32, p person) {
		if r.consumes(p) {
			u.join(int(row), len(ri.rows)+int(p))
		}
	}
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
	return r.collect(u)
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

// collect lists the clusters by their root, in the order of their first row
// or person.
func (r *Result) collect(u union) []cluster {
	rows := len(r.ix().report.rows)
	at := map[int]int{}
	var out []cluster
	of := func(n int) *cluster {
		root := u.find(n)
		i, ok := at[root]
		if !ok {
			i = len(out)
			at[root] = i
			out = append(out, cluster{})
		}
		return &out[i]
	}
	for i := range rows {
		c := of(i)
		c.rows = append(c.rows, i)
	}
	for place, p := range r.order {
		if r.consumes(p) {
			c := of(rows + int(p))
			c.people = append(c.people, place)
		}
	}
	for i := range out {
		slices.SortFunc(out[i].rows, func(a, b int) int {
			return compareRows(&r.ix().report.rows[a], &r.ix().report.rows[b])
		})
	}
	return out
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
