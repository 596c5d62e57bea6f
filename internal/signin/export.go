package signin

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// exportPage is how many entries are read at a time.
const exportPage = 500

// exportedEntry is a line of an export: all that the hash of the entry covers.
type exportedEntry struct {
	Enterprise int64           `json:"enterprise"`
	Number     int64           `json:"number"`
	At         time.Time       `json:"at"`
	Actor      string          `json:"actor"`
	Action     string          `json:"action"`
	Target     string          `json:"target"`
	Details    json.RawMessage `json:"details"`
	Hash       string          `json:"hash"`
}

// WriteEntries writes the audit log of an enterprise, the oldest entry first,
// as one JSON object a line: everything up to the entry that is the last when it
// begins. It reads in pages, so that it takes no memory that grows with the log
// and keeps nobody from writing. Details stand as they were hashed, and times
// have all their microseconds, so that whoever has the file can compute the
// hashes.
func (d *Desk) WriteEntries(ctx context.Context, enterprise int64, w io.Writer) error {
	chain, err := d.reader().Chain(ctx, enterprise)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return database.Translate(err)
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false) // the bytes that were hashed stay
	for after := chain.BaseNumber; after < chain.LastNumber; {
		rows, err := d.reader().EntriesAfter(ctx, sqlgen.EntriesAfterParams{Enterprise: enterprise, After: after, Page: exportPage})
		if err != nil {
			return database.Translate(err)
		}
		if len(rows) == 0 {
			return nil
		}
		for i := range rows {
			if after = rows[i].Number; after > chain.LastNumber {
				return nil
			}
			if err := writeEntry(out, &rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeEntry(out *json.Encoder, r *sqlgen.AuditEntry) error {
	return out.Encode(exportedEntry{
		Enterprise: r.Enterprise, Number: r.Number, At: instant(r.At), Actor: r.Actor, Action: r.Action, Target: r.Target,
		Details: json.RawMessage(r.Details), Hash: r.Hash,
	})
}
