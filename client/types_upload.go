package client

import "time"

// Upload is the arrival of a file, or the wish to go back to a snapshot.
type Upload struct {
	ID          string    `json:"id"`                       // name of the upload
	Kind        string    `json:"kind"`                     // usage: a usage file. csv: a server's report, by hand. cloud: files of the cloud side. undo: back to a kept snapshot. remove: an instance goes
	State       string    `json:"state"`                    // checking, held, preview, removing, applied, refused, discarded or superseded
	Pending     bool      `json:"pending"`                  // nobody decided yet; its source takes no other
	Instance    int64     `json:"instance,omitempty"`       // number of the server instance; absent for the cloud side
	HostName    string    `json:"host_name,omitempty"`      // host name, as the file says
	ServerID    string    `json:"server_id,omitempty"`      // server id, as the file says
	Fingerprint string    `json:"fingerprint,omitempty"`    // fingerprint of the key that signed the file
	KnownHost   int64     `json:"known_host,omitempty"`     // of a held upload: the instance that has this host name under another server id
	Sequence    int64     `json:"sequence,omitempty"`       // sequence of the usage file
	TakenAt     time.Time `json:"taken_at,omitzero"`        // when the snapshot was taken
	SourceAt    time.Time `json:"source_at,omitzero"`       // when the accounts were as they are; absent when unknown
	Accounts    int64     `json:"accounts"`                 // accounts in it
	Note        string    `json:"note,omitempty"`           // what whoever exported it noted
	FileName    string    `json:"file_name,omitempty"`      // name of the file
	Files       []string  `json:"files,omitempty"`          // names of the files of the cloud side
	Content     string    `json:"content,omitempty"`        // SHA-256 of what was uploaded; the same again is the same upload
	Snapshot    int64     `json:"snapshot,omitempty"`       // the snapshot an undo goes back to
	Reason      string    `json:"reason,omitempty"`         // why, of an undo
	Actor       string    `json:"actor"`                    // who brought it
	Preview     int64     `json:"preview_result,omitempty"` // number of the result that shows what applying would change
	Warnings    []Warning `json:"warnings"`                 // what was noticed and stops nothing
	Refusal     *Refusal  `json:"refusal,omitempty"`        // why it was refused, or discarded by nobody in particular
	CreatedAt   time.Time `json:"created_at"`               // when it arrived
	UpdatedAt   time.Time `json:"updated_at"`               // when its state changed last, or its agent sent the same again
	LapsesAt    time.Time `json:"lapses_at,omitzero"`       // when it is discarded unless somebody decides before; absent when nothing waits for people
}

// Refusal is why an upload was refused.
type Refusal struct {
	Code    string `json:"code"`    // short name of what is wrong
	Message string `json:"message"` // the sentence: what is wrong and what to do
}
