package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/oneseat/oneseat/internal/agent"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/terminal"
)

type agentSyncCommand struct {
	onAgent

	DryRun bool
	NoWait bool
	Format string `default:"text" placeholder:"text|json"`
}

// Run delivers what counts now, or shows what would be delivered.
func (c *agentSyncCommand) Run(ctx context.Context, s *session) error {
	if err := errors.Join(oneOf("--format", c.Format, "text", "json"), c.named("oneseat sync")); err != nil {
		return err
	}
	return c.withPlace(ctx, s, func(m *station, p *place) error {
		if c.DryRun {
			return c.dry(ctx, s, m)
		}
		return c.sync(ctx, s, m, p)
	})
}

// sync asks for a run and waits for its end.
func (c *agentSyncCommand) sync(ctx context.Context, s *session, m *station, p *place) error {
	r, err := m.agent.SyncNow(ctx, operator())
	if err != nil {
		return err
	}
	if c.NoWait && p.runsHere() {
		return c.show(s, r)
	}
	busy := s.busy(s.T("agentsyncing.running"))
	err = m.wait(ctx, p, func() (bool, error) {
		r, err = m.agent.Run(ctx, r.Number)
		return err != nil || r.Over() || r.State == agentstore.RunRetrying, err
	})
	busy.end()
	if err != nil {
		return err
	}
	return c.show(s, r)
}

// show says what came of a run: what failed is an error.
func (c *agentSyncCommand) show(s *session, r *agent.Run) error {
	if c.Format == "json" {
		err := s.json(map[string]any{
			"run": r.Number, "state": string(r.State), "sequence": r.Sequence, "users": r.Users, "bytes": r.Bytes, "failure": s.failure(r.Failure),
		})
		if err != nil || r.State != agentstore.RunFailed && r.State != agentstore.RunRetrying {
			return err
		}
		return s.failed(r.Failure)
	}
	if r.Stale != nil {
		s.warn(s.T("agentsyncing.stale", "Cause", s.failure(r.Stale)))
	}
	switch r.State {
	case agentstore.RunSucceeded, agentstore.RunHeld, agentstore.RunSuperseded:
		s.out.Strong(s.T("agentsyncing."+string(r.State), "Users", int(r.Users), "Sequence", int(r.Sequence)))
		return nil
	case agentstore.RunFailed:
		return s.failed(r.Failure)
	case agentstore.RunRetrying:
		s.warn(s.T("agentsyncing.retrying", "Time", s.instant(r.DueAt)))
		return s.failed(r.Failure)
	case agentstore.RunWaiting, agentstore.RunRunning, agentstore.RunChecking:
	}
	s.note(s.T("agentsyncing.begun", "Number", int(r.Number)))
	return nil
}

// dry shows exactly what would leave: every field, and the size.
func (c *agentSyncCommand) dry(ctx context.Context, s *session, m *station) error {
	d, err := m.agent.DryRun(ctx)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return s.json(map[string]any{
			"hub": d.Hub, "server_id": d.Header.Instance.ServerID, "host_name": d.Header.Instance.HostName, "version": d.Header.Instance.Version,
			"sequence": d.Header.Snapshot.Sequence, "users": d.Header.Snapshot.UserCount, "sealed": d.Sealed, "audience": d.Header.Audience.String(),
			"bytes": d.Bytes, "fields": dryFields(d), "connection_record": json.RawMessage(d.Record),
		})
	}
	hub := s.T("agentsyncing.no_hub")
	if d.Hub != "" {
		hub = d.Hub
	}
	s.out.Strong(s.T("agentsyncing.dry"))
	s.out.Definitions(2, append([]terminal.Definition{
		{Term: s.T("agentenrol.hub"), Text: hub},
		{Term: s.T("agentsyncing.snapshot"), Text: s.Number(int(d.Snapshot.Sequence))},
	}, s.dryFile(d)...))
	s.out.Heading(s.T("agentsyncing.leaves"))
	t := terminal.Table{Columns: []terminal.Column{
		{Head: s.T("agentsyncing.field"), Fixed: true}, {Head: s.T("agentsyncing.first"), Fixed: true}, {Head: s.T("agentsyncing.count"), Right: true},
	}}
	for _, f := range d.Fields {
		sample := f.Sample
		if !f.Email.IsZero() {
			sample = f.Email.String()
		}
		t.Rows = append(t.Rows, []terminal.Cell{terminal.Text(f.Name), terminal.Text(sample), terminal.Text(s.Number(int(f.Count)))})
	}
	s.out.Table(t)
	s.out.Heading(s.T("agentsyncing.stays"))
	for _, stay := range d.Stays {
		s.out.Prose(2, s.T(stay.What)+": "+s.T(stay.Why))
	}
	s.dryRecord(d)
	if d.Blocked != nil {
		s.warn(s.sentence(d.Blocked))
	}
	return nil
}

// dryRecord is the connection record: what the hub is told, or a hub would be.
func (s *session) dryRecord(d *agent.DryRun) {
	head := s.T("agentsyncing.record")
	if d.Hub == "" {
		head = s.T("agentsyncing.record_would")
	}
	s.out.Heading(head)
	for line := range strings.Lines(string(d.Record)) {
		s.out.Line("  " + strings.TrimSuffix(line, "\n"))
	}
}

// dryFile is what is said of the file itself; nothing where none can be made.
func (s *session) dryFile(d *agent.DryRun) []terminal.Definition {
	if d.Blocked != nil {
		return nil
	}
	sealed := s.T("agentexport.clear")
	if d.Sealed {
		sealed = d.Header.Audience.Short()
	}
	return []terminal.Definition{
		{Term: s.T("agentinit.server_id"), Text: d.Header.Instance.ServerID},
		{Term: s.T("agentsyncing.sealed"), Text: sealed},
		{Term: s.T("agentsyncing.size"), Text: s.T("agentsyncing.bytes", "Bytes", int(d.Bytes))},
	}
}

// dryFields are what leaves about people, by name, with how many.
func dryFields(d *agent.DryRun) map[string]int64 {
	out := map[string]int64{}
	for _, f := range d.Fields {
		out[f.Name] = f.Count
	}
	return out
}
