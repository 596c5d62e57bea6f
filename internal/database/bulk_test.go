package database_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
)

// TestInBulkIsATransaction: it commits or leaves nothing, whoever ends it.
func TestInBulkIsATransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		add := func(ctx context.Context, word string, end func() error) error {
			return db.InBulk(ctx, func(tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, "INSERT INTO word (text, shelf) VALUES ($1, 1)", word); err != nil {
					return err
				}
				return end()
			})
		}
		if err := add(t.Context(), "stays", func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		failed := errors.New("failed")
		if err := add(t.Context(), "fails", func() error { return failed }); !errors.Is(err, failed) {
			t.Errorf("got %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if err := add(ctx, "cancelled", func() error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if got := mustWords(t, db); len(got) != 1 || got[0] != "stays" {
			t.Errorf("got %q", got)
		}
	})
}

// TestOnlyABulkTransactionDoesNotWaitForTheDisk: within one the setting is
// NORMAL, and FULL before and after, however it ends.
func TestOnlyABulkTransactionDoesNotWaitForTheDisk(t *testing.T) {
	t.Parallel()
	const normal, full = 1, 2
	db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t)})
	asked := func(q interface {
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	},
	) (setting int) {
		if err := q.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&setting); err != nil {
			t.Error(err)
		}
		return setting
	}
	for _, end := range []error{nil, errors.New("failed"), context.Canceled} {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.InBulk(ctx, func(tx *sql.Tx) error {
			if got := asked(tx); got != normal {
				t.Errorf("within: %d", got)
			}
			if errors.Is(end, context.Canceled) {
				cancel()
			}
			return end
		})
		cancel()
		if !errors.Is(err, end) {
			t.Errorf("got %v, want %v", err, end)
		}
		err = db.InTx(t.Context(), func(tx *sql.Tx) error {
			if got := asked(tx); got != full {
				t.Errorf("after %v: %d", end, got)
			}
			return nil
		})
		if got := asked(db.Write); got != full || err != nil {
			t.Errorf("after %v: %d, %v", end, got, err)
		}
	}
}

// TestABulkTransactionOfPostgreSQLWaitsForTheDisk: the server may crash without
// the program, which would go on behind what was lost.
func TestABulkTransactionOfPostgreSQLWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, migrations(), func(t *testing.T, db *database.DB) {
		if db.Dialect != database.PostgreSQL {
			return
		}
		err := db.InBulk(t.Context(), func(tx *sql.Tx) error {
			var set bool
			err := tx.QueryRowContext(t.Context(),
				"SELECT source = 'session' FROM pg_settings WHERE name = 'synchronous_commit'").Scan(&set)
			if set {
				t.Error("it does not wait as the server is told to")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
