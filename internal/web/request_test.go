package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/web"
)

func TestOneLineWithNothingPersonal(t *testing.T) {
	t.Parallel()
	c := web.Config{Authorize: func(r *http.Request, route web.Route) (*http.Request, error) {
		e := web.Event(r.Context())
		e.Actor, e.Enterprise, e.Caller = "token nightly "+route.Access[0], 3, r.PathValue("login")
		return r, nil
	}}
	route := post("/people/{login}", 0, swallow)
	route.Access = []string{"read"}
	s := serve(t, c, route)
	s.ask(t, http.MethodPost, "/people/mona?email=lisa@acme.example", "123456", "User-Agent", "hubot", "X-Request-Id", "mine")
	line := s.line(t)
	want := map[string]any{
		"msg": "request", "level": "INFO", "method": "POST", "route": "/people/{login}", "status": 200.0, "bytes_in": 6.0, "bytes_out": 2.0,
		"actor": "token nightly read", "enterprise": 3.0,
	}
	for _, fresh := range []string{"time", "request_id", "duration"} {
		if line[fresh] == nil || line[fresh] == "mine" {
			t.Errorf("%s is %v", fresh, line[fresh])
		}
		delete(line, fresh)
	}
	mustEqual(t, line, want)
	if found := regexp.MustCompile(`mona|lisa|acme|hubot|127\.0\.0\.1`).FindString(s.log.String()); found != "" {
		t.Errorf("%q is in the log:\n%s", found, s.log)
	}
}

func TestMethodsPeopleMakeUpStayOut(t *testing.T) {
	t.Parallel()
	s := serve(t, web.Config{})
	mustEqual(t, s.ask(t, "MONA", "/", "").status, http.StatusNotFound)
	mustEqual(t, s.line(t)["method"], any("other"))
}

// TestAnAnswerIsWholeOrBrokenOff: who reads an answer that failed on its way
// gets an error and not a shorter answer.
func TestAnAnswerIsWholeOrBrokenOff(t *testing.T) {
	t.Parallel()
	begin := func(w http.ResponseWriter) {
		_, _ = io.WriteString(w, "login,email\n")
		_ = http.NewResponseController(w).Flush()
	}
	s := serve(
		t, web.Config{},
		get("/error", func(w http.ResponseWriter, _ *http.Request) error { begin(w); return io.ErrNoProgress }),
		get("/panic", func(w http.ResponseWriter, _ *http.Request) error { begin(w); panic("half way") }),
		get("/abort", func(http.ResponseWriter, *http.Request) error { panic(http.ErrAbortHandler) }),
	)
	for _, path := range []string{"/error", "/panic", "/abort"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := s.Client().Do(r)
		if err == nil {
			_, err = io.ReadAll(response.Body)
			_ = response.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: nobody noticed", path)
		}
	}
	lines := s.lines(t)
	causes := map[any]any{}
	for _, line := range lines {
		causes[line["route"]] = line["cause"]
	}
	mustEqual(t, causes, map[any]any{"/error": io.ErrNoProgress.Error(), "/panic": "panic: half way", "/abort": nil})
}

func TestNobodyWaits(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	s := serve(t, web.Config{}, get("/", func(_ http.ResponseWriter, r *http.Request) error {
		close(arrived)
		<-r.Context().Done()
		return fmt.Errorf("count: %w", r.Context().Err())
	}))
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-arrived
		leave()
	}()
	if response, err := s.Client().Do(r); err == nil {
		_ = response.Body.Close()
		t.Error("answered")
	}
	line := s.line(t)
	mustEqual(t, line["status"], any(float64(web.StatusGone)))
	mustEqual(t, line["level"], any("INFO"))
}

