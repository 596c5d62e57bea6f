package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
	"github.com/oneseat/oneseat/usagefile"
)

// Snapshot is what a source said at one time.
type Snapshot struct {
	Source int64
	Seq    int64
	Upload string
	// Sequence and Digest are a usage file's; 0 and none for anything else.
	Sequence  int64
	Digest    usagefile.Digest
	SourceAt  time.Time // when the accounts were as they are; zero: unknown
	TakenAt   time.Time
	StagedAt  time.Time
	AppliedAt time.Time // zero: not yet
	Items     int64
	Kept      bool // its items are still there
	// Meta is what a source says beside its items, as the hub wrote it.
	Meta json.RawMessage
}

func snapshotFromRow(r *sqlgen.Snapshot) Snapshot {
	digest, _ := usagefile.ParseDigest(r.Digest)
	return Snapshot{
		Source: r.Source, Seq: r.Seq, Upload: r.Upload, Sequence: r.Sequence, Digest: digest,
		SourceAt: instant(r.SourceAt), TakenAt: instant(r.TakenAt), StagedAt: instant(r.StagedAt), AppliedAt: instant(r.AppliedAt),
		Items: r.Items, Kept: r.Kept, Meta: json.RawMessage(r.Meta),
	}
}

// Staged records what an upload staged and moves it from checking to preview
// or waiting, in one transaction.
func (tx *Tx) Staged(ctx context.Context, u *Upload, s *Snapshot, state UploadState) error {
	if err := tx.SetUploadState(ctx, u.ID, Checking, state, s.StagedAt); err != nil {
		return err
	}
	u.State = state
	return tx.q.AddSnapshot(ctx, sqlgen.AddSnapshotParams{
		Enterprise: tx.e.id, Source: u.Source, Seq: u.Seq, Upload: u.ID, Sequence: s.Sequence, Digest: s.Digest.String(),
		SourceAt: micros(s.SourceAt), TakenAt: micros(s.TakenAt), StagedAt: micros(s.StagedAt), Items: s.Items, Meta: string(s.Meta),
	})
}

// Snapshot gives a snapshot, staged or applied; NotFound when there is none.
func (e *Enterprise) Snapshot(ctx context.Context, source, seq int64) (*Snapshot, error) {
	return snapshot(ctx, e.reader(), e.id, source, seq)
}

// Snapshot gives a snapshot, staged or applied; NotFound when there is none.
func (tx *Tx) Snapshot(ctx context.Context, source, seq int64) (*Snapshot, error) {
	return snapshot(ctx, tx.q, tx.e.id, source, seq)
}

func snapshot(ctx context.Context, q *sqlgen.Queries, enterprise, source, seq int64) (*Snapshot, error) {
	r, err := q.Snapshot(ctx, sqlgen.SnapshotParams{Enterprise: enterprise, Source: source, Seq: seq})
	if err != nil {
		return nil, found(err, "hub.no_snapshot", "Number", seq)
	}
	s := snapshotFromRow(&r)
	return &s, nil
}

// Snapshots gives at most limit applied snapshots of a source, newest first.
func (e *Enterprise) Snapshots(ctx context.Context, source int64, limit int) ([]Snapshot, error) {
	rows, err := e.reader().Snapshots(ctx, sqlgen.SnapshotsParams{Enterprise: e.id, Source: source, Page: int32(min(limit, page))}) //nolint:gosec // at most a page
	if err != nil {
		return nil, database.Translate(err)
	}
	out := make([]Snapshot, 0, len(rows))
	for i := range rows {
		out = append(out, snapshotFromRow(&rows[i]))
	}
	return out, nil
}

// Apply makes what an upload staged the source's: it moves the pointer, and
// the next recount counts it. Conflict when the upload is not in preview.
func (tx *Tx) Apply(ctx context.Context, u *Upload, at time.Time) error {
	if err := tx.SetUploadState(ctx, u.ID, Preview, Applied, at); err != nil {
		return err
	}
	u.State = Applied
	if err := tx.q.MoveSource(ctx, sqlgen.MoveSourceParams{Enterprise: tx.e.id, Number: u.Source, Seq: u.Seq}); err != nil {
		return err
	}
	if err := tx.q.ApplySnapshot(ctx, sqlgen.ApplySnapshotParams{
		Enterprise: tx.e.id, Source: u.Source, Seq: u.Seq, AppliedAt: micros(at),
	}); err != nil {
		return err
	}
	if err := tx.q.BumpInput(ctx, tx.e.id); err != nil {
		return err
	}
	return tx.q.SetAppliedVersion(ctx, sqlgen.SetAppliedVersionParams{Enterprise: tx.e.id, ID: u.ID})
}

// SetSnapshotMeta replaces what a staged snapshot says beside its items.
func (tx *Tx) SetSnapshotMeta(ctx context.Context, source, seq int64, meta json.RawMessage) error {
	return tx.q.SetSnapshotMeta(ctx, sqlgen.SetSnapshotMetaParams{Meta: string(meta), Enterprise: tx.e.id, Source: source, Seq: seq})
}

// AcceptSequence notes the newest usage file of a source.
func (tx *Tx) AcceptSequence(ctx context.Context, source, sequence int64, digest usagefile.Digest) error {
	return tx.q.AcceptSequence(ctx, sqlgen.AcceptSequenceParams{
		Enterprise: tx.e.id, Number: source, Sequence: sequence, Digest: digest.String(),
	})
}

// KeepFrom gives up the snapshots of a source before a number: their items go,
// their tallies stay. What is visible at the number or later is untouched.
func (e *Enterprise) KeepFrom(ctx context.Context, source, seq int64) error {
	err := e.InTx(ctx, func(tx *Tx) error {
		return tx.q.KeepSnapshotsFrom(ctx, sqlgen.KeepSnapshotsFromParams{Enterprise: e.id, Source: source, Seq: seq})
	})
	if err != nil {
		return err
	}
	return e.chunks(ctx, func(q *sqlgen.Queries) (int64, error) {
		return q.ForgetItems(ctx, sqlgen.ForgetItemsParams{Enterprise: e.id, Source: source, Seq: seq, Page: chunk})
	})
}
