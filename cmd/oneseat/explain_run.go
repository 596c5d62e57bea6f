package main

import (
	"context"
	"errors"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// explain prints the people a question leads to instead of the count.
func (c *matchCommand) explain(ctx context.Context, s *session, out *counted) error {
	q := ask(c.Explain)
	found := out.find(q)
	absent, err := c.absent(ctx, s, out, q)
	switch {
	case err != nil:
		return err
	case len(found)+len(absent) == 0:
		return out.nobody(q)
	case len(found) == 0:
		s.out.Strong(s.T("explain.nobody_counts"))
	}
	whole, err := c.whole(ctx, found)
	if err != nil {
		return err
	}
	e := explainer{
		session: s, c: out, whole: whole, Around: out.around(found),
		rule: report.NewShown(out.side.VerifiedDomains, out.policy.ManagedUsers),
	}
	e.show(found, q)
	for i := range found {
		if i > 0 {
			s.out.Blank()
			s.out.Blank()
		}
		e.explain(&found[i])
	}
	if len(found) > 0 && len(absent) > 0 {
		s.out.Heading(s.T("explain.not_counted"))
	}
	for _, sentence := range absent {
		s.out.Prose(2, sentence)
	}
	s.out.Blank()
	s.faint("match.as_of", "Time", s.instant(out.policy.At))
	s.faint("match.not_the_bill")
	return nil
}

// whole reads again, with all their addresses, the server accounts of people
// who have no cloud account: near misses are looked for with them.
func (c *matchCommand) whole(ctx context.Context, people []licensing.Person) (map[licensing.HostID]*licensing.ServerAccount, error) {
	wanted := map[string]map[string]bool{}
	for i := range people {
		if people[i].Cloud >= 0 {
			continue
		}
		for _, a := range people[i].Servers {
			if wanted[a.Host] == nil {
				wanted[a.Host] = map[string]bool{}
			}
			wanted[a.Host][a.ID] = true
		}
	}
	out := map[licensing.HostID]*licensing.ServerAccount{}
	for _, f := range c.servers {
		host := licensing.NormalHost(f.host)
		if wanted[host] == nil {
			continue
		}
		if err := c.pick(ctx, f, wanted[host], host, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pick takes some accounts out of a file.
func (c *matchCommand) pick(ctx context.Context, f *serverFile, ids map[string]bool, host string, out map[licensing.HostID]*licensing.ServerAccount) (err error) {
	in, err := source.OpenServer(f.file, c.serverOptions())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	var summary source.ServerSummary
	for accounts, err := range in.Shards(&summary) {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		for i := range accounts {
			if ids[accounts[i].UserID] {
				out[licensing.HostID{Host: host, ID: accounts[i].UserID}] = &accounts[i]
			}
		}
	}
	return nil
}
