package instance

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
)

// lockName is the file whose lock is the directory's.
const lockName = "lock"

// Dir is a state directory nobody else changes until it is closed.
type Dir struct {
	name string
	lock *lock
}

// Make makes a state directory, unless it is there already, and locks it. Only
// its owner can look into it.
func Make(name string) (*Dir, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "instance.no_dir", "Dir", name, "Cause", errors.Unwrap(err))
	}
	return Open(name)
}

// Open locks a state directory. Conflict: another export or rotation is at
// work in it; NotFound: there is no such directory.
func Open(name string) (*Dir, error) {
	l, err := takeLock(filepath.Join(name, lockName))
	switch {
	case errors.Is(err, errLocked):
		return nil, errs.Wrap(errs.Conflict, err, "instance.locked", "Dir", name)
	case err != nil:
		return nil, cannotOpen(name, err)
	}
	return &Dir{name, l}, nil
}

// Load gives the instance, as [Read] does.
func (d *Dir) Load() (*Instance, error) { return Read(d.name) }

// Save replaces the instance's file, and it is on the disk when it returns.
func (d *Dir) Save(i *Instance) error {
	if err := atomicfile.Replace(filepath.Join(d.name, fileName), 0o600, i.write); err != nil {
		return errs.Wrap(errs.Unavailable, err, "instance.not_saved", "Dir", d.name, "Cause", cause(err))
	}
	return nil
}

// Close gives the directory free.
func (d *Dir) Close() error { return d.lock.release() }

var errLocked = errors.New("locked by another process")

// cause is the innermost error: what the system said, without paths.
func cause(err error) error {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err
}
