package database_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
)

// mustMigrated opens a SQLite database with a shelf.
func mustMigrated(t *testing.T, config database.Config) *database.DB {
	t.Helper()
	config.Volatile = true
	db := dbtest.Open(t, config)
	if err := db.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestAFileMayHaveAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "100%41.db", "what?.db", "#1.db", "é;x.db", "a&mode=memory.db"} {
		path := filepath.Join(t.TempDir(), name)
		mustExec(t, mustMigrated(t, database.Config{Location: path}), "INSERT INTO word (text, shelf) VALUES ('here', 1)")
		if got := mustWords(t, dbtest.Open(t, database.Config{Location: path})); len(got) != 1 {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestTheFilesAreTheOwnersAlone(t *testing.T) {
	t.Parallel()
	path := dbtest.SQLite(t)
	mustExec(t, mustMigrated(t, database.Config{Location: path}), "INSERT INTO word (text, shelf) VALUES ('secret', 1)")
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) != 3 {
		t.Fatalf("got %q, %v, want the file, its log and its index", files, err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", file, info.Mode(), err)
		}
	}
}

func TestAFileOfSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	path := dbtest.SQLite(t)
	text := []byte(strings.Repeat("handle,emails\n", 100))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := database.Open(t.Context(), database.Config{Location: path})
	wantError(t, err, errs.Invalid, "database.not_sqlite")
	if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, text) {
		t.Errorf("the file was changed: %v", err)
	}
}

// TestAFullDiskIsUnavailable fills the file up to its bound: the transaction
// fails as a whole, and the database goes on with what fits.
func TestAFullDiskIsUnavailable(t *testing.T) {
	t.Parallel()
	db := mustMigrated(t, database.Config{Location: dbtest.SQLite(t), MaxPages: 40})
	add := func(word string) error {
		return db.InTx(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), "INSERT INTO word (text, shelf) VALUES ($1, 1)", word)
			return err
		})
	}
	wantError(t, add(strings.Repeat("x", 200_000)), errs.Unavailable, "database.full")
	if err := add("fits"); err != nil {
		t.Error(err)
	}
	if got := mustWords(t, db); len(got) != 1 {
		t.Errorf("got %d words, want the one that fits", len(got))
	}
}

func TestADamagedFileIsInternal(t *testing.T) {
	t.Parallel()
	path := dbtest.SQLite(t)
	db := mustMigrated(t, database.Config{Location: path})
	for i := range 200 {
		mustExec(t, db, "INSERT INTO word (text, shelf) VALUES ($1, 1)", strings.Repeat("x", 200)+string(rune('a'+i)))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 5 * 4096; i < len(content); i++ {
		content[i] = 0xff
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	db = dbtest.Open(t, database.Config{Location: path})
	err = db.View(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "SELECT count(*) FROM word WHERE text > 'a'")
		return err
	})
	wantError(t, err, errs.Internal, "database.damaged")
}

func TestBackupIsOneState(t *testing.T) {
	t.Parallel()
	db := mustMigrated(t, database.Config{Location: dbtest.SQLite(t)})
	// Each transaction adds a word to a shelf and counts it there.
	add := func() error {
		return db.InTx(context.WithoutCancel(t.Context()), func(tx *sql.Tx) error {
			_, counted := tx.Exec("UPDATE shelf SET used = used + 1")
			_, added := tx.Exec("INSERT INTO word (text, shelf) SELECT 'word ' || used, 1 FROM shelf")
			return errors.Join(counted, added)
		})
	}
	stop, stopped := make(chan struct{}), make(chan error)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := add(); err != nil {
				stopped <- err
				return
			}
		}
	}()
	for range 5 {
		path := filepath.Join(t.TempDir(), "backup.db")
		if err := db.Backup(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		var words, used int
		err := dbtest.Open(t, database.Config{Location: path}).Read.QueryRowContext(t.Context(),
			"SELECT (SELECT count(*) FROM word), used FROM shelf").Scan(&words, &used)
		if err != nil || words != used {
			t.Errorf("got %d words where %d were counted, %v", words, used, err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestBackupKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	db := mustMigrated(t, database.Config{Location: dbtest.SQLite(t)})
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), path); err == nil {
		t.Error("a file was overwritten")
	}
	if left, err := os.ReadFile(path); err != nil || string(left) != "notes" {
		t.Errorf("got %q, %v", left, err)
	}
	gone := filepath.Join(t.TempDir(), "cancelled.db")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Backup(cancelled, gone); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(gone); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a copy is left: %v", err)
	}
}
