package api

import (
	"time"

	"github.com/oneseat/oneseat/internal/hub"
)

// ConnectionRecord is what the agent of an instance tells of itself, item by item
// as GitHub's documentation lists them for its own connections. What the agent
// does not know is null.
type ConnectionRecord struct {
	ReceivedAt time.Time `json:"received_at" doc:"When the agent told it: when it was connected, when something changed, and every week."`

	ServerID          string      `json:"server_id" doc:"Server id of the instance."`
	Enterprise        string      `json:"enterprise" doc:"Slug of the enterprise that the agent is connected to."`
	HostName          string      `json:"host_name" doc:"Host name of the instance."`
	Version           string      `json:"version" doc:"Version of GitHub Enterprise Server."`
	HTTPOnly          bool        `json:"http_only" doc:"The instance is reached without TLS."`
	PublicKey         string      `json:"public_key" doc:"Fingerprint of the key that signs usage files."`
	License           *string     `json:"license" doc:"“sha256:” and the hash of the server's license file."`
	CustomerName      *string     `json:"customer_name" doc:"Whom the license is for."`
	Features          []Feature   `json:"features" nullable:"false" doc:"What is switched on."`
	DormancyThreshold *int64      `json:"dormancy_threshold_days" doc:"After how many days without activity the instance calls somebody dormant."`
	DormantUsers      *int64      `json:"dormant_users" doc:"How many of its users are."`
	ConsumedLicenses  *int64      `json:"consumed_licenses" doc:"Users of the instance who are not suspended."`
	SourceAt          *time.Time  `json:"source_at" doc:"When its users were as the agent knows them."`
	Sync              SyncOfAgent `json:"sync" doc:"How the agent syncs."`
	Agent             string      `json:"agent" doc:"Version of OneSeat that runs there."`
}

// Feature is something that is switched on.
type Feature struct {
	Name      string    `json:"name" doc:"Its name; license sync is license_usage_sync."`
	EnabledAt time.Time `json:"enabled_at" doc:"Since when."`
}

// SyncOfAgent is how an agent syncs by itself.
type SyncOfAgent struct {
	Enabled         bool       `json:"enabled" doc:"License sync is switched on."`
	Every           string     `json:"every,omitempty" doc:"hourly, daily, weekly or monthly; absent when it is off."`
	OnChange        bool       `json:"on_change" doc:"It also syncs when something changed."`
	AsksForRequests bool       `json:"asks_for_requests" doc:"It asks every minute whether somebody wants it to sync now."`
	NextRunAt       *time.Time `json:"next_run_at" doc:"When it comes round next."`
	Error           *Refusal   `json:"error,omitempty" doc:"Why the last run failed; absent when it did not."`
	FailedAt        *time.Time `json:"failed_at,omitempty" doc:"When."`
}

// shownRecord is what the agent of a connection told of itself last; nil: nothing
// yet.
func (v *v1) shownRecord(c *hub.Connection) (*ConnectionRecord, error) {
	r, err := hub.RecordOf(c)
	if r == nil || err != nil {
		return nil, err
	}
	out := &ConnectionRecord{
		ReceivedAt: c.RecordAt, ServerID: r.ServerID, Enterprise: r.Enterprise, HostName: r.HostName, Version: r.Version, HTTPOnly: r.HTTPOnly,
		PublicKey: r.PublicKey, License: r.License, CustomerName: r.CustomerName, Features: []Feature{},
		DormancyThreshold: r.DormancyThreshold, DormantUsers: r.DormantUsers, ConsumedLicenses: r.ConsumedLicenses, SourceAt: r.SourceAt,
		Sync: SyncOfAgent{
			Enabled: r.Sync.Enabled, Every: r.Sync.Every, OnChange: r.Sync.OnChange, AsksForRequests: r.Sync.AsksForRequests,
			NextRunAt: r.Sync.NextRunAt, FailedAt: r.Sync.FailureAt,
		},
		Agent: r.Agent,
	}
	for _, f := range r.Features {
		out.Features = append(out.Features, Feature(f))
	}
	if why := r.Sync.Failure; why != nil {
		if out.Sync.Error = v.refusal(new(hub.SentenceOf(why))); out.Sync.Error.Message == why.Code {
			out.Sync.Error.Message = why.Detail // the agent knows a sentence that this hub does not
		}
	}
	return out, nil
}
