package web

import (
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are those of requests. Their labels are bounded: methods of HTTP,
// patterns of routes, statuses.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	running  prometheus.Gauge
}

func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		registry: registry,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "oneseat_http_requests_total",
			Help: "Requests answered, by method, pattern of the route (empty: no route) and status (499: nobody waited).",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "oneseat_http_request_seconds",
			Help:    "Time from a request's head to the end of its handler, by pattern of the route.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60, 600},
		}, []string{"route"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "oneseat_http_requests_running",
			Help: "Requests that are being answered now.",
		}),
	}
	all := []prometheus.Collector{m.requests, m.seconds, m.running}
	if registry == nil {
		m.registry = prometheus.NewRegistry()
		all = append(all, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	}
	for _, collector := range all {
		if err := m.registry.Register(collector); err != nil {
			return nil, fmt.Errorf("web: register metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) begun() { m.running.Inc() }

func (m *metrics) ended(e *RequestEvent, took time.Duration) {
	m.running.Dec()
	m.requests.WithLabelValues(e.Method, e.Pattern, strconv.Itoa(e.Status)).Inc()
	m.seconds.WithLabelValues(e.Pattern).Observe(took.Seconds())
}
