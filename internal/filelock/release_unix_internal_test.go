//go:build unix

package filelock

import (
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestReleaseGivesTheLockFreeWhileAChildHasTheFile: between fork and exec a
// child has every open file.
func TestReleaseGivesTheLockFreeWhileAChildHasTheFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lock")
	lock, err := Take(name)
	if err != nil {
		t.Fatal(err)
	}
	child, err := unix.Dup(int(lock.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(child) //nolint:errcheck // of a test
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := Take(name)
	if err != nil {
		t.Fatalf("taken again: %v", err)
	}
	if err := again.Release(); err != nil {
		t.Error(err)
	}
}
