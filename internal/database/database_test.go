package database_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
)

// migrations are a shelf of words in two files.
func migrations() fstest.MapFS {
	return fstest.MapFS{
		"0001_initial.sql": {Data: []byte(`-- +goose Up
CREATE TABLE shelf (id BIGINT PRIMARY KEY, used BIGINT NOT NULL DEFAULT 0);
CREATE TABLE word (text TEXT PRIMARY KEY, shelf BIGINT NOT NULL REFERENCES shelf (id));
CREATE TABLE tally (n BIGINT NOT NULL);
`)},
		"0002_first_shelf.sql": {Data: []byte("-- +goose Up\nINSERT INTO shelf (id) VALUES (1);\n")},
	}
}

func mustExec(t *testing.T, db *database.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Write.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func mustWords(t *testing.T, db *database.DB) []string {
	t.Helper()
	rows, err := db.Read.QueryContext(t.Context(), "SELECT text FROM word ORDER BY text")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var words []string
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			t.Fatal(err)
		}
		words = append(words, word)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return words
}

// wantError checks kind and sentence of an error.
func wantError(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	said, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err)
	if !ok {
		t.Errorf("got %v, want an error with the sentence %s", err, key)
		return
	}
	if got, _ := said.Message(); got != key || errs.KindOf(err) != kind {
		t.Errorf("got %v %s (%v), want %v %s", errs.KindOf(err), got, err, kind, key)
	}
}

func TestConstraintsAreConflicts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		add := func(word string, shelf int) error {
			return db.InTx(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.ExecContext(t.Context(), "INSERT INTO word (text, shelf) VALUES ($1, $2)", word, shelf)
				return err
			})
		}
		if err := add("once", 1); err != nil {
			t.Fatal(err)
		}
		wantError(t, add("once", 1), errs.Conflict, "database.exists")
		wantError(t, add("lost", 2), errs.Conflict, "database.refers")
		_, err := db.Write.ExecContext(t.Context(), "INSERT INTO word (text, shelf) VALUES ('nowhere', NULL)")
		if got := database.Translate(err); err == nil || !errors.Is(got, err) || errs.KindOf(got) != errs.Internal {
			t.Errorf("a mistake in SQL: got %v, want it as it is", got)
		}
	})
}

func TestInTxIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		insert := func(tx *sql.Tx, word string) {
			if _, err := tx.ExecContext(t.Context(), "INSERT INTO word (text, shelf) VALUES ($1, 1)", word); err != nil {
				t.Errorf("%s: %v", word, err)
			}
		}
		failure := errors.New("changed my mind")
		err := db.InTx(t.Context(), func(tx *sql.Tx) error {
			insert(tx, "failed")
			return failure
		})
		if err != failure { //nolint:errorlint // the very error
			t.Errorf("got %v, want fn's error as it is", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.InTx(t.Context(), func(tx *sql.Tx) error {
				insert(tx, "panicked")
				panic("dropped the shelf")
			})
		}()
		ctx, cancel := context.WithCancel(t.Context())
		err = db.InTx(ctx, func(tx *sql.Tx) error {
			insert(tx, "cancelled")
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that the context was cancelled", err)
		}
		if err := db.InTx(t.Context(), func(tx *sql.Tx) error { insert(tx, "kept"); return nil }); err != nil {
			t.Error(err)
		}
		if got := mustWords(t, db); !slices.Equal(got, []string{"kept"}) {
			t.Errorf("got %q", got)
		}
	})
}

// TestCancelledTransactionsSaySo leaves the pool the time to notice that the
// context ended before the transaction does.
func TestCancelledTransactionsSaySo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		for name, run := range map[string]func(context.Context, func(*sql.Tx) error) error{"InTx": db.InTx, "View": db.View} {
			ctx, cancel := context.WithCancel(t.Context())
			err := run(ctx, func(tx *sql.Tx) error {
				cancel()
				for {
					if _, err := tx.ExecContext(t.Context(), "SELECT 1"); err != nil {
						return err
					}
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got %v, want that the context was cancelled", name, err)
			}
		}
	})
}

