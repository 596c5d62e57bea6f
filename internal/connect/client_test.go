package connect_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
)

// begin asks for a code: the first call of every agent.
func begin(t *testing.T, address string, network connect.Network) error {
	t.Helper()
	transport := connect.NewTransport(network)
	t.Cleanup(transport.CloseIdleConnections)
	s, key := statement(t)
	c := connect.NewClient(address, transport, "oneseat/test", func() time.Time { return at })
	_, _, err := c.BeginPairing(t.Context(), s, key)
	return err
}

func write(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Error(err)
	}
}

// roots trusts a test server.
func roots(s *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

func TestWhatIsWrongOnTheWayIsTold(t *testing.T) {
	t.Parallel()
	answer := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(status)
			write(t, w, body)
		}
	}
	plain := func(h http.HandlerFunc) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	secure := httptest.NewTLSServer(answer(200, "application/json", "{}"))
	secure.Config.ErrorLog = nil
	t.Cleanup(secure.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	cut := plain(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil || c.Close() != nil {
			t.Error("the connection is not cut")
		}
	})
	proxy := plain(answer(http.StatusForbidden, "text/html", "no"))
	away, err := url.Parse(closed.URL)
	if err != nil {
		t.Fatal(err)
	}
	strict, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(secure.URL, "127.0.0.1", "localhost", 1)
	for name, test := range map[string]struct {
		address string
		network connect.Network
		kind    connect.Kind
		key     string
	}{
		"the name is not found":       {"https://hub.invalid", connect.Network{}, connect.KindName, "connect.name"},
		"nobody listens":              {closed.URL, connect.Network{}, connect.KindReach, "connect.unreachable"},
		"an authority nobody knows":   {secure.URL, connect.Network{}, connect.KindTLS, "connect.certificate_unknown"},
		"a certificate of another":    {other, connect.Network{Roots: roots(secure)}, connect.KindTLS, "connect.certificate_name"},
		"plain text answers":          {strings.Replace(plain(answer(200, "text/plain", "")), "http:", "https:", 1), connect.Network{}, connect.KindTLS, "connect.no_tls"},
		"the proxy says no":           {"https://hub.invalid", connect.Network{Proxy: strict}, connect.KindProxy, "connect.proxy_refused"},
		"the proxy is away":           {"https://hub.invalid", connect.Network{Proxy: away}, connect.KindProxy, "connect.proxy_away"},
		"the connection is cut":       {cut, connect.Network{}, connect.KindCut, "connect.cut"},
		"a page answers":              {plain(answer(200, "text/html", "<h1>Sign in</h1>")), connect.Network{}, connect.KindStranger, "connect.stranger"},
		"a page is not found":         {plain(answer(404, "text/html", "<h1>404</h1>")), connect.Network{}, connect.KindStranger, "connect.stranger"},
		"it leads elsewhere":          {plain(http.RedirectHandler("https://hub.invalid", http.StatusFound).ServeHTTP), connect.Network{}, connect.KindStranger, "connect.stranger"},
		"an endless answer":           {plain(answer(200, "application/json", strings.Repeat(" ", 300<<10)+"{}")), connect.Network{}, connect.KindStranger, "connect.stranger"},
		"the hub failed":              {plain(answer(500, "application/json", `{}`)), connect.Network{}, connect.KindHub, "connect.hub_failed"},
		"a proxy in front has no hub": {plain(answer(502, "text/html", `oh`)), connect.Network{}, connect.KindHub, "connect.hub_failed"},
		"no room for the database":    {plain(answer(503, "application/json", `{"code":"database.full","detail":"full"}`)), connect.Network{}, connect.KindHub, "connect.hub_full"},
		"no room for the file":        {plain(answer(503, "application/json", `{"code":"spool.no_spool","detail":"full"}`)), connect.Network{}, connect.KindHub, "connect.hub_full"},
		"come later":                  {plain(answer(503, "application/json", `{}`)), connect.Network{}, connect.KindBusy, "connect.busy"},
		"too often":                   {plain(answer(429, "application/json", `{}`)), connect.Network{}, connect.KindBusy, "connect.busy"},
		"too large for a proxy":       {plain(answer(413, "text/html", `no`)), connect.Network{}, connect.KindTooLarge, "connect.too_large"},
		"the hub says no":             {plain(answer(400, "application/json", `{"code":"usagefile.truncated","args":{"Byte":7},"detail":"cut"}`)), connect.Network{}, connect.KindRefused, "usagefile.truncated"},
		"for somebody else":           {plain(answer(400, "application/json", `{"code":"usagefile.other_audience","detail":"x"}`)), connect.Network{}, connect.KindElsewhere, "usagefile.other_audience"},
		"disabled":                    {plain(answer(400, "application/json", `{"error":"invalid_grant","code":"connect.revoked","args":{"Date":"2026-11-20"}}`)), connect.Network{}, connect.KindRevoked, "connect.revoked"},
		"two machines":                {plain(answer(400, "application/json", `{"error":"invalid_grant","code":"connect.second_machine"}`)), connect.Network{}, connect.KindSecond, "connect.second_machine"},
		"not approved yet":            {plain(answer(400, "application/json", `{"error":"authorization_pending"}`)), connect.Network{}, connect.KindWaiting, "connect.pending"},
		"denied":                      {plain(answer(400, "application/json", `{"error":"access_denied"}`)), connect.Network{}, connect.KindDenied, "connect.denied"},
		"lapsed":                      {plain(answer(400, "application/json", `{"error":"expired_token"}`)), connect.Network{}, connect.KindLapsed, "connect.lapsed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := begin(t, test.address, test.network)
			f := connect.FailureOf(err)
			if f == nil {
				t.Fatalf("got %v, want a failure", err)
			}
			if f.Kind != test.kind || f.Key != test.key {
				t.Errorf("got %s %s, want %s %s (%v)", f.Kind, f.Key, test.kind, test.key, err)
			}
			if test.kind == connect.KindBusy && f.RetryAfter != 30*time.Second {
				t.Errorf("the hub asks to wait 30 s, the failure says %v", f.RetryAfter)
			}
		})
	}
}

