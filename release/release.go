package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"aead.dev/minisign"
)

// release is everything that is made of one checkout.
type release struct {
	root, output string
	targets      []target
	flags        []string             // of go build
	key          *minisign.PrivateKey // nil: checksums are not signed
}

// target is a system that programs are made for.
type target struct {
	system, machine string // as Go calls them
	packaged        bool   // as .deb and .rpm too
}

// targets are the systems that people have: servers run Linux, and the command
// line is wanted on desks.
func targets() []target {
	return []target{
		{"linux", "amd64", true},
		{"linux", "arm64", true},
		{"darwin", "amd64", false},
		{"darwin", "arm64", false},
		{"windows", "amd64", false},
	}
}

// make makes programs, what is inside them, packages and checksums, in this
// order.
func (r *release) make(ctx context.Context) error {
	if err := r.begin(); err != nil {
		return err
	}
	for _, t := range r.targets {
		program, err := r.build(ctx, t)
		if err != nil {
			return err
		}
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return err
		}
		if err := writeContents(program+".cdx.json", info); err != nil {
			return err
		}
		if t.packaged {
			if err := r.pack(t, program, info.Main.Version); err != nil {
				return err
			}
		}
	}
	return r.sum()
}

// begin makes the directory; what is in it already could be mistaken for a part
// of the release.
func (r *release) begin() error {
	found, err := os.ReadDir(r.output)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.MkdirAll(r.output, 0o755) //nolint:gosec // what is in it is for everybody
	case err != nil:
		return err
	case len(found) > 0:
		return fmt.Errorf("%s is not empty: remove it, or name another -output", r.output)
	}
	return nil
}

// build makes the program of a target: static, and the same bytes wherever it
// is built. Its version is that of the checkout, by Go's own stamp.
func (r *release) build(ctx context.Context, t target) (program string, err error) {
	program, err = filepath.Abs(filepath.Join(r.output, "oneseat-"+t.system+"-"+t.machine))
	if err != nil {
		return "", err
	}
	if t.system == "windows" {
		program += ".exe"
	}
	build := exec.CommandContext(ctx, "go", slices.Concat([]string{"build", "-o", program}, r.flags, []string{"./cmd/oneseat"})...) //nolint:gosec // our own arguments
	build.Dir, build.Stderr = r.root, os.Stderr
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.system, "GOARCH="+t.machine)
	return program, build.Run()
}
