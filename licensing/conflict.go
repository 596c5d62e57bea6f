package licensing

import (
	"cmp"
	"slices"
)

// Conflict is a tie that decided where something belongs: several cloud
// accounts were hit at the same rank (R10), or GitHub joined the address to
// one account and the id to another (R0).
type Conflict struct {
	// Value that hit: an address key, or for R0 by id the HOST:ID.
	Value Email
	// Rule that was applied: R0, R3 or R4; Attribute where the value stood.
	Rule      Rule
	Attribute Attribute
	// Chosen is the login that won; Candidates are all of them, the chosen
	// one first, the others in R10's order.
	Chosen     string
	Candidates []string
}

// findConflicts collects the ties that decided, each once.
func (r *Result) findConflicts() []Conflict {
	keys, ids := map[uint32]bool{}, map[uint32]bool{}
	var out []Conflict
	r.c.each(func(a uint32, row *row) {
		switch {
		case row.why&whyTie == 0:
			return
		case row.why&whyRule == why(AttrReportID):
			ids[row.ref] = true
			return
		case r.ix().keys.holder(row.ref).ranks.tie() != 0:
			keys[row.ref] = true
		}
		if c, ok := r.keyAgainstID(a, row); ok {
			out = append(out, c)
		}
	})
	for i := range r.subs {
		r.noteTie(keys, r.subs[i].Reason)
	}
	for n := range keys {
		out = append(out, r.ix().keyConflict(n))
	}
	for n := range ids {
		out = append(out, r.ix().idConflict(n))
	}
	out = append(out, r.ix().inviteConflicts(keys)...)
	slices.SortFunc(out, compareConflicts)
	return out
}

func compareConflicts(a, b Conflict) int {
	return cmp.Or(cmp.Compare(a.Value.text, b.Value.text), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Attribute, b.Attribute))
}

func (r *Result) noteTie(keys map[uint32]bool, why Reason) {
	if !why.Tie {
		return
	}
	if n, ok := r.ix().keys.lookup(why.Value.text); ok {
		keys[n] = true
	}
}

func (ix *Index) keyConflict(n uint32) Conflict {
	at := ix.keys.holder(n).ranks.attribute()
	return ix.conflict(Email{string(ix.keys.text(n))}, at, ix.keys.contested[n].tied)
}

func (ix *Index) conflict(value Email, at Attribute, tied []uint32) Conflict {
	c := Conflict{Value: value, Rule: why(at).rule(), Attribute: at}
	for _, a := range tied {
		c.Candidates = append(c.Candidates, ix.accounts.login(a))
	}
	c.Chosen = c.Candidates[0]
	return c
}

// idConflict is a HOST:ID that several rows of GitHub's report name.
func (ix *Index) idConflict(n uint32) Conflict {
	tied := slices.Clone(ix.report.rivals[n])
	slices.Sort(tied)
	tied = slices.Compact(tied)
	chosen := ix.report.accountOf(n)
	slices.SortFunc(tied, func(a, b uint32) int {
		return cmp.Or(firstTrue(a == chosen, b == chosen), ix.preference(claim{account: a}, claim{account: b}))
	})
	return ix.conflict(Email{ix.report.hostID(n).String()}, AttrReportID, tied)
}

// keyAgainstID is R0's own conflict: GitHub joined the address to one account
// and the id to another.
func (r *Result) keyAgainstID(a uint32, row *row) (Conflict, bool) {
	if row.why&whyRule != why(AttrReportEmail) {
		return Conflict{}, false
	}
	id := r.c.hostID(a)
	n, ok := r.ix().report.find(id.Host, id.ID)
	if !ok || r.ix().report.accountOf(n) == none || r.ix().report.accountOf(n) == r.ix().keys.holder(row.ref).account {
		return Conflict{}, false
	}
	tied := []uint32{r.ix().keys.holder(row.ref).account, r.ix().report.accountOf(n)}
	return r.ix().conflict(Email{id.String()}, AttrReportID, tied), true
}

// inviteConflicts are the ties of invitations that are not among keys: R8
// leaves R0 aside, so that the candidates may be others.
func (ix *Index) inviteConflicts(keys map[uint32]bool) []Conflict {
	var out []Conflict
	seen := map[uint32]bool{}
	for i := range ix.invitations {
		why := ix.invitations[i].Reason
		n, ok := ix.keys.lookup(why.Value.text)
		if !why.Tie || !ok || seen[n] || keys[n] && ix.keys.holder(n).ranks.attribute() == why.Attribute {
			continue
		}
		seen[n] = true
		candidates, _ := ix.winner(ix.keys.claims(n), allRanks&^rankReport)
		tied := make([]uint32, 0, len(candidates))
		for _, c := range candidates {
			tied = append(tied, c.account)
		}
		out = append(out, ix.conflict(why.Value, why.Attribute, tied))
	}
	return out
}
