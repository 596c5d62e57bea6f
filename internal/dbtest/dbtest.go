package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
)

// Prepare adds to a new database what a test's migrations do not: the tables
// of another package, for example. It is a function with a name, so that the
// same one is known again: it runs once per test binary and engine, and every
// database of a test is a copy of what it left.
type Prepare func(context.Context, *database.DB) error

// Each runs a test on every engine, in parallel, each time on a database of
// its own that has the migrations and is otherwise empty. No migrations, nil,
// gives an empty database. It waits a minute for locks and connections, so that
// a busy machine makes no test fail.
func Each(t *testing.T, migrations fs.FS, test func(t *testing.T, db *database.DB), also ...Prepare) {
	t.Helper()
	EachLocation(t, migrations, func(t *testing.T, location string) {
		test(t, Open(t, database.Config{Location: location, Volatile: true, Wait: time.Minute}))
	}, also...)
}

// EachLocation is [Each] for tests that open the database themselves, or let
// several processes open it.
func EachLocation(t *testing.T, migrations fs.FS, test func(t *testing.T, location string), also ...Prepare) {
	t.Helper()
	made := schema{migrations: migrations, also: also}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, sqliteCopy(t, made))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, mustCluster(t).copy(t, made))
	})
}

// SQLiteAlone is a database as [Each] gives it, on SQLite alone: for tests of
// what stands above stores that are tested on each engine.
func SQLiteAlone(t *testing.T, migrations fs.FS, also ...Prepare) *database.DB {
	t.Helper()
	path := sqliteCopy(t, schema{migrations: migrations, also: also})
	return Open(t, database.Config{Location: path, Volatile: true, Wait: time.Minute})
}

// Open opens a database that is closed when the test ends.
func Open(t *testing.T, config database.Config) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close %s: %v", db.Location(), err)
		}
	})
	return db
}

// SQLite is the path for a new database, which ends with the test.
func SQLite(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "oneseat.db")
}

// Postgres is the address of an empty PostgreSQL database with C collation,
// which ends with the test. The test may make others beside it. Without a
// server the test is skipped, or fails where one is demanded.
func Postgres(t *testing.T) string {
	t.Helper()
	return mustCluster(t).copy(t, schema{})
}

// mustCluster gives the cluster of this test binary.
func mustCluster(t *testing.T) *cluster {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: SQLite alone")
	}
	started, err := theCluster()
	if err == nil {
		return started
	}
	if os.Getenv("CI") == "true" || os.Getenv("ONESEAT_REQUIRE_POSTGRES") == "1" { //nolint:forbidigo // a switch for whoever runs tests
		t.Fatal(err)
	}
	t.Skip(err)
	return nil
}

// schema is what a database has before a test begins.
type schema struct {
	migrations fs.FS
	also       []Prepare
}

// make makes the schema in an empty database.
func (s schema) make(ctx context.Context, config database.Config) error {
	db, err := database.Open(ctx, config)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // the migrations' error matters
	if s.migrations != nil {
		if err := db.Migrate(ctx, s.migrations); err != nil {
			return err
		}
	}
	for _, prepare := range s.also {
		if err := prepare(ctx, db); err != nil {
			return err
		}
	}
	return db.Close()
}

// key is equal for equal schemas.
func (s schema) key() (string, error) {
	var text strings.Builder
	for _, prepare := range s.also {
		text.WriteString(strconv.FormatUint(uint64(reflect.ValueOf(prepare).Pointer()), 16) + "\n")
	}
	if s.migrations == nil {
		return digest(text.String()), nil
	}
	err := fs.WalkDir(s.migrations, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(s.migrations, name)
		text.WriteString(strconv.Quote(name) + strconv.Quote(string(content)) + "\n")
		return err
	})
	return digest(text.String()), err
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
