package site

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/oneseat/oneseat/internal/hub"
)

// newRefusals counts what agents are refused. Routes and sentences are those of
// the program, so that nobody outside makes a series.
func newRefusals() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "oneseat_connect_refusals_total",
		Help: "Calls of agents that were refused, by route and by the sentence that says why.",
	}, []string{"route", "code"})
}

// vitals collects how old the sources of every enterprise are and what waits,
// when it is asked for. Enterprises and sources go by their numbers, which name
// nobody.
type vitals struct {
	hub *hub.Service

	age, objective, delivered, connections, waiting, requests *prometheus.Desc
}

func newVitals(h *hub.Service) *vitals {
	source := []string{"enterprise", "source"}
	return &vitals{
		hub:         h,
		age:         prometheus.NewDesc("oneseat_source_age_seconds", "How old what counts of a source is; 0 is the cloud side, others are server instances.", source, nil),
		objective:   prometheus.NewDesc("oneseat_source_age_objective_seconds", "How old what counts of a source may be before totals that rest on it are marked.", source, nil),
		delivered:   prometheus.NewDesc("oneseat_source_delivered_timestamp_seconds", "When what counts of a source began to count.", source, nil),
		connections: prometheus.NewDesc("oneseat_connections", "Connections of agents: active, in trouble (a token was refused, see the instance's page) or ended.", []string{"enterprise", "state"}, nil),
		waiting:     prometheus.NewDesc("oneseat_uploads_waiting", "Uploads that somebody has to decide about.", []string{"enterprise"}, nil),
		requests:    prometheus.NewDesc("oneseat_sync_requests_open", "Agents that were asked to sync now and did not yet.", []string{"enterprise"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (v *vitals) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{v.age, v.objective, v.delivered, v.connections, v.waiting, v.requests} {
		to <- d
	}
}

// collectTime is how long collecting may take.
const collectTime = 10 * time.Second

// Collect implements prometheus.Collector.
func (v *vitals) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTime) //nolint:forbidigo // a collector is given none
	defer cancel()
	all, err := v.hub.Vitals(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(v.age, err)
		return
	}
	for i := range all {
		v.enterprise(to, &all[i])
	}
}

func (v *vitals) enterprise(to chan<- prometheus.Metric, now *hub.Vitals) {
	number := strconv.FormatInt(now.Enterprise, 10)
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, append([]string{number}, labels...)...)
	}
	connections := map[string]int{"active": 0, "trouble": 0, "ended": 0}
	source := func(s *hub.SourceState) {
		if c := s.Connection; c != nil {
			connections[connectionState(c)]++
		}
		if s.Snapshot == nil {
			return
		}
		one := strconv.FormatInt(s.Number, 10)
		gauge(v.age, s.Age(now.At).Seconds(), one)
		gauge(v.objective, s.AgeObjective().Seconds(), one)
		gauge(v.delivered, float64(s.Snapshot.AppliedAt.Unix()), one)
	}
	source(&now.Cloud)
	for i := range now.Instances {
		source(&now.Instances[i])
	}
	for state, n := range connections {
		gauge(v.connections, float64(n), state)
	}
	gauge(v.waiting, float64(now.Waiting()))
	gauge(v.requests, float64(now.OpenRequests))
}

func connectionState(c *hub.Connection) string {
	switch {
	case !c.Active:
		return "ended"
	case c.Trouble != "":
		return "trouble"
	default:
		return "active"
	}
}
