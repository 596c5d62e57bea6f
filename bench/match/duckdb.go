package match

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/oneseat/oneseat/bench/gen"
)

// ErrNoDuckDB says that Node.js or the packages of bench/peers are missing:
// DuckDB is needed for comparing alone.
var ErrNoDuckDB = errors.New("DuckDB is not installed: install Node.js and run \"npm ci\" in bench/peers")

// FindDuckDB says whether [DuckDB] can run with the scripts in peers.
func FindDuckDB(peers string) error {
	if _, err := exec.LookPath("node"); err != nil {
		return ErrNoDuckDB
	}
	_, err := os.Stat(filepath.Join(peers, "node_modules", "@duckdb", "node-api"))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoDuckDB
	}
	return err
}

// DuckDB runs the rules as SQL over the enterprise in dir, in a process of its
// own. Peers is the directory bench/peers.
func DuckDB(ctx context.Context, peers, dir string) (Outcome, error) {
	script := filepath.Join(peers, "match.mjs")
	node := exec.CommandContext(ctx, "node", script, dir, gen.At().Format(time.RFC3339))
	var problems bytes.Buffer
	node.Stderr = &problems
	out, err := node.Output()
	if err != nil {
		return Outcome{}, fmt.Errorf("run DuckDB: %w\n%s", err, problems.Bytes())
	}
	var o Outcome
	if err := json.Unmarshal(out, &o); err != nil {
		return Outcome{}, fmt.Errorf("read what DuckDB found: %w", err)
	}
	return o, nil
}
