package database

import "context"

// Analyze lets PostgreSQL look at tables that were just filled, so that it does
// not plan with what it knew of them before: its own look comes a minute or
// more later, and until then it may read a whole index for one page. SQLite
// plans by its indexes alone and needs none.
func (db *DB) Analyze(ctx context.Context, tables ...string) error {
	if db.Dialect != PostgreSQL {
		return nil
	}
	for _, table := range tables {
		if _, err := db.Write.ExecContext(ctx, "ANALYZE "+table); err != nil {
			return Translate(err)
		}
	}
	return nil
}
