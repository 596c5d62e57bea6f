package match

import (
	"fmt"
	"maps"
	"time"
)

// Outcome is what one program took, and what it found.
type Outcome struct {
	// Seconds from the first byte read to people and reasons.
	Seconds float64 `json:"seconds"`
	// IdleBytes is the most memory the process had held before it began,
	// PeakBytes the most it had held when it was done.
	IdleBytes int64 `json:"idle_bytes"`
	PeakBytes int64 `json:"peak_bytes"`
	Tally     Tally `json:"tally"`
}

// Tally is what a program found. People who consume nothing are people.
type Tally struct {
	People         int            `json:"people"`
	Licenses       int            `json:"licenses"`
	LicensesByType map[string]int `json:"licenses_by_type"`
	// Reasons counts the server accounts each rule placed, Ties those where
	// R10 decided.
	Reasons map[string]int `json:"reasons"`
	Ties    int            `json:"ties"`
	// PeopleDigest is over anchor, number of accounts and license of the
	// people in their order; AccountsDigest over anchor, rule, value,
	// attribute and tie of all server accounts in any order.
	PeopleDigest   string `json:"people_digest"`
	AccountsDigest string `json:"accounts_digest"`
}

// Differences says where two tallies differ, a sentence for each; none when
// they are equal.
func (t Tally) Differences(from Tally) []string {
	var all []string
	differ := func(what string, a, b any) { all = append(all, fmt.Sprintf("%s: %v and %v", what, a, b)) }
	if t.People != from.People {
		differ("people", t.People, from.People)
	}
	if t.Licenses != from.Licenses {
		differ("licenses", t.Licenses, from.Licenses)
	}
	if !maps.Equal(t.LicensesByType, from.LicensesByType) {
		differ("licenses by type", t.LicensesByType, from.LicensesByType)
	}
	if !maps.Equal(t.Reasons, from.Reasons) {
		differ("server accounts by rule", t.Reasons, from.Reasons)
	}
	if t.Ties != from.Ties {
		differ("ties", t.Ties, from.Ties)
	}
	if t.PeopleDigest != from.PeopleDigest {
		differ("digest of the sorted people", t.PeopleDigest, from.PeopleDigest)
	}
	if t.AccountsDigest != from.AccountsDigest {
		differ("digest of the reasons", t.AccountsDigest, from.AccountsDigest)
	}
	return all
}

// measure times work and then, with the clock and the memory already read,
// lets tally look at what it made.
func measure[T any](work func() (T, error), tally func(T) Tally) (Outcome, error) {
	idle, err := PeakBytes()
	if err != nil {
		return Outcome{}, err
	}
	start := time.Now()
	made, err := work()
	seconds := time.Since(start).Seconds()
	if err != nil {
		return Outcome{}, err
	}
	peak, err := PeakBytes()
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Seconds: seconds, IdleBytes: idle, PeakBytes: peak, Tally: tally(made)}, nil
}
