package database

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// maxAttempts is how often a transaction is begun before its conflicts are
// given up on.
const maxAttempts = 8

// firstPause is the longest pause before the second attempt; it doubles from
// attempt to attempt, up to 0.64 s before the last.
const firstPause = 10 * time.Millisecond

// InTx runs fn in a transaction and commits if fn returns nil. Everything of
// the transaction happens or nothing of it, and it sees and does what it would
// if no other ran beside it.
//
// On PostgreSQL fn is run again when the transaction conflicts with another,
// at most eight times in all: outside of the transaction fn may only do what
// may be done twice. It must not call InTx again: on SQLite the inner one
// would wait for the outer one, and ends as Unavailable.
//
// The error is fn's, or the driver's as [Translate] gives it. When the
// connection is lost while the transaction commits, nobody knows whether it
// did.
func (db *DB) InTx(ctx context.Context, fn func(*sql.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.try(ctx, fn)
		if err == nil || attempt == maxAttempts || !conflicts(err) {
			return Translate(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// try runs fn in one transaction.
func (db *DB) try(ctx context.Context, fn func(*sql.Tx) error) error {
	conn, tx, err := db.begin(ctx, db.Write, db.writing())
	if err != nil {
		return err
	}
	defer conn.Close()  //nolint:errcheck // gives the connection back to the pool
	defer tx.Rollback() //nolint:errcheck // does nothing after the commit; fn's error is the one that matters
	if err := fn(tx); err != nil {
		return ended(ctx, err)
	}
	return ended(ctx, tx.Commit())
}

// ended is the error of a transaction that a cancelled context rolled back
// under way. The driver's pool says "already rolled back" then, or that the
// context ended, whichever it noticed first.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// View runs fn in a transaction that cannot write and for which the database
// stands still. The error is fn's, or the driver's as [Translate] gives it.
func (db *DB) View(ctx context.Context, fn func(*sql.Tx) error) error {
	conn, tx, err := db.begin(ctx, db.Read, db.reading())
	if err != nil {
		return Translate(err)
	}
	defer conn.Close()  //nolint:errcheck // gives the connection back to the pool
	defer tx.Rollback() //nolint:errcheck // there is nothing to commit
	return Translate(ended(ctx, fn(tx)))
}

// begin begins a transaction. A server that was restarted leaves a pool full of
// connections that are lost and do not know it: those are passed over, nothing
// was done on them yet.
func (db *DB) begin(ctx context.Context, pool *sql.DB, options *sql.TxOptions) (*sql.Conn, *sql.Tx, error) {
	for passed := 0; ; passed++ {
		conn, err := db.connection(ctx, pool)
		if err != nil {
			return nil, nil, err
		}
		tx, err := conn.BeginTx(ctx, options)
		if err == nil {
			return conn, tx, nil
		}
		conn.Close() //nolint:errcheck // its error was told
		if keyOf(err) != "database.lost" || ctx.Err() != nil || passed > pool.Stats().MaxOpenConnections {
			return nil, nil, err
		}
	}
}

// connection takes a connection from a pool, Unavailable when none is free in
// time.
func (db *DB) connection(ctx context.Context, pool *sql.DB) (*sql.Conn, error) {
	waiting, cancel := context.WithTimeout(ctx, db.wait)
	defer cancel()
	conn, err := pool.Conn(waiting)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, errs.Wrap(errs.Unavailable, err, "database.busy")
	}
	return conn, Translate(err)
}

// writing and reading are how transactions begin. SQLite's connections have it
// set already: immediate and serializable, deferred and query-only.
func (db *DB) writing() *sql.TxOptions {
	if db.Dialect == SQLite {
		return nil
	}
	return &sql.TxOptions{Isolation: sql.LevelSerializable}
}

func (db *DB) reading() *sql.TxOptions {
	if db.Dialect == SQLite {
		return nil
	}
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

// pause waits a random time before another attempt, so that those who
// conflicted do not meet again.
func pause(ctx context.Context, attempt int) error {
	longest := firstPause << (attempt - 1)
	timer := time.NewTimer(rand.N(longest)) //nolint:forbidigo,gosec // the one wait outside of job: bounded, and jitter is no secret
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
