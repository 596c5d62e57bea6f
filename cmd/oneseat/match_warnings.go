package main

import (
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// countWarning is the sentence of a warning of the count. An instance that
// GitHub's report does not know may be misspelt: the nearest it knows is named.
func (s *session) countWarning(c *counted, w licensing.Warning) string {
	if w.Code != licensing.WarnUnknownHost {
		return s.sentence(w)
	}
	if near := nearest(w.Host, c.reportHosts()); near != "" {
		return s.T("match.unknown_host_near", "Host", w.Host, "Near", near)
	}
	return s.sentence(w)
}

// reportHosts are the server instances GitHub's report knows, sorted.
func (c *counted) reportHosts() []string {
	if c.side.Report == nil {
		return nil
	}
	seen := map[string]bool{}
	for i := range c.side.Report.Rows {
		for _, id := range c.side.Report.Rows[i].ServerAccounts {
			seen[licensing.NormalHost(id.Host)] = true
		}
	}
	hosts := make([]string, 0, len(seen))
	for host := range seen {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	return hosts
}
