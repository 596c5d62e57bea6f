package hub

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// keptSnapshots is how many snapshots of a source can be gone back to, the
// current one included.
const keptSnapshots = 3

// maxApplies is how often an apply looks again because something changed.
const maxApplies = 5

// errStale says that something changed since the preview was counted.
var errStale = errors.New("stale preview")

// Apply makes an upload in preview count. When something else changed since,
// the preview is counted again: if it still says the same the upload is
// applied; if not, the error is Conflict, the upload stays in preview with the
// new one, and nothing counts.
//
// The recount is enqueued; without jobs the caller calls [Service.Recount].
func (s *Service) Apply(ctx context.Context, enterprise int64, upload, actor string) (*Upload, error) {
	e := s.store.For(enterprise)
	u, err := e.Upload(ctx, upload)
	if err != nil {
		return nil, err
	}
	if u.State != store.Preview {
		return u, notIn(u, "hub.not_in_preview")
	}
	for range maxApplies {
		seen, err := s.seen(ctx, enterprise, u, actor)
		if err != nil {
			return u, err
		}
		err = s.apply(ctx, e, u, seen, actor)
		if err == nil {
			return u, s.keep(ctx, e, u.Source)
		}
		if !errors.Is(err, errStale) {
			return u, err
		}
		again, err := s.preview(ctx, enterprise, u, actor)
		if err != nil {
			return u, err
		}
		if again.digest != seen.Difference.Digest {
			return u, errs.New(errs.Conflict, "hub.preview_changed", "ID", u.ID)
		}
	}
	return u, errs.New(errs.Unavailable, "database.busy")
}

// seen is the preview of an upload, which is counted when there is none: the
// program ended between staging and counting.
func (s *Service) seen(ctx context.Context, enterprise int64, u *Upload, actor string) (*Result, error) {
	if u.PreviewResult == 0 {
		if _, err := s.preview(ctx, enterprise, u, actor); err != nil {
			return nil, err
		}
	}
	r, err := s.store.For(enterprise).Result(ctx, u.PreviewResult)
	if err != nil {
		return nil, err
	}
	return resultFrom(r)
}

// apply moves the pointer if nothing changed since a preview.
func (s *Service) apply(ctx context.Context, e *store.Enterprise, u *Upload, seen *Result, actor string) error {
	return e.InTx(ctx, func(tx *store.Tx) error {
		in, err := tx.Inputs(ctx)
		if err != nil {
			return err
		}
		if in.Version != seen.version {
			return errStale
		}
		moved := *u
		if err := tx.Apply(ctx, &moved, s.now()); err != nil {
			return err
		}
		if err := s.identify(ctx, tx, u, actor); err != nil {
			return err
		}
		if err := s.recordUpload(ctx, tx, actor, applied(u.Kind), u, "licenses", seen.Difference.Licenses); err != nil {
			return err
		}
		if err := s.publish(ctx, tx, u, seen, actor); err != nil {
			return err
		}
		if err := s.recountLater(ctx, tx, e.Number()); err != nil {
			return err
		}
		u.State = moved.State
		return nil
	})
}

// identify makes a server instance what its applied snapshot says it is. One
// that goes is connected no more.
func (s *Service) identify(ctx context.Context, tx *store.Tx, u *Upload, actor string) error {
	switch {
	case u.Source == CloudSource:
		return nil
	case u.Kind == store.UploadRemoval:
		if _, err := s.disconnect(ctx, tx, u.Source, actor); err != nil {
			return err
		}
		return tx.SetSourceState(ctx, u.Source, store.Removed)
	}
	src, err := tx.Source(ctx, u.Source)
	if err != nil {
		return err
	}
	snap, err := tx.Snapshot(ctx, u.Source, u.Seq)
	if err != nil {
		return err
	}
	var meta instanceMeta
	if err := json.Unmarshal(snap.Meta, &meta); err != nil {
		return fmt.Errorf("meta of snapshot %d: %w", snap.Seq, err)
	}
	taken, err := tx.SourceByHost(ctx, meta.HostName)
	if err != nil {
		return err
	}
	if taken != nil && taken.Number != src.Number {
		return errs.New(errs.Conflict, "hub.host_taken", "Host", meta.HostName)
	}
	src.HostName, src.Signed = meta.HostName, meta.Signed
	if u.Kind == store.UploadUsage {
		src.ServerID, src.PublicKey = meta.ServerID, ed25519.PublicKey(meta.PublicKey)
		if err := tx.AcceptSequence(ctx, src.Number, snap.Sequence, snap.Digest); err != nil {
			return err
		}
	}
	if err := tx.IdentifySource(ctx, src); err != nil {
		return err
	}
	return tx.SetSourceState(ctx, src.Number, store.Active)
}

