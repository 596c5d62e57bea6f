package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// Gathering is a recount that waits until more has come.
type Gathering struct {
	Due   time.Time // when the last one was, or is, due; zero: there was none
	Waits bool      // it was not begun
}

// Gathering reads it, for a transaction that writes it: every one that applies
// something does, so that none is missed.
func (tx *Tx) Gathering(ctx context.Context) (Gathering, error) {
	r, err := tx.q.OneEnterprise(ctx, tx.e.id)
	return Gathering{instant(r.RecountDue), r.RecountWaits}, err
}

// SetGathering writes it.
func (tx *Tx) SetGathering(ctx context.Context, g Gathering) error {
	return tx.q.SetRecount(ctx, sqlgen.SetRecountParams{Enterprise: tx.e.id, Due: micros(g.Due), Waits: g.Waits})
}

// Counted is the current result if it was counted with an applied upload in it;
// 0 when it was not counted yet.
func (e *Enterprise) Counted(ctx context.Context, u *Upload) (int64, error) {
	r, err := e.reader().CurrentVersion(ctx, e.id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, database.Translate(err)
	case u.AppliedVersion == 0 || r.InputVersion < u.AppliedVersion:
		return 0, nil
	default:
		return r.ID, nil
	}
}

// SetAgeDays says how old what counts of a source may be; 0: by how its accounts
// come. NotFound when there is no such source.
func (tx *Tx) SetAgeDays(ctx context.Context, source int64, days int) error {
	n, err := tx.q.SetAgeDays(ctx, sqlgen.SetAgeDaysParams{Enterprise: tx.e.id, Number: source, Days: int64(days)})
	if err == nil && n != 1 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return found(err, "hub.no_source", "Number", source)
	}
	return nil
}
