package client

import "time"

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	Number  int64          `json:"number"`  // its number, from 1 without gaps
	At      time.Time      `json:"at"`      // when
	Actor   string         `json:"actor"`   // who
	Action  string         `json:"action"`  // what, named as in GitHub's audit log where that has the same
	Meaning string         `json:"meaning"` // the action as a sentence
	Target  string         `json:"target"`  // what it was done to
	Details map[string]any `json:"details"` // more about it; never a whole address
	Hash    string         `json:"hash"`    // covers the entry and the hash before it
}

// Verification is whether the audit log is whole.
type Verification struct {
	Whole  bool   `json:"whole"`            // every entry is as it was recorded
	Fault  string `json:"fault,omitempty"`  // what is wrong with the first entry that is not; one of changed, missing, added
	Number int64  `json:"number,omitempty"` // number of that entry
	First  int64  `json:"first"`            // number of the first entry
	Last   int64  `json:"last"`             // number of the last entry
	Head   string `json:"head,omitempty"`   // hash of the last entry
}
