package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

// MaxEntries is how many entries [Desk.Entries] gives at most.
const MaxEntries = 100

// Filter chooses entries; every field that is not empty must fit.
type Filter struct {
	Action Action
	Actor  string // whole, "token nightly"
	Target string // whole
	// About is a part of the actor or of the target, ASCII letters in any case.
	About string
	Since time.Time
	Until time.Time // not included
}

// Entries gives at most limit entries of an enterprise that fit the filter and
// have a number below before, newest first; a before of 0 begins with the
// newest. The error is Invalid when the limit is not from 1 to [MaxEntries].
func (d *Desk) Entries(ctx context.Context, enterprise, before int64, limit int, f Filter) ([]Entry, error) {
	if limit < 1 || limit > MaxEntries {
		return nil, errs.New(errs.Invalid, "signin.bad_limit", "Most", MaxEntries)
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	until := int64(math.MaxInt64)
	if !f.Until.IsZero() {
		until = micros(f.Until)
	}
	rows, err := d.reader().EntriesBefore(ctx, sqlgen.EntriesBeforeParams{
		Enterprise: enterprise, Before: before, Action: string(f.Action), Actor: f.Actor, Target: f.Target, About: containing(f.About),
		Since: micros(f.Since), Until: until, Page: int32(limit),
	})
	if err != nil {
		return nil, database.Translate(err)
	}
	entries := make([]Entry, len(rows))
	for i := range rows {
		if entries[i], err = entryFromRow(&rows[i]); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// containing is the pattern of texts that have a part; empty for none.
func containing(part string) string {
	if part == "" {
		return ""
	}
	low := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, part)
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(low) + "%"
}

func entryFromRow(r *sqlgen.AuditEntry) (Entry, error) {
	e := Entry{
		Enterprise: r.Enterprise, Actor: r.Actor, Action: Action(r.Action), Target: r.Target,
		Number: r.Number, At: instant(r.At), Hash: r.Hash,
	}
	if err := json.Unmarshal([]byte(r.Details), &e.Details); err != nil {
		return Entry{}, fmt.Errorf("details of audit entry %d: %w", r.Number, err)
	}
	return e, nil
}
