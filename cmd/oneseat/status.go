package main

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/client"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
)

type statusCommand struct {
	asker

	Format string `default:"text" placeholder:"text|json"`
}

// hubStatus is how things stand on a hub.
type hubStatus struct {
	Enterprise *client.Enterprise `json:"enterprise"`
	Result     *client.Result     `json:"result,omitempty"` // nil: nothing was counted yet
	CloudList  *client.CloudList  `json:"cloud_list"`
	Instances  []client.Instance  `json:"instances"`
}

// Run shows the total, how old everything is that it rests on, and what waits
// for a decision.
func (c *statusCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	hub, err := c.client(s, "oneseat status")
	if err != nil {
		return err
	}
	now, err := readStatus(ctx, hub)
	if err != nil {
		return c.refused(err)
	}
	if c.Format == "json" {
		return s.json(now)
	}
	s.hubStatus(now)
	return nil
}

func readStatus(ctx context.Context, hub *client.Client) (*hubStatus, error) {
	now := &hubStatus{}
	var err error
	if now.Enterprise, err = hub.Enterprise(ctx); err != nil {
		return nil, err
	}
	now.Result, err = hub.Statement(ctx)
	switch {
	case isStatus(err, http.StatusNotFound):
		now.Result = nil
	case err != nil:
		return nil, err
	}
	if now.CloudList, err = hub.CloudList(ctx); err != nil {
		return nil, err
	}
	now.Instances, err = hub.Instances(ctx)
	return now, err
}

func (s *session) hubStatus(now *hubStatus) {
	s.out.Strong(s.T("status.enterprise", "Name", now.Enterprise.Name, "Slug", now.Enterprise.Slug))
	if r := now.Result; r != nil && len(r.Inputs) > 0 {
		s.out.Prose(2, s.headline(licensing.Statement(r.Statement), visibility(&r.Range), r.Purchased))
		s.out.Prose(2, s.T("status.counted", "Time", s.instant(r.CreatedAt), "Age", s.age(s.now.Sub(r.CreatedAt))))
	} else {
		s.out.Prose(2, s.T("status.not_counted"))
	}
	s.out.Heading(s.T("status.sources"))
	t := terminal.Table{Indent: 2, Columns: []terminal.Column{
		{Head: s.T("status.head.source")},
		{Head: s.T("status.head.accounts"), Right: true, Fixed: true},
		{Head: s.T("status.head.age"), Right: true, Fixed: true},
		{Head: s.T("status.head.signed"), Fixed: true},
		{Head: s.T("status.head.last")},
	}}
	cloud := s.sourceRow(s.T("status.cloud"), now.CloudList.Snapshot, now.CloudList.AgeSeconds, "", now.CloudList.Last)
	if r := now.Result; r != nil && now.CloudList.Snapshot != nil { // its snapshot has invitations and subscriptions too
		cloud[1] = terminal.Text(s.Number(r.Statement.CloudAccounts))
	}
	t.Rows = append(t.Rows, cloud)
	for i := range now.Instances {
		one := &now.Instances[i]
		how := s.T("status.by_hand")
		switch {
		case one.Snapshot == nil:
			how = ""
		case one.Connected:
			how = s.T("status.by_connect")
		case one.Signed:
			how = s.T("status.by_file")
		}
		t.Rows = append(t.Rows, s.sourceRow(one.HostName, one.Snapshot, one.AgeSeconds, how, one.Last))
	}
	s.out.Table(t)
	s.tooOld(now)
	s.troubled(now)
	s.waiting(now)
	if now.Result != nil {
		s.warningList(s.resultWarnings(now.Result))
	}
}

func (s *session) sourceRow(name string, counts *client.Snapshot, age int64, how string, last *client.Event) []terminal.Cell {
	items, old, said := "", s.T("status.nothing"), ""
	if counts != nil {
		items, old = s.Number(int(counts.Items)), s.T("status.undated")
		if !counts.SourceAt.IsZero() || !counts.TakenAt.IsZero() {
			old = s.age(time.Duration(age) * time.Second)
		}
	}
	if last != nil {
		said = s.T("status.event", "Date", s.date(last.At), "Text", last.Message)
		if last.Error != nil {
			said = s.T("status.event", "Date", s.date(last.At), "Text", last.Error.Message)
		}
	}
	return []terminal.Cell{terminal.Text(name), terminal.Text(items), terminal.Text(old), terminal.Text(how), terminal.Text(said)}
}

// tooOld says what is older than it may be, and how many people that concerns. The
// hub decides, so that it is the same everywhere.
func (s *session) tooOld(now *hubStatus) {
	if c := now.CloudList; c.Stale {
		people := 0
		if now.Result != nil {
			people = now.Result.Statement.CloudAccounts
		}
		s.warn(s.T("status.cloud_too_old", "Age", s.age(time.Duration(c.AgeSeconds)*time.Second), "Days", c.AgeDays, "Count", people))
	}
	for i := range now.Instances {
		one := &now.Instances[i]
		if !one.Stale {
			continue
		}
		people := 0
		if one.Statement != nil {
			people = one.Statement.Accounts - one.Statement.Repeated
		}
		s.warn(s.T("status.too_old", "Host", one.HostName, "Age", s.age(time.Duration(one.AgeSeconds)*time.Second), "Days", one.AgeDays, "Count", people))
	}
}

// troubled says whose agents were refused a token.
func (s *session) troubled(now *hubStatus) {
	for i := range now.Instances {
		if one := &now.Instances[i]; one.Trouble != nil {
			s.warn(s.T("status.trouble", "Host", one.HostName, "Text", one.Trouble.Message))
		}
	}
}

// waiting are the uploads that somebody has to decide about.
func (s *session) waiting(now *hubStatus) {
	var list []terminal.Definition
	if id := now.CloudList.Pending; id != "" {
		list = append(list, terminal.Definition{Term: s.T("status.cloud"), Text: "oneseat upload --pending " + id})
	}
	for i := range now.Instances {
		if one := &now.Instances[i]; one.Pending != "" {
			list = append(list, terminal.Definition{Term: one.HostName, Text: "oneseat upload --pending " + one.Pending})
		}
	}
	if len(list) > 0 {
		s.out.Heading(s.T("status.waiting", "Count", len(list)))
		s.out.Definitions(2, list)
		s.out.Prose(2, s.T("status.lapses"))
	}
}
