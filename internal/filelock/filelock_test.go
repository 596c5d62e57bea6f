package filelock_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/oneseat/oneseat/internal/filelock"
)

func TestOneHoldsIt(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lock")
	first, err := filelock.Take(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := filelock.Take(name); !errors.Is(err, filelock.ErrTaken) {
		t.Errorf("taken twice: %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	second, err := filelock.Take(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Release(); err != nil {
		t.Error(err)
	}
}

func TestNoDirectory(t *testing.T) {
	t.Parallel()
	if _, err := filelock.Take(filepath.Join(t.TempDir(), "none", "lock")); err == nil || errors.Is(err, filelock.ErrTaken) {
		t.Errorf("got %v", err)
	}
}
