//go:build unix

package source_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/oneseat/oneseat/internal/source"
)

// TestWhatCannotBeReadTwiceIsRefused: opening a pipe nobody writes to would wait
// for ever, so that this test would end by its time limit.
func TestWhatCannotBeReadTwiceIsRefused(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, "/dev/null"} {
		_, err := source.OpenServer(source.FromPath(path), source.ServerOptions{})
		if err == nil || refusals(t, err)[0].key != "source.not_regular" {
			t.Errorf("%s: got %v", path, err)
		}
	}
	_, err := source.OpenServer(source.FromPath(t.TempDir()), source.ServerOptions{})
	if err == nil || refusals(t, err)[0].key != "source.directory" {
		t.Errorf("a directory: got %v", err)
	}
}
