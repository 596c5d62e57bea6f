package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// answerDocument is the member "oneseat" of the JSON: what the consumed-license
// report has no place for. Its keys are contracts: add freely, rename never.
type answerDocument struct {
	AsOf           string                  `json:"as_of"`
	Statement      statementDocument       `json:"statement"`
	Range          rangeDocument           `json:"range"`
	Reconciliation *reconciliationDocument `json:"reconciliation"` // null when GitHub's figure is unknown
	Conflicts      []conflictDocument      `json:"conflicts"`
	Warnings       []warningLine           `json:"warnings"`
}

type statementDocument struct {
	CloudAccounts  int                `json:"cloud_accounts"`
	ServerAccounts int                `json:"server_accounts"`
	Accounts       int                `json:"accounts"`
	InvitedOnly    int                `json:"invited_only"`
	NotConsuming   int                `json:"not_consuming"`
	Joined         int                `json:"joined"`
	Licenses       int                `json:"licenses"`
	VisualStudio   int                `json:"visual_studio"`
	Instances      []instanceDocument `json:"instances"`
}

type instanceDocument struct {
	Host           string `json:"host"`
	FromReport     bool   `json:"from_report"` // no snapshot was loaded
	Accounts       int    `json:"accounts"`
	Repeated       int    `json:"repeated"`
	ConsumeWithout int    `json:"consume_without"`
	OnlyHere       int    `json:"only_here"`
	// LeftOut are the accounts of its file that do not count; of a usage file
	// they were left out before, and are unknown.
	LeftOut leftOutDocument `json:"left_out"`
}

type leftOutDocument struct {
	Suspended     int `json:"suspended"`
	BuiltIn       int `json:"built_in"`
	NeverSignedIn int `json:"never_signed_in"`
}

type rangeDocument struct {
	Low           int  `json:"low"`
	High          int  `json:"high"`
	CloudAccounts int  `json:"cloud_accounts"`
	ByVerified    int  `json:"comparable_by_verified_address"`
	ByIdentity    int  `json:"comparable_by_identity"`
	ByGitHub      int  `json:"comparable_by_github_join"`
	ByNothing     int  `json:"comparable_by_nothing"`
	Hidden        bool `json:"hidden_addresses"`
	Undecided     int  `json:"undecided_people"`
	Doubled       int  `json:"invitations_maybe_twice"`
	Missing       int  `json:"missing_rows"`
}

type reconciliationDocument struct {
	Figure      int                    `json:"figure"`
	Date        string                 `json:"date"` // empty when unknown
	MoreThere   int                    `json:"counted_there_more_than_once"`
	SeveralHere int                    `json:"one_there_several_here"`
	OnlyHere    int                    `json:"only_here"`
	OnlyThere   int                    `json:"only_there"`
	Unexplained int                    `json:"unexplained"`
	Licenses    int                    `json:"licenses"`
	Items       []reconciliationDetail `json:"items"`
}

type reconciliationDetail struct {
	Term  string   `json:"term"`
	Count int      `json:"count"`
	Cause string   `json:"cause"`
	There []string `json:"there"` // rows of the report, each by what it names first
	Here  []string `json:"here"`  // anchors of people
}

type conflictDocument struct {
	Value      string   `json:"value"`
	Rule       string   `json:"rule"`
	Attribute  string   `json:"attribute"`
	Chosen     string   `json:"chosen"`
	Candidates []string `json:"candidates"`
}

type warningLine struct {
	Code     string   `json:"code"` // empty for one of a reader
	Host     string   `json:"host"`
	Count    int      `json:"count"`
	Examples []string `json:"examples"`
	Message  string   `json:"message"`
}

// matchJSON streams the report with everybody in it.
func (s *session) matchJSON(ctx context.Context, c *counted) error {
	last, err := json.Marshal(s.answerDocument(c))
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	buffer := bufio.NewWriterSize(s.stdout, 64<<10)
	w := report.NewJSONWriter(buffer, report.Totals{
		Consumed: c.result.Statement().Licenses, Purchased: c.side.Enterprise.Purchased,
	})
	if err := s.each(ctx, c, w.Write); err != nil {
		return err
	}
	if err := w.Close(report.Member{Name: "oneseat", Value: last}); err != nil {
		return err
	}
	return buffer.Flush()
}

