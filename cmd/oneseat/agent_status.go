package main

import (
	"cmp"
	"context"
	"errors"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/terminal"
)

type agentStatusCommand struct {
	onAgent

	Format string `default:"text" placeholder:"text|json"`
}

// agentShown is what is shown of an agent.
type agentShown struct {
	ServerID    string        `json:"server_id"`
	HostName    string        `json:"host_name"`
	Fingerprint string        `json:"fingerprint"`
	Enterprise  string        `json:"enterprise,omitempty"`
	Source      string        `json:"source,omitempty"`
	Total       *int64        `json:"total_licenses"`    // null when nobody said
	Consumed    *int64        `json:"consumed_licenses"` // null before the source was read
	Sequence    int64         `json:"sequence,omitempty"`
	Held        int64         `json:"held_reading,omitempty"`
	Trouble     string        `json:"trouble,omitempty"`
	Last        *readingShown `json:"last_reading,omitempty"`
	Sync        *syncShown    `json:"license_sync,omitempty"`
}

// Run says how the agent is.
func (c *agentStatusCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		st, err := m.agent.Status(ctx)
		if err != nil {
			return err
		}
		sync, err := m.agent.SyncStatus(ctx)
		if err != nil {
			return err
		}
		shown := s.shownAgent(st)
		shown.Sync = s.shownSync(sync)
		if c.Format == "json" {
			return s.json(shown)
		}
		s.agentStatus(st, sync, shown)
		return nil
	})
}

func (s *session) shownAgent(st *agent.Status) *agentShown {
	shown := &agentShown{ServerID: st.ServerID, HostName: st.HostName, Fingerprint: st.Fingerprint, Source: st.Source}
	if st.Enrolment != nil {
		shown.Enterprise = st.Enrolment.Slug
	}
	if l := &st.Licenses; l.From != agent.TotalUnknown {
		shown.Total = &l.Total
	}
	if l := &st.Licenses; l.Consumed >= 0 {
		shown.Consumed = &l.Consumed
	}
	if st.Snapshot != nil {
		shown.Sequence = st.Snapshot.Sequence
	}
	if st.Held != nil {
		shown.Held = st.Held.Number
	}
	if st.Trouble != nil {
		shown.Trouble = s.sentence(st.Trouble)
	}
	if st.Last != nil {
		last := s.shownReading(st.Last)
		shown.Last = &last
	}
	return shown
}

func (s *session) agentStatus(st *agent.Status, sync *agent.SyncStatus, shown *agentShown) {
	unknown := s.T("agentstatus.unknown")
	total, consumed, available := unknown, unknown, unknown
	if shown.Total != nil {
		total = s.T("agentstatus.total_of."+string(st.Licenses.From), "Total", int(*shown.Total))
	}
	if shown.Consumed != nil {
		consumed = s.T("agentstatus.consumed_of", "Consumed", int(*shown.Consumed), "Time", s.instant(st.Licenses.AsOf))
	}
	if st.Licenses.Known() {
		available = s.Number(int(st.Licenses.Available))
	}
	enrolled, source := s.T("agentstatus.not_enrolled"), cmp.Or(st.Source, s.T("agentstatus.no_source"))
	if st.Enrolment != nil {
		enrolled = s.T("agentstatus.enrolled", "Slug", st.Enrolment.Slug, "Fingerprint", st.Enrolment.Fingerprint().Short())
	}
	s.out.Strong(s.T("agentstatus.title", "Host", st.HostName))
	s.out.Definitions(2, append([]terminal.Definition{
		{Term: s.T("agentinit.server_id"), Text: st.ServerID},
		{Term: s.T("fingerprint.instance"), Text: st.Fingerprint},
		{Term: s.T("agentstatus.enterprise"), Text: enrolled},
		{Term: s.T("agentstatus.source"), Text: source},
		{Term: s.T("agentstatus.total"), Text: total},
		{Term: s.T("agentstatus.consumed"), Text: consumed},
		{Term: s.T("agentstatus.available"), Text: available},
	}, s.syncLines(sync)...))
	s.unwell(sync)
	if shown.Trouble != "" {
		s.out.Heading(s.T("agentstatus.trouble"))
		s.out.Prose(2, shown.Trouble)
	}
	if st.Held != nil {
		s.out.Heading(s.T("agentcollect.held", "Number", int(st.Held.Number)))
		s.decision(st.Held)
	}
	if shown.Last != nil && shown.Last.Refusal != "" && st.Held == nil {
		s.refusedReading(st, shown.Last.Refusal)
	}
	if st.Current != nil {
		s.out.Heading(s.T("agentstatus.users"))
		s.counts(&st.Current.Counts)
	}
}

// refusedReading says why the source was not taken the last time, and what counts.
func (s *session) refusedReading(st *agent.Status, why string) {
	counts := s.T("agentstatus.refused_kept")
	if st.Current == nil {
		counts = s.T("agentstatus.refused_first")
	}
	s.out.Heading(s.T("agentstatus.refused", "Time", s.instant(st.Last.EndedAt)))
	s.out.Prose(2, why+" "+counts)
}

// agentConfigCommand has the settings of an agent.
type agentConfigCommand struct {
	onAgent
	agentServing

	Format string `default:"text" placeholder:"text|json"`
}

// Run prints the settings as the commands here would have them, and says what
// is wrong with them.
func (c *agentConfigCommand) Run(s *session, parsed *kong.Context) error {
	return s.showSettings(parsed, c.Format, errors.Join(c.check(s.settings), c.serving().check(s.settings)))
}
