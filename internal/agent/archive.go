package agent

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/usagefile"
)

// archiveName is the file of the key that snapshots on the disk are sealed to.
const archiveName = "archive.key"

// Holds says that a state directory is an agent's.
func Holds(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, archiveName))
	return err == nil
}

// makeArchive makes the key unless it is there.
func (s *Service) makeArchive() error {
	key, err := usagefile.NewIdentity()
	if err != nil {
		return fmt.Errorf("make archive key: %w", err)
	}
	err = atomicfile.Create(filepath.Join(s.config.Dir, archiveName), 0o600, func(w io.Writer) error {
		return key.WriteKeyFile(w, s.now())
	})
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return s.unusable(err)
	}
	return nil
}

// archive gives the key.
func (s *Service) archive() (*usagefile.Identity, error) {
	file, err := os.Open(filepath.Join(s.config.Dir, archiveName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.Wrap(errs.NotFound, err, "agent.not_begun")
	}
	if err != nil {
		return nil, s.unusable(err)
	}
	defer file.Close() //nolint:errcheck // only read
	keys, err := usagefile.ReadKeyFile(file)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "agent.bad_archive_key", "Directory", s.config.Dir)
	}
	return keys[0], nil
}

// snapshotFile is the sealed file of a snapshot.
func (s *Service) snapshotFile(sequence int64) string {
	return filepath.Join(s.snapshotDir(), strconv.FormatInt(sequence, 10)+".json")
}

// openFile opens the file of a snapshot, and says how it is read.
func (s *Service) openFile(sequence int64) (*os.File, usagefile.Options, error) {
	key, err := s.archive()
	if err != nil {
		return nil, usagefile.Options{}, err
	}
	file, err := os.Open(s.snapshotFile(sequence))
	if err != nil {
		return nil, usagefile.Options{}, errs.Wrap(errs.NotFound, err, "agent.snapshot_gone", "Sequence", sequence)
	}
	return file, usagefile.Options{Identities: []*usagefile.Identity{key}, Limits: fileLimits()}, nil
}

// openSnapshot opens the file of a snapshot and checks all of it.
func (s *Service) openSnapshot(sequence int64) (*os.File, *usagefile.VerifiedFile, error) {
	file, options, err := s.openFile(sequence)
	if err != nil {
		return nil, nil, err
	}
	v, err := usagefile.OpenVerified(file, options)
	if err == nil && v.Receipt().Header.Snapshot.Sequence != sequence {
		err = errors.New("the file of another snapshot")
	}
	if err != nil {
		file.Close() //nolint:errcheck // only read
		return nil, nil, damaged(sequence, err)
	}
	return file, v, nil
}

// lookInto opens the file of a snapshot; nothing of it is checked.
func (s *Service) lookInto(sequence int64) (*os.File, *usagefile.File, error) {
	file, options, err := s.openFile(sequence)
	if err != nil {
		return nil, nil, err
	}
	f, err := usagefile.Open(file, options)
	if err != nil {
		file.Close() //nolint:errcheck // only read
		return nil, nil, damaged(sequence, err)
	}
	return file, f, nil
}

func damaged(sequence int64, err error) error {
	return errs.Wrap(errs.Invalid, err, "agent.snapshot_damaged", "Sequence", sequence)
}

// fileLimits are those of usage files; the defaults leave room for ten million
// users.
func fileLimits() usagefile.Limits { return usagefile.Limits{} }
