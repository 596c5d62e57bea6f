package signin

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// forgetPage is how many entries a transaction removes at most.
const forgetPage = 500

// Forget removes the entries of an enterprise's audit log that are older than
// a time, and records that it did. What is left still verifies: the log notes
// where it now begins. Nothing is forgotten unless somebody asks.
func (d *Desk) Forget(ctx context.Context, by Actor, enterprise int64, before time.Time) error {
	for again := true; again; {
		err := d.inTx(ctx, func(tx *sql.Tx, q *sqlgen.Queries) error {
			n, err := forget(ctx, q, enterprise, before)
			again = n == forgetPage
			if err != nil || n == 0 {
				return err
			}
			return d.Record(ctx, tx, Entry{
				Enterprise: enterprise, Actor: by.Name, Action: EntriesForgotten, Target: "audit log",
				Details: map[string]any{"entries": n, "before": before.UTC().Format(time.RFC3339)},
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forget removes the first entries of a log up to one that is not old enough,
// and gives how many.
func forget(ctx context.Context, q *sqlgen.Queries, enterprise int64, before time.Time) (int64, error) {
	chain, err := q.Chain(ctx, enterprise)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	last := min(chain.LastNumber, chain.BaseNumber+forgetPage)
	kept, err := q.FirstEntrySince(ctx, sqlgen.FirstEntrySinceParams{Enterprise: enterprise, Last: last, Since: micros(before)})
	if err != nil {
		return 0, err
	}
	if kept > 0 {
		last = kept - 1
	}
	if last <= chain.BaseNumber {
		return 0, nil
	}
	hash, err := q.HashOf(ctx, sqlgen.HashOfParams{Enterprise: enterprise, Number: last})
	if err != nil {
		return 0, err
	}
	if err := q.DeleteEntries(ctx, sqlgen.DeleteEntriesParams{Enterprise: enterprise, Last: last}); err != nil {
		return 0, err
	}
	err = q.SetBase(ctx, sqlgen.SetBaseParams{Enterprise: enterprise, Number: last, Hash: hash})
	return last - chain.BaseNumber, err
}
