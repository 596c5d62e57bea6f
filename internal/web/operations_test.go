package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/web"
)

// operate serves the operations and some routes.
func operate(t *testing.T, c web.Config, checks []web.Check, routes ...web.Route) *site {
	t.Helper()
	s := &site{}
	s.app, s.log = mustApp(t, c)
	s.Server = httptest.NewServer(s.app.Handler(mount(s.app, append(routes, s.app.Operations(checks...)...)...)))
	t.Cleanup(s.Close)
	return s
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	var broken error
	checks := []web.Check{
		{Name: "database", Run: func(context.Context) error { return broken }},
		{Name: "disk", Run: func(context.Context) error { return nil }},
	}
	s := operate(t, web.Config{}, checks)
	mustEqual(t, s.ask(t, http.MethodGet, "/readyz", "").body, "ready\n")
	broken = errors.New("connection refused by db-1.acme.example")
	got := s.ask(t, http.MethodGet, "/readyz", "")
	mustEqual(t, got.status, http.StatusServiceUnavailable)
	mustEqual(t, got.header.Get("Retry-After"), "30")
	mustEqual(t, got.mustJSON(t)["detail"], any("OneSeat cannot work yet, or not any more, because these checks fail: database. The log says why."))
	mustEqual(t, s.ask(t, http.MethodGet, "/healthz", "").body, "ok\n")
	broken = nil
	s.app.Drain()
	mustEqual(t, s.ask(t, http.MethodGet, "/readyz", "").status, http.StatusServiceUnavailable)
	mustEqual(t, s.ask(t, http.MethodGet, "/healthz", "").status, http.StatusOK)
	line := s.lines(t)[1]
	mustEqual(t, line["level"], any("WARN"))
	if cause, _ := line["cause"].(string); !strings.Contains(cause, "check database: connection refused by db-1.acme.example") {
		t.Error(cause)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := operate(t, web.Config{}, nil, get("/people/{login}", ok), get("/refused", failing(errs.New(errs.Conflict, "web.no_route"))))
	s.app.Registry().MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "oneseat_test_answer", Help: "A gauge of another package."}, func() float64 { return 42 }))
	for _, path := range []string{"/people/mona", "/people/lisa", "/refused", "/nowhere/hubot"} {
		s.ask(t, http.MethodGet, path, "")
	}
	got := s.ask(t, http.MethodGet, "/metrics", "")
	for _, want := range []string{
		`oneseat_http_requests_total{method="GET",route="/people/{login}",status="200"} 2`,
		`oneseat_http_requests_total{method="GET",route="/refused",status="409"} 1`,
		`oneseat_http_requests_total{method="GET",route="",status="404"} 1`,
		`oneseat_http_request_seconds_count{route="/people/{login}"} 2`,
		`oneseat_http_requests_running 1`, // this one
		`oneseat_test_answer 42`,
		`go_goroutines `,
	} {
		if !strings.Contains(got.body, "\n"+want) {
			t.Errorf("no line %s", want)
		}
	}
	for _, name := range []string{"mona", "hubot"} {
		if strings.Contains(got.body, name) {
			t.Errorf("%s is in the metrics", name)
		}
	}
}
