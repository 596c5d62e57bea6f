//go:build !unix

package instance

import (
	"errors"
	"io/fs"
	"os"
)

// lock is a file that must be new. A process that is killed leaves it behind;
// the sentence for it says which file to remove.
type lock struct{ name string }

func takeLock(name string) (*lock, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	return &lock{name}, file.Close()
}

func (l *lock) release() error { return os.Remove(l.name) }
