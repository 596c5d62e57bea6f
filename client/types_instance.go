package client

import "time"

// Instance is a server instance.
type Instance struct {
	Number      int64              `json:"number"`                       // its number in this enterprise; never used again
	State       string             `json:"state"`                        // held: nobody confirmed yet who it is
	HostName    string             `json:"host_name"`                    // its host name
	ServerID    string             `json:"server_id,omitempty"`          // its server id; absent when its lists come by hand
	Fingerprint string             `json:"fingerprint,omitempty"`        // fingerprint of the key that signs its usage files
	Signed      bool               `json:"signed"`                       // what counts came in a signed usage file
	Sequence    int64              `json:"sequence"`                     // sequence of the newest usage file ever accepted
	CreatedAt   time.Time          `json:"created_at"`                   // when it was first heard of
	AgeSeconds  int64              `json:"age_seconds"`                  // how old what counts is; 0 when nothing does
	AgeDays     int                `json:"age_objective_days"`           // how old what counts may be before totals that rest on it are marked
	Stale       bool               `json:"stale"`                        // it is older
	Connected   bool               `json:"connected"`                    // its agent delivers by itself
	Trouble     *Refusal           `json:"connection_trouble,omitempty"` // why its agent was refused a token: a second machine may use its identity; absent: it was not
	Snapshot    *Snapshot          `json:"snapshot,omitempty"`           // what counts; absent when nothing does
	Last        *Event             `json:"last_event,omitempty"`         // the last thing that came from it, or was to come
	Pending     string             `json:"pending_upload,omitempty"`     // the upload somebody has to decide about
	Statement   *InstanceStatement `json:"statement,omitempty"`          // its part in the current result
}

// Snapshot is what a source said at one time.
type Snapshot struct {
	Number    int64     `json:"number"`              // its number at this source
	Upload    string    `json:"upload"`              // the upload it came with
	Sequence  int64     `json:"sequence,omitempty"`  // sequence of its usage file
	Digest    string    `json:"digest,omitempty"`    // digest of its accounts, of a usage file
	SourceAt  time.Time `json:"source_at,omitzero"`  // when the accounts were as they are; absent when unknown
	TakenAt   time.Time `json:"taken_at,omitzero"`   // when it was taken
	AppliedAt time.Time `json:"applied_at,omitzero"` // when it began to count
	Items     int64     `json:"items"`               // accounts, and of the cloud side also invitations, subscriptions and report rows
	Kept      bool      `json:"kept"`                // one can go back to it
	Current   bool      `json:"current"`             // it counts now
}

// Event is the last thing that came from a source, or was to come.
type Event struct {
	Upload  string    `json:"upload"`          // the upload
	At      time.Time `json:"at"`              // when
	Actor   string    `json:"actor"`           // who
	Status  string    `json:"status"`          // what became of it; one of pending, success, failure
	Message string    `json:"message"`         // the sentence for a person
	Error   *Refusal  `json:"error,omitempty"` // why it failed
}

// CloudList is what counts of the cloud side.
type CloudList struct {
	AgeSeconds int64     `json:"age_seconds"`              // how old what counts is; 0 when nothing does
	AgeDays    int       `json:"age_objective_days"`       // how old it may be before totals are marked
	Stale      bool      `json:"stale"`                    // it is older
	Snapshot   *Snapshot `json:"snapshot,omitempty"`       // what counts; absent when nothing does
	Last       *Event    `json:"last_event,omitempty"`     // the last load
	Pending    string    `json:"pending_upload,omitempty"` // the load somebody has to decide about
}
