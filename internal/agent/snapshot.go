package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/usagefile"
)

// taken is a snapshot that a reading became, or said again.
type taken struct {
	store.Snapshot

	// fresh: it is to be added to the list.
	fresh bool
}

// snapshot takes one of a reading's users, whose accounts are those of from. The
// last snapshot stands for it when it has the same users and is of a source of
// the same day.
//
// The sequence is kept in three places, in this order: as about to be given in
// the database, as given in the instance's file, and with the snapshot in the
// database. So whatever is interrupted, no sequence is given twice, and what was
// put back from a backup shows (see Trouble).
func (s *Service) snapshot(ctx context.Context, from, r *Reading) (*taken, error) {
	s.state.Lock()
	defer s.state.Unlock()
	dir, err := instance.Open(s.config.Dir)
	if err != nil {
		return nil, err
	}
	defer dir.Close() //nolint:errcheck // the lock ends with it
	i, err := dir.Load()
	if err != nil {
		return nil, err
	}
	if again, err := s.sameAsLast(ctx, i, from, r); err != nil || again != nil {
		return again, err
	}
	next := i.Next()
	next.TakenAt, next.SourceAt = s.now(), r.SourceAt.Truncate(time.Second)
	r.Snapshot = next.Sequence
	if err := s.store.InTx(ctx, func(tx *store.Tx) error { return tx.UpdateReading(ctx, &r.Reading) }); err != nil {
		return nil, err
	}
	return s.take(ctx, dir, i, next, from.Number, from.Counts.Addresses())
}

// sameAsLast gives the last snapshot when it says what the reading says; nil when
// it does not.
func (s *Service) sameAsLast(ctx context.Context, i *instance.Instance, from, r *Reading) (*taken, error) {
	row, err := s.store.LastSnapshot(ctx)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // there is none to be the same
	}
	if err != nil {
		return nil, err
	}
	sameDay := row.SourceAt.UTC().Format(time.DateOnly) == r.SourceAt.UTC().Format(time.DateOnly)
	if !row.Kept || !sameDay || row.Digest != i.Last.Digest || row.Users != from.Counts.Leaving {
		return nil, nil //nolint:nilnil // as above
	}
	archive, err := s.archive()
	if err != nil {
		return nil, err
	}
	_, err = usagefile.Encode(io.Discard, i.Key(), s.usageExport(i, i.Last, []usagefile.Recipient{archive.Recipient()}), s.store.Leaving(ctx, from.Number))
	if refusal, ok := errors.AsType[*usagefile.Error](err); ok && refusal.Code == usagefile.CodeSourceChanged {
		return nil, nil //nolint:nilnil // other users
	}
	return &taken{Snapshot: row}, err
}

// take writes the sealed file of a snapshot. What is known of the instance is
// saved when the file is whole and before it is in its place.
func (s *Service) take(ctx context.Context, dir *instance.Dir, i *instance.Instance, next usagefile.Snapshot, reading, addresses int64) (*taken, error) {
	archive, err := s.archive()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.snapshotDir(), 0o700); err != nil {
		return nil, s.unusable(err)
	}
	var receipt *usagefile.Receipt
	name := s.snapshotFile(next.Sequence)
	err = atomicfile.Replace(name, 0o600, func(w io.Writer) (err error) {
		x := s.usageExport(i, next, []usagefile.Recipient{archive.Recipient()})
		if receipt, err = usagefile.Encode(w, i.Key(), x, s.store.Leaving(ctx, reading)); err != nil {
			return err
		}
		i.Taken(receipt.Header)
		return dir.Save(i)
	})
	if err != nil {
		if refusalOf(err) == nil {
			err = s.unusable(err)
		}
		return nil, fmt.Errorf("take snapshot %d: %w", next.Sequence, err)
	}
	snap := receipt.Header.Snapshot
	return &taken{fresh: true, Snapshot: store.Snapshot{
		Sequence: snap.Sequence, Reading: reading, TakenAt: snap.TakenAt, SourceAt: snap.SourceAt, Digest: snap.Digest,
		Previous: snap.Previous, Users: snap.UserCount, Addresses: addresses, Bytes: receipt.Bytes, Kept: true,
	}}, nil
}

// usageExport is what a usage file of a snapshot says beside its users.
func (s *Service) usageExport(i *instance.Instance, snap usagefile.Snapshot, to []usagefile.Recipient) usagefile.Export {
	return usagefile.Export{
		Instance: usagefile.Instance{
			ServerID: i.ServerID, HostName: s.config.HostName, HTTPOnly: s.config.HTTPOnly, Version: s.config.Version, Rotation: i.Rotation,
			PublicKey: i.PublicKey(),
		},
		Snapshot: snap, Recipients: to, Limits: fileLimits(),
	}
}

// Snapshots gives at most limit snapshots, the highest sequence first; before is
// the sequence of the last one of the page before, 0 begins.
func (s *Service) Snapshots(ctx context.Context, before int64, limit int) ([]store.Snapshot, error) {
	return s.store.Snapshots(ctx, before, limit)
}

// SnapshotOf gives the snapshot that was the last one at the end of a day, UTC;
// NotFound when there was none.
func (s *Service) SnapshotOf(ctx context.Context, day time.Time) (store.Snapshot, error) {
	year, month, date := day.UTC().Date()
	return s.store.SnapshotBefore(ctx, time.Date(year, month, date+1, 0, 0, 0, 0, time.UTC))
}

// chosen is the snapshot with a sequence, 0 for the last one.
func (s *Service) chosen(ctx context.Context, sequence int64) (store.Snapshot, error) {
	if sequence == 0 {
		return s.store.LastSnapshot(ctx)
	}
	return s.store.Snapshot(ctx, sequence)
}
