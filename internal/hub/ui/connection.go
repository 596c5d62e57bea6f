package ui

import (
	"cmp"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/recordpage"
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

// record is the connection record, item by item.
func (v *connectionView) record(f *frame) []recordpage.Item {
	return recordpage.Items(&f.Reader, v.Record, recordpage.Side{
		TokenAt: v.Connection.TokenAt, Failure: func(*connect.Sentence) string { return v.Failure(f) },
	})
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
