package main

import (
	"context"
	"strconv"

	"github.com/oneseat/oneseat/internal/agent"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/terminal"
)

type agentCollectCommand struct {
	onAgent

	Force  bool
	Format string `default:"text" placeholder:"text|json"`
}

// readingShown is what is shown of a reading.
type readingShown struct {
	Number   int64        `json:"number"`
	State    string       `json:"state"`
	Snapshot int64        `json:"snapshot,omitempty"`
	SourceAt string       `json:"source_at,omitempty"`
	Counts   agent.Counts `json:"counts"`
	Warnings []string     `json:"warnings,omitempty"`
	Refusal  string       `json:"refusal,omitempty"`
}

// Run reads the source now.
func (c *agentCollectCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	if err := c.named("oneseat agent collect"); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		busy := s.busy(s.T("agentcollect.reading"))
		r, err := m.agent.Collect(ctx, operator(), c.Force)
		busy.end()
		if err != nil {
			return err
		}
		return s.reading(r, c.Format)
	})
}

// reading shows what came of a reading; nil for none.
func (s *session) reading(r *agent.Reading, format string) error {
	if format == "json" {
		if r == nil {
			return s.json(map[string]any{"reading": nil})
		}
		return s.json(map[string]any{"reading": s.shownReading(r)})
	}
	if r == nil {
		s.out.Strong(s.T("agentcollect.nothing"))
		return nil
	}
	for _, w := range r.Warnings {
		s.warn(s.sentence(w))
	}
	if r.State == agentstore.Held {
		s.out.Strong(s.T("agentcollect.held", "Number", int(r.Number)))
		s.decision(r)
	} else {
		s.out.Strong(s.T("agentcollect."+string(r.State), "Snapshot", int(r.Snapshot)))
	}
	s.counts(&r.Counts)
	return nil
}

// decision says what an owner has to decide about a reading, and how.
func (s *session) decision(r *agent.Reading) {
	s.out.Prose(2, s.sentence(r.Refusal))
	for _, verb := range []string{"confirm", "discard"} {
		s.out.Line("    oneseat agent " + verb + " " + strconv.FormatInt(r.Number, 10))
	}
}

func (s *session) shownReading(r *agent.Reading) readingShown {
	shown := readingShown{Number: r.Number, State: string(r.State), Snapshot: r.Snapshot, Counts: r.Counts}
	if !r.SourceAt.IsZero() {
		shown.SourceAt = r.SourceAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	for _, w := range r.Warnings {
		shown.Warnings = append(shown.Warnings, s.sentence(w))
	}
	if r.Refusal != nil {
		shown.Refusal = s.sentence(r.Refusal)
	}
	return shown
}

// counts says how many accounts are what.
func (s *session) counts(c *agent.Counts) {
	var list []terminal.Definition
	for _, one := range []struct {
		key string
		n   int64
	}{
		{"agentcount.leaving", c.Leaving},
		{"agentcount.without_address", c.WithoutAddress},
		{"agentcount.shared", c.Shared},
		{"agentcount.no_sign_in", c.NoSignIn},
		{"agentcount.suspended", c.Suspended},
		{"agentcount.built_in", c.BuiltIn},
		{"agentcount.never_signed_in", c.NeverSignedIn},
	} {
		if one.n > 0 || one.key == "agentcount.leaving" {
			list = append(list, terminal.Definition{Term: s.Number(int(one.n)), Text: s.T(one.key)})
		}
	}
	s.out.Definitions(2, list)
}

type agentConfirmCommand struct {
	onAgent

	Number int64 `arg:"" name:"number"`
}

// Run lets a held reading count.
func (c *agentConfirmCommand) Run(ctx context.Context, s *session) error {
	if err := c.named("oneseat agent confirm"); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		r, err := m.agent.Confirm(ctx, operator(), c.Number)
		if err != nil {
			return err
		}
		return s.reading(r, "text")
	})
}

type agentDiscardCommand struct {
	onAgent

	Number int64 `arg:"" name:"number"`
}

// Run drops a held reading.
func (c *agentDiscardCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, func(m *station) error {
		if err := m.agent.Discard(ctx, operator(), c.Number); err != nil {
			return err
		}
		s.note(s.T("agentcollect.discarded"))
		return nil
	})
}
