//go:build !unix

package filelock

import (
	"errors"
	"io/fs"
	"os"
)

// Lock is a lock that is held: a file that had to be new.
type Lock struct{ name string }

// Take makes the file.
func Take(name string) (*Lock, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, ErrTaken
	}
	if err != nil {
		return nil, err
	}
	return &Lock{name}, file.Close()
}

// Release removes the file.
func (l *Lock) Release() error { return os.Remove(l.name) }
