package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestOthersDirectoriesAreRefused: what root would make in them, the service
// could not open.
func TestOthersDirectoriesAreRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 || runtime.GOOS == "windows" {
		t.Skip("only root can give a directory away")
	}
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"hub", "init", "--enterprise", "acme"}, {"hub"}, {"hub", "token", "list"}, {"backup", "--output", filepath.Join(t.TempDir(), "copy")},
	} {
		got := call(t, append(args, "--data", data)...)
		if got.status != statusFailed || !strings.Contains(got.stderr, "belongs to another user") {
			t.Errorf("%v: %d %s", args, got.status, got.stderr)
		}
	}
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestOpenDirectoriesAreToldOf, and used.
func TestOpenDirectoriesAreToldOf(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("access lists decide")
	}
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	got := call(t, "hub", "init", "--enterprise", "acme", "--data", data)
	if got.status != statusDone || !strings.Contains(got.stderr, "chmod 700 "+data) {
		t.Errorf("%d %s", got.status, got.stderr)
	}
}
