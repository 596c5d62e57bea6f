package dbtest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
)

var migrations = fstest.MapFS{
	"0001_initial.sql": {Data: []byte("-- +goose Up\nCREATE TABLE word (text TEXT PRIMARY KEY);\n")},
}

func addTable(ctx context.Context, db *database.DB) error {
	_, err := db.Write.ExecContext(ctx, "CREATE TABLE other (n BIGINT)")
	return err
}

// TestEachTestHasADatabaseOfItsOwn writes the same key twice, which one
// database would refuse.
func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for range 2 {
		dbtest.Each(t, migrations, func(t *testing.T, db *database.DB) {
			for _, statement := range []string{"INSERT INTO word (text) VALUES ('one')", "INSERT INTO other (n) VALUES (1)"} {
				if _, err := db.Write.ExecContext(t.Context(), statement); err != nil {
					t.Error(err)
				}
			}
		}, addTable)
	}
}

func TestTheServerListensOnNoNetwork(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.Config{Location: dbtest.Postgres(t)})
	var got string
	if err := db.Read.QueryRowContext(t.Context(), "SELECT current_setting('listen_addresses')").Scan(&got); err != nil || got != "" {
		t.Errorf("listens on %q, %v", got, err)
	}
}

// TestTheServerEndsWithTheTests runs this test binary again, lets it start a
// cluster and then die by a kill, the end no test can tidy up after.
func TestTheServerEndsWithTheTests(t *testing.T) {
	t.Parallel()
	dbtest.Postgres(t) // skips where there is no server
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildThatIsKilled$", "-test.v")
	child.Env = append(os.Environ(), "DBTEST_CHILD=1")
	out, err := child.Output()
	if err == nil {
		t.Fatalf("the child was not killed:\n%s", out)
	}
	_, directory, _ := strings.Cut(string(out), "SOCKET ")
	directory, _, _ = strings.Cut(directory, "\n")
	if !strings.HasPrefix(filepath.Base(directory), "oneseat-pg-") {
		t.Fatalf("the child said no directory:\n%s", out)
	}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(directory); errors.Is(err, os.ErrNotExist) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is still there", directory)
		}
	}
}

func TestChildThatIsKilled(t *testing.T) {
	if os.Getenv("DBTEST_CHILD") == "" {
		t.Skip("run by TestTheServerEndsWithTheTests")
	}
	db, err := sql.Open("pgx", dbtest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	var directory string
	if err := db.QueryRowContext(t.Context(), "SELECT current_setting('unix_socket_directories')").Scan(&directory); err != nil {
		t.Fatal(err)
	}
	fmt.Println("SOCKET " + directory)
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Kill(); err != nil {
		t.Fatal(err)
	}
	select {}
}
