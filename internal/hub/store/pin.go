package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// Pin is the result that a walk sees on every page. The zero value is no pin.
type Pin struct {
	Result    int64
	PinnedAt  time.Time
	ExpiresAt time.Time
}

// Pin gives the pin of a walk, expired ones too; the zero Pin when there is
// none. A walk is who walks and the size of the pages.
func (e *Enterprise) Pin(ctx context.Context, walker string, pageSize int64) (Pin, error) {
	r, err := e.reader().Pin(ctx, sqlgen.PinParams{Enterprise: e.id, Walker: walker, PageSize: pageSize})
	if errors.Is(err, sql.ErrNoRows) {
		return Pin{}, nil
	}
	if err != nil {
		return Pin{}, database.Translate(err)
	}
	return Pin{r.Result, instant(r.PinnedAt), instant(r.ExpiresAt)}, nil
}

// SetPin pins a walk to a result in the place of an earlier pin, and removes
// the enterprise's pins that expired before a time.
func (tx *Tx) SetPin(ctx context.Context, walker string, pageSize int64, p Pin, before time.Time) error {
	if err := tx.q.RemovePins(ctx, sqlgen.RemovePinsParams{Enterprise: tx.e.id, Before: micros(before)}); err != nil {
		return err
	}
	return tx.q.SetPin(ctx, sqlgen.SetPinParams{
		Enterprise: tx.e.id, Walker: walker, PageSize: pageSize, Result: p.Result,
		PinnedAt: micros(p.PinnedAt), ExpiresAt: micros(p.ExpiresAt),
	})
}
