package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/oneseat/oneseat/bench/gen"
)

// withEnterprise generates an enterprise into a temporary directory, and
// removes it when do is done. The files were just written: they are in the
// page cache for every program alike.
func withEnterprise(accounts size, do func(dir string) error) error {
	return withDirectory(func(dir string) error {
		if err := gen.Write(dir, int(accounts)); err != nil {
			return err
		}
		return do(dir)
	})
}

func withDirectory(do func(dir string) error) (err error) {
	dir, err := os.MkdirTemp("", "oneseat-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return do(filepath.Clean(dir))
}

// printLoad says how busy the machine was before we began: numbers taken
// beside other work are worth little.
func printLoad() {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return // only Linux tells
	}
	last, _, _ := strings.Cut(string(text), " ")
	fmt.Printf("load of the machine in the last minute: %s\n\n", last)
}
