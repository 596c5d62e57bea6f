package signin

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// verifyPage is how many entries are checked at a time.
const verifyPage = 500

// Fault is what is wrong with an entry of the audit log.
type Fault string

// The faults.
const (
	Sound   Fault = ""        // nothing is
	Changed Fault = "changed" // it, or where it stands, is not what was recorded
	Missing Fault = "missing" // it was recorded and is not there
	Added   Fault = "added"   // it is there and was not recorded
)

// Verdict is what [Desk.Verify] found.
type Verdict struct {
	// Fault is that of the entry Number, the first that is not sound; Sound
	// when all are.
	Fault  Fault
	Number int64
	// First and Last are the numbers of the first and the last entry that
	// should be there; Last is First-1 when there should be none.
	First, Last int64
	// Head is the hash of the last entry, empty when there never was one. Noted
	// down elsewhere, it shows later that nobody wrote the whole log anew: the
	// entry with the number Last still has that hash.
	Head string
}

// Verify computes the hashes of an enterprise's audit log anew and says which
// entry is the first that was changed, removed, moved or added. It reads the
// whole log as it stands at one time, in pages.
//
// Whoever can write to the database and knows this program can write the whole
// log anew; see [Verdict].
func (d *Desk) Verify(ctx context.Context, enterprise int64) (Verdict, error) {
	var verdict Verdict
	err := d.db.View(ctx, func(tx *sql.Tx) error {
		var err error
		verdict, err = verify(ctx, sqlgen.New(tx), enterprise)
		return err
	})
	return verdict, err
}

func verify(ctx context.Context, q *sqlgen.Queries, enterprise int64) (Verdict, error) {
	chain, err := q.Chain(ctx, enterprise)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Verdict{}, database.Translate(err)
	}
	verdict := Verdict{First: chain.BaseNumber + 1, Last: chain.LastNumber, Head: chain.LastHash}
	number, hash, err := verdict.walk(ctx, q, enterprise, chain)
	if err != nil || verdict.Fault != Sound {
		return verdict, err
	}
	switch {
	case number < chain.LastNumber:
		verdict.Fault, verdict.Number = Missing, number+1
	case hash != chain.LastHash:
		verdict.Fault, verdict.Number = Changed, number
	}
	return verdict, nil
}

// walk goes through the log up to the first fault, and gives the number and the
// hash it came to.
func (v *Verdict) walk(ctx context.Context, q *sqlgen.Queries, enterprise int64, chain sqlgen.AuditChain) (int64, string, error) {
	at, hash := int64(math.MinInt64), chain.BaseHash
	for next := chain.BaseNumber; ; {
		rows, err := q.EntriesAfter(ctx, sqlgen.EntriesAfterParams{Enterprise: enterprise, After: at, Page: verifyPage})
		if err != nil || len(rows) == 0 {
			return next, hash, err
		}
		for i := range rows {
			at = rows[i].Number
			if v.Fault = fault(&rows[i], next+1, hash, chain.LastNumber); v.Fault != Sound {
				v.Number = min(at, next+1)
				return next, hash, nil
			}
			next, hash = at, rows[i].Hash
		}
	}
}

// fault is what is wrong with an entry that should have a number and follow a
// hash.
func fault(r *sqlgen.AuditEntry, number int64, before string, last int64) Fault {
	switch {
	case r.Number < number || number > last:
		return Added
	case r.Number > number:
		return Missing
	case link(before, r) != r.Hash:
		return Changed
	default:
		return Sound
	}
}
