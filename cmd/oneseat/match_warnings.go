package main

import (
	"slices"

	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
)

// warnings are the sentences of the readers and of the count. A warning that
// many instances share is one sentence.
func (s *session) warnings(c *counted) []string {
	list := slices.Clone(c.notes)
	all := c.result.Warnings()
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Code == all[0].Code {
			n++
		}
		if n > fewHosts || n > 1 && all[0].Code == licensing.WarnUnknownHost {
			list = append(list, s.sharedWarning(c, all[:n]))
		} else {
			for _, w := range all[:n] {
				list = append(list, s.countWarning(c, w))
			}
		}
		all = all[n:]
	}
	return list
}

// fewHosts is for how many instances a warning is repeated.
const fewHosts = 3

// sharedWarning is one sentence for a warning of many instances.
func (s *session) sharedWarning(c *counted, all []licensing.Warning) string {
	count := 0
	var hosts []string
	for _, w := range all {
		count += w.Count
		hosts = append(hosts, w.Host)
	}
	if all[0].Code == licensing.WarnUnknownHost {
		hosts = s.unknownHosts(c)
	}
	return s.T("match.shared."+string(all[0].Code), "Count", count, "Hosts", len(all), "Names", bounded(hosts))
}

// countWarning is the sentence of a warning of the count. An instance that
// GitHub's report does not know may be misspelt: the nearest it knows is named.
func (s *session) countWarning(c *counted, w licensing.Warning) string {
	if w.Code != licensing.WarnUnknownHost {
		return s.sentence(w)
	}
	if near := nearest.To(w.Host, c.reportHosts()); near != "" {
		return s.T("match.unknown_host_near", "Host", w.Host, "Near", near)
	}
	return s.sentence(w)
}

// reportHosts are the server instances GitHub's report knows and no file was
// given for, sorted.
func (c *counted) reportHosts() []string {
	if c.side.Report == nil {
		return nil
	}
	given, seen := map[string]bool{}, map[string]bool{}
	for _, f := range c.servers {
		given[licensing.NormalHost(f.host)] = true
	}
	for i := range c.side.Report.Rows {
		for _, id := range c.side.Report.Rows[i].ServerAccounts {
			if host := licensing.NormalHost(id.Host); !given[host] {
				seen[host] = true
			}
		}
	}
	hosts := make([]string, 0, len(seen))
	for host := range seen {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	return hosts
}
