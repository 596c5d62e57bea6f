package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/oneseat/oneseat/internal/database"
)

// ExplainSearch is what the engine says about a search: its plan, and on
// PostgreSQL also the rows it read.
func (e *Enterprise) ExplainSearch(ctx context.Context, result int64, f *Filter, after *PersonID, limit int) (string, error) {
	explain := "EXPLAIN QUERY PLAN "
	if e.db.Dialect == database.PostgreSQL {
		explain = "EXPLAIN (ANALYZE, FORMAT JSON) "
	}
	var lines []string
	err := e.db.View(ctx, func(tx *sql.Tx) error {
		s := search{e: e, tx: tx, result: result}
		query, err := s.query(ctx, f, after, limit)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, explain+query, s.args...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		lines = lines[:0]
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		var last string
		values[len(values)-1] = &last
		for rows.Next() {
			if err := rows.Scan(values...); err != nil {
				return err
			}
			lines = append(lines, last)
		}
		return rows.Err()
	})
	return strings.Join(lines, "\n"), err
}