// keep gives up the snapshots of a source that are too old to go back to.
func (s *Service) keep(ctx context.Context, e *store.Enterprise, source int64) error {
	list, err := e.Snapshots(ctx, source, keptSnapshots)
	if err != nil || len(list) < keptSnapshots {
		return err
	}
	return e.KeepFrom(ctx, source, list[len(list)-1].Seq)
}

// Discard drops a pending upload; what it staged goes and nothing else
// changes. Conflict when it is decided already.
func (s *Service) Discard(ctx context.Context, enterprise int64, upload, actor string) (*Upload, error) {
	u, err := s.store.For(enterprise).Upload(ctx, upload)
	if err != nil {
		return nil, err
	}
	if u.State != store.Preview && u.State != store.Waiting {
		return u, notIn(u, "hub.not_pending")
	}
	return u, s.end(ctx, enterprise, u, store.Discarded, nil, actor)
}

// Undo previews going back to a kept snapshot of a source; applying it makes
// it count. The newest usage file stays the newest: an older one is still
// refused.
func (s *Service) Undo(ctx context.Context, enterprise, source, seq int64, reason string, a Arrival) (*Upload, error) {
	if reason = oneLine(reason); reason == "" {
		return nil, errs.New(errs.Invalid, "hub.no_reason")
	}
	e := s.store.For(enterprise)
	snap, err := e.Snapshot(ctx, source, seq)
	if err != nil {
		return nil, err
	}
	if snap.AppliedAt.IsZero() || !snap.Kept {
		return nil, errs.New(errs.NotFound, "hub.no_snapshot", "Number", seq)
	}
	u, err := s.beginUndo(ctx, e, snap, reason, a)
	if err != nil {
		return nil, err
	}
	return s.take(ctx, enterprise, u, store.Preview, e.Items(ctx, source, seq), snap)
}

func (s *Service) beginUndo(ctx context.Context, e *store.Enterprise, snap *Snapshot, reason string, a Arrival) (*Upload, error) {
	var u *Upload
	brought, err := s.brought(ctx, e, snap)
	if err != nil {
		return nil, err
	}
	err = e.InTx(ctx, func(tx *store.Tx) error {
		src, err := tx.Source(ctx, snap.Source)
		if err != nil {
			return err
		}
		if src.Seq == snap.Seq {
			return errs.New(errs.Conflict, "hub.current_snapshot", "Number", snap.Seq)
		}
		if err := revive(ctx, tx, src); err != nil {
			return err
		}
		header := Header{
			HostName: src.HostName, Sequence: snap.Sequence, TakenAt: snap.TakenAt, SourceAt: snap.SourceAt,
			Accounts: cmp.Or(brought.Accounts, snap.Items), Snapshot: snap.Seq,
			Files: brought.Files, Lists: brought.Lists, Reports: brought.Reports,
		}
		u, err = s.addUndo(ctx, tx, snap.Source, header, reason, a)
		return err
	})
	return u, err
}

// brought is what the upload said of itself that a snapshot came with; empty
// where it is not kept any more.
func (s *Service) brought(ctx context.Context, e *store.Enterprise, snap *Snapshot) (Header, error) {
	u, err := e.Upload(ctx, snap.Upload)
	if errs.KindOf(err) == errs.NotFound {
		return Header{}, nil
	}
	if err != nil {
		return Header{}, err
	}
	return HeaderOf(u)
}

// Covers says that a result counts what an applied upload brought.
func (r *Result) Covers(u *Upload) bool { return r.version >= u.AppliedVersion }
