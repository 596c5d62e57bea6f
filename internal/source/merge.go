package source

import (
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// voice is what all files of one kind, lists or reports, say of the accounts.
// Of files that differ in a field the later one counts.
type voice struct {
	Accounts []licensing.CloudAccount
	index    map[string]int // accounts by lower-cased login
	// from is, by account and field, the part that the value is of: of several
	// that say the same the one with the latest date; none.
	from [][fields]uint8
}

const none = ^uint8(0)

// accounts merges the accounts by login: lists with lists, reports with reports,
// and in the end what the ones say with what the others do. A list and a report
// speak of some fields in different ways, so that neither could be compared with
// a mixture of both.
func (m *merger) accounts() {
	side := m.cloud.Side
	if len(m.parts) == 1 {
		side.Accounts = m.parts[0].Accounts
		return
	}
	for number, p := range m.parts {
		v := &m.Lists
		if p.report != nil {
			v = &m.Reported
		}
		for i := range p.Accounts {
			if m.problems.full() {
				return
			}
			m.hear(v, uint8(number), &p.Accounts[i], p.states[i])
		}
		p.Accounts, p.states = nil, nil
	}
	m.fold()
}

// hear merges one account of a part into what is known of its kind.
func (m *merger) hear(v *voice, number uint8, a *licensing.CloudAccount, states fieldSet) {
	key := strings.ToLower(a.Login)
	at, known := v.index[key]
	if !known {
		v.add(key, number, a, states)
		return
	}
	mine, from := &v.Accounts[at], &v.from[at]
	for f := range fields {
		switch {
		case !states.has(f):
		case from[f] == none:
			take(f, mine, a)
			from[f] = number
		default:
			m.hearField(f, mine, a, &from[f], number)
		}
	}
}

// add takes an account that is new.
func (v *voice) add(key string, number uint8, a *licensing.CloudAccount, states fieldSet) {
	if v.index == nil {
		v.index = map[string]int{}
	}
	v.index[key] = len(v.Accounts)
	v.Accounts = append(v.Accounts, *a)
	var from [fields]uint8
	for f := range fields {
		from[f] = none
		if states.has(f) {
			from[f] = number
		}
	}
	v.from = append(v.from, from)
}

// hearField merges a field that an earlier part of the same kind spoke of.
func (m *merger) hearField(f field, mine, theirs *licensing.CloudAccount, from *uint8, number uint8) {
	old, now := m.parts[*from], m.parts[number]
	if same(f, mine, theirs) {
		if later(now, old) {
			*from = number
		}
		return
	}
	if m.settle(old, now, mine.Login, f.String()) {
		take(f, mine, theirs)
		*from = number
	}
}

// fold brings lists and reports together.
func (m *merger) fold() {
	side := m.cloud.Side
	side.Accounts = m.Lists.Accounts
	for i := range m.Reported.Accounts {
		rep := &m.Reported.Accounts[i]
		at, known := m.Lists.index[strings.ToLower(rep.Login)]
		if !known {
			side.Accounts = append(side.Accounts, *rep)
			continue
		}
		side.Accounts[at].Reported = true
		lost := none
		for f := range fields {
			if m.problems.full() {
				return
			}
			if listed := m.Lists.from[at][f]; !m.foldField(f, &side.Accounts[at], rep, listed, m.Reported.from[i][f]) {
				lost = m.lost(rep.Login, m.Reported.from[i][f], listed, lost)
			}
		}
	}
}

// foldField gives a list's account what reports say of a field; false when they
// say otherwise and the list's word stays.
func (m *merger) foldField(f field, list, rep *licensing.CloudAccount, listed, reported uint8) bool {
	switch {
	case reported == none:
	case listed == none:
		take(f, list, rep)
	case m.agree(f, list, rep):
	case m.settle(m.parts[listed], m.parts[reported], list.Login, f.String()):
		m.amend(f, list, rep)
	default:
		return false
	}
	return true
}

// overruled is a report beside a list that is newer.
type overruled struct{ report, list uint8 }

// overruledBy are the accounts that a report says other things of than a newer
// list.
type overruledBy struct {
	accounts int
	login    string // the first
}

// lost notes that a report's word about an account does not count. An account is
// noted once: last is the report that was noted of it, or none.
func (m *merger) lost(login string, reported, listed, last uint8) uint8 {
	if last == reported {
		return last
	}
	if m.overruled == nil {
		m.overruled = map[overruled]overruledBy{}
	}
	pair := overruled{reported, listed}
	by := m.overruled[pair]
	if by.accounts++; by.accounts == 1 {
		by.login = login
	}
	m.overruled[pair] = by
	return reported
}

// warnAboutOlder says of which accounts a report's word does not count, and
// why: else whoever waits for what it says looks in vain.
func (m *merger) warnAboutOlder() {
	for rep := range m.parts {
		for list := range m.parts {
			by, ok := m.overruled[overruled{uint8(rep), uint8(list)}]
			if !ok {
				continue
			}
			m.cloud.Warnings = append(m.cloud.Warnings, warning("source.warn_older_report",
				"Count", by.accounts, "Login", shown(by.login),
				"File", m.parts[rep].name, "Date", m.parts[rep].made(), "Other", m.parts[list].name, "OtherDate", m.parts[list].made()))
		}
	}
}
