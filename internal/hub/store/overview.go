package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// SourceNow is a source with what is known of it at one moment.
type SourceNow struct {
	Source
	// Snapshot is what counts; nil: nothing does yet.
	Snapshot *Snapshot
	// Last is the newest upload that brought something, whatever became of it, or
	// the one that counts when its agent confirmed that later; nil: there was none.
	Last *Upload
	// Pending is the upload somebody has to decide about; nil: there is none.
	Pending *Upload
}

// Overview gives the inputs and the sources that exist, held ones too, the cloud
// side first and then by host name, all of the same moment.
func (e *Enterprise) Overview(ctx context.Context) (in *Inputs, out []SourceNow, err error) {
	err = e.view(ctx, func(q *sqlgen.Queries) (err error) {
		if in, err = e.inputs(ctx, q); err != nil {
			return err
		}
		for _, src := range in.Sources {
			now, err := e.sourceNow(ctx, q, src)
			if err != nil {
				return err
			}
			out = append(out, now)
		}
		return nil
	})
	return in, out, err
}

func (e *Enterprise) sourceNow(ctx context.Context, q *sqlgen.Queries, src Source) (SourceNow, error) {
	now := SourceNow{Source: src}
	if src.Seq > 0 {
		var err error
		if now.Snapshot, err = snapshot(ctx, q, e.id, src.Number, src.Seq); err != nil {
			return now, err
		}
	}
	last, err := q.LastArrival(ctx, sqlgen.LastArrivalParams{Enterprise: e.id, Source: src.Number})
	if now.Last, err = uploadOrNone(&last, err); err != nil {
		return now, err
	}
	if err := e.confirmed(ctx, q, &now); err != nil {
		return now, err
	}
	pending, err := q.PendingUpload(ctx, sqlgen.PendingUploadParams{Enterprise: e.id, Source: src.Number})
	now.Pending, err = uploadOrNone(&pending, err)
	return now, err
}

// confirmed looks whether what counts came once more after whatever came last.
func (e *Enterprise) confirmed(ctx context.Context, q *sqlgen.Queries, now *SourceNow) error {
	if now.Snapshot == nil || now.Last == nil || now.Snapshot.Upload == now.Last.ID {
		return nil
	}
	u, err := upload(ctx, q, e.id, now.Snapshot.Upload)
	if err != nil {
		return err
	}
	if u.UpdatedAt.After(now.Last.UpdatedAt) && u.Kind != UploadUndo && u.Kind != UploadRemoval {
		now.Last = u
	}
	return nil
}

func uploadOrNone(r *sqlgen.Upload, err error) (*Upload, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing found is an answer here
	}
	if err != nil {
		return nil, err
	}
	return uploadFromRow(r)
}

// RemovedSources gives the instances that counted once and are gone: what they
// said is kept for some time.
func (e *Enterprise) RemovedSources(ctx context.Context) ([]Source, error) {
	var out []Source
	err := e.view(ctx, func(q *sqlgen.Queries) error {
		rows, err := q.RemovedSources(ctx, e.id)
		out = sourcesFromRows(rows)
		return err
	})
	return out, err
}
