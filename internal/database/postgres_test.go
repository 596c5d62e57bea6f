package database_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
)

// mustServer opens a PostgreSQL database with a shelf.
func mustServer(t *testing.T) *database.DB {
	t.Helper()
	return mustShelf(t, dbtest.Postgres(t))
}

// mustShelf opens a database and gives it a shelf.
func mustShelf(t *testing.T, location string) *database.DB {
	t.Helper()
	db := dbtest.Open(t, database.Config{Location: location})
	if err := db.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestALostConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	db := mustServer(t)
	err := db.InTx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
		return err
	})
	wantError(t, err, errs.Unavailable, "database.lost")
	err = db.InTx(t.Context(), func(tx *sql.Tx) error {
		killConnections(t, db)
		_, err := tx.ExecContext(t.Context(), "INSERT INTO word (text, shelf) VALUES ('lost', 1)")
		return err
	})
	wantError(t, err, errs.Unavailable, "database.lost")
	if err := db.InTx(t.Context(), func(*sql.Tx) error { return nil }); err != nil {
		t.Errorf("the next transaction: %v", err)
	}
	if got := mustWords(t, db); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

// killConnections ends every other connection to the database.
func killConnections(t *testing.T, db *database.DB) {
	t.Helper()
	_, err := db.Read.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err != nil {
		t.Error(err)
	}
}

// TestConflictsAreTriedAgain: each try sees a row changed by another before it
// changes the row itself.
func TestConflictsAreTriedAgain(t *testing.T) {
	t.Parallel()
	const bound = 8
	for _, test := range []struct{ conflicts, tries int }{{2, 3}, {bound, bound}} {
		db := mustServer(t)
		tries := 0
		err := db.InTx(t.Context(), func(tx *sql.Tx) error {
			tries++
			var used int
			if err := tx.QueryRowContext(t.Context(), "SELECT used FROM shelf").Scan(&used); err != nil {
				return err
			}
			if tries <= test.conflicts {
				mustExec(t, db, "UPDATE shelf SET used = used + 1")
			}
			_, err := tx.ExecContext(t.Context(), "UPDATE shelf SET used = $1", used+1)
			return err
		})
		if tries != test.tries {
			t.Errorf("%d conflicts: got %d tries, want %d", test.conflicts, tries, test.tries)
		}
		if test.conflicts < bound && err != nil {
			t.Errorf("%d conflicts: %v", test.conflicts, err)
		}
		if test.conflicts == bound {
			wantError(t, err, errs.Unavailable, "database.busy")
		}
	}
}

func TestALockIsWaitedForOnlySoLong(t *testing.T) {
	t.Parallel()
	location := dbtest.Postgres(t)
	mustShelf(t, location)
	db := dbtest.Open(t, database.Config{Location: location, Wait: time.Second})
	if err := db.Write.PingContext(t.Context()); err != nil { // a connection is there, however busy the machine
		t.Fatal(err)
	}
	err := db.InTx(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(t.Context(), "UPDATE shelf SET used = 1"); err != nil {
			return err
		}
		_, err := db.Write.ExecContext(t.Context(), "UPDATE shelf SET used = 2")
		wantError(t, database.Translate(err), errs.Unavailable, "database.busy")
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestAnotherCollationIsRefused runs the line that the refusal shows, and uses
// what it makes.
func TestAnotherCollationIsRefused(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]string{
		"by_language": "LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C'",
		"by_name":     "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'",
		"oneseat":     "ENCODING 'SQL_ASCII'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dbtest.Postgres(t)
			db := dbtest.Open(t, database.Config{Location: address})
			mustExec(t, db, "CREATE DATABASE "+name+" TEMPLATE template0 "+options)
			dropLater(t, db, name)
			_, err := database.Open(t.Context(), database.Config{Location: mustBeside(t, address, name)})
			wantError(t, err, errs.Invalid, "database.collation")
			line := createLine(err)
			if !strings.HasPrefix(line, "CREATE DATABASE ") {
				t.Fatalf("got the line %q", line)
			}
			made := strings.Split(line, `"`)[1]
			mustExec(t, db, strings.Replace(line, made, "made_"+name, 1))
			dropLater(t, db, "made_"+name)
			dbtest.Open(t, database.Config{Location: mustBeside(t, address, "made_"+name)})
			if made == name {
				t.Errorf("the line makes %s, which is there already", made)
			}
		})
	}
}

// dropLater drops a database of a test that made it beside its own, so that the
// test can run again in this process.
func dropLater(t *testing.T, db *database.DB, name string) {
	t.Helper()
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if _, err := db.Write.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
}

func createLine(err error) string {
	said, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err)
	if !ok {
		return ""
	}
	_, args := said.Message()
	line, _ := args["Create"].(string)
	return line
}

// mustBeside is the address of another database of the same server.
func mustBeside(t *testing.T, address, name string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	parsed.Path = "/" + name
	return parsed.String()
}

func TestBackupOfPostgresNamesItsTool(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "backup.db")
	err := dbtest.Open(t, database.Config{Location: dbtest.Postgres(t)}).Backup(t.Context(), path)
	wantError(t, err, errs.Invalid, "database.backup_by_pg_dump")
}

// TestAnalyzeLooksAtATable: PostgreSQL knows how many rows were just added.
func TestAnalyzeLooksAtATable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		mustExec(t, db, "INSERT INTO tally (n) VALUES (1), (2), (3)")
		if err := db.Analyze(t.Context(), "tally"); err != nil {
			t.Fatal(err)
		}
		if db.Dialect != database.PostgreSQL {
			return
		}
		var rows float64
		if err := db.Read.QueryRowContext(t.Context(), "SELECT reltuples FROM pg_class WHERE relname = 'tally'").Scan(&rows); err != nil || rows != 3 {
			t.Errorf("it supposes %v rows (%v), want 3", rows, err)
		}
	})
}
