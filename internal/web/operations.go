package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/oneseat/oneseat/internal/errs"
)

// Check is something a server needs before it can answer. Its name stands in
// the answer of /readyz; its error in the log alone. Run heeds its context.
type Check struct {
	Name string
	Run  func(context.Context) error
}

// checkTime is how long all checks together may take.
const checkTime = 5 * time.Second

// Operations are the routes of whoever runs the server: GET /healthz (the
// process answers), /readyz (it is not stopping and every check passes) and
// /metrics (in the format of Prometheus). They are public and name nobody; a
// caller that wants otherwise gives them Access.
func (a *App) Operations(checks ...Check) []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/healthz", Name: "health", Unmetered: true, Handler: healthy},
		{Method: http.MethodGet, Pattern: "/readyz", Name: "readiness", Unmetered: true, Handler: a.ready(checks)},
		{Method: http.MethodGet, Pattern: "/metrics", Name: "metrics", Unmetered: true, Handler: Serve(promhttp.HandlerFor(
			a.metrics.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, ErrorHandling: promhttp.ContinueOnError},
		))},
	}
}

func healthy(w http.ResponseWriter, _ *http.Request) error { return say(w, "ok") }

func (a *App) ready(checks []Check) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if a.draining.Load() {
			return errs.New(errs.Unavailable, "web.stopping")
		}
		ctx, cancel := context.WithTimeout(r.Context(), checkTime)
		defer cancel()
		var failed []string
		var causes []error
		for _, check := range checks {
			if err := check.Run(ctx); err != nil {
				failed = append(failed, check.Name)
				causes = append(causes, fmt.Errorf("check %s: %w", check.Name, err))
			}
		}
		if len(failed) > 0 {
			return errs.Wrap(errs.Unavailable, errors.Join(causes...), "web.not_ready", "Checks", strings.Join(failed, ", "))
		}
		return say(w, "ready")
	}
}

func say(w http.ResponseWriter, word string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := fmt.Fprintln(w, word)
	return err
}
