package atomicfile_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/atomicfile"
)

func text(content string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	}
}

func half(w io.Writer) error {
	if err := text("hal")(w); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

// mustHold fails unless the directory holds one file of this content.
func mustHold(t *testing.T, name, content string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil || string(got) != content {
		t.Errorf("got %q, %v, want %q", got, err, content)
	}
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil || len(entries) != 1 {
		t.Errorf("something was left behind: %v %v", entries, err)
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state.json")
	for _, content := range []string{"one", "two"} {
		if err := atomicfile.Replace(name, 0o600, text(content)); err != nil {
			t.Fatal(err)
		}
		mustHold(t, name, content)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestAFailureLeavesWhatWasThere(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "state.json")
	if err := atomicfile.Replace(name, 0o600, text("good")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Replace(name, 0o600, half); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	mustHold(t, name, "good")
}

func TestCreateRefusesWhatExists(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "key")
	if err := atomicfile.Create(name, 0o600, text("mine")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Create(name, 0o600, text("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want fs.ErrExist", err)
	}
	mustHold(t, name, "mine")
}

func TestCreateRefusesWhatAppearsMeanwhile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "key")
	err := atomicfile.Create(name, 0o600, func(w io.Writer) error {
		if err := os.WriteFile(name, []byte("first"), 0o600); err != nil {
			return err
		}
		return text("second")(w)
	})
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want fs.ErrExist", err)
	}
	mustHold(t, name, "first")
}

func TestNoDirectory(t *testing.T) {
	t.Parallel()
	err := atomicfile.Replace(filepath.Join(t.TempDir(), "no", "file"), 0o600, text("x"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

// TestALongNameIsLegal: the temporary name must not be longer than file
// systems allow when the name itself is not.
func TestALongNameIsLegal(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), strings.Repeat("é", 127))
	if err := atomicfile.Create(name, 0o600, text("new")); err != nil {
		t.Fatal(err)
	}
	mustHold(t, name, "new")
}
