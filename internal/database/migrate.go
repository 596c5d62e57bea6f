package database

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"github.com/oneseat/oneseat/internal/errs"
)

// Migrate brings the schema up to date with the files of the top directory:
// 0001_initial.sql and so on, each in one transaction, as goose reads them.
// Doing it again changes nothing, and several processes may do it at once.
//
// A database that is ahead of the files was used by a newer program; it is
// left alone and the error is Invalid.
func (db *DB) Migrate(ctx context.Context, files fs.FS) error {
	return db.MigratePart(ctx, "db", files)
}

// MigratePart is [DB.Migrate] for a part of the schema that has its own files
// and its own count of versions, kept in the table goose_PART_version.
func (db *DB) MigratePart(ctx context.Context, part string, files fs.FS) error {
	provider, err := goose.NewProvider(db.goose(), db.Write, files,
		goose.WithTableName("goose_"+part+"_version"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations of %s: %w", part, err)
	}
	return db.Advance(ctx, part, Steps{
		Version: func(ctx context.Context) (int64, error) { return version(ctx, provider) },
		Up: func(ctx context.Context) error {
			_, err := provider.Up(ctx)
			return err
		},
	})
}

func (db *DB) goose() goose.Dialect {
	if db.Dialect == PostgreSQL {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}

// version is the database's version, which the files may not know.
func version(ctx context.Context, provider *goose.Provider) (int64, error) {
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, err
	}
	if current > target {
		return 0, errs.New(errs.Invalid, "database.newer", "Version", current, "Known", target)
	}
	return current, nil
}

// Steps are migrations that somebody else's library runs.
type Steps struct {
	// Version is how far the database has come.
	Version func(context.Context) (int64, error)
	// Up runs what is missing, one transaction per version.
	Up func(context.Context) error
}

// Advance runs the steps. When two processes start together, both run the same
// step and one of them fails: it tries again as long as the version moves.
func (db *DB) Advance(ctx context.Context, part string, steps Steps) error {
	for last := int64(-1); ; {
		before, err := steps.Version(ctx)
		if err == nil {
			err = steps.Up(ctx)
		}
		if err == nil {
			return nil
		}
		if explained(err) || ctx.Err() != nil || before <= last {
			return Translate(fmt.Errorf("migrate %s of %s from version %d: %w", part, db.location, before, err))
		}
		last = before
	}
}