// TestInTxIsSerializable has transactions count rows and add one beside each
// other: no two may have counted the same.
func TestInTxIsSerializable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		const workers, rounds = 3, 10
		done := make(chan error, workers)
		for range workers {
			go func() {
				var failed error
				for range rounds {
					failed = errors.Join(failed, countAndAdd(t.Context(), db))
				}
				done <- failed
			}()
		}
		for range workers {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		var rows, counts int
		err := db.Read.QueryRowContext(t.Context(), "SELECT count(*), count(DISTINCT n) FROM tally").Scan(&rows, &counts)
		if err != nil || rows != workers*rounds || counts != rows {
			t.Errorf("got %d rows with %d counts, %v, want %d of both", rows, counts, err, workers*rounds)
		}
	})
}

// countAndAdd adds a row that holds the number of rows before it. What is
// Unavailable is repeated, as a client would.
func countAndAdd(ctx context.Context, db *database.DB) (err error) {
	for range 100 {
		err = db.InTx(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO tally (n) SELECT count(*) FROM tally")
			return err
		})
		if errs.KindOf(err) != errs.Unavailable {
			return err
		}
	}
	return err
}

func TestReadConnectionsCannotWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		for _, statement := range []string{
			"INSERT INTO word (text, shelf) VALUES ('read', 1)", "DELETE FROM shelf", "CREATE TABLE other (n BIGINT)",
		} {
			_, err := db.Read.ExecContext(t.Context(), statement)
			wantError(t, database.Translate(err), errs.Unavailable, "database.read_only")
			err = db.View(t.Context(), func(tx *sql.Tx) error {
				_, err := tx.ExecContext(t.Context(), statement)
				return err
			})
			wantError(t, err, errs.Unavailable, "database.read_only")
		}
	})
}

func TestViewStandsStill(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		err := db.View(t.Context(), func(tx *sql.Tx) error {
			for range 3 {
				var n int
				if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM shelf").Scan(&n); err != nil {
					return err
				}
				if n != 1 {
					t.Errorf("got %d shelves, want the 1 of the beginning", n)
				}
				mustExec(t, db, "INSERT INTO shelf (id) SELECT max(id) + 1 FROM shelf")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestTextSortsByBytes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		words := []string{"zoë", "Zoe", "zoe", "_zoe", "zo-e", "äa", "a", "B", "ß", "日", "\U0001f600", "zoe ", ""}
		for _, word := range words {
			mustExec(t, db, "INSERT INTO word (text, shelf) VALUES ($1, 1)", word)
		}
		slices.Sort(words)
		if got := mustWords(t, db); !slices.Equal(got, words) {
			t.Errorf("got  %q\nwant %q", got, words)
		}
	})
}

func TestOpenRefusesWhatIsNoLocation(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"", t.TempDir() + "/missing/oneseat.db"} {
		_, err := database.Open(t.Context(), database.Config{Location: location})
		wantError(t, err, errs.Invalid, "database.no_file")
	}
	_, err := database.Open(t.Context(), database.Config{Location: "postgres://ada:secret word@[/x"})
	wantError(t, err, errs.Invalid, "database.bad_address")
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Errorf("the error has the password: %v", err)
	}
	_, err = database.Open(t.Context(), database.Config{Location: "postgres:///x?host=" + t.TempDir()})
	wantError(t, err, errs.Unavailable, "database.unreachable")
}

// TestBusyIsUnavailable: another process writes for longer than we wait.
func TestBusyIsUnavailable(t *testing.T) {
	t.Parallel()
	path := dbtest.SQLite(t)
	other := dbtest.Open(t, database.Config{Location: path, Volatile: true})
	db := dbtest.Open(t, database.Config{Location: path, Wait: 500 * time.Millisecond, Volatile: true})
	err := other.InTx(t.Context(), func(*sql.Tx) error {
		wantError(t, db.InTx(t.Context(), func(*sql.Tx) error { return nil }), errs.Unavailable, "database.busy")
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestInTxNeverNests(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t), Wait: 500 * time.Millisecond, Volatile: true})
	inner := errors.New("not run")
	outer := db.InTx(t.Context(), func(*sql.Tx) error {
		inner = db.InTx(t.Context(), func(*sql.Tx) error { return nil })
		return inner
	})
	wantError(t, inner, errs.Unavailable, "database.busy")
	wantError(t, outer, errs.Unavailable, "database.busy")
}
