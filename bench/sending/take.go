package sending

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/bench/imported"
	"github.com/oneseat/oneseat/bench/measure"
	"github.com/oneseat/oneseat/internal/agent"
)

// Step is something that an agent does, or what it is held against.
type Step string

// The steps, in this order.
const (
	Collect Step = "collect" // the source is read, and its users are a snapshot
	Import  Step = "import"  // the reference: sqlite3's .import of their rows
	Export  Step = "export"  // a usage file, as the command makes it
	Page    Step = "page"    // a usage file, as the page gives it
	Seal    Step = "seal"    // the reference: zstd and age over the same bytes
)

// Steps are all of them, in order.
func Steps() []Step { return []Step{Collect, Import, Export, Page, Seal} }

// Outcome is what a step took, and how many bytes came out.
type Outcome struct {
	measure.Cost
	Bytes int64 `json:"bytes"`
}

// Take does a step with the agent in dir.
func Take(ctx context.Context, dir string, step Step) (o Outcome, err error) {
	r, err := open(ctx, dir, false)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	switch step {
	case Collect:
		o.Cost, err = measure.Of(func() error { _, err := r.agent.Collect(ctx, "bench", false); return err })
	case Import:
		o.Cost, err = imported.Table(ctx, r.db, "account", "SELECT * FROM account ORDER BY reading, user_id")
	case Export:
		o.Cost, err = measure.Of(func() error { o.Bytes, err = r.export(ctx, io.Discard); return err })
	case Page:
		o, err = r.page(ctx)
	case Seal:
		o, err = seal(ctx, dir)
	}
	if err != nil {
		return o, fmt.Errorf("%s: %w", step, err)
	}
	return o, nil
}

// export makes the usage file of what counts.
func (r *running) export(ctx context.Context, w io.Writer) (int64, error) {
	e, err := r.agent.Export(ctx, "bench", agent.ExportRequest{})
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(w, e)
	return n, errors.Join(err, e.Close())
}

// seal writes the bytes of a usage file in clear through zstd and age, with the
// settings that package usagefile has, to a file.
func seal(ctx context.Context, dir string) (o Outcome, err error) {
	name := filepath.Join(dir, clearFile)
	if err := inClear(ctx, dir, name); err != nil {
		return o, err
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return o, err
	}
	in, err := os.Open(name)
	if err != nil {
		return o, err
	}
	defer in.Close() //nolint:errcheck // only read
	o.Cost, err = measure.Of(func() error {
		return gen.File(name+".sealed", func(w io.Writer) error { return sealTo(w, in, key.Recipient()) })
	})
	if err != nil {
		return o, err
	}
	info, err := os.Stat(name + ".sealed")
	if err == nil {
		o.Bytes = info.Size()
	}
	return o, err
}

func sealTo(w io.Writer, in io.Reader, to age.Recipient) error {
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return err
	}
	const window = 1 << 20 // that of package usagefile
	small, err := zstd.NewWriter(sealed, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
	if err != nil {
		return err
	}
	_, err = io.Copy(small, in)
	return errors.Join(err, small.Close(), sealed.Close())
}

// inClear exports to a file what the reference seals.
func inClear(ctx context.Context, dir, name string) (err error) {
	r, err := open(ctx, dir, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	return gen.File(name, func(w io.Writer) error { _, err := r.export(ctx, w); return err })
}
