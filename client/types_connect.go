package client

import "time"

// Connection is the pairing of an instance's agent with the enterprise.
type Connection struct {
	ID        string    `json:"id"`                  // its name
	State     string    `json:"state"`               // ended: its agent delivers nothing any more
	CreatedAt time.Time `json:"created_at"`          // when an owner approved it
	CreatedBy string    `json:"created_by"`          // who
	TokenAt   time.Time `json:"token_at,omitzero"`   // when the agent got its last token; absent: never
	Trouble   *Refusal  `json:"trouble,omitempty"`   // why a token was refused: a second machine may use the agent's identity
	TroubleAt time.Time `json:"trouble_at,omitzero"` // when
	EndedAt   time.Time `json:"ended_at,omitzero"`   // when it ended; absent: it did not
	EndedBy   string    `json:"ended_by,omitempty"`  // by whom

	Record *ConnectionRecord `json:"record,omitempty"` // what the agent told of itself last; absent: nothing yet
}

// ConnectionRecord is what the agent of an instance tells of itself, item by item
// as GitHub's documentation lists them for its own connections. A nil field is
// not known to the agent.
type ConnectionRecord struct {
	ReceivedAt time.Time `json:"received_at"` // when the agent told it

	ServerID          string      `json:"server_id"`               // server id of the instance
	Enterprise        string      `json:"enterprise"`              // slug of the enterprise that the agent is connected to
	HostName          string      `json:"host_name"`               // host name of the instance
	Version           string      `json:"version"`                 // version of GitHub Enterprise Server
	HTTPOnly          bool        `json:"http_only"`               // the instance is reached without TLS
	PublicKey         string      `json:"public_key"`              // fingerprint of the key that signs usage files
	License           *string     `json:"license"`                 // "sha256:" and the hash of the server's license file
	CustomerName      *string     `json:"customer_name"`           // whom the license is for
	Features          []Feature   `json:"features"`                // what is switched on
	DormancyThreshold *int64      `json:"dormancy_threshold_days"` // after how many days the instance calls somebody dormant
	DormantUsers      *int64      `json:"dormant_users"`           // how many of its users are
	ConsumedLicenses  *int64      `json:"consumed_licenses"`       // users of the instance who are not suspended
	SourceAt          *time.Time  `json:"source_at"`               // when its users were as the agent knows them
	Sync              SyncOfAgent `json:"sync"`                    // how the agent syncs
	Agent             string      `json:"agent"`                   // version of OneSeat that runs there
}

// Feature is something that is switched on.
type Feature struct {
	Name      string    `json:"name"`       // its name; license sync is license_usage_sync
	EnabledAt time.Time `json:"enabled_at"` // since when
}

// SyncOfAgent is how an agent syncs by itself.
type SyncOfAgent struct {
	Enabled         bool       `json:"enabled"`             // license sync is switched on
	Every           string     `json:"every,omitempty"`     // hourly, daily, weekly or monthly; absent when it is off
	OnChange        bool       `json:"on_change"`           // it also syncs when something changed
	AsksForRequests bool       `json:"asks_for_requests"`   // it asks every minute whether somebody wants it to sync now
	NextRunAt       *time.Time `json:"next_run_at"`         // when it comes round next
	Error           *Refusal   `json:"error,omitempty"`     // why the last run failed; absent when it did not
	FailedAt        *time.Time `json:"failed_at,omitempty"` // when
}

// SyncRequest is somebody's wish that an agent syncs now.
type SyncRequest struct {
	ID        string    `json:"id"`               // its name
	State     string    `json:"state"`            // open: the agent did not answer yet
	Actor     string    `json:"actor"`            // who asked
	CreatedAt time.Time `json:"created_at"`       // when
	Upload    string    `json:"upload,omitempty"` // the upload that came of it
	Error     *Refusal  `json:"error,omitempty"`  // why none came
}