func TestBodiesAreLimited(t *testing.T) {
	t.Parallel()
	s := serve(t, web.Config{}, post("/small", 10, swallow), post("/usual", 0, swallow))
	for _, test := range []struct {
		name, path string
		body       int
		announced  bool
		status     int
	}{
		{"fits", "/small", 10, true, 200},
		{"announced too large", "/small", 11, true, 413},
		{"too large unannounced", "/small", 11, false, 413},
		{"usual", "/usual", web.DefaultMaxBody, false, 200},
		{"more than usual", "/usual", web.DefaultMaxBody + 1, false, 413},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+test.path, strings.NewReader(strings.Repeat("x", test.body)))
			if err != nil {
				t.Fatal(err)
			}
			if !test.announced {
				r.ContentLength = -1
			}
			got := mustDo(t, s.Client(), r)
			mustEqual(t, got.status, test.status)
			if test.status == 413 && !strings.Contains(got.body, " bytes that this address takes") {
				t.Error(got.body)
			}
		})
	}
}

func TestWhoAsksIsTakenFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	loopback := netip.MustParsePrefix("127.0.0.0/8")
	inside := netip.MustParsePrefix("10.0.0.0/8")
	for _, test := range []struct {
		name      string
		trusted   []netip.Prefix
		forwarded []string // one header each
		other     []string // one asker's, who is another than forwarded says
		same      []string // and one who is the same
	}{
		{"nobody is trusted", nil, []string{"192.0.2.1"}, nil, []string{"192.0.2.2"}},
		{"a trusted proxy names", []netip.Prefix{loopback}, []string{"192.0.2.1"}, []string{"192.0.2.2"}, []string{"192.0.2.1"}},
		{"what the asker wrote is hearsay", []netip.Prefix{loopback}, []string{"198.51.100.1, 192.0.2.1"}, []string{"198.51.100.1"}, []string{"198.51.100.9, 192.0.2.1"}},
		{"two proxies", []netip.Prefix{loopback, inside}, []string{"192.0.2.1, 10.1.1.1"}, []string{"192.0.2.2, 10.1.1.1"}, []string{"192.0.2.1"}},
		{"two headers", []netip.Prefix{loopback}, []string{"198.51.100.1", "192.0.2.1"}, []string{"198.51.100.1"}, []string{"192.0.2.1"}},
		{"with a port", []netip.Prefix{loopback}, []string{"192.0.2.1:4711"}, []string{"192.0.2.2:4711"}, []string{"192.0.2.1:9"}},
		{"one network of IPv6", []netip.Prefix{loopback}, []string{"2001:db8::1"}, []string{"2001:db8:0:1::1"}, []string{"2001:db8::2"}},
		{"a proxy that names nobody", []netip.Prefix{loopback}, []string{"unknown"}, []string{"192.0.2.1"}, []string{"192.0.2.1, me"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, web.Config{TrustedProxies: test.trusted, Limits: web.Limits{PerAddress: 1}}, get("/", ok))
			status := func(forwarded []string) int {
				var headers []string
				for _, f := range forwarded {
					headers = append(headers, "X-Forwarded-For", f)
				}
				return s.ask(t, http.MethodGet, "/", "", headers...).status
			}
			mustEqual(t, status(test.forwarded), 200)
			if test.other != nil {
				mustEqual(t, status(test.other), 200)
			}
			mustEqual(t, status(test.same), 429)
		})
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	trusting := web.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	id := func(c web.Config, sent string) string {
		return serve(t, c, get("/", ok)).ask(t, http.MethodGet, "/", "", "X-Request-Id", sent).header.Get("X-Request-Id")
	}
	mustEqual(t, id(trusting, "proxy-17.a_b:c"), "proxy-17.a_b:c")
	for _, bad := range []string{"two words", "mona@acme.example", strings.Repeat("x", 65)} {
		if got := id(trusting, bad); got == bad || got == "" {
			t.Errorf("%q is taken as it is", bad)
		}
	}
	if got := id(web.Config{}, "mine"); got == "mine" || len(got) < 20 {
		t.Errorf("a stranger names the request %q", got)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	external, err := url.Parse("https://seats.acme.example/hub/")
	if err != nil {
		t.Fatal(err)
	}
	link := func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.WriteString(w, web.URL(r, "/api/v1/people", url.Values{"page": {"2"}}))
		return err
	}
	given := serve(t, web.Config{ExternalURL: external}, get("/", link))
	mustEqual(t, given.ask(t, http.MethodGet, "/", "").body, "https://seats.acme.example/hub/api/v1/people?page=2")
	asked := serve(t, web.Config{}, get("/", link))
	mustEqual(t, asked.ask(t, http.MethodGet, "/", "", "X-Forwarded-Proto", "https").body, asked.URL+"/api/v1/people?page=2")
	behind := serve(t, web.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, get("/", link))
	got := behind.ask(t, http.MethodGet, "/", "", "X-Forwarded-Proto", "https")
	mustEqual(t, got.body, "https"+strings.TrimPrefix(behind.URL, "http")+"/api/v1/people?page=2")
	mustEqual(t, got.header.Get("Strict-Transport-Security"), "max-age=31536000")
}

