package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/terminal"
)

type agentExportCommand struct {
	onAgent

	Sequence int64  `placeholder:"NUMBER"`
	Date     string `placeholder:"DATE"`
	Note     string `placeholder:"TEXT"`
	Output   string `placeholder:"FILE"`
	Format   string `default:"text" placeholder:"text|json"`
}

// Run writes the usage file of a snapshot.
func (c *agentExportCommand) Run(ctx context.Context, s *session) error {
	if err := errors.Join(oneOf("--format", c.Format, "text", "json"), checkOutput(c.Output), c.named("oneseat agent export")); err != nil {
		return err
	}
	if c.Sequence != 0 && c.Date != "" {
		return usage("usage.agent_export_which")
	}
	return c.with(ctx, s, func(m *station) error { return c.export(ctx, s, m) })
}

func (c *agentExportCommand) export(ctx context.Context, s *session, m *station) error {
	request := agent.ExportRequest{Sequence: c.Sequence, Note: c.Note}
	if c.Date != "" {
		day, err := time.Parse(time.DateOnly, c.Date)
		if err != nil {
			return usage("usage.bad_day", "Option", "--date", "Value", c.Date)
		}
		snap, err := m.agent.SnapshotOf(ctx, day)
		if err != nil {
			return err
		}
		request.Sequence = snap.Sequence
	}
	e, err := m.agent.Export(ctx, operator(), request)
	if err != nil {
		return err
	}
	defer e.Close() //nolint:errcheck // a temporary file
	name := c.Output
	if name == "" {
		name = e.Name()
	}
	err = atomicfile.Create(name, 0o600, func(w io.Writer) error {
		_, err := io.Copy(w, e)
		return err
	})
	if err != nil {
		return cannotWrite(name, err)
	}
	return c.show(s, name, e)
}

func (c *agentExportCommand) show(s *session, name string, e *agent.Export) error {
	h := e.Receipt.Header
	if c.Format == "json" {
		return s.json(map[string]any{
			"file": name, "server_id": h.Instance.ServerID, "sequence": h.Snapshot.Sequence, "digest": h.Snapshot.Digest.String(),
			"users": e.Receipt.Users, "sealed": h.Sealed(), "audience": h.Audience.String(), "bytes": e.Receipt.Bytes,
		})
	}
	for _, w := range e.Receipt.Warnings {
		s.warn(s.sentence(w))
	}
	s.out.Strong(s.T("agentexport.done", "File", name, "Users", int(e.Receipt.Users)))
	if h.Sealed() {
		s.out.Prose(2, s.T("agentexport.sealed", "Audience", h.Audience.Short()))
	} else {
		s.out.Prose(2, s.T("agentexport.clear"))
	}
	return nil
}

type agentSnapshotsCommand struct {
	onAgent

	Format string `default:"text" placeholder:"text|json"`
}

// maxSnapshots is how many snapshots are listed.
const maxSnapshots = 500

// Run lists snapshots, the newest first.
func (c *agentSnapshotsCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		list, err := m.agent.Snapshots(ctx, 0, maxSnapshots)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			shown := []map[string]any{}
			for i := range list {
				one := &list[i]
				shown = append(shown, map[string]any{
					"sequence": one.Sequence, "taken_at": one.TakenAt, "source_at": one.SourceAt, "users": one.Users, "kept": one.Kept, "digest": one.Digest.String(),
				})
			}
			return s.json(map[string]any{"snapshots": shown})
		}
		t := terminal.Table{Columns: []terminal.Column{
			{Head: s.T("agentsnapshots.sequence"), Right: true, Fixed: true},
			{Head: s.T("agentsnapshots.taken"), Fixed: true},
			{Head: s.T("agentsnapshots.source"), Fixed: true},
			{Head: s.T("agentsnapshots.users"), Right: true, Fixed: true},
			{Head: s.T("agentsnapshots.kept")},
		}}
		for i := range list {
			one := &list[i]
			kept := s.T("agentsnapshots.gone")
			if one.Kept {
				kept = s.T("agentsnapshots.can_export")
			}
			t.Rows = append(t.Rows, []terminal.Cell{
				terminal.Text(s.Number(int(one.Sequence))), terminal.Text(s.instant(one.TakenAt)), terminal.Text(s.instant(one.SourceAt)),
				terminal.Text(s.Number(int(one.Users))), terminal.Text(kept),
			})
		}
		s.out.Table(t)
		return nil
	})
}
