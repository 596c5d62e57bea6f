package intake

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/oneseat/oneseat/bench/measure"
	"github.com/oneseat/oneseat/internal/hub"
)

// Outcome is what taking in a file took.
type Outcome struct {
	measure.Cost
	// Rows is how many rows of the database were inserted, updated or deleted.
	Rows int64 `json:"rows"`
	// People and Licenses are those of the new total.
	People   int64 `json:"people"`
	Licenses int   `json:"licenses"`
}

// Take takes the file of a step through the hub in dir: from the spooled file
// to the new total.
func Take(ctx context.Context, dir string, step Step) (o Outcome, err error) {
	h, err := open(ctx, dir)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	file, err := os.Open(step.file(dir))
	if err != nil {
		return o, err
	}
	defer file.Close() //nolint:errcheck // only read
	before, err := h.written(ctx)
	if err != nil {
		return o, err
	}
	var result *hub.Result
	o.Cost, err = measure.Of(func() error {
		u, err := h.service.ReceiveUsage(ctx, enterprise, file, arrival())
		if err != nil {
			return err
		}
		result, err = h.count(ctx, u)
		return err
	})
	if err != nil {
		return o, fmt.Errorf("take in the %s file: %w", step, err)
	}
	after, err := h.written(ctx)
	o.Rows, o.People, o.Licenses = after-before, result.People, result.Statement.Licenses
	return o, err
}

// written is how many rows the one connection for writing has written so far.
func (h *running) written(ctx context.Context) (n int64, err error) {
	return n, h.db.Write.QueryRowContext(ctx, "SELECT total_changes()").Scan(&n)
}
