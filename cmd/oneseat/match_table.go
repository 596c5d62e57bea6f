package main

import (
	"cmp"
	"strings"

	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
)

// How many rows a list of the table has at most; JSON and CSV have everybody.
const (
	maxInstanceRows = 20
	maxConflictRows = 10
	maxPeopleRows   = 10
	maxNames        = 10 // in one cell
)

// table writes the answer for people: first the number with its range, then
// how it comes about, how it relates to GitHub's, and who is worth a look.
func (s *session) table(c *counted) {
	s.answer(c)
	s.statementTable(c.result.Statement())
	s.instanceTable(c)
	s.reconciliationTable(c)
	survey := surveyOf(c)
	s.serverOnlyTable(c, survey)
	s.severalTable(c, survey)
	s.conflictTable(c.result.Conflicts())
	s.warningList(s.warnings(c))
	s.out.Blank()
	s.faint("match.not_the_bill")
	s.faint("match.everybody")
}

func (s *session) faint(key string, args ...any) { s.faintAt(0, key, args...) }

func (s *session) faintAt(indent int, key string, args ...any) {
	s.out.Faint(indent, s.T(key, args...))
}

// answer is the number, the range right beside it, and what would narrow it.
func (s *session) answer(c *counted) {
	st, v := c.result.Statement(), c.result.Visibility()
	s.out.Strong(s.headline(st, v, c.side.Enterprise.Purchased))
	s.out.Prose(2, s.T("match.as_of", "Time", s.instant(c.policy.At)))
	if unknown := s.unknownHosts(c); len(unknown) > 0 {
		s.out.Prose(2, s.T("match.headline_unknown_host", "Count", len(unknown), "Names", bounded(unknown)))
	}
	s.sureness(st, v)
}

// sureness says how sure the number is, and what would narrow the range.
func (s *session) sureness(st licensing.Statement, v licensing.Visibility) {
	if hidden := st.Licenses - v.Low - v.Doubled; hidden > 0 {
		s.out.Prose(2, s.T("match.range_hidden", "Count", hidden))
	}
	if v.Doubled > 0 {
		s.out.Prose(2, s.T("match.range_doubled", "Count", v.Doubled))
	}
	if v.Missing > 0 {
		s.out.Prose(2, s.T("match.range_missing", "Count", v.Missing))
	}
	switch {
	case v.Low != v.High:
	case v.Hidden:
		s.out.Prose(2, s.T("match.range_nobody"))
	default:
		s.out.Prose(2, s.T("match.range_none"))
	}
	if v.Accounts > 0 {
		s.out.Prose(2, s.T("match.comparable", "Count", v.Accounts, "Shares", s.shares(v)))
	}
}

// shares says by what cloud accounts can be compared, each by its best.
func (s *session) shares(v licensing.Visibility) string {
	var parts []string
	for _, part := range []struct {
		key string
		n   int
	}{
		{"match.by_verified", v.ByVerified},
		{"match.by_identity", v.ByIdentity},
		{"match.by_github", v.ByGitHub},
		{"match.by_nothing", v.ByNothing},
	} {
		if part.n > 0 {
			parts = append(parts, s.T(part.key, "N", part.n))
		}
	}
	return strings.Join(parts, ", ")
}

func (s *session) headline(st licensing.Statement, v licensing.Visibility, bought int) string {
	number := s.T("match.licenses", "Count", st.Licenses)
	if v.Low != v.High {
		number = s.T("match.licenses_between", "Count", st.Licenses, "Low", v.Low, "High", v.High)
	}
	switch {
	case bought == 0:
		return number
	case st.Licenses > bought:
		return number + s.T("match.over", "Purchased", bought, "Count", st.Licenses-bought)
	case st.Licenses == bought:
		return number + s.T("match.none_left", "Purchased", bought)
	default:
		return number + s.T("match.left", "Purchased", bought, "Count", bought-st.Licenses)
	}
}

// sum is one line of a column of figures.
type sum struct {
	key   string
	value int
}

// sums writes a column of figures whose last line is the total.
func (s *session) sums(title string, lines []sum) {
	t := terminal.Table{Indent: 2, Total: true, Columns: []terminal.Column{{}, {Right: true, Fixed: true}}}
	for _, l := range lines {
		t.Rows = append(t.Rows, []terminal.Cell{terminal.Text(s.T(l.key)), s.figure(l.value)})
	}
	s.out.Heading(title)
	s.out.Table(t)
}

func (s *session) figure(n int) terminal.Cell { return terminal.Text(s.Number(n)) }

func (s *session) statementTable(st licensing.Statement) {
	s.sums(s.T("match.statement"), []sum{
		{"match.cloud_accounts", st.CloudAccounts},
		{"match.server_accounts", st.ServerAccounts},
		{"match.invited_only", st.InvitedOnly},
		{"match.not_consuming", st.NotConsuming},
		{"match.joined", st.Joined},
		{"match.total", st.Licenses},
	})
	if st.VisualStudio > 0 {
		s.out.Prose(2, s.T("match.types", "Enterprise", st.Licenses-st.VisualStudio, "VisualStudio", st.VisualStudio))
	}
}

// instanceTable is the sum of each server instance, with what was left out
// beforehand.
func (s *session) instanceTable(c *counted) {
	all := c.result.Instances()
	if len(all) == 0 {
		return
	}
	s.instanceSums(all)
	if text := s.leftOutText(c); text != "" {
		s.out.Prose(2, s.T("match.left_out", "Text", text))
	}
	s.faintAt(2, "match.only_here")
}

// instanceSums are the sums of server instances, those with most people first
// when there are too many.
func (s *session) instanceSums(all []licensing.InstanceStatement) {
	t := terminal.Table{Indent: 2, Columns: []terminal.Column{
		{Head: s.T("match.head.instance")},
		{Head: s.T("match.head.accounts"), Right: true, Fixed: true},
		{Head: s.T("match.head.repeated"), Right: true, Fixed: true},
		{Head: s.T("match.head.without"), Right: true, Fixed: true},
		{Head: s.T("match.head.only_here"), Right: true, Fixed: true},
	}}
	shown := largest(all, maxInstanceRows, func(a, b licensing.InstanceStatement) int { return cmp.Compare(b.OnlyHere, a.OnlyHere) })
	for _, in := range shown {
		host := in.Host
		if in.Reported {
			host = s.T("match.reported_host", "Host", in.Host)
		}
		t.Rows = append(t.Rows, []terminal.Cell{
			terminal.Text(host), s.figure(in.Accounts), s.figure(in.Repeated), s.figure(in.ConsumeWithout), s.figure(in.OnlyHere),
		})
	}
	s.out.Heading(s.T("match.instances"))
	s.out.Table(t)
	s.more(len(all) - len(shown))
}

// more says how many rows of a list were left out.
func (s *session) more(n int) {
	if n > 0 {
		s.out.Faint(2, s.T("match.more", "Count", n))
	}
}
