package agent

import (
	"context"
	"os"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
)

// retainPage is how many snapshots are looked at to find what is too old.
const retainPage = 100

// Retain removes what is too old: the users of snapshots older than the site
// keeps them, but for the last one, the record of readings that did not count, and
// that of runs of license sync. That a snapshot was taken, with its digest, stays
// for ever. It is to be run once a day.
func (s *Service) Retain(ctx context.Context) error {
	before := s.config.Now().Add(-time.Duration(s.config.KeepDays) * 24 * time.Hour)
	_, last, err := s.store.HighestSequence(ctx)
	if err != nil {
		return err
	}
	for {
		list, err := s.store.SnapshotsBefore(ctx, before, last, retainPage)
		if err != nil || len(list) == 0 {
			if err != nil {
				return err
			}
			return s.forgetOld(ctx, before)
		}
		for i := range list {
			if err := s.forget(ctx, list[i].Sequence); err != nil {
				return err
			}
		}
	}
}

// runsKept is how many runs of license sync stay whatever their age.
const runsKept = 100

// forgetOld removes the record of readings that did not count, and of runs of
// license sync but the last ones.
func (s *Service) forgetOld(ctx context.Context, before time.Time) error {
	if err := s.store.ForgetReadings(ctx, before); err != nil {
		return err
	}
	newest, err := s.store.Runs(ctx, 0, 1)
	if err != nil || len(newest) == 0 {
		return err
	}
	keep := newest[0].Number - runsKept
	delivered, err := s.lastRunIn(ctx, store.RunSucceeded)
	if err == nil && delivered != nil {
		keep = min(keep, delivered.Number)
	}
	if err != nil || keep <= 0 {
		return err
	}
	return s.store.ForgetRuns(ctx, before, keep)
}

// forget removes the users of a snapshot.
func (s *Service) forget(ctx context.Context, sequence int64) error {
	err := s.store.InTx(ctx, func(tx *store.Tx) error { return tx.ForgetSnapshot(ctx, sequence) })
	if err != nil {
		return err
	}
	if err := os.Remove(s.snapshotFile(sequence)); err != nil && !os.IsNotExist(err) {
		return s.unusable(err)
	}
	return nil
}
