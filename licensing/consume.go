package licensing

import "slices"

// flagsOf is C1 and C2 for one cloud account, invitations of R8 not looked
// at: not suspended, and in an organization, or a collaborator, or invited to
// an organization itself.
func flagsOf(a *CloudAccount, p Policy) accountFlags {
	var f accountFlags
	if a.Suspended {
		f |= isSuspended
	}
	if len(a.OutsideCollaborator) > 0 {
		f |= isOutside
	}
	belongs := len(a.Organizations) > 0 || len(a.OutsideCollaborator) > 0 ||
		len(a.PendingOrganizations) > 0 && p.inviteConsumes(InviteMember)
	if belongs && !a.Suspended {
		f |= consumesOwn | consumesAny
	}
	if a.Reported {
		f |= isReported | consumesOwn | consumesAny
	}
	return f
}

// consume is C5 and C6 for every person.
func (r *Result) consume() {
	n := r.total
	if r.ix().policy.ConsumeUnlinkedSubscribers {
		n += len(r.unmatched)
	}
	r.state = make([]personState, n)
	for p := range r.state {
		r.state[p] = r.stateOf(person(p), false)
	}
	for p := range r.subsOf {
		r.state[p] = r.stateOf(p, true)
	}
}

func (r *Result) stateOf(p person, subscribed bool) personState {
	if !r.consumesAt(p, -1) && (!subscribed || !r.subscriptionConsumes(p)) {
		return 0
	}
	matched := subscribed && int(p) < r.total // C6 asks for a match
	if matched && (r.isCloud(p) || r.ix().policy.Billing != Metered) {
		return consumesLicense | consumesVisualStudio
	}
	return consumesLicense
}

// consumesAt says whether one of a person's accounts (C1, C3), accounts of
// one instance left aside (-1: none), or an invitation of theirs (C4)
// consumes.
func (r *Result) consumesAt(p person, without int) bool {
	if r.isCloud(p) && r.ix().accounts.is(uint32(p), consumesAny) {
		return true
	}
	if x := r.extraOf(p); x != nil && x.consumes {
		return true
	}
	if int(p) >= r.total {
		return false
	}
	accounts := r.accountsOf(p)
	if without < 0 {
		return len(accounts) > 0
	}
	return slices.ContainsFunc(accounts, func(a uint32) bool { return r.c.instanceOf(a) != without })
}

// subscriptionConsumes is the rest of C6: a matched subscriber whose cloud
// account is not suspended consumes, and by C7 an unmatched one when told so.
func (r *Result) subscriptionConsumes(p person) bool {
	if int(p) >= r.total {
		return true
	}
	return r.isCloud(p) && !r.ix().accounts.is(uint32(p), isSuspended)
}

func (r *Result) consumes(p person) bool { return r.state[p]&consumesLicense != 0 }

// accounts is the number of a person's accounts.
func (r *Result) accounts(p person) int {
	if int(p) >= r.total {
		return 0
	}
	n := int(r.first[p+1] - r.first[p])
	if r.isCloud(p) {
		n++
	}
	return n
}
