package store

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store/sqlgen"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/usagefile"
)

// Snapshot is what was taken at one time, without its users.
type Snapshot struct {
	Sequence          int64
	Reading           int64
	TakenAt, SourceAt time.Time
	Digest, Previous  usagefile.Digest
	Users, Addresses  int64
	// Bytes of the sealed file, which is there while Kept.
	Bytes int64
	Kept  bool
}

// AddSnapshot notes a snapshot whose file is in its place; Conflict when its
// sequence was given before.
func (tx *Tx) AddSnapshot(ctx context.Context, s *Snapshot) error {
	return database.Translate(tx.q.InsertSnapshot(ctx, sqlgen.InsertSnapshotParams{
		Sequence: s.Sequence, Reading: s.Reading, TakenAt: micros(s.TakenAt), SourceAt: micros(s.SourceAt),
		Digest: s.Digest.String(), Previous: s.Previous.String(), UserCount: s.Users, Addresses: s.Addresses, Bytes: s.Bytes,
	}))
}

// Snapshot gives a snapshot by sequence; NotFound when there is none.
func (s *Store) Snapshot(ctx context.Context, sequence int64) (Snapshot, error) {
	row, err := s.reader().Snapshot(ctx, sequence)
	if err != nil {
		return Snapshot{}, found(err, "agent.no_snapshot", "Sequence", sequence)
	}
	return snapshotFrom(row), nil
}

// LastSnapshot gives the one with the highest sequence; NotFound before the
// first.
func (s *Store) LastSnapshot(ctx context.Context) (Snapshot, error) {
	row, err := s.reader().LastSnapshot(ctx)
	if err != nil {
		return Snapshot{}, found(err, "agent.no_snapshot_yet")
	}
	return snapshotFrom(row), nil
}

// SnapshotBefore gives the last snapshot that was taken before a time; NotFound
// when there is none.
func (s *Store) SnapshotBefore(ctx context.Context, at time.Time) (Snapshot, error) {
	row, err := s.reader().SnapshotUntil(ctx, micros(at))
	if err != nil {
		return Snapshot{}, found(err, "agent.no_snapshot_then", "Date", at.Add(-time.Microsecond).Format(time.DateOnly))
	}
	return snapshotFrom(row), nil
}

// Snapshots gives snapshots, the highest sequence first, those before one where
// it is not 0.
func (s *Store) Snapshots(ctx context.Context, before int64, limit int) ([]Snapshot, error) {
	rows, err := s.reader().Snapshots(ctx, sqlgen.SnapshotsParams{Before: below(before), AtMost: most(limit)})
	return each(rows, err, snapshotFrom)
}

// SnapshotsBefore gives kept snapshots that were taken before a time, without
// the last one, by sequence.
func (s *Store) SnapshotsBefore(ctx context.Context, at time.Time, last int64, limit int) ([]Snapshot, error) {
	rows, err := s.reader().SnapshotsTooOld(ctx, sqlgen.SnapshotsTooOldParams{Before: micros(at), Last: last, AtMost: most(limit)})
	return each(rows, err, snapshotFrom)
}

// ForgetSnapshot says that the file of a snapshot is gone.
func (tx *Tx) ForgetSnapshot(ctx context.Context, sequence int64) error {
	return tx.q.ForgetSnapshot(ctx, sequence)
}

// ForgetSequences removes every snapshot, and every mention of one: they were
// another instance's.
func (tx *Tx) ForgetSequences(ctx context.Context) error {
	if err := tx.q.ForgetAllSnapshots(ctx); err != nil {
		return err
	}
	return tx.q.ForgetGivenSequences(ctx)
}

func snapshotFrom(r sqlgen.Snapshot) Snapshot {
	digest, _ := usagefile.ParseDigest(r.Digest)
	previous, _ := usagefile.ParseDigest(r.Previous)
	return Snapshot{
		Sequence: r.Sequence, Reading: r.Reading, TakenAt: instant(r.TakenAt), SourceAt: instant(r.SourceAt),
		Digest: digest, Previous: previous, Users: r.UserCount, Addresses: r.Addresses, Bytes: r.Bytes, Kept: r.Kept,
	}
}

// HighestSequence gives the highest sequence that was given or about to be, and
// the highest that a snapshot has; 0 for none.
func (s *Store) HighestSequence(ctx context.Context) (given, taken int64, err error) {
	q := s.reader()
	if taken, err = q.HighestSnapshot(ctx); err == nil {
		given, err = q.HighestGiven(ctx)
	}
	return max(given, taken), taken, database.Translate(err)
}
