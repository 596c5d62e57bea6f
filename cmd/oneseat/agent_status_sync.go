package main

import (
	"github.com/oneseat/oneseat/internal/agent"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/terminal"
)

// syncShown is what is shown of Connect and license sync.
type syncShown struct {
	State      string   `json:"connection"` // none, pairing, connected or ended
	Hub        string   `json:"hub,omitempty"`
	Enterprise string   `json:"enterprise,omitempty"`
	Enabled    bool     `json:"enabled"`
	Next       string   `json:"next_run_at,omitempty"`
	Run        int64    `json:"run,omitempty"`
	RunState   string   `json:"run_state,omitempty"`
	Failure    string   `json:"failure,omitempty"`
	Delivered  string   `json:"delivered_at,omitempty"`
	Unwell     []string `json:"unwell,omitempty"`
}

// newestRun is the one that is on its way, or else the last one; nil for none.
func newestRun(st *agent.SyncStatus) *agent.Run {
	if st.Open != nil {
		return st.Open
	}
	return st.Last
}

func (s *session) shownSync(st *agent.SyncStatus) *syncShown {
	shown := &syncShown{State: "none"}
	if c := st.Connection; c != nil {
		shown.State, shown.Hub, shown.Enterprise, shown.Enabled = string(c.State), c.Hub, c.Enterprise.Slug, c.Syncs()
		shown.Failure = s.failure(c.Ended)
	}
	if !st.Next.IsZero() {
		shown.Next = s.instant(st.Next)
	}
	if r := newestRun(st); r != nil {
		shown.Run, shown.RunState, shown.Failure = r.Number, string(r.State), s.failure(r.Failure)
	}
	if st.Delivered != nil {
		shown.Delivered = s.instant(st.Delivered.EndedAt)
	}
	for i := range st.Unwell {
		shown.Unwell = append(shown.Unwell, s.sentence(&st.Unwell[i].Sentence))
	}
	return shown
}

// syncLines are those of "agent status".
func (s *session) syncLines(st *agent.SyncStatus) []terminal.Definition {
	text := s.T("agentstatus.connect_none")
	switch c := st.Connection; {
	case c.Pairing() && c.Code != nil:
		text = s.T("agentstatus.connect_pairing", "Code", c.Code.User, "Page", c.Code.Page)
	case c != nil && c.Ended != nil:
		text = s.T("agentstatus.connect_ended", "Time", s.instant(c.EndedAt), "Why", s.failure(c.Ended))
	case c.Connected():
		text = s.T("agentstatus.connect_of", "Slug", c.Enterprise.Slug, "Hub", c.Hub, "Time", s.instant(c.Since), "Contact", s.instant(st.LastContact()))
	}
	lines := []terminal.Definition{{Term: s.T("agentstatus.connect"), Text: text}}
	if !st.Connection.Connected() {
		return lines
	}
	next, last := s.T("agentstatus.sync_off"), s.T("agentstatus.sync_never")
	if !st.Next.IsZero() {
		next = s.T("agentstatus.sync_next", "Time", s.instant(st.Next))
	}
	if r := newestRun(st); r != nil {
		last = s.runLine(r)
	}
	return append(lines, terminal.Definition{Term: s.T("agentstatus.sync"), Text: next}, terminal.Definition{Term: s.T("agentstatus.sync_last"), Text: last})
}

// runLine says how a run is, and since when: a run that is not over has no end,
// and its next attempt is not its last.
func (s *session) runLine(r *agent.Run) string {
	state := s.T("agentstatus.run." + string(r.State))
	switch {
	case r.Over():
		return s.T("agentstatus.sync_run", "State", state, "Time", s.instant(r.EndedAt))
	case r.State == agentstore.RunRetrying && r.Failure != nil:
		return s.T("agentstatus.sync_again", "Time", s.instant(r.Failure.At), "Next", s.instant(r.DueAt))
	default:
		return s.T("agentstatus.sync_asked", "State", state, "Time", s.instant(r.AskedAt))
	}
}

// unwell says why somebody should look after the agent.
func (s *session) unwell(st *agent.SyncStatus) {
	if len(st.Unwell) == 0 {
		return
	}
	s.out.Heading(s.T("agentstatus.unwell"))
	for i := range st.Unwell {
		if why := st.Unwell[i].Cause; why != nil {
			s.out.Prose(2, s.failure(why))
		}
		s.out.Prose(2, s.sentence(&st.Unwell[i].Sentence))
	}
}
