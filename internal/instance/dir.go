package instance

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/filelock"
)

// lockName is the file whose lock is the directory's.
const lockName = "lock"

// Dir is a state directory nobody else changes until it is closed.
type Dir struct {
	name string
	lock *filelock.Lock
}

// Make makes a state directory, unless it is there already, and locks it. Only
// its owner can look into a directory that is new or was empty, where that can
// be changed; one that holds something keeps its mode. The instance's file is
// its owner's alone in any case.
func Make(name string) (*Dir, error) {
	if err := makePrivate(name); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "instance.no_dir", "Dir", name, "Cause", errors.Unwrap(err))
	}
	return lockDir(name)
}

func makePrivate(name string) error {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return err
	}
	if there, err := os.ReadDir(name); err != nil || len(there) > 0 {
		return nil //nolint:nilerr // the lock tells whether it can be used
	}
	if err := os.Chmod(name, 0o700); err != nil && !errors.Is(err, fs.ErrPermission) { //nolint:gosec // a directory
		return err
	}
	return nil
}

// Open locks the state directory of an instance. Conflict: another export or
// rotation is at work in it; NotFound: it holds no instance, and nothing was
// put into it.
func Open(name string) (*Dir, error) {
	if _, err := os.Stat(filepath.Join(name, fileName)); err != nil {
		return nil, cannotOpen(name, err)
	}
	return lockDir(name)
}

func lockDir(name string) (*Dir, error) {
	l, err := filelock.Take(filepath.Join(name, lockName))
	switch {
	case errors.Is(err, filelock.ErrTaken):
		return nil, errs.Wrap(errs.Conflict, err, "instance.locked", "Dir", name)
	case err != nil:
		return nil, cannotOpen(name, err)
	}
	return &Dir{name, l}, nil
}

// Load gives the instance, as [Read] does.
func (d *Dir) Load() (*Instance, error) { return Read(d.name) }

// Save replaces the instance's file, and it is on the disk when it returns. An
// error that is [atomicfile.ErrPlaced] came after that: the file says what the
// instance is.
func (d *Dir) Save(i *Instance) error {
	err := atomicfile.Replace(filepath.Join(d.name, fileName), 0o600, i.write)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, atomicfile.ErrPlaced):
		return errs.Wrap(errs.Unavailable, err, "instance.unconfirmed", "Dir", d.name, "Cause", cause(err))
	default:
		return errs.Wrap(errs.Unavailable, err, "instance.not_saved", "Dir", d.name, "Cause", cause(err))
	}
}

// Close gives the directory free.
func (d *Dir) Close() error { return d.lock.Release() }

// cause is what the system said, without paths, or else the innermost error.
func cause(err error) error {
	if said, ok := errors.AsType[syscall.Errno](err); ok {
		return said
	}
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err
}
