package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/oneseat/oneseat/internal/errs"
)

// Translate gives an error of a driver its kind and a sentence, by its code
// and never by its text:
//
//   - Conflict: a key that is there already, or a reference to what is not;
//   - Unavailable: busy, a lost connection, a full or failing disk, a database
//     that takes no writes;
//   - Internal: a damaged database.
//
// Everything else comes back as it is: nil, errors that have a kind or a
// sentence, cancelled contexts, sql.ErrNoRows, and mistakes in SQL.
func Translate(err error) error {
	if err == nil || explained(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if key := keyOf(err); key != "" {
		return errs.Wrap(kinds(key), err, key)
	}
	return err
}

// explained says that an error already has a sentence.
func explained(err error) bool {
	_, ok := errors.AsType[interface {
		error
		Message() (key string, args map[string]any)
	}](err)
	return ok
}

// kinds gives the kind that goes with a sentence of this package.
func kinds(key string) errs.Kind {
	switch key {
	case "database.exists", "database.refers":
		return errs.Conflict
	case "database.damaged":
		return errs.Internal
	default:
		return errs.Unavailable
	}
}

// keyOf is the sentence for an error, empty when it is not the database that
// said it, or not to be told to people.
func keyOf(err error) string {
	if code := sqliteCode(err); code != 0 {
		return sqliteKey(code)
	}
	if postgres, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgresKey(postgres.Code)
	}
	if lost(err) {
		return "database.lost"
	}
	return ""
}

// sqliteCode is SQLite's extended result code, 0 when err is not SQLite's.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

func sqliteKey(code int) string {
	switch code {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY, lib.SQLITE_CONSTRAINT_ROWID:
		return "database.exists"
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return "database.refers"
	}
	switch code & 0xff { // the primary code
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return "database.busy"
	case lib.SQLITE_FULL:
		return "database.full"
	case lib.SQLITE_IOERR, lib.SQLITE_CANTOPEN:
		return "database.disk"
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		return "database.read_only"
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return "database.damaged"
	default:
		return ""
	}
}

// postgresKey is the sentence for a SQLSTATE.
func postgresKey(state string) string {
	switch state {
	case "23505": // unique_violation
		return "database.exists"
	case "23503": // foreign_key_violation
		return "database.refers"
	case serializationFailure, deadlockDetected, "55P03", "53300": // lock_not_available, too_many_connections
		return "database.busy"
	case "53100": // disk_full
		return "database.full"
	case "58030": // io_error
		return "database.disk"
	case "25006": // read_only_sql_transaction: a standby, most of the time
		return "database.read_only"
	case "57P01", "57P02", "57P03", "57P05": // shut down, crashed, starting, idle for too long
		return "database.lost"
	case "XX001", "XX002": // data_corrupted, index_corrupted
		return "database.damaged"
	}
	if len(state) == 5 && state[:2] == "08" { // connection exceptions
		return "database.lost"
	}
	return ""
}

// What PostgreSQL says to a transaction that conflicts with another.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

// conflicts says that a transaction may succeed when it is run again.
func conflicts(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == serializationFailure || e.Code == deadlockDetected)
}

// lost says that the connection broke, or never was.
func lost(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok
}
