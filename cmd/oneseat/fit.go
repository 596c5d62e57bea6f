package main

import (
	"maps"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// fitSample is how many accounts of an instance are compared with GitHub's
// report, and fewFit up to how many that agree, or do not, are chance.
const (
	fitSample = 4096
	fewFit    = 2
)

// sample are a few accounts of an instance, by user id: the keys of their
// addresses.
type sample map[string][]licensing.Key

func sampleOf(accounts []licensing.ServerAccount) sample {
	out := sample{}
	for i := range accounts[:min(len(accounts), fitSample)] {
		for _, e := range accounts[i].Emails {
			if key, ok := e.Email.Key(); ok {
				out[accounts[i].UserID] = append(out[accounts[i].UserID], key)
			}
		}
	}
	return out
}

// fit says how well a sample fits an instance as GitHub's report knows it.
type fit struct{ known, agree int }

// fits compares the sample of each file with every instance GitHub's report
// knows, in one pass over the report.
func (c *matchCommand) fits(report *licensing.GitHubReport) []map[string]fit {
	all := make([]map[string]fit, len(c.servers))
	holders := map[string][]int{} // files by user id
	for n, f := range c.servers {
		all[n] = map[string]fit{}
		for id := range f.Sample {
			holders[id] = append(holders[id], n)
		}
	}
	for i := range report.Rows {
		row := &report.Rows[i]
		if len(row.ServerEmails) == 0 {
			continue
		}
		for _, id := range row.ServerAccounts {
			host := licensing.NormalHost(id.Host)
			for _, n := range holders[id.ID] {
				at := all[n][host]
				at.known++
				if isOf(row, c.servers[n].Sample[id.ID]) {
					at.agree++
				}
				all[n][host] = at
			}
		}
	}
	return all
}

// swapped warns of files that look like those of another instance: GitHub's
// report joins the same user ids to other addresses.
func (c *matchCommand) swapped(s *session, out *counted) []string {
	if out.side.Report == nil {
		return nil
	}
	var notes []string
	for n, hosts := range c.fits(out.side.Report) {
		f, host := c.servers[n], licensing.NormalHost(c.servers[n].host)
		own, best := hosts[host], ""
		for _, other := range slices.Sorted(maps.Keys(hosts)) {
			if other != host && hosts[other].agree > max(hosts[best].agree, 2*own.agree, fewFit) {
				best = other
			}
		}
		switch {
		case best != "":
			notes = append(notes, s.T("match.swapped", "File", f.file.Name, "Host", host, "Other", best))
		case own.known > fewFit && 2*own.agree < own.known:
			notes = append(notes, s.T("match.other_people", "File", f.file.Name, "Host", host))
		}
	}
	return notes
}

// isOf says that a row of the report has one of an account's addresses.
func isOf(row *licensing.ReportRow, keys []licensing.Key) bool {
	return slices.ContainsFunc(row.ServerEmails, func(e licensing.Email) bool {
		key, ok := e.Key()
		return ok && slices.Contains(keys, key)
	})
}
