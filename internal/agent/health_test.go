package agent_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/site"
	"github.com/oneseat/oneseat/internal/signin"
)

// wantHealth wants /healthz to answer what the agent's status says: "ok", or 503
// and a reason in each line, without the host of anybody.
func (k *kit) wantHealth(lines ...string) {
	k.t.Helper()
	_, mux, err := site.New(site.Config{Agent: k.agent, Desk: signin.New(nil, k.config.Now), HostName: "ghes-1.acme.example", Logger: slog.New(slog.DiscardHandler), Now: k.config.Now})
	if err != nil {
		k.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequestWithContext(k.t.Context(), http.MethodGet, "/healthz", http.NoBody))
	status, want := http.StatusOK, "ok"
	if len(lines) > 0 {
		status, want = http.StatusServiceUnavailable, "unwell: "+strings.Join(lines, "\nunwell: ")
	}
	if got := strings.TrimSpace(w.Body.String()); w.Code != status || got != want {
		k.t.Errorf("/healthz answers %d %q, want %d %q", w.Code, got, status, want)
	}
	if strings.Contains(w.Body.String(), "example") {
		k.t.Errorf("/healthz names somebody: %s", w.Body)
	}
}

// TestHealthOfAnAgentThatWasMoved: an owner has to say what happened, before
// anything else.
func TestHealthOfAnAgentThatWasMoved(t *testing.T) {
	t.Parallel()
	inBubble(t, func(s *synced) {
		s.wantHealth()
		s.pair(true)
		s.wantHealth()
		s.config.Place = "elsewhere"
		s.agent = agent.New(s.config)
		s.wantHealth("agent.trouble_other_place")
	})
}
