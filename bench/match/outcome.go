package match

import (
	"fmt"
	"maps"

	"github.com/oneseat/oneseat/bench/measure"
)

// Outcome is what one program took, and what it found.
type Outcome struct {
	// Cost is from the first byte read to people and reasons.
	measure.Cost
	Tally Tally `json:"tally"`
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

// outcome measures work and then, with the clock and the memory already read,
// lets tally look at what it made.
func outcome[T any](work func() (T, error), tally func(T) Tally) (Outcome, error) {
	var made T
	cost, err := measure.Of(func() (err error) {
		made, err = work()
		return err
	})
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Cost: cost, Tally: tally(made)}, nil
}
