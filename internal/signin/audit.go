package signin

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// longestEntry bounds the texts of an entry together, in bytes.
const longestEntry = 64 << 10

// Entry is one line of an enterprise's audit log. Whoever records one sets the
// first five fields.
type Entry struct {
	Enterprise int64
	Actor      string // an [Actor]'s Name
	Action     Action
	Target     string // what it was done to: "upload ID", "token NAME"
	// Details are values that encoding/json can write. No whole address stays
	// in them, nor in any other text of the entry.
	Details map[string]any

	// Number counts the entries of the enterprise from 1, without gaps.
	Number int64
	At     time.Time
	// Hash covers this entry and the hash of the one before it; hexadecimal.
	Hash string
}

// Record writes an entry in the transaction of what happened. Two transactions
// that record for the same enterprise happen one after the other; on
// PostgreSQL the later one is run again, as database.DB.InTx does.
//
// Errors: Invalid when the texts are too long together; without a kind when
// the action is not named as [Action] says, or the details cannot be written as JSON.
func (d *Desk) Record(ctx context.Context, tx *sql.Tx, e Entry) error {
	row, err := d.row(&e)
	if err != nil {
		return err
	}
	q := sqlgen.New(tx)
	last, err := q.TakeNumber(ctx, e.Enterprise)
	if err != nil {
		return fmt.Errorf("take a number of the audit log: %w", err)
	}
	row.Number = last.LastNumber
	row.Hash = link(last.LastHash, row)
	if err := q.AddEntry(ctx, sqlgen.AddEntryParams(*row)); err != nil {
		return fmt.Errorf("add audit entry %d: %w", row.Number, err)
	}
	return q.SetLastHash(ctx, sqlgen.SetLastHashParams{Enterprise: e.Enterprise, Hash: row.Hash})
}

// row is the entry as it is stored, but for its place in the log.
func (d *Desk) row(e *Entry) (*sqlgen.AuditEntry, error) {
	if !actionNames.MatchString(string(e.Action)) {
		return nil, fmt.Errorf("record audit entry: %q is no name of an action", string(e.Action))
	}
	details, err := maskedJSON(e.Details)
	if err != nil {
		return nil, fmt.Errorf("record audit entry %s: %w", e.Action, err)
	}
	row := &sqlgen.AuditEntry{
		Enterprise: e.Enterprise, At: micros(d.now()), Actor: masked(e.Actor), Action: string(e.Action),
		Target: masked(e.Target), Details: details,
	}
	if len(row.Actor)+len(row.Target)+len(row.Details) > longestEntry {
		return nil, errs.New(errs.Invalid, "signin.long_entry", "Most", longestEntry)
	}
	return row, nil
}

// link is the hash of an entry after the hash before it: SHA-256 over the
// name of the format and the fields, each behind its length, so that no two
// entries hash the same bytes.
func link(before string, r *sqlgen.AuditEntry) string {
	fields := []string{
		"oneseat audit 1", before, strconv.FormatInt(r.Enterprise, 10), strconv.FormatInt(r.Number, 10),
		strconv.FormatInt(r.At, 10), r.Actor, r.Action, r.Target, r.Details,
	}
	sum := sha256.New()
	for _, f := range fields {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(f))))
		sum.Write([]byte(f))
	}
	return hex.EncodeToString(sum.Sum(nil))
}
