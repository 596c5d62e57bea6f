// Package imported says how long Debian's sqlite3 needs to .import rows that one
// of our databases has: into the same table with the same indexes, in the order
// of the primary key, in one transaction, and with the settings of our own
// connection for writing. It is the reference for what a role writes.
//
// Start at [Table].
package imported

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/oneseat/oneseat/bench/measure"
	"github.com/oneseat/oneseat/internal/database"
)

// Table gives what a query finds in a SQLite database to .import: into a new
// database beside it, with a table of that name and its indexes.
func Table(ctx context.Context, db *database.DB, table, rows string) (measure.Cost, error) {
	from := db.Location()
	to, csv := filepath.Join(filepath.Dir(from), table+".db"), filepath.Join(filepath.Dir(from), table+".csv")
	defer os.Remove(csv) //nolint:errcheck // the directory goes too
	defer os.Remove(to)  //nolint:errcheck // the directory goes too
	if _, err := sqlite3(ctx, from, ".mode csv", ".once "+csv, rows+";"); err != nil {
		return measure.Cost{}, err
	}
	schema, err := sqlite3(ctx, from, "SELECT sql || ';' FROM sqlite_master WHERE tbl_name = '"+table+"' AND sql <> '';")
	if err != nil {
		return measure.Cost{}, err
	}
	if _, err := sqlite3(ctx, to, schema); err != nil {
		return measure.Cost{}, err
	}
	pragmas, err := settings(ctx, db)
	if err != nil {
		return measure.Cost{}, err
	}
	child, start := command(ctx, to, pragmas, ".mode csv", ".import "+csv+" "+table), time.Now()
	if _, err := output(child); err != nil {
		return measure.Cost{}, err
	}
	used := child.ProcessState.UserTime() + child.ProcessState.SystemTime()
	return measure.Cost{Seconds: time.Since(start).Seconds(), CPUSeconds: used.Seconds()}, nil
}

// settings are those of the connection that decide how fast it writes.
func settings(ctx context.Context, db *database.DB) (string, error) {
	var pragmas strings.Builder
	for _, name := range []string{"journal_mode", "synchronous", "cache_size", "wal_autocheckpoint", "journal_size_limit"} {
		var value string
		if err := db.Write.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value); err != nil {
			return "", fmt.Errorf("setting %s: %w", name, err)
		}
		fmt.Fprintf(&pragmas, "PRAGMA %s=%s;", name, value)
	}
	return pragmas.String(), nil
}

// sqlite3 runs Debian's sqlite3 over a database.
func sqlite3(ctx context.Context, database string, commands ...string) (string, error) {
	return output(command(ctx, database, commands...))
}

func command(ctx context.Context, database string, commands ...string) *exec.Cmd {
	args := []string{"-batch", "-bail", database}
	return exec.CommandContext(ctx, "sqlite3", append(args, commands...)...)
}

func output(child *exec.Cmd) (string, error) {
	var problems bytes.Buffer
	child.Stderr = &problems
	out, err := child.Output()
	if err != nil {
		return "", fmt.Errorf("sqlite3 (Debian's package has that name): %w\n%s", err, problems.Bytes())
	}
	return string(out), nil
}