func TestBrowserSafety(t *testing.T) {
	t.Parallel()
	external, err := url.Parse("https://seats.acme.example")
	if err != nil {
		t.Fatal(err)
	}
	people := get("/page", ok)
	people.Style = web.StylePage
	s := serve(t, web.Config{ExternalURL: external}, people, get("/api", ok), post("/change", 0, ok))
	for path, policy := range map[string]string{"/page": "script-src 'self'", "/api": "default-src 'none'; frame-ancestors 'none'"} {
		h := s.ask(t, http.MethodGet, path, "").header
		if !strings.Contains(h.Get("Content-Security-Policy"), policy) || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: %s", path, h.Get("Content-Security-Policy"))
		}
		mustEqual(t, h.Get("X-Content-Type-Options")+" "+h.Get("X-Frame-Options")+" "+h.Get("Referrer-Policy"), "nosniff deny no-referrer")
		mustEqual(t, h.Get("Strict-Transport-Security"), "") // not over TLS
	}
	change := func(headers ...string) int { return s.ask(t, http.MethodPost, "/change", "x", headers...).status }
	mustEqual(t, change(), 200)
	mustEqual(t, change("Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"), 403)
	mustEqual(t, change("Origin", "https://evil.example"), 403)
	mustEqual(t, change("Sec-Fetch-Site", "cross-site", "Origin", "https://seats.acme.example"), 200)
	mustEqual(t, change("Sec-Fetch-Site", "same-origin"), 200)
}

func TestConfigsThatAreWrong(t *testing.T) {
	t.Parallel()
	app, _ := mustApp(t, web.Config{})
	for _, address := range []string{"seats.acme.example", "ftp://seats.acme.example", "https://", "https://seats.acme.example/?a=b"} {
		external, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		c := web.Config{ExternalURL: external}
		c.Logger, c.Catalogue = mustParts(t)
		if _, err := web.New(c); err == nil {
			t.Errorf("%s is taken", address)
		}
	}
	if _, err := web.New(web.Config{}); err == nil {
		t.Error("no logger, no catalogue, and taken")
	}
	c := web.Config{Registry: app.Registry()}
	c.Logger, c.Catalogue = mustParts(t)
	if _, err := web.New(c); err == nil {
		t.Error("two apps share their metrics")
	}
}

func TestAuthorizeSeesTheRouteAndHandsTheRequestOn(t *testing.T) {
	t.Parallel()
	type who struct{}
	c := web.Config{Authorize: func(r *http.Request, route web.Route) (*http.Request, error) {
		switch r.Header.Get("Authorization") {
		case "":
			return nil, errs.New(errs.Unauthenticated, "web.no_route")
		case route.Access[0] + r.PathValue("enterprise"):
			return r.WithContext(context.WithValue(r.Context(), who{}, "mona")), nil
		}
		return nil, errs.New(errs.NotFound, "web.no_route")
	}}
	guarded := get("/{enterprise}", func(w http.ResponseWriter, r *http.Request) error {
		_, err := fmt.Fprint(w, r.Context().Value(who{}), r.PathValue("enterprise"))
		return err
	})
	guarded.Access = []string{"read"}
	s := serve(t, c, guarded, get("/{$}", ok))
	mustEqual(t, s.ask(t, http.MethodGet, "/acme", "").status, 401)
	mustEqual(t, s.ask(t, http.MethodGet, "/acme", "", "Authorization", "x").status, 404)
	mustEqual(t, s.ask(t, http.MethodGet, "/acme", "", "Authorization", "readacme").body, "monaacme")
	mustEqual(t, s.ask(t, http.MethodGet, "/", "").body, "ok")
}
