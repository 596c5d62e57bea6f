package client

import "time"

// ContractTerms are what a line of the contract says.
type ContractTerms struct {
	From    string `json:"from"`              // first day, "2026-01-01"
	Until   string `json:"until,omitempty"`   // last day; absent: it has no end yet
	Seats   int    `json:"seats"`             // licenses
	License string `json:"license,omitempty"` // of this type; absent: Enterprise; one of Enterprise, Visual Studio subscription
	Note    string `json:"note,omitempty"`    // for people: the number of the order, say
}

// ContractLine is a line of the contract with who wrote it.
type ContractLine struct {
	ContractTerms

	ID        int64     `json:"id"`                   // its number
	InForce   bool      `json:"in_force"`             // it counts today
	CreatedAt time.Time `json:"created_at"`           // when it was noted
	CreatedBy string    `json:"created_by"`           // by whom
	ChangedAt time.Time `json:"changed_at"`           // when it was changed last, else noted
	ChangedBy string    `json:"changed_by"`           // by whom
	RemovedAt time.Time `json:"removed_at,omitzero"`  // when it was removed; absent: it was not
	RemovedBy string    `json:"removed_by,omitempty"` // by whom
}
