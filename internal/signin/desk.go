package signin

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/sqlgen"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate makes the tables of this package, or brings them up to date. Doing
// it again changes nothing, and several processes may do it at once.
func Migrate(ctx context.Context, db *database.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.MigratePart(ctx, "signin", files)
}

// Desk is where people and programs sign in. It is safe for concurrent use.
type Desk struct {
	db  *database.DB
	now func() time.Time
}

// New makes a desk over a database that [Migrate] has prepared. Now is the
// clock.
func New(db *database.DB, now func() time.Time) *Desk { return &Desk{db, now} }

// inTx runs fn in a transaction; it may run twice.
func (d *Desk) inTx(ctx context.Context, fn func(*sql.Tx, *sqlgen.Queries) error) error {
	return d.db.InTx(ctx, func(tx *sql.Tx) error { return fn(tx, sqlgen.New(tx)) })
}

// reader gives queries that each see what is committed.
func (d *Desk) reader() *sqlgen.Queries { return sqlgen.New(d.db.Read) }

// found gives sql.ErrNoRows a kind and the sentence of what was not found.
func found(err error, kind errs.Kind, key string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(kind, key)
	}
	return database.Translate(err)
}

// micros and instant turn times into numbers and back; 0 is no time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
