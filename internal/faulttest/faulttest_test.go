package faulttest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/oneseat/oneseat/internal/faulttest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err == nil && len(body) == 10_000 {
			asked.Add(1)
		}
		if _, err := io.WriteString(w, strings.Repeat("a", 10_000)); err != nil {
			return // the proxy was quicker
		}
	}))
	t.Cleanup(server.Close)
	p := faulttest.Start(t, server.Listener.Addr().String())
	call := func() bool {
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.Address(), strings.NewReader(strings.Repeat("b", 10_000)))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := (&http.Client{Transport: transport}).Do(r)
		if err != nil {
			return false
		}
		defer answer.Body.Close() //nolint:errcheck // read to its end
		body, err := io.ReadAll(answer.Body)
		return err == nil && len(body) == 10_000
	}
	for _, test := range []struct {
		name    string
		fault   faulttest.Fault
		arrives bool // at the server
		answer  bool // comes back
	}{
		{"none", faulttest.Fault{}, true, true},
		{"refused", faulttest.Fault{Refuse: true}, false, false},
		{"cut on the way", faulttest.Fault{CutUp: 5_000}, false, false},
		{"cut on the way back", faulttest.Fault{CutDown: 5_000}, true, false},
		{"the answer is lost", faulttest.Fault{Swallow: true}, true, false},
		{"slow", faulttest.Fault{Rate: 50_000}, true, true},
	} {
		before := asked.Load()
		p.Next(test.fault)
		if got := call(); got != test.answer {
			t.Errorf("%s: answered %v", test.name, got)
		}
		if got := asked.Load() > before; got != test.arrives {
			t.Errorf("%s: arrived %v", test.name, got)
		}
	}
}
