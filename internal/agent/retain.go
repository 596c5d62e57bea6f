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
// keeps them, but for the last one, and the record of readings that did not
// count. That a snapshot was taken, with its digest, stays for ever. It is to be
// run once a day.
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
			return s.store.ForgetReadings(ctx, before)
		}
		for i := range list {
			if err := s.forget(ctx, list[i].Sequence); err != nil {
				return err
			}
		}
	}
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
