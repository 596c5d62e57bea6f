package store

import (
	"context"

	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// SourceNow is a source with what is known of it at one moment.
type SourceNow struct {
	Source
	// Snapshot is what counts, and Counting the upload that brought it; nil:
	// nothing does yet.
	Snapshot *Snapshot
	Counting *Upload
	// Last is the newest upload that brought something, whatever became of it, or
	// the one that counts when its agent confirmed that later; nil: there was none.
	Last *Upload
	// Pending is the upload somebody has to decide about; nil: there is none.
	Pending *Upload
}

// Overview gives the inputs and the sources that exist, held ones too, the cloud
// side first and then by host name, all of the same moment. It asks as often for
// a thousand sources as for one.
func (e *Enterprise) Overview(ctx context.Context) (in *Inputs, out []SourceNow, err error) {
	err = e.view(ctx, func(q *sqlgen.Queries) (err error) {
		if in, err = e.inputs(ctx, q); err != nil {
			return err
		}
		var n nows
		if err := n.read(ctx, q, e.id); err != nil {
			return err
		}
		out = make([]SourceNow, 0, len(in.Sources))
		for _, src := range in.Sources {
			out = append(out, n.of(src))
		}
		return nil
	})
	return in, out, err
}

// nows are what is known of sources, by their numbers.
type nows struct {
	snapshots map[int64]*Snapshot
	// last brought something last, counting brought what counts, and pending waits
	// for a decision.
	last, counting, pending map[int64]*Upload
}

func (n *nows) read(ctx context.Context, q *sqlgen.Queries, enterprise int64) error {
	rows, err := q.CountingSnapshots(ctx, enterprise)
	if err != nil {
		return err
	}
	n.snapshots = make(map[int64]*Snapshot, len(rows))
	for i := range rows {
		s := snapshotFromRow(&rows[i])
		n.snapshots[s.Source] = &s
	}
	if n.last, err = uploadsBySource(q.LastArrivals(ctx, enterprise)); err != nil {
		return err
	}
	if n.counting, err = uploadsBySource(q.CountingUploads(ctx, enterprise)); err != nil {
		return err
	}
	n.pending, err = uploadsBySource(q.PendingUploads(ctx, enterprise))
	return err
}

// uploadsBySource reads uploads of which no source has two.
func uploadsBySource(rows []sqlgen.Upload, err error) (map[int64]*Upload, error) {
	if err != nil {
		return nil, err
	}
	out := make(map[int64]*Upload, len(rows))
	for i := range rows {
		u, err := uploadFromRow(&rows[i])
		if err != nil {
			return nil, err
		}
		out[u.Source] = u
	}
	return out, nil
}

func (n *nows) of(src Source) SourceNow {
	i := src.Number
	now := SourceNow{Source: src, Snapshot: n.snapshots[i], Counting: n.counting[i], Last: n.last[i], Pending: n.pending[i]}
	if now.cameAgain() {
		now.Last = now.Counting
	}
	return now
}

// cameAgain says that what counts came once more after whatever came last.
func (now *SourceNow) cameAgain() bool {
	u := now.Counting
	return u != nil && now.Last != nil && u.ID != now.Last.ID && u.UpdatedAt.After(now.Last.UpdatedAt) &&
		u.Kind != UploadUndo && u.Kind != UploadRemoval
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
