package intake

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Imported is how long sqlite3 needs for the rows of some tables.
type Imported struct {
	Accounts float64 // seconds for the rows of the instance's accounts, which hold the addresses
	People   float64 // seconds for the rows of the people
}

// Import gives the rows that the first step left in dir to sqlite3's .import:
// into a new database each, with the same tables and indexes.
func Import(ctx context.Context, dir string) (in Imported, err error) {
	const ofInstance = "SELECT * FROM item WHERE source = 1 ORDER BY kind, key"
	if in.Accounts, err = importTable(ctx, dir, "item", ofInstance); err != nil {
		return in, err
	}
	in.People, err = importTable(ctx, dir, "person", "SELECT * FROM person ORDER BY person_id")
	return in, err
}

func importTable(ctx context.Context, dir, table, rows string) (float64, error) {
	from, to := filepath.Join(dir, databaseFile), filepath.Join(dir, table+".db")
	csv := filepath.Join(dir, table+".csv")
	defer os.Remove(csv) //nolint:errcheck // the directory goes too
	defer os.Remove(to)  //nolint:errcheck // the directory goes too
	if _, err := sqlite3(ctx, from, ".mode csv", ".once "+csv, rows+";"); err != nil {
		return 0, err
	}
	schema, err := sqlite3(ctx, from, "SELECT sql || ';' FROM sqlite_master WHERE tbl_name = '"+table+"' AND sql <> '';")
	if err != nil {
		return 0, err
	}
	if _, err := sqlite3(ctx, to, schema); err != nil {
		return 0, err
	}
	start := time.Now()
	_, err = sqlite3(ctx, to, ".mode csv", ".import "+csv+" "+table)
	return time.Since(start).Seconds(), err
}

// sqlite3 runs Debian's sqlite3 over a database.
func sqlite3(ctx context.Context, database string, commands ...string) (string, error) {
	args := []string{"-batch", "-bail", database}
	child := exec.CommandContext(ctx, "sqlite3", append(args, commands...)...)
	var problems bytes.Buffer
	child.Stderr = &problems
	out, err := child.Output()
	if err != nil {
		return "", fmt.Errorf("sqlite3 (Debian's package has that name): %w\n%s", err, problems.Bytes())
	}
	return string(out), nil
}
