// Package atomicfile makes files appear whole or not at all.
//
// A file is written beside its place under a name of its own, synced, and then
// put in its place in one step; the directory is synced after that, so that
// the file is there after a power cut too. When anything fails before that
// step, or the program is killed, what was in the place before is still there
// untouched. What fails after it is [ErrPlaced]. The package deliberately locks
// nothing: two writers of one place both succeed with [Replace], and the last
// one stays. And it looks for nothing: a program that is killed leaves its file
// beside the place, as .NAME.NUMBER.tmp of mode 0600, for people to remove.
//
// Start with [Replace] or [Create].
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrPlaced says that the new file is whole and in its place, but something
// failed after that: it may not be there after a power cut, or have a second
// name that is left of making it.
var ErrPlaced = errors.New("the file is in its place, but not safely")

// Replace puts what write gives in the place of name. The errors of write and
// of the file system come back wrapped.
func Replace(name string, mode fs.FileMode, write func(io.Writer) error) error {
	return put(name, mode, write, os.Rename)
}

// Create is [Replace] for a name that must not exist: an error that is
// fs.ErrExist otherwise, whoever made it and however late.
func Create(name string, mode fs.FileMode, write func(io.Writer) error) error {
	if _, err := os.Lstat(name); err == nil {
		return &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	return put(name, mode, write, linkNew)
}

// linkNew gives a file a second name that must be new, and takes the first
// away. File systems without links get a rename: a file that appeared within
// the last instant is lost there.
func linkNew(from, to string) error {
	err := os.Link(from, to)
	switch {
	case err == nil:
		return placed(os.Remove(from))
	case errors.Is(err, fs.ErrExist):
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "create", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}

func put(name string, mode fs.FileMode, write func(io.Writer) error, place func(from, to string) error) error {
	dir := filepath.Dir(name)
	file, err := os.CreateTemp(dir, temporaryName(name))
	if err != nil {
		return fmt.Errorf("make temporary file: %w", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // gone already when all went well
	if err := fill(file, mode, write); err != nil {
		file.Close() //nolint:errcheck // the file is thrown away
		return err
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("close %s: %w", file.Name(), err)
	}
	if err := place(file.Name(), name); err != nil {
		return fmt.Errorf("put %s in its place: %w", name, err)
	}
	return placed(syncDir(dir))
}

// temporaryName is a pattern for a hidden name, no longer than file systems
// allow.
func temporaryName(name string) string {
	const room = 200 // of 255 bytes
	base := filepath.Base(name)
	return "." + strings.ToValidUTF8(base[:min(len(base), room)], "") + ".*.tmp"
}

func placed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrPlaced, err)
}

func fill(file *os.File, mode fs.FileMode, write func(io.Writer) error) error {
	if err := write(file); err != nil {
		return err
	}
	if err := file.Chmod(mode); err != nil {
		return fmt.Errorf("set mode of %s: %w", file.Name(), err)
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", file.Name(), err)
	}
	return nil
}

// syncDir makes a new name in a directory durable. Systems that cannot sync a
// directory, and directories this user may write to and not read, have nothing
// to be told.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err == nil {
		defer d.Close() //nolint:errcheck // nothing was written
		err = d.Sync()
	}
	if err == nil || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return fmt.Errorf("sync directory: %w", err)
}
