package main

import (
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
)

// doubts are warnings about the files as a whole: each is in order, and yet
// what was given is probably not what was meant.
func (c *matchCommand) doubts(s *session, out *counted) []string {
	notes := slices.Concat(c.sameAccounts(s), c.swapped(s, out), c.future(s, out))
	if len(c.servers) == 0 {
		notes = append(notes, s.T("match.no_server"))
	}
	for _, f := range c.servers {
		if f.header != nil && c.policies.leaveOutNeverSignedIn() {
			notes = append(notes, s.T("match.never_signed_in", "File", f.file.Name))
		}
	}
	return notes
}

// sameAccounts warns of two instances with the same accounts: every instance's
// report downloads under the same name.
func (c *matchCommand) sameAccounts(s *session) []string {
	var notes []string
	for i, f := range c.servers {
		for _, other := range c.servers[:i] {
			if f.summary.Accounts > 0 && f.summary.Accounts == other.summary.Accounts && f.digest == other.digest {
				notes = append(notes, s.T(
					"match.same_accounts", "Host", licensing.NormalHost(other.host), "Other", licensing.NormalHost(f.host),
					"File", other.file.Name, "OtherFile", f.file.Name,
				))
				break
			}
		}
	}
	return notes
}

// future warns of dates that are to come; a day's difference is one of clocks
// and time zones.
func (c *matchCommand) future(s *session, out *counted) []string {
	var notes []string
	limit := s.now.Add(24 * time.Hour)
	for _, f := range c.cloud {
		if f.Date.After(limit) {
			notes = append(notes, s.T("match.future", "File", f.Name, "Date", s.date(f.Date)))
		}
	}
	if at := out.figureDate(); len(notes) == 0 && at.After(limit) {
		notes = append(notes, s.T("match.future_report", "Date", s.date(at)))
	}
	if len(notes) == 0 && out.side.AsOf.After(limit) {
		notes = append(notes, s.T("match.future_list", "Date", s.date(out.side.AsOf)))
	}
	return notes
}

// unknownHosts are the instances GitHub's report does not know, each with the
// nearest it knows, if there is one.
func (s *session) unknownHosts(c *counted) []string {
	var names []string
	known := c.reportHosts()
	for _, w := range c.result.Warnings() {
		if w.Code != licensing.WarnUnknownHost {
			continue
		}
		if near := nearest.To(w.Host, known); near != "" {
			names = append(names, s.T("match.host_near", "Host", w.Host, "Near", near))
		} else {
			names = append(names, w.Host)
		}
	}
	return names
}

// leftOutLines say of each instance how many of its accounts do not count.
func (s *session) leftOutLines(c *counted) []string {
	var lines []string
	for _, f := range c.servers {
		if sum := f.summary; sum.Suspended+sum.BuiltIn+sum.NeverSignedIn > 0 {
			lines = append(lines, s.T("match.left_out_of", "Host", licensing.NormalHost(f.host), "Causes", s.leftOut(sum)))
		}
	}
	return lines
}

// leftOutText is all of them in one paragraph, at most maxInstanceRows.
func (s *session) leftOutText(c *counted) string {
	lines := s.leftOutLines(c)
	more := len(lines) - maxInstanceRows
	if more > 0 {
		lines = append(lines[:maxInstanceRows], s.T("match.left_out_more", "Count", more))
	}
	return strings.Join(lines, "; ")
}
