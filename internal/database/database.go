package database

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"strings"
	"time"
)

// Dialect is the engine below a [DB].
type Dialect uint8

// The dialects.
const (
	SQLite Dialect = iota
	PostgreSQL
)

// String is the engine's name.
func (d Dialect) String() string {
	if d == PostgreSQL {
		return "PostgreSQL"
	}
	return "SQLite"
}

// Config says which database to open and how. The zero value of everything but
// Location is usable.
type Config struct {
	// Location is the path of a SQLite file, made when it is not there, or
	// the address of a PostgreSQL database: postgres://user@host/name.
	Location string
	// Readers is the number of connections for reading; 0 means twice the
	// processors, at least 4.
	Readers int
	// Writers is the number of connections for writing on PostgreSQL; 0 means
	// as many as readers. SQLite has one.
	Writers int
	// Wait bounds the waiting for a lock or for a free connection of a
	// transaction; what takes longer is Unavailable. 0 means 10 seconds.
	Wait time.Duration
	// MaxPages bounds a SQLite file, in pages of 4 KiB; 0 means no bound but
	// the disk.
	MaxPages int64
	// Volatile does not wait for the disk: a power cut may lose or damage
	// everything. For tests; a killed process loses nothing. On PostgreSQL
	// the server decides.
	Volatile bool
}

func (c Config) withDefaults() Config {
	if c.Readers <= 0 {
		c.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	if c.Writers <= 0 {
		c.Writers = c.Readers
	}
	if c.Wait <= 0 {
		c.Wait = 10 * time.Second
	}
	return c
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	// Dialect is the engine.
	Dialect Dialect
	// Read is the pool for statements that change nothing; each sees what is
	// committed. What belongs together is read in [DB.View].
	Read *sql.DB
	// Write is the pool for everything else; on SQLite it is one connection.
	// Several statements that belong together go through [DB.InTx].
	Write *sql.DB

	location string // without a password
	wait     time.Duration
	volatile bool // as in the Config, for SQLite
}

// Open opens the database and makes sure that it answers, and that it sorts
// text as this program expects.
//
// Errors: Invalid when the location is wrong or names something that cannot
// serve; Unavailable when the database does not answer.
func Open(ctx context.Context, config Config) (*DB, error) {
	config = config.withDefaults()
	if isPostgres(config.Location) {
		return openPostgres(ctx, config)
	}
	return openSQLite(ctx, config)
}

func isPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

// Location names the database for people: the path of the file, or host and
// name without user and password.
func (db *DB) Location() string { return db.location }

// Close closes both pools once their connections are idle. It may be called
// more than once.
func (db *DB) Close() error {
	return errors.Join(db.Read.Close(), db.Write.Close())
}
