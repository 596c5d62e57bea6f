package main

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/usagefile"
)

// open opens a file to read: what cannot be one is refused with a sentence.
func open(name string) (*os.File, error) {
	info, err := os.Stat(name) // opening a pipe would wait for its writer
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, errs.New(errs.Invalid, "file.not_regular", "File", name)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, cannotRead(name, err)
	}
	info, err = file.Stat()
	if err != nil || info.IsDir() {
		file.Close() //nolint:errcheck // only read
		if err == nil {
			err = &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
		}
		return nil, cannotRead(name, err)
	}
	return file, nil
}

func cannotRead(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.Wrap(errs.NotFound, err, "file.missing", "File", name)
	case errors.Is(err, fs.ErrPermission):
		return errs.Wrap(errs.Forbidden, err, "file.forbidden", "File", name)
	case errors.Is(err, syscall.EISDIR):
		return errs.Wrap(errs.Invalid, err, "file.directory", "File", name)
	default:
		return errs.Wrap(errs.Unavailable, err, "file.unreadable", "File", name, "Cause", cause(err))
	}
}

// cannotWrite is a sentence for a file that could not be written; what is no
// fault of the file system comes back as it is.
func cannotWrite(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return errs.Wrap(errs.Conflict, err, "file.exists", "File", name)
	case errors.Is(err, fs.ErrNotExist):
		return errs.Wrap(errs.NotFound, err, "file.no_directory", "File", name)
	}
	if _, ok := errors.AsType[syscall.Errno](err); ok {
		return errs.Wrap(errs.Unavailable, err, "file.unwritable", "File", name, "Cause", cause(err))
	}
	return err
}

// about puts the name of a file in front of what is wrong with it.
func about(name string, err error) error {
	if err == nil {
		return nil
	}
	return errs.Wrap(errs.Invalid, err, "file.refused", "File", name, "Reason", err)
}

// cause is the innermost error: what the system said, without paths.
func cause(err error) error {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err
}

// identities reads the unsealing keys of a key file; none when no file is
// named.
func identities(name string) ([]*usagefile.Identity, error) {
	if name == "" {
		return nil, nil
	}
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	keys, err := usagefile.ReadKeyFile(file)
	return keys, about(name, err)
}
