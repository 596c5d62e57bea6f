package database_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
)

// TestCheckSeesDamage: a whole database passes; one with pages of another
// content, or a reference to nothing, does not.
func TestCheckSeesDamage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		damage func(file []byte) // nil: none
		also   string            // a statement
		whole  bool
	}{
		"whole":          {whole: true},
		"pages of zeros": {damage: func(file []byte) { clear(file[8<<12 : 9<<12]) }},
		"an index": {damage: func(file []byte) {
			at := bytes.LastIndex(file, []byte("name-00777"))
			copy(file[at:], "name-xxxxx")
		}},
		"a reference": {also: "PRAGMA foreign_keys = off; INSERT INTO child VALUES (999999)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "some.db")
			mustFill(t, path, test.also)
			if test.damage != nil {
				file, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				test.damage(file)
				if err := os.WriteFile(path, file, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := dbtest.Open(t, database.Config{Location: path}).Check(t.Context())
			if (err == nil) != test.whole || errs.KindOf(err) != errs.Internal {
				t.Errorf("got %v", err)
			}
		})
	}
}

// mustFill makes a database of many pages and closes it.
func mustFill(t *testing.T, path, also string) {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{Location: path, Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	mustExec := func(text string, args ...any) {
		t.Helper()
		if _, err := db.Write.ExecContext(context.WithoutCancel(t.Context()), text, args...); err != nil {
			t.Fatal(err)
		}
	}
	mustExec("CREATE TABLE parent (id BIGINT PRIMARY KEY, name TEXT NOT NULL)")
	mustExec("CREATE INDEX parent_name ON parent (name)")
	mustExec("CREATE TABLE child (parent BIGINT REFERENCES parent (id))")
	mustExec("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) " +
		"INSERT INTO parent SELECT i, printf('name-%05d', i) || '" + strings.Repeat("x", 50) + "' FROM n")
	if also != "" {
		mustExec(also)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestCheckOfPostgreSQL is the server's own affair.
func TestCheckOfPostgreSQL(t *testing.T) {
	t.Parallel()
	if err := dbtest.Open(t, database.Config{Location: dbtest.Postgres(t)}).Check(t.Context()); err != nil {
		t.Error(err)
	}
}
