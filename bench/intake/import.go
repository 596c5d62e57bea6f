package intake

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
)

// Imported is how long sqlite3 needs for the rows of some tables.
type Imported struct {
	Accounts measure.Cost // of the rows of the instance's accounts, which hold the addresses
	People   measure.Cost // of the rows of the people
}

// Import gives the rows that the first step left in dir to sqlite3's .import:
// into a new database each, with the same tables and indexes, and settings of
// the hub's own connection for writing. The rows come in the order of their
// primary key and in one transaction, which is what .import is fastest with.
func Import(ctx context.Context, dir string) (in Imported, err error) {
	const ofInstance = "SELECT * FROM item WHERE source = 1 ORDER BY kind, key"
	if in.Accounts, err = importTable(ctx, dir, "item", ofInstance); err != nil {
		return in, err
	}
	// CSV knows no bytes: an id becomes a text of the same length.
	const people = "SELECT enterprise, number, substr(hex(person_id), 1, 16), from_result, to_result, sort_key, search, deployment, license, " +
		"consumes, accounts, organizations, roles, document FROM person ORDER BY number, from_result"
	in.People, err = importTable(ctx, dir, "person", people)
	return in, err
}

func importTable(ctx context.Context, dir, table, rows string) (measure.Cost, error) {
	from, to := filepath.Join(dir, databaseFile), filepath.Join(dir, table+".db")
	csv := filepath.Join(dir, table+".csv")
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
	pragmas, err := settings(ctx, dir)
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

// settings are those of a connection that decide how fast it writes, as the hub
// in dir has them.
func settings(ctx context.Context, dir string) (string, error) {
	h, err := open(ctx, dir)
	if err != nil {
		return "", err
	}
	defer h.close() //nolint:errcheck // it was only asked
	var pragmas strings.Builder
	for _, name := range []string{"journal_mode", "synchronous", "cache_size", "wal_autocheckpoint", "journal_size_limit"} {
		var value string
		if err := h.db.Write.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value); err != nil {
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
