package intake

import (
	"context"

	"github.com/oneseat/oneseat/bench/imported"
	"github.com/oneseat/oneseat/bench/measure"
)

// Imported is how long sqlite3 needs for the rows of some tables.
type Imported struct {
	Accounts measure.Cost // of the rows of the instance's accounts, which hold the addresses
	People   measure.Cost // of the rows of the people
}

// Import gives the rows that the first step left in dir to sqlite3's .import:
// into a new database each, with the same tables and indexes, and settings of
// the hub's own connection for writing. The rows come in the order of their
// primary key and in one transaction, which is what .import is fastest with.
func Import(ctx context.Context, dir string) (in Imported, err error) {
	h, err := open(ctx, dir)
	if err != nil {
		return in, err
	}
	defer h.close() //nolint:errcheck // it was only asked
	const ofInstance = "SELECT * FROM item WHERE source = 1 ORDER BY kind, key"
	if in.Accounts, err = imported.Table(ctx, h.db, "item", ofInstance); err != nil {
		return in, err
	}
	// CSV knows no bytes: an id becomes a text of the same length.
	const people = "SELECT enterprise, number, substr(hex(person_id), 1, 16), from_result, to_result, sort_key, search, deployment, license, " +
		"consumes, accounts, organizations, roles, document FROM person ORDER BY number, from_result"
	in.People, err = imported.Table(ctx, h.db, "person", people)
	return in, err
}
