package gate_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
)

// recorder keeps what comes back from a hub.
type recorder struct {
	next http.RoundTripper
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	answer, err := r.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if err := answer.Body.Close(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text.Write(body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

// TestNoAddressIsInAnAnswer: agents are told of their uploads and of nobody in
// them, whatever is refused; nor does the log of requests say more.
func TestNoAddressIsInAnAnswer(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example")
	seen := &recorder{next: http.DefaultTransport}
	a.client = connect.NewClient(k.url, seen, "oneseat/test", k.now)
	a.pair()
	a.mustMint()
	most := 0
	_, err := k.hub.ChangeSettings(t.Context(), k.acme.Number, "mona", func(_ *string, s *hub.Settings) { s.HoldSyncs = &most })
	must(t, err)
	file := a.export("mona.secret@acme.example", "lisa.secret@acme.example")
	a.mustSend(file, connect.Held)
	must(t, a.client.PutRecord(t.Context(), a.grant.AccessToken, &connect.Record{ServerID: a.id, HostName: a.host, Sync: connect.SyncRecord{
		AsksForRequests: true, Failure: &connect.Sentence{Code: "agent.failed", Args: map[string]any{"Who": "nina.secret@acme.example"}, Detail: "nina.secret@acme.example"},
	}}))
	damaged := bytes.Replace(file, []byte(`"sequence": 1`), []byte(`"sequence": 2`), 1)
	if _, err := a.send(append(damaged, 'x'), ""); err == nil {
		t.Error("a damaged file was taken")
	}
	s := k.wantConnected(1, true)
	for name, text := range map[string]string{"answer": seen.text.String(), "log": k.log.String(), "record": s.Connection.Record} {
		if text == "" || strings.Contains(text, ".secret") {
			t.Errorf("the %s has an address, or nothing: %s", name, text)
		}
	}
	if strings.Contains(k.log.String(), a.grant.AccessToken) {
		t.Error("the log has a token")
	}
}
