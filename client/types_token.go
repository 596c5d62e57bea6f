package client

import "time"

// Token is everything of a token but its secret.
type Token struct {
	ID         string    `json:"id"`                    // name of the token in addresses
	Name       string    `json:"name"`                  // what people call it
	State      string    `json:"state"`                 // whether it is of use; one of live, expired, revoked
	Scopes     []string  `json:"scopes"`                // what it may
	Instance   int64     `json:"instance,omitempty"`    // with the scope upload: the server instance it is for
	CreatedBy  string    `json:"created_by"`            // who made it
	MadeWith   string    `json:"made_with,omitempty"`   // id of the token it was made with, and ends with; absent when a person made it
	CreatedAt  time.Time `json:"created_at"`            // when it was made
	ExpiresAt  time.Time `json:"expires_at,omitzero"`   // when it ends; absent: never
	LastUsedAt time.Time `json:"last_used_at,omitzero"` // when it was used last, to the hour; absent: never
	RevokedAt  time.Time `json:"revoked_at,omitzero"`   // when somebody ended it
}

// NewToken is a token with its secret.
type NewToken struct {
	Token

	Secret string `json:"secret"` // what its bearer shows. It is here and nowhere else: keep it
}
