package agent_test

import (
	"context"
	"flag"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// statesPage has the table of what becomes of a run.
const statesPage = "../../docs/adr/0015-connect.md"

// event is something that happens to a run.
type event struct {
	name string
	does func(*synced)
}

// TestWhatBecomesOfARun is every state of a run and every event, as the table that
// ends ADR 15; -update writes it anew.
func TestWhatBecomesOfARun(t *testing.T) {
	t.Parallel()
	states := []store.RunState{
		store.RunWaiting, store.RunRunning, store.RunChecking, store.RunRetrying, store.RunHeld, store.RunSucceeded, store.RunFailed, store.RunSuperseded,
	}
	events := runEvents()
	cells := make([][]string, len(events))
	for _, state := range states {
		inBubble(t, func(s *synced) {
			s.pair(true)
			s.end()
			for n, e := range events {
				s.reach(state)
				before := s.runs()
				r := before[len(before)-1]
				if r.State != state {
					s.t.Fatalf("the run is %s, want %s", r.State, state)
				}
				e.does(s)
				cells[n] = append(cells[n], s.became(r.Number))
			}
		})
	}
	var table strings.Builder
	table.WriteString("| a run that is |")
	for _, state := range states {
		table.WriteString(" " + string(state) + " |")
	}
	head := table.String()
	table.WriteString("\n|" + strings.Repeat(" --- |", len(states)+1) + "\n")
	for n, e := range events {
		table.WriteString("| " + e.name + " | " + strings.Join(cells[n], " | ") + " |\n")
	}
	wantTable(t, head, table.String())
}

// wantTable compares the end of the page, from the head of the table on.
func wantTable(t *testing.T, head, want string) {
	t.Helper()
	text, err := os.ReadFile(statesPage)
	if err != nil {
		t.Fatal(err)
	}
	before, got, found := strings.Cut(string(text), head)
	switch {
	case *update:
		if err := os.WriteFile(statesPage, []byte(before+want), 0o644); err != nil {
			t.Fatal(err)
		}
	case !found || head+got != want:
		t.Errorf("%s ends with\n%s\nwant\n%s", statesPage, head+got, want)
	}
}

func runEvents() []event {
	says := func(state connect.State) func(*synced) {
		return func(s *synced) { s.do(func(h *hub) { h.state = state }); s.turn(s.t.Context()) }
	}
	refuses := func(code string) func(*synced) {
		return func(s *synced) {
			s.do(func(h *hub) {
				h.fault = func(r *http.Request) *http.Response {
					body := io.NopCloser(strings.NewReader(`{"code":"` + code + `","args":{"Date":"2000-01-01"}}`))
					return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: body, Request: r}
				}
			})
			s.turn(s.t.Context())
		}
	}
	cut := func(s *synced) { s.do(func(h *hub) { h.away = true }); s.turn(s.t.Context()) }
	return []event{
		{"Sync now", func(s *synced) { s.wish() }},
		{"it counts", says(connect.Applied)},
		{"the hub still checks", says(connect.Checking)},
		{"an owner there has to decide", says(connect.Held)},
		{"a newer one came", says(connect.Superseded)},
		{"an owner there drops it", says(connect.Discarded)},
		{"the hub refuses the file", says(connect.Refused)},
		{"it is for somebody else", refuses("usagefile.other_audience")},
		{"the line breaks", cut},
		{"the line breaks the last time", func(s *synced) {
			s.config.Delays = []time.Duration{}
			s.restart()
			cut(s)
			s.config.Delays = nil
			s.restart()
		}},
		{"disabled on the hub", refuses("connect.revoked")},
		{"disabled here", func(s *synced) {
			if _, err := s.agent.Disconnect(s.t.Context(), "mona"); err != nil {
				s.t.Fatal(err)
			}
		}},
	}
}

// reach makes a run that is in a state, of an agent and a hub that are well.
func (s *synced) reach(state store.RunState) {
	s.t.Helper()
	s.do(func(h *hub) { h.state, h.away, h.fault, h.after = connect.Applied, false, nil, nil })
	if !s.connection().Connected() {
		s.again()
	}
	for runs := s.runs(); len(runs) > 0 && !runs[len(runs)-1].Over(); runs = s.runs() {
		s.turn(s.t.Context())
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	s.do(func(h *hub) {
		switch state {
		case store.RunRunning:
			h.after = func(*http.Request, *http.Response) bool { cancel(); return true }
		case store.RunChecking:
			h.state = connect.Checking
		case store.RunRetrying:
			h.away = true
		case store.RunHeld:
			h.state = connect.Held
		case store.RunFailed:
			h.state = connect.Refused
		case store.RunSuperseded:
			h.state = connect.Superseded
		case store.RunWaiting, store.RunSucceeded:
		}
	})
	s.wish()
	if state != store.RunWaiting {
		s.turn(ctx)
	}
	s.do(func(h *hub) { h.away, h.after = false, nil })
}

// again pairs the agent anew.
func (s *synced) again() {
	s.t.Helper()
	s.do(func(h *hub) { h.approved = true })
	if _, err := s.agent.Connect(s.t.Context(), "mona", "hub.acme.example", true); err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(10 * time.Second)
	for range 5 {
		s.turn(s.t.Context())
	}
}

func (s *synced) wish() {
	s.t.Helper()
	if _, err := s.agent.SyncNow(s.t.Context(), "mona"); err != nil {
		s.t.Fatal(err)
	}
}

// turn waits until something is due for the newest run, and takes one turn.
func (s *synced) turn(ctx context.Context) {
	s.t.Helper()
	if runs := s.runs(); len(runs) > 0 && (!runs[len(runs)-1].Over() || runs[len(runs)-1].State == store.RunHeld) { //nolint:contextcheck // looked at even when the turn will be ended
		time.Sleep(time.Until(runs[len(runs)-1].DueAt))
	}
	if _, err := s.agent.SyncTurn(ctx); err != nil && ctx.Err() == nil {
		s.t.Fatal(err)
	}
}

// became is the state of a run, and that of the one behind it.
func (s *synced) became(number int64) string {
	s.t.Helper()
	var all []string
	for _, r := range s.runs() {
		if r.Number >= number {
			all = append(all, string(r.State))
		}
	}
	return strings.Join(all, ", then ")
}
