package spool_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/oneseat/oneseat/internal/spool"
)

func TestASpoolForgetsWhatAKilledProcessLeft(t *testing.T) {
	t.Parallel()
	directory := filepath.Join(t.TempDir(), "spool")
	if _, err := spool.New(directory, 0); err != nil {
		t.Fatal(err)
	}
	left, other := filepath.Join(directory, "upload-123.part"), filepath.Join(directory, "notes.txt")
	for _, path := range []string{left, other} {
		if err := os.WriteFile(path, []byte("mona@acme.example"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := spool.New(directory, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("what was left is still there: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("what is no upload went too: %v", err)
	}
	info, err := os.Stat(directory)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory is %v, %v", info.Mode(), err)
	}
}