// matchCSV streams the report as CSV. The instant it is computed for goes to
// standard error: a CSV has no place for it.
func (s *session) matchCSV(ctx context.Context, c *counted) error {
	s.note(s.T("match.as_of", "Time", s.instant(c.policy.At)))
	for _, sentence := range s.warnings(c) {
		s.warn(sentence)
	}
	w, err := report.NewCSVWriter(s.stdout, report.CSVOptions{})
	if err != nil {
		return err
	}
	if err := s.each(ctx, c, w.Write); err != nil {
		return err
	}
	return w.Close()
}

// each writes the row of everybody who consumes a license, in order.
func (s *session) each(ctx context.Context, c *counted, write func(*report.User) error) error {
	rows := report.NewBuilder(c.side, c.policy)
	busy := s.busyWriting()
	defer busy.end()
	for p := range c.result.All() {
		if !p.Consumes {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		row := rows.User(&p)
		if err := write(&row); err != nil {
			return err
		}
		busy.add(1)
	}
	return nil
}

func (s *session) answerDocument(c *counted) answerDocument {
	v := c.result.Visibility()
	d := answerDocument{
		AsOf: rfc3339(c.policy.At), Statement: statementOf(c), Reconciliation: c.reconciliationDocument(),
		Range: rangeDocument{
			Low: v.Low, High: v.High, CloudAccounts: v.Accounts,
			ByVerified: v.ByVerified, ByIdentity: v.ByIdentity, ByGitHub: v.ByGitHub, ByNothing: v.ByNothing,
			Hidden: v.Hidden, Undecided: v.Undecided, Doubled: v.Doubled, Missing: v.Missing,
		},
		Conflicts: []conflictDocument{}, Warnings: []warningLine{},
	}
	for _, k := range c.result.Conflicts() {
		d.Conflicts = append(d.Conflicts, conflictDocument{
			k.Value.Address(), k.Rule.String(), k.Attribute.String(), k.Chosen, k.Candidates,
		})
	}
	for _, sentence := range c.notes {
		d.Warnings = append(d.Warnings, warningLine{Message: sentence, Examples: []string{}})
	}
	for _, w := range c.result.Warnings() {
		d.Warnings = append(d.Warnings, warningLine{
			Code: string(w.Code), Host: w.Host, Count: w.Count, Examples: append([]string{}, w.Examples...), Message: s.countWarning(c, w),
		})
	}
	return d
}

func statementOf(c *counted) statementDocument {
	st := c.result.Statement()
	d := statementDocument{
		CloudAccounts: st.CloudAccounts, ServerAccounts: st.ServerAccounts, Accounts: st.Accounts, InvitedOnly: st.InvitedOnly,
		NotConsuming: st.NotConsuming, Joined: st.Joined, Licenses: st.Licenses, VisualStudio: st.VisualStudio,
		Instances: []instanceDocument{},
	}
	for _, in := range c.result.Instances() {
		d.Instances = append(d.Instances, instanceDocument{in.Host, in.Reported, in.Accounts, in.Repeated, in.ConsumeWithout, in.OnlyHere, c.leftOutOf(in.Host)})
	}
	return d
}

func (c *counted) reconciliationDocument() *reconciliationDocument {
	rc := c.result.Reconciliation()
	if rc == nil {
		return nil
	}
	d := &reconciliationDocument{
		Figure: rc.Figure, Date: rfc3339(rc.Date), MoreThere: rc.MoreThere, SeveralHere: rc.SeveralHere,
		OnlyHere: rc.OnlyHere, OnlyThere: rc.OnlyThere, Unexplained: rc.Unexplained, Licenses: rc.Licenses,
		Items: []reconciliationDetail{},
	}
	for _, item := range rc.Items {
		detail := reconciliationDetail{
			Term: item.Term.String(), Count: item.Count, Cause: item.Cause.String(), There: []string{}, Here: []string{},
		}
		for _, row := range item.Rows {
			detail.There = append(detail.There, rowName(&c.side.Report.Rows[row]))
		}
		for _, place := range item.People {
			detail.Here = append(detail.Here, c.result.At(place).Anchor.ID())
		}
		slices.Sort(detail.There) // rows that name nobody are alike: their order must not show
		d.Items = append(d.Items, detail)
	}
	return d
}

// leftOutOf is how many accounts of an instance's file do not count.
func (c *counted) leftOutOf(host string) leftOutDocument {
	for _, f := range c.servers {
		if licensing.NormalHost(f.host) == host {
			return leftOutDocument{f.summary.Suspended, f.summary.BuiltIn, f.summary.NeverSignedIn}
		}
	}
	return leftOutDocument{}
}
