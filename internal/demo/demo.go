// Package demo is Halden Optics, an invented enterprise of about four hundred
// people, as the files that a real one has: a cloud list, and the site-admin
// report of two server instances. It has every case of the matching rules that
// is worth looking at, a person for each, who can be found by name.
//
// The files are made anew for the day they are asked for, so that nothing in
// them is ever old; the same day gives the same bytes. The package knows no
// role: what is done with the files is up to whoever asked for them. Start with
// Make.
package demo

import "time"

// Slug and Name are what the enterprise is called, and Purchased how many
// licenses it has bought.
const (
	Slug      = "halden"
	Name      = "Halden Optics"
	Purchased = 380
)

// Hosts of the two server instances.
const (
	Main     = "git.halden.example"
	Acquired = "git.lumen.example"
)

// Files are what the enterprise has on a day.
type Files struct {
	// CloudList is the cloud side, as oneseat-cloud-list/1.
	CloudList []byte
	// Reports are all_users.csv of the instances, by host name.
	Reports map[string][]byte
	// Cases are people worth looking at.
	Cases []Case
}

// Case is somebody worth looking at: a login, an address or HOST:ID that finds
// them, the rule that they show, and how many licenses they consume.
type Case struct {
	Find, Rule string
	Licenses   int
	// Why is what is interesting, in a few words of English, for documents and
	// tests.
	Why string
}

// Make makes the files of a day.
func Make(day time.Time) (*Files, error) {
	b := begin(day.UTC().Truncate(time.Hour))
	b.crowd()
	b.cases()
	return b.files()
}
