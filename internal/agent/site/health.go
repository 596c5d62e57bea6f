package site

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/web"
)

// mountOperations mounts those of every server, with a /healthz that fails when
// somebody should look after the agent.
func mountOperations(app *web.App, mux *http.ServeMux, c *Config) {
	routes := app.Operations(c.Checks...)
	for i := range routes {
		if routes[i].Name == "health" {
			routes[i].Handler = health(c.Agent)
		}
	}
	app.Mount(mux, routes...)
}

// health answers "ok", or 503 and a reason a line: the keys of sentences, which
// name no host and nobody. They are those of "agent status".
func health(a *agent.Service) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		st, err := a.SyncStatus(r.Context())
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		ok := true
		for _, why := range st.Unwell {
			if ok {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			ok = false
			if _, err := fmt.Fprintln(w, "unwell:", why.Key, reason(&why)); err != nil {
				return err
			}
		}
		if ok {
			_, err = fmt.Fprintln(w, "ok")
		}
		return err
	}
}

// reason is what says more of a worry without naming anybody.
func reason(why *agent.Worry) string {
	if why.Cause != nil {
		return why.Cause.Key
	}
	if days, ok := why.Args["Days"]; ok {
		return fmt.Sprint(days)
	}
	return ""
}

// sizes collects the metrics of license sync, when they are asked for.
type sizes struct {
	agent                   *agent.Service
	delivered, next, unwell *prometheus.Desc
}

func newSizes(a *agent.Service) *sizes {
	return &sizes{
		agent:     a,
		delivered: prometheus.NewDesc("oneseat_sync_delivered_timestamp_seconds", "When the hub last took a usage file of this agent; 0 when it never did.", nil, nil),
		next:      prometheus.NewDesc("oneseat_sync_next_timestamp_seconds", "When license sync comes round next; 0 when it is off.", nil, nil),
		unwell:    prometheus.NewDesc("oneseat_sync_unwell", "How many reasons there are to look after this agent.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (s *sizes) Describe(to chan<- *prometheus.Desc) {
	to <- s.delivered
	to <- s.next
	to <- s.unwell
}

// collectTime is how long the metrics of license sync may take.
const collectTime = 5 * time.Second

// Collect implements prometheus.Collector.
func (s *sizes) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTime) //nolint:forbidigo // a collector is given none
	defer cancel()
	st, err := s.agent.SyncStatus(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(s.unwell, err)
		return
	}
	var delivered time.Time
	if st.Delivered != nil {
		delivered = st.Delivered.EndedAt
	}
	to <- prometheus.MustNewConstMetric(s.delivered, prometheus.GaugeValue, seconds(delivered))
	to <- prometheus.MustNewConstMetric(s.next, prometheus.GaugeValue, seconds(st.Next))
	to <- prometheus.MustNewConstMetric(s.unwell, prometheus.GaugeValue, float64(len(st.Unwell)))
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}
