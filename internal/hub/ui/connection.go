package ui

import (
	"cmp"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
)

// connectionView is the connection of an instance, as its page shows it.
type connectionView struct {
	*hub.SourceState

	// Record is what the agent told of itself last; nil: nothing yet.
	Record *connect.Record
	// Request is the newest wish that it sync now; nil: there was none.
	Request *hub.SyncRequest
}

// A page whose form asked an agent for something loads itself anew until it
// answered, and no longer than an agent takes that is well.
const (
	refresh  = "5" // seconds; the header does it without scripts
	awaitFor = 3 * time.Minute
)

// awaits says that the agent is about to do what somebody asked for a moment ago:
// to take up its connection and deliver, or to sync.
func (v *connectionView) awaits(at time.Time) bool {
	if !v.Connected() {
		return false
	}
	if v.Request != nil && v.Request.State == hub.RequestOpen {
		return at.Sub(v.Request.CreatedAt) < awaitFor
	}
	return at.Sub(v.Connection.CreatedAt) < awaitFor && (v.Record == nil || v.Record.Sync.Enabled && v.Snapshot == nil)
}

// recorded is a line of the connection record. Value is empty where the agent
// does not know it.
type recorded struct {
	Name, Value string
	Mono        bool
}

// fields are the record, item by item, in the order of GitHub's documentation.
func (v *connectionView) fields(f *frame) []recorded {
	r := v.Record
	tls := f.T("pagehubconnect.record.tls_on")
	if r.HTTPOnly {
		tls = f.T("pagehubconnect.record.tls_off")
	}
	days := ""
	if r.DormancyThreshold != nil {
		days = f.T("pagehubconnect.record.days", "Count", *r.DormancyThreshold)
	}
	return []recorded{
		{Name: f.T("pagehubconnect.record.public_key"), Value: r.PublicKey, Mono: true},
		{Name: f.T("pagehubconnect.record.license"), Value: text(r.License), Mono: true},
		{Name: f.T("pagehubconnect.record.customer"), Value: text(r.CustomerName)},
		{Name: f.T("pagehubconnect.version"), Value: r.Version},
		{Name: f.T("pagehubconnect.host"), Value: r.HostName},
		{Name: f.T("pagehubconnect.approve.enterprise"), Value: r.Enterprise},
		{Name: f.T("pagehubconnect.record.token"), Value: f.T("pagehubconnect.record.token_good")},
		{Name: f.T("pagehubconnect.record.tls"), Value: tls},
		{Name: f.T("pagehubconnect.record.features"), Value: v.features(f)},
		{Name: f.T("pagehubconnect.record.threshold"), Value: days},
		{Name: f.T("pagehubconnect.record.dormant"), Value: f.count(r.DormantUsers)},
		{Name: f.T("pagehubconnect.record.consumed"), Value: f.count(r.ConsumedLicenses)},
		{Name: f.T("pagehubconnect.record.agent"), Value: r.Agent},
	}
}

func (v *connectionView) features(f *frame) string {
	var all []string
	for _, feature := range v.Record.Features {
		name := feature.Name
		if name == connect.FeatureSync {
			name = f.T("pagehubconnect.sync.title")
		}
		all = append(all, f.T("pagehubconnect.record.feature", "Name", name, "Time", f.Time(feature.EnabledAt)))
	}
	return cmp.Or(strings.Join(all, ", "), f.T("pagehubconnect.record.no_features"))
}

// Schedule says when the agent syncs by itself.
func (v *connectionView) Schedule(f *frame) string {
	s := v.Record.Sync
	if !s.Enabled {
		return f.T("pagehubconnect.sync.off")
	}
	switch s.Every {
	case "hourly":
		return f.T("pagehubconnect.sync.every_hourly")
	case "daily":
		return f.T("pagehubconnect.sync.every_daily")
	case "weekly":
		return f.T("pagehubconnect.sync.every_weekly")
	case "monthly":
		return f.T("pagehubconnect.sync.every_monthly")
	default:
		return cmp.Or(s.Every, f.T("pagehubconnect.sync.on"))
	}
}

// Next is when it does so next; zero when nobody knows.
func (v *connectionView) Next() time.Time {
	if v.Record == nil || v.Record.Sync.NextRunAt == nil {
		return time.Time{}
	}
	return *v.Record.Sync.NextRunAt
}

// Failure is why the agent's last run failed, in the reader's language where the
// hub knows the sentence; empty when it did not.
func (v *connectionView) Failure(f *frame) string {
	s := v.Record.Sync.Failure
	if s == nil {
		return ""
	}
	why := hub.SentenceOf(s)
	if said := refusalText(f, &why); said != why.Key {
		return said
	}
	return s.Detail
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (f *frame) count(n *int64) string {
	if n == nil {
		return ""
	}
	return f.Number(int(*n))
}
