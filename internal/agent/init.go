package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
)

// Init makes the agent: server id and keys in the state directory, unless they
// are there, and the first row of the database. Made is false when it was there
// already; then nothing changed.
func (s *Service) Init(ctx context.Context, actor string) (i *instance.Instance, made bool, err error) {
	dir, err := instance.Make(s.config.Dir)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	if i, err = dir.Load(); errs.KindOf(err) == errs.NotFound {
		i = instance.New()
		err = dir.Save(i)
	}
	if err == nil {
		err = s.makeArchive()
	}
	if err != nil {
		return nil, false, err
	}
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Init(ctx, i.ServerID, s.config.Place, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditBegin, i.ServerID, "fingerprint", i.Fingerprint().Short())
	})
	if errs.KindOf(err) == errs.Conflict {
		return i, false, nil
	}
	return i, err == nil, err
}

// Instance gives who the agent is.
func (s *Service) Instance() (*instance.Instance, error) { return instance.Read(s.config.Dir) }

// Recover takes back what was being read or made when the program ended. Call it
// once, before anything else. While another process collects, there is nothing to
// take back.
func (s *Service) Recover(ctx context.Context) error {
	lock, err := s.lockCollecting()
	if errs.KindOf(err) == errs.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	return s.recover(ctx)
}

// recover is Recover while nobody collects.
func (s *Service) recover(ctx context.Context) error {
	staging, err := s.store.ReadingsIn(ctx, store.Staging)
	if err != nil {
		return err
	}
	i, err := s.Instance()
	if err != nil {
		return err
	}
	for _, row := range staging {
		r, err := readingFrom(row)
		if err != nil {
			return err
		}
		if r.Snapshot > i.Last.Sequence { // it was about to be given, and was not
			r.Snapshot = 0
		}
		if err := s.end(ctx, r, &Sentence{Key: "agent.interrupted"}); err != nil {
			return err
		}
	}
	if err := s.emptySpool(); err != nil {
		return err
	}
	if err := s.sweep(ctx); err != nil {
		return err
	}
	return s.sweepFiles(ctx)
}

// emptySpool removes what was being made when the program ended. The directory
// stays: somebody may be about to write into it, whose file is removed here, if
// it comes to that, and can be read to its end nevertheless.
func (s *Service) emptySpool() error {
	names, err := os.ReadDir(s.spoolDir())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return s.unusable(err)
	}
	for _, entry := range names {
		if err := os.Remove(filepath.Join(s.spoolDir(), entry.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return s.unusable(err)
		}
	}
	return nil
}

// sweep removes the accounts of readings that neither count nor are held. It
// asks who has accounts, not for what was ever read. Nobody may be reading the
// source.
func (s *Service) sweep(ctx context.Context) error {
	st, err := s.store.State(ctx)
	if err != nil {
		return err
	}
	list, err := s.store.ReadingsWithAccounts(ctx)
	if err != nil {
		return err
	}
	for _, number := range list {
		if number == st.Counts || number == st.Held {
			continue
		}
		if err := s.store.ForgetAccounts(ctx, number); err != nil {
			return err
		}
	}
	return nil
}

// sweepFiles removes files of snapshots that nobody keeps.
func (s *Service) sweepFiles(ctx context.Context) error {
	names, err := os.ReadDir(s.snapshotDir())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return s.unusable(err)
	}
	for _, entry := range names {
		text, ours := strings.CutSuffix(entry.Name(), ".json")
		sequence, err := strconv.ParseInt(text, 10, 64)
		if !ours || err != nil {
			continue
		}
		row, err := s.store.Snapshot(ctx, sequence)
		if err == nil && row.Kept {
			continue
		}
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if err := os.Remove(filepath.Join(s.snapshotDir(), entry.Name())); err != nil {
			return s.unusable(err)
		}
	}
	return nil
}
