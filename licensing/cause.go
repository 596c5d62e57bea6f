package licensing

import "slices"

// causeOnlyHere: somebody consumes here and no row of GitHub's report has
// them.
func (r *Result) causeOnlyHere(place int) Cause {
	p := r.order[place]
	switch {
	case r.isCloud(p):
		return CauseNotInReport
	case len(r.invitesOf[p]) > 0 && r.accounts(p) == 0:
		return CauseInvitation
	case r.accounts(p) == 0:
		return CauseSubscription
	}
	if r.anyAccount([]int{place}, func(a uint32) bool { return r.ix().report.hosts[r.c.hostOf(a)] }) {
		return CauseSyncedBefore
	}
	return CauseNeverSynced
}

// causeOnlyThere: a row has nobody here. Its accounts are gone from our
// snapshots, or it is a subscription that consumes nothing here.
func (r *Result) causeOnlyThere(c cluster) Cause {
	row := &r.ix().report.rows[c.rows[0]]
	switch {
	case len(row.ServerAccounts) > 0:
		return CauseSyncedBefore
	case !row.SubscriptionEmail.IsZero():
		return CauseSubscription
	default:
		return CauseInvitation
	}
}

// causeMoreThere: GitHub has several rows for what is one person here.
func (r *Result) causeMoreThere(c cluster) Cause {
	rows := r.ix().report.rows
	switch {
	case r.anyAccount(c.people, r.changedSince):
		return CauseSyncedBefore
	case slices.ContainsFunc(c.rows, func(i int) bool {
		return rows[i].Login == "" && len(rows[i].ServerAccounts) == 0 && !rows[i].SubscriptionEmail.IsZero()
	}):
		return CauseSubscription
	case slices.ContainsFunc(c.rows, func(i int) bool { return rows[i].Login == "" && len(rows[i].ServerAccounts) == 0 }):
		return CauseInvitation
	default:
		return CauseRule
	}
}

// causeSeveralHere: GitHub made one row of what are several people here.
func (r *Result) causeSeveralHere(c cluster) Cause {
	if r.anyAccount(c.people, r.changedSince) {
		return CauseSyncedBefore
	}
	return CauseHidden
}

func (r *Result) anyAccount(people []int, is func(account uint32) bool) bool {
	for _, place := range people {
		p := r.order[place]
		if int(p) >= r.total {
			continue
		}
		if slices.ContainsFunc(r.accountsOf(p), is) {
			return true
		}
	}
	return false
}

// changedSince: GitHub's report has the account, but not under the key it
// offers today.
func (r *Result) changedSince(account uint32) bool {
	n, ok := r.reportID(account)
	if !ok {
		return false
	}
	ri := r.ix().report
	key := r.c.key(r.c.row(account))
	return key != nil && len(ri.rows[ri.idRow[n]].ServerEmails) > 0 && !ri.rows[ri.idRow[n]].hasKey(string(key))
}
