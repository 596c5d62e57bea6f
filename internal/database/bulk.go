package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// InBulk is [DB.InTx] for one of many transactions that mean nothing before a
// last one: on SQLite it does not wait for the disk. A power cut may take it
// back, and whatever was written since, until a transaction of InTx has
// committed, which makes all before it durable; a killed program loses nothing.
//
// PostgreSQL does wait: it may crash and come back while this program lives on,
// which would then write behind a transaction that is gone.
func (db *DB) InBulk(ctx context.Context, fn func(*sql.Tx) error) error {
	if db.Dialect == PostgreSQL || db.volatile {
		return db.InTx(ctx, fn)
	}
	return Translate(db.unsynced(ctx, fn))
}

// unsynced runs fn in a transaction of SQLite's one writer that leaves the log
// to the next. The setting is the connection's and cannot change within a
// transaction, so that it is set back afterwards, whatever happened.
func (db *DB) unsynced(ctx context.Context, fn func(*sql.Tx) error) error {
	conn, err := db.connection(ctx, db.Write)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // gives the connection back to the pool
	if _, err := conn.ExecContext(ctx, "PRAGMA synchronous = NORMAL"); err != nil {
		return err
	}
	defer syncAgain(ctx, conn)
	tx, err := conn.BeginTx(ctx, db.writing())
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after the commit; fn's error is the one that matters
	if err := fn(tx); err != nil {
		return ended(ctx, err)
	}
	return ended(ctx, tx.Commit())
}

// syncAgain has the transactions of a connection wait for the disk again; where
// that cannot be said, the pool makes another connection.
func syncAgain(ctx context.Context, conn *sql.Conn) {
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous = FULL"); err != nil {
		conn.Raw(func(any) error { return driver.ErrBadConn }) //nolint:errcheck // it says what was told it
	}
}
