package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// chunk is how many rows a transaction writes at most.
const chunk = 10_000

// page is how many rows are read at a time.
const page = 2_000

// forever is the end of an interval that has none.
const forever = 1<<63 - 1

// Store is a hub's database. It is safe for concurrent use.
type Store struct{ db *database.DB }

// New gives the store in a database that has the tables of [Migrations].
func New(db *database.DB) *Store { return &Store{db} }

// Enterprise is everything the store keeps of one enterprise, and nothing of
// another.
type Enterprise struct {
	db *database.DB
	id int64
}

// For gives the enterprise with a number. Nothing is looked up.
func (s *Store) For(enterprise int64) *Enterprise { return &Enterprise{s.db, enterprise} }

// Number is the enterprise's number.
func (e *Enterprise) Number() int64 { return e.id }

// Tx is a transaction of a use case that belongs to one enterprise.
type Tx struct {
	e *Enterprise
	q *sqlgen.Queries
	// SQL is the transaction itself, for whoever enqueues a job in it.
	SQL *sql.Tx
}

// Enterprise is the enterprise's number.
func (tx *Tx) Enterprise() int64 { return tx.e.id }

// InTx runs fn in a transaction; see database.DB.InTx. It may run twice.
func (e *Enterprise) InTx(ctx context.Context, fn func(*Tx) error) error {
	return e.db.InTx(ctx, func(tx *sql.Tx) error { return fn(&Tx{e, sqlgen.New(tx), tx}) })
}

// inBulk is [Enterprise.InTx] for what nobody sees before a later transaction of
// InTx; see database.DB.InBulk.
func (e *Enterprise) inBulk(ctx context.Context, fn func(*Tx) error) error {
	return e.db.InBulk(ctx, func(tx *sql.Tx) error { return fn(&Tx{e, sqlgen.New(tx), tx}) })
}

// view runs fn over a database that stands still.
func (e *Enterprise) view(ctx context.Context, fn func(*sqlgen.Queries) error) error {
	return e.db.View(ctx, func(tx *sql.Tx) error { return fn(sqlgen.New(tx)) })
}

// reader gives queries that each see what is committed.
func (e *Enterprise) reader() *sqlgen.Queries { return sqlgen.New(e.db.Read) }

// found gives sql.ErrNoRows the kind and sentence of what was not found.
func found(err error, key string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.NotFound, key, args...)
	}
	return database.Translate(err)
}

// lost says that a writer was given up on: somebody removed what it staged.
func lost() error { return errs.New(errs.Conflict, "hub.lost_claim") }

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
