package database_test

import (
	"testing"
	"testing/fstest"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
)

func TestMigrateTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		mustExec(t, db, "INSERT INTO word (text, shelf) VALUES ('kept', 1)")
		if err := db.Migrate(t.Context(), migrations()); err != nil {
			t.Error(err)
		}
		if got := mustWords(t, db); len(got) != 1 {
			t.Errorf("got %q", got)
		}
	})
}

// TestProcessesMayMigrateAtOnce opens the database several times, as several
// processes do, and lets all of them migrate.
func TestProcessesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, nil, func(t *testing.T, location string) {
		const processes = 4
		done := make(chan error, processes)
		for range processes {
			db := dbtest.Open(t, database.Config{Location: location, Readers: 1, Volatile: true})
			go func() { done <- db.Migrate(t.Context(), migrations()) }()
		}
		for range processes {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestABrokenMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		files := migrations()
		files["0003_broken.sql"] = &fstest.MapFile{
			Data: []byte("-- +goose Up\nCREATE TABLE half (n BIGINT);\nINSERT INTO nowhere VALUES (1);\n"),
		}
		if err := db.Migrate(t.Context(), files); err == nil {
			t.Fatal("the broken file was run")
		}
		if _, err := db.Read.ExecContext(t.Context(), "SELECT count(*) FROM half"); err == nil {
			t.Error("half of the migration is there")
		}
		files["0003_broken.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE half (n BIGINT);\n")}
		if err := db.Migrate(t.Context(), files); err != nil {
			t.Errorf("mended: %v", err)
		}
	})
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		older := migrations()
		delete(older, "0002_first_shelf.sql")
		wantError(t, db.Migrate(t.Context(), older), errs.Invalid, "database.newer")
	})
}

func TestPartsCountTheirOwnVersions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		part := fstest.MapFS{"0001_bell.sql": {Data: []byte("-- +goose Up\nCREATE TABLE bell (n BIGINT);\n")}}
		for range 2 {
			if err := db.MigratePart(t.Context(), "bell", part); err != nil {
				t.Error(err)
			}
		}
		mustExec(t, db, "INSERT INTO bell (n) VALUES (1)")
	})
}
