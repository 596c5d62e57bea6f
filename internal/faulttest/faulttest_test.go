package faulttest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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
		{"cut once it was asked", faulttest.Fault{Asked: true}, true, false},
		{"the answer is lost", faulttest.Fault{Swallow: true}, true, false},
		{"slow", faulttest.Fault{Rate: 50_000}, true, true},
	} {
		before := asked.Load()
		p.Next(test.fault)
		if got := call(); got != test.answer {
			t.Errorf("%s: answered %v", test.name, got)
		}
		for end := time.Now().Add(30 * time.Second); test.arrives && asked.Load() == before && time.Now().Before(end); {
			time.Sleep(time.Millisecond) // the server may still be reading
		}
		if got := asked.Load() > before; got != test.arrives {
			t.Errorf("%s: arrived %v", test.name, got)
		}
	}
	last := p.Heard()[p.Seen()-1]
	if p.Passed() < 50_000 || !strings.HasPrefix(string(last), "POST / HTTP/1.1\r\n") || !strings.HasSuffix(string(last), strings.Repeat("b", 10_000)) {
		t.Errorf("%d bytes passed, the last %d of them begin with %.20q", p.Passed(), len(last), last)
	}
}
