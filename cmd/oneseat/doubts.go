package main

import (
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
)

// doubts are warnings about the files as a whole: each is in order, and yet
// what was given is probably not what was meant.
func (c *matchCommand) doubts(s *session, out *counted) []string {
	notes := slices.Concat(c.mixedUp(s, out), c.future(s, out))
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

// mixedUp warns of files that are probably of other instances than was said.
func (c *matchCommand) mixedUp(s *session, out *counted) []string {
	instances := make([]mixup.Instance, len(c.servers))
	for n, f := range c.servers {
		instances[n] = mixup.Instance{Host: f.host, Accounts: int64(f.summary.Accounts), Digest: f.digest, Sample: f.Sample}
	}
	var rows []licensing.ReportRow
	if out.side.Report != nil {
		rows = out.side.Report.Rows
	}
	var notes []string
	for _, found := range mixup.Find(instances, rows) {
		f := c.servers[found.At]
		host := licensing.NormalHost(f.host)
		switch found.Code {
		case mixup.SameAccounts:
			notes = append(notes, s.T("match.same_accounts", "Host", found.Other, "Other", host,
				"File", c.servers[found.OtherAt].file.Name, "OtherFile", f.file.Name))
		case mixup.Swapped:
			notes = append(notes, s.T("match.swapped", "File", f.file.Name, "Host", host, "Other", found.Other))
		case mixup.OtherPeople:
			notes = append(notes, s.T("match.other_people", "File", f.file.Name, "Host", host))
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
