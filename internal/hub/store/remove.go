package store

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// chunks repeats a statement that affects at most a chunk of rows, each time
// in a transaction of its own, until it affects none.
func (e *Enterprise) chunks(ctx context.Context, statement func(*sqlgen.Queries) (int64, error)) error {
	for {
		var n int64
		err := e.InTx(ctx, func(tx *Tx) (err error) {
			n, err = statement(tx.q)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// EndUpload decides that a pending upload does not count: ending is Refused,
// Discarded or Superseded, and a refusal has its sentence. Conflict when it is
// decided already. [Enterprise.Remove] then takes back what it staged.
func (tx *Tx) EndUpload(ctx context.Context, id string, ending UploadState, refusal *Refusal, at time.Time) error {
	key, args, err := refusal.columns()
	if err != nil {
		return err
	}
	return one(tx.q.EndUpload(ctx, sqlgen.EndUploadParams{
		Enterprise: tx.e.id, ID: id, Ending: string(ending), ErrorKey: key, ErrorArgs: args, UpdatedAt: micros(at),
	}))
}

// Remove takes back everything an ended upload staged and gives the upload its
// final state. It may be interrupted and repeated.
func (e *Enterprise) Remove(ctx context.Context, u *Upload, at time.Time) error {
	if err := e.unstage(ctx, u.Source, u.Seq); err != nil {
		return err
	}
	if err := e.unstagePreview(ctx, u.ID); err != nil {
		return err
	}
	return e.InTx(ctx, func(tx *Tx) error {
		if err := tx.removePreview(ctx, u.ID); err != nil {
			return err
		}
		_, err := tx.q.UploadRemoved(ctx, sqlgen.UploadRemovedParams{Enterprise: e.id, ID: u.ID, UpdatedAt: micros(at)})
		return err
	})
}

// unstagePreview takes back the people of an upload's preview if they are still
// staged.
func (e *Enterprise) unstagePreview(ctx context.Context, id string) error {
	var u *Upload
	err := e.InTx(ctx, func(tx *Tx) (err error) {
		u, err = tx.Upload(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	return e.removeStagedResult(ctx, u.PreviewResult)
}

// Unstage takes back what was staged under a number of a source that nothing
// points at any more.
func (e *Enterprise) Unstage(ctx context.Context, source, seq int64) error {
	return e.unstage(ctx, source, seq)
}

// unstage removes the rows of a number and reopens those that ended with it.
// Reopening comes last: both together were never visible.
func (e *Enterprise) unstage(ctx context.Context, source, seq int64) error {
	err := e.chunks(ctx, func(q *sqlgen.Queries) (int64, error) {
		return q.RemoveItems(ctx, sqlgen.RemoveItemsParams{Enterprise: e.id, Source: source, Seq: seq, Page: chunk})
	})
	if err != nil {
		return err
	}
	err = e.chunks(ctx, func(q *sqlgen.Queries) (int64, error) {
		return q.ReopenItems(ctx, sqlgen.ReopenItemsParams{Enterprise: e.id, Source: source, Seq: seq, Page: chunk})
	})
	if err != nil {
		return err
	}
	return e.InTx(ctx, func(tx *Tx) error {
		return tx.q.RemoveSnapshot(ctx, sqlgen.RemoveSnapshotParams{Enterprise: e.id, Source: source, Seq: seq})
	})
}

// removePreview removes the result that showed an upload, if there is one.
func (tx *Tx) removePreview(ctx context.Context, id string) error {
	u, err := tx.Upload(ctx, id)
	if err != nil || u.PreviewResult == 0 {
		return err
	}
	return tx.RemoveResult(ctx, u.PreviewResult)
}

// ForgetUploads removes uploads that were refused, discarded or superseded
// before a time.
func (e *Enterprise) ForgetUploads(ctx context.Context, before time.Time) error {
	return e.chunks(ctx, func(q *sqlgen.Queries) (int64, error) {
		return q.ForgetUploads(ctx, sqlgen.ForgetUploadsParams{Enterprise: e.id, Before: micros(before), Page: chunk})
	})
}

// Recover takes back everything that was being written when the program ended:
// uploads that were being checked are refused with the sentence, and what was
// being removed is removed. Call it before anything else writes.
func (s *Store) Recover(ctx context.Context, sentence string, at time.Time) error {
	all, err := s.Enterprises(ctx)
	if err != nil {
		return err
	}
	for _, info := range all {
		if err := s.For(info.Number).recover(ctx, sentence, at); err != nil {
			return err
		}
	}
	return nil
}

func (e *Enterprise) recover(ctx context.Context, sentence string, at time.Time) error {
	rows, err := e.reader().InterruptedUploads(ctx, e.id)
	if err != nil {
		return database.Translate(err)
	}
	if err := e.removeOrphans(ctx); err != nil {
		return err
	}
	for i := range rows {
		u, err := uploadFromRow(&rows[i])
		if err != nil {
			return err
		}
		if err := e.recoverUpload(ctx, u, sentence, at); err != nil {
			return err
		}
	}
	info, err := e.reader().OneEnterprise(ctx, e.id)
	if err != nil {
		return database.Translate(err)
	}
	return e.removeStagedResult(ctx, info.StagingResult)
}

func (e *Enterprise) recoverUpload(ctx context.Context, u *Upload, sentence string, at time.Time) error {
	if u.State == Checking {
		err := e.InTx(ctx, func(tx *Tx) error {
			return tx.EndUpload(ctx, u.ID, Refused, &Refusal{Key: sentence, Args: map[string]any{}}, at)
		})
		if err != nil {
			return err
		}
	}
	return e.Remove(ctx, u, at)
}
