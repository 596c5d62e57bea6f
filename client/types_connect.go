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
