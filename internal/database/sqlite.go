package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/oneseat/oneseat/internal/errs"
)

// Cache of a connection, in KiB: the writer keeps the upper pages of every
// index of a bulk load; a reader keeps those of the pages people look at.
const (
	writerCache = 64 << 10
	readerCache = 16 << 10
)

// walLimit is what the write-ahead log is cut down to after a bulk load, in
// bytes.
const walLimit = 64 << 20

// walPages is how long the log grows before it is brought into the database,
// 128 MiB: pages that a bulk load writes again and again get there once in that
// time.
const walPages = 2 * walLimit / (4 << 10)

func openSQLite(ctx context.Context, config Config) (*DB, error) {
	path, err := makeFile(config.Location)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "database.no_file", "Path", config.Location, "Cause", err)
	}
	// The writer comes first: it makes the file a write-ahead-log database,
	// which a reader could not.
	write, err := openFile(ctx, path, 1, writerPragmas(config))
	if err != nil {
		return nil, explainOpen(err, path)
	}
	read, err := openFile(ctx, path, config.Readers, readerPragmas(config))
	if err != nil {
		return nil, errors.Join(explainOpen(err, path), write.Close())
	}
	return &DB{Dialect: SQLite, Read: read, Write: write, location: path, wait: config.Wait, volatile: config.Volatile}, nil
}

// makeFile gives the absolute path of the database and makes the file if it is
// not there, readable by its owner alone: it will hold addresses. The files
// SQLite makes beside it take over its mode. A file that is there is not
// opened, because closing it again would drop this process's locks on it.
func makeFile(location string) (string, error) {
	if location == "" {
		return "", errors.New("no path given")
	}
	path, err := filepath.Abs(location)
	if err != nil {
		return "", err
	}
	if err := makeNew(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return path, nil
}

// makeNew makes an empty file that its owner alone can read, and fails when
// there is one.
func makeNew(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// openFile opens a pool whose connections each begin with the pragmas.
func openFile(ctx context.Context, path string, connections int, options url.Values) (*sql.DB, error) {
	name := filepath.ToSlash(path)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // C:/…
	}
	uri := url.URL{Scheme: "file", Path: name, RawQuery: options.Encode()}
	connector, err := sqlite.NewConnector(uri.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), pool.Close())
	}
	return pool, nil
}

func writerPragmas(config Config) url.Values {
	pragmas := commonPragmas(config.Wait, writerCache)
	pragmas = append(pragmas, "journal_mode(wal)", "journal_size_limit("+strconv.Itoa(walLimit)+")",
		"wal_autocheckpoint("+strconv.Itoa(walPages)+")")
	if config.Volatile {
		pragmas = append(pragmas, "synchronous(off)")
	} else {
		// What was answered survives a power cut, not only a crash.
		pragmas = append(pragmas, "synchronous(full)")
	}
	if config.MaxPages > 0 {
		pragmas = append(pragmas, "max_page_count("+strconv.FormatInt(config.MaxPages, 10)+")")
	}
	return url.Values{"_txlock": {"immediate"}, "_pragma": pragmas, "_dqs": {"false"}}
}

func readerPragmas(config Config) url.Values {
	pragmas := append(commonPragmas(config.Wait, readerCache), "query_only(on)")
	return url.Values{"_txlock": {"deferred"}, "_pragma": pragmas, "_dqs": {"false"}}
}

func commonPragmas(wait time.Duration, cache int) []string {
	return []string{
		"busy_timeout(" + strconv.FormatInt(wait.Milliseconds(), 10) + ")",
		"foreign_keys(on)",
		"cache_size(-" + strconv.Itoa(cache) + ")",
	}
}

// explainOpen says what is wrong with a file that cannot be opened.
func explainOpen(err error, path string) error {
	switch sqliteCode(err) & 0xff {
	case lib.SQLITE_NOTADB:
		return errs.Wrap(errs.Invalid, err, "database.not_sqlite", "Path", path)
	case lib.SQLITE_CANTOPEN, lib.SQLITE_PERM, lib.SQLITE_READONLY, lib.SQLITE_AUTH:
		return errs.Wrap(errs.Invalid, err, "database.no_file", "Path", path, "Cause", err)
	default:
		return Translate(err)
	}
}

// Backup writes a copy of a SQLite database to a file that is not there yet,
// while others go on reading and writing. The copy is one state of the
// database, compact, readable by its owner alone, and on the disk when Backup
// returns. A copy that fails or is cancelled is removed.
//
// PostgreSQL has tools of its own for this: the error then is Invalid and says
// so.
func (db *DB) Backup(ctx context.Context, path string) error {
	if db.Dialect != SQLite {
		return errs.New(errs.Invalid, "database.backup_by_pg_dump", "Database", db.location)
	}
	if err := makeNew(path); err != nil {
		return errs.Wrap(errs.Invalid, err, "database.no_file", "Path", path, "Cause", err)
	}
	if err := db.copyTo(ctx, path); err != nil {
		err = Translate(fmt.Errorf("back up to %s: %w", path, err))
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// copyTo fills an empty file. It has a connection of its own: those for
// reading may not write, not even elsewhere, and the writer has other work.
func (db *DB) copyTo(ctx context.Context, path string) error {
	source, err := openFile(ctx, db.location, 1, url.Values{"_pragma": commonPragmas(db.wait, readerCache)})
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // it was only read
	if _, err := source.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
