package database

import (
	"context"
	"fmt"

	"github.com/oneseat/oneseat/internal/errs"
)

// Check reads a whole SQLite database and looks whether its pages, indexes and
// references agree: for a copy, before it is trusted. The error is Internal
// when they do not. A PostgreSQL server looks after its own.
func (db *DB) Check(ctx context.Context) error {
	if db.Dialect != SQLite {
		return nil
	}
	for _, pragma := range []string{"PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"} {
		if err := db.check(ctx, pragma); err != nil {
			return err
		}
	}
	return nil
}

// check runs one of SQLite's own checks: a row that does not say "ok" names
// what is wrong.
func (db *DB) check(ctx context.Context, pragma string) error {
	rows, err := db.Read.QueryContext(ctx, pragma)
	if err != nil {
		return Translate(err)
	}
	defer rows.Close() //nolint:errcheck // its error is that of Err
	for rows.Next() {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		var first any
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(any)
		}
		into[0] = &first
		if err := rows.Scan(into...); err != nil {
			return Translate(err)
		}
		if first != "ok" {
			return errs.Wrap(errs.Internal, fmt.Errorf("%s: %v", pragma, first), "database.damaged")
		}
	}
	return Translate(rows.Err())
}
