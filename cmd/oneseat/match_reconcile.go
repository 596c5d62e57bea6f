package main

import (
	"github.com/oneseat/oneseat/licensing"
)

// reconciliationTable relates the number to GitHub's own: each term, and who
// is behind it and why.
func (s *session) reconciliationTable(c *counted) {
	rc := c.result.Reconciliation()
	if rc == nil {
		return
	}
	s.reconciliationSums(rc, c.side.Report != nil)
	if len(rc.Items) > 0 {
		s.out.Blank()
		s.causes(c, rc.Items)
	}
}

// reconciliationSums is how one leads from GitHub's figure to ours.
func (s *session) reconciliationSums(rc *licensing.Reconciliation, ofReport bool) {
	title := s.T("match.reconciliation_figure", "Date", s.date(rc.Date))
	if ofReport {
		title = s.T("match.reconciliation", "Date", s.date(rc.Date))
	}
	s.sums(title, reconciliationLines(rc))
}

// reconciliationLines leaves out the terms that are nothing.
func reconciliationLines(rc *licensing.Reconciliation) []sum {
	lines := []sum{{"match.figure", rc.Figure}}
	unexplained := sum{"match.less_unexplained", rc.Unexplained}
	if rc.Unexplained < 0 {
		unexplained = sum{"match.plus_unexplained", -rc.Unexplained}
	}
	for _, l := range []sum{
		{"match.less_more_there", rc.MoreThere},
		unexplained,
		{"match.plus_several_here", rc.SeveralHere},
		{"match.plus_only_here", rc.OnlyHere},
		{"match.less_only_there", rc.OnlyThere},
	} {
		if l.value != 0 {
			lines = append(lines, l)
		}
	}
	return append(lines, sum{"match.total_here", rc.Licenses})
}

// causes opens the terms: how many for which cause, and who.
func (s *session) causes(c *counted, items []licensing.ReconcileItem) {
	const indent = 6
	for _, g := range c.groups(items) {
		s.out.Prose(2, s.T(
			"match.cause", "Licenses", sign(g)+s.Number(g.count),
			"Term", s.T("licensing.term."+g.term.String()), "Cause", s.T("licensing.cause."+g.cause.String()),
		))
		if len(g.names) > 0 {
			s.out.List(indent, g.names, g.more)
		}
	}
	s.faintAt(2, "match.causes_all")
}

// sign is what a group does to GitHub's figure on the way to ours.
func sign(g *group) string {
	switch g.term {
	case licensing.TermMoreThere, licensing.TermOnlyThere:
		return "−"
	case licensing.TermSeveralHere, licensing.TermOnlyHere:
	}
	return "+"
}
