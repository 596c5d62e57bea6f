package atomicfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/oneseat/oneseat/internal/atomicfile"
)

const nobody = 65534

// asNobody runs f with nobody's rights to files, on a thread that ends with it.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread is thrown away
		if err := unix.Setfsuid(nobody); err != nil {
			done <- err
			return
		}
		f()
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// TestADirectoryThatCannotBeRead: its owner may put files into it, and nobody
// can sync it. What is in its place is no failure.
func TestADirectoryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if os.Geteuid() == 0 {
		if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(dir, nobody, -1); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o300); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "state.json")
	var replaced, created error
	asNobody(t, func() {
		replaced = atomicfile.Replace(name, 0o600, text("new"))
		created = atomicfile.Create(name+".key", 0o600, text("new"))
	})
	if replaced != nil || created != nil {
		t.Errorf("got %v and %v", replaced, created)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{name, name + ".key"} {
		if got, err := os.ReadFile(name); err != nil || string(got) != "new" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}
