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

// recorded is a line of the connection record. Value is empty where the agent
// does not know it.
type recorded struct{ Name, Value string }

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
		{f.T("pagehubconnect.record.public_key"), r.PublicKey},
		{f.T("pagehubconnect.record.license"), text(r.License)},
		{f.T("pagehubconnect.record.customer"), text(r.CustomerName)},
		{f.T("pagehubconnect.version"), r.Version},
		{f.T("pagehubconnect.host"), r.HostName},
		{f.T("pagehubconnect.approve.enterprise"), r.Enterprise},
		{f.T("pagehubconnect.record.token"), f.T("pagehubconnect.record.token_good")},
		{f.T("pagehubconnect.record.tls"), tls},
		{f.T("pagehubconnect.record.features"), v.features(f)},
		{f.T("pagehubconnect.record.threshold"), days},
		{f.T("pagehubconnect.record.dormant"), f.count(r.DormantUsers)},
		{f.T("pagehubconnect.record.consumed"), f.count(r.ConsumedLicenses)},
		{f.T("pagehubconnect.record.agent"), r.Agent},
	}
}

func (v *connectionView) features(f *frame) string {
	var all []string
	for _, feature := range v.Record.Features {
		all = append(all, feature.Name+" ("+f.Time(feature.EnabledAt)+")")
	}
	return strings.Join(all, ", ")
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
