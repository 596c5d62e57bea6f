package main

import (
	"context"
	"io"
	"net/http"
	"slices"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
)

type reportCommand struct {
	asker

	Format     string `default:"table" placeholder:"table|csv|json"`
	Generation string `placeholder:"A|C"`
	BOM        bool   `name:"bom"`
	Output     string `placeholder:"FILE"`
}

// Run shows what a hub counted.
func (c *reportCommand) Run(ctx context.Context, s *session) error {
	if err := c.check(); err != nil {
		return err
	}
	hub, err := c.client(s, "oneseat report")
	if err != nil {
		return err
	}
	if c.Format == "csv" {
		return c.refused(c.csv(ctx, s, hub))
	}
	now, err := hub.Statement(ctx)
	if err != nil {
		return c.refused(err)
	}
	rc, err := hub.Reconciliation(ctx)
	switch {
	case isStatus(err, http.StatusNotFound):
		rc = nil
	case err != nil:
		return c.refused(err)
	}
	if c.Format == "json" {
		return s.json(map[string]any{"result": now, "reconciliation": rc})
	}
	s.report(now, rc)
	return nil
}

// check looks at the options alone.
func (c *reportCommand) check() error {
	if err := oneOf("--format", c.Format, "table", "csv", "json"); err != nil {
		return err
	}
	if c.Format != "csv" {
		for _, given := range []struct {
			option string
			yes    bool
		}{{"--generation", c.Generation != ""}, {"--bom", c.BOM}, {"--output", c.Output != ""}} {
			if given.yes {
				return usage("report.csv_alone", "Option", given.option)
			}
		}
		return nil
	}
	if c.Generation != "" {
		if err := oneOf("--generation", c.Generation, "A", "C"); err != nil {
			return err
		}
	}
	return checkOutput(c.Output)
}

// csv writes the consumed licenses; a file appears whole or not at all.
func (c *reportCommand) csv(ctx context.Context, s *session, hub *client.Client) error {
	form := client.CSV{Generation: c.Generation, ByteOrderMark: c.BOM}
	if c.Output == "" {
		return hub.ConsumedLicenses(ctx, s.stdout, form)
	}
	return cannotWrite(c.Output, atomicfile.Create(c.Output, 0o600, func(w io.Writer) error {
		return hub.ConsumedLicenses(ctx, w, form)
	}))
}

// report is the answer for people, as match gives it.
func (s *session) report(r *client.Result, rc *client.Reconciliation) {
	st, v := licensing.Statement(r.Statement), visibility(&r.Range)
	s.out.Strong(s.headline(st, v, r.Purchased))
	s.out.Prose(2, s.T("match.as_of", "Time", s.instant(r.AsOf)))
	s.sureness(st, v)
	s.statementTable(st)
	if len(r.Instances) > 0 {
		var all []licensing.InstanceStatement
		for _, one := range r.Instances {
			all = append(all, licensing.InstanceStatement{
				Host: one.Host, Reported: one.FromReport, Accounts: one.Accounts, Repeated: one.Repeated,
				ConsumeWithout: one.ConsumeWithout, OnlyHere: one.OnlyHere,
			})
		}
		s.instanceSums(all)
		s.faintAt(2, "match.only_here")
	}
	if rc != nil {
		s.reconciliationSums(&licensing.Reconciliation{
			Figure: rc.Figure, Date: rc.Date, MoreThere: rc.MoreThere, SeveralHere: rc.SeveralHere, OnlyHere: rc.OnlyHere,
			OnlyThere: rc.OnlyThere, Unexplained: rc.Unexplained, Licenses: rc.Licenses,
		}, false)
	}
	s.warningList(s.resultWarnings(r))
	s.out.Blank()
	s.faint("match.not_the_bill")
	s.faint("report.everybody")
}

// resultWarnings are the sentences about a count, those first that put the
// total in doubt. An instance that GitHub's report does not know may be
// misspelt: the nearest of those it knows and nobody uploaded is named, as
// "match" does.
func (s *session) resultWarnings(r *client.Result) []string {
	var reported, doubts, rest []string
	for _, one := range r.Instances {
		if one.FromReport {
			reported = append(reported, one.Host)
		}
	}
	for _, in := range r.Inputs {
		if in.HostName == "" && in.SourceAt.IsZero() {
			doubts = append(doubts, s.T("report.undated"))
		}
	}
	for _, w := range r.Warnings {
		near := nearest.To(w.Host, reported)
		switch {
		case slices.Contains(doubtCodes(), w.Code):
			doubts = append(doubts, w.Message)
		case w.Code != string(licensing.WarnUnknownHost):
			rest = append(rest, w.Message)
		case near != "":
			doubts = append(doubts, s.T("match.unknown_host_near", "Host", w.Host, "Near", near))
		default:
			doubts = append(doubts, w.Message)
		}
	}
	return append(doubts, rest...)
}

// doubtCodes are those of warnings that put the total in doubt.
func doubtCodes() []string {
	return []string{"empty", string(mixup.SameAccounts), string(mixup.Swapped), string(mixup.OtherPeople)}
}

func visibility(r *client.Range) licensing.Visibility {
	return licensing.Visibility{
		Accounts: r.CloudAccounts, ByVerified: r.ByVerified, ByIdentity: r.ByIdentity, ByGitHub: r.ByGitHub, ByNothing: r.ByNothing,
		Hidden: r.Hidden, Undecided: r.Undecided, Doubled: r.Doubled, Missing: r.Missing, Low: r.Low, High: r.High,
	}
}

func messages(warnings []client.Warning) []string {
	list := make([]string, 0, len(warnings))
	for _, w := range warnings {
		list = append(list, w.Message)
	}
	return list
}
