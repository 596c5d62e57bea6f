package licensing

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// placeSubscriptions is R9. Those that belong to nobody become persons of
// their own at the end of the numbering when the policy says they consume.
func (r *Result) placeSubscriptions() {
	r.subsOf = map[person][]int{}
	r.subs = slices.Clone(r.ix().subscriptions)
	subs := r.subs
	for i := range subs {
		p, ok := r.placeSubscription(&subs[i])
		if !ok {
			r.unmatched = append(r.unmatched, i)
			continue
		}
		r.subsOf[p] = append(r.subsOf[p], i)
	}
	slices.SortStableFunc(r.unmatched, func(a, b int) int { return compareSubscriptions(&subs[a], &subs[b]) })
	for _, list := range r.subsOf {
		slices.SortStableFunc(list, func(a, b int) int { return compareSubscriptions(&subs[a], &subs[b]) })
	}
	for _, i := range r.unmatched {
		r.c.warnings.at(WarnUnmatched, "").add(subs[i].ID)
	}
	if r.ix().policy.ConsumeUnlinkedSubscribers {
		r.nameUnmatched()
		for n := range r.unmatched {
			p := person(r.total + n) //nolint:gosec // fewer than none
			r.subsOf[p] = []int{r.unmatched[n]}
		}
	}
}

func compareSubscriptions(a, b *PlacedSubscription) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Email.text, b.Email.text), cmp.Compare(a.Login, b.Login))
}

func (r *Result) placeSubscription(s *PlacedSubscription) (person, bool) {
	s.Reason = Reason{Rule: R9}
	if s.Login != "" {
		if n, ok := r.ix().accounts.logins.lookup(strings.ToLower(s.Login)); ok {
			return person(n), true
		}
		r.c.warnings.at(WarnSubscriptionLogin, "").add(s.Login)
	}
	key, ok := addressKey(s.Email.text)
	if !ok {
		return 0, false
	}
	s.Reason.Value = Email{key}
	hash := r.ix().keys.hash(key)
	v := r.ix().judge("", "", key, hash)
	s.Reason.Attribute, s.Reason.Tie = v.why.attribute(), v.why&whyTie != 0
	if v.why.rule() == R0 {
		s.Reason.Source = r.ix().report.date
	}
	if v.why&whyRule != whyKey {
		return r.ix().personOf(v), true
	}
	n, ok := r.c.keys.find(key, hash)
	return person(r.keyPerson()) + person(n), ok //nolint:gosec // fewer than none
}

// nameUnmatched gives the unmatched subscriptions anchors of their own: the
// id, or else the address or the login, which a "#" in front marks; equal ones
// are told apart by number.
func (r *Result) nameUnmatched() {
	seen := map[string]int{}
	for _, i := range r.unmatched {
		s := &r.subs[i]
		name := strings.ReplaceAll(s.ID, "#", "##")
		if s.ID == "" {
			name = "#" + cmp.Or(s.Email.text, s.Login)
		}
		if seen[name]++; seen[name] > 1 {
			name += "#" + strconv.Itoa(seen[name])
		}
		r.unmatchedNames = append(r.unmatchedNames, name)
	}
}

func (r *Result) placeInvitations() {
	r.invitesOf = map[person][]int{}
	for i, p := range r.ix().inviteOwner {
		r.invitesOf[p] = append(r.invitesOf[p], i)
	}
}