// A hub whose clock is half an hour ahead refuses what was signed by the agent's
// clock; the agent takes the hub's time and goes on.
func TestAClockThatIsWrongHealsItself(t *testing.T) {
	t.Parallel()
	key, public := newKey(t)
	theirs := at.Add(30 * time.Minute)
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		w.Header().Set("Date", theirs.Format(http.TimeFormat))
		a, err := connect.ReadAssertion(r.FormValue("assertion"), "http://"+r.Host, theirs, keyOf(public))
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			write(t, w, `{"error":"invalid_grant","code":"connect.clock"}`)
			return
		}
		write(t, w, fmt.Sprintf(`{"access_token":"T","token_type":"Bearer","expires_in":3600,"connection":%q,"lease":"L2","enterprise":{"slug":"acme","name":"Acme"}}`, a.Connection))
	}))
	defer server.Close()
	c := connect.NewClient(server.URL, connect.NewTransport(connect.Network{}), "oneseat/test", func() time.Time { return at })
	grant, skew, err := c.Mint(t.Context(), &connect.Assertion{Hub: server.URL, Connection: "C1", ServerID: "S1", Attempt: "A1"}, key, 0)
	if err != nil || grant.Lease != "L2" || skew != 30*time.Minute || calls != 2 {
		t.Fatalf("got %+v, %v, %v after %d calls", grant, skew, err, calls)
	}
	if _, _, err := c.Mint(t.Context(), &connect.Assertion{Hub: server.URL, Connection: "C1", ServerID: "S1", Attempt: "A2"}, key, skew); err != nil || calls != 3 {
		t.Errorf("the skew is known, and it took %d calls (%v)", calls-2, err)
	}
}

// Tokens and device codes are in no error.
func TestFailuresHoldNoSecrets(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	c := connect.NewClient(closed.URL, connect.NewTransport(connect.Network{}), "oneseat/test", time.Now)
	_, one := c.Await(t.Context(), "S1", "device-code-of-somebody")
	_, two := c.Receipt(t.Context(), "token-of-somebody", "U1")
	for _, err := range []error{one, two} {
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "somebody") {
			t.Errorf("got %v", err)
		}
	}
}

func TestAUsageFileArrives(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != "file" || r.Header.Get(connect.HeaderRun) != "R1" || r.Header.Get("Authorization") != "Bearer T" || r.ContentLength != 4 {
			t.Errorf("got %q %v %v %v", body, r.Header, r.ContentLength, err)
		}
		w.WriteHeader(http.StatusCreated)
		write(t, w, `{"upload":"U1","state":"checking","sequence":3}`)
	}))
	defer server.Close()
	c := connect.NewClient(server.URL, connect.NewTransport(connect.Network{}), "oneseat/test", time.Now)
	got, err := c.Send(t.Context(), "T", connect.Usage{Body: strings.NewReader("file"), Size: 4, Run: "R1"})
	if err != nil || got.Upload != "U1" || got.State.Final() {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestACallCanBeCancelled(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nobody listens any more
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := connect.NewClient("http://"+listener.Addr().String(), connect.NewTransport(connect.Network{}), "oneseat/test", time.Now)
	if _, err := c.Requests(ctx, "T"); err == nil {
		t.Error("a cancelled call succeeds")
	}
}
