package hub

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// Sync says how an agent delivers a usage file.
type Sync struct {
	// Run is what the agent calls it, for its own records.
	Run string
	// Request is the request it answers, see [Service.SyncNow]; empty: none.
	Request string
	// Content names what was delivered; may be empty.
	Content string
}

// ReceiveSync takes in a usage file that the agent of a connection delivers:
// with the checks of [Service.ReceiveUsage], and applied without a preview. The
// recount that follows counts whatever came within a few seconds of it.
//
// Where the enterprise wants to see what moves its total by more than some
// licenses ([Settings.HoldSyncs]), the preview is counted first and may hold the
// upload; a newer sync takes its place. The same snapshot again is no second
// upload: the one there is comes back, and again is true. Where it counts, the
// instance has synced nevertheless: its last event is of now.
//
// A refusal is the error, with the upload that records it as in
// [Service.ReceiveUsage]. Conflict "connect.busy_by_hand" while a file that a
// person brought waits for a decision, and Unavailable "hub.sync_busy" while
// another one of this agent's is being taken in.
func (s *Service) ReceiveSync(ctx context.Context, c *Connection, file io.ReadSeeker, sync Sync) (u *Upload, again bool, err error) {
	a := Arrival{
		FileName: "usage.json", Actor: c.Actor(), Supersede: true, Instance: c.Source, Synced: true, Run: oneLine(sync.Run), Content: sync.Content,
	}
	t := syncTaker{s, c}
	u, err = s.receiveUsage(ctx, c.Enterprise, file, a, t.take)
	if same, ok := errors.AsType[*sameError](err); ok {
		u, again, err = same.upload, true, nil
	} else if id := InTheWay(err); id != "" {
		u, err = s.inTheWay(ctx, c, id, err)
		again = err == nil
	}
	if failure := s.answer(ctx, c, sync.Request, u); err == nil {
		err = failure
	}
	return u, again, err
}

// inTheWay is the upload whose snapshot counts already, which the sync confirms,
// or why a sync waits for the one that is pending.
func (s *Service) inTheWay(ctx context.Context, c *Connection, id string, cause error) (*Upload, error) {
	u, err := s.store.For(c.Enterprise).Upload(ctx, id)
	if err != nil {
		return nil, err
	}
	h, err := HeaderOf(u)
	switch {
	case err != nil:
		return nil, err
	case u.State == store.Applied:
		return u, s.confirmSync(ctx, c, u)
	case !u.State.Pending():
		return u, nil
	case h.Synced:
		return nil, errs.Wrap(errs.Unavailable, cause, "hub.sync_busy")
	default:
		return nil, errs.Wrap(errs.Conflict, cause, "connect.busy_by_hand")
	}
}

// confirmSync notes that the agent of a connection sent what counts already once
// more. Nothing counts otherwise, so that there is nothing to recount.
func (s *Service) confirmSync(ctx context.Context, c *Connection, u *Upload) error {
	return s.store.For(c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		if _, err := s.standing(ctx, tx, c.ID); err != nil {
			return err
		}
		return tx.ConfirmUpload(ctx, u.ID, s.now())
	})
}

// sameError says that a snapshot came a second time.
type sameError struct{ upload *Upload }

func (e *sameError) Error() string { return "the snapshot is that of upload " + e.upload.ID }

// sameAgain finds out whether a sync repeats one that waits for a decision, or
// is being taken in: its answer was lost.
func (r *usageReceiver) sameAgain(ctx context.Context, tx *store.Tx, source int64) error {
	if !r.a.Synced {
		return nil
	}
	pending, err := tx.PendingUpload(ctx, source)
	if err != nil || pending == nil {
		return err
	}
	h, err := HeaderOf(pending)
	if err != nil {
		return err
	}
	if h.Synced && h.Sequence == r.header.Sequence && h.Digest == r.header.Digest {
		return &sameError{pending}
	}
	return nil
}

// syncTaker takes in what an agent delivered.
type syncTaker struct {
	s *Service
	c *Connection
}

// take stages an upload and applies it, or holds it.
func (t *syncTaker) take(ctx context.Context, enterprise int64, u *Upload, state UploadState, items iter.Seq2[store.Item, error], snap *Snapshot) (*Upload, error) {
	err := t.s.stage(ctx, enterprise, u, state, items, snap)
	if err == nil && state == store.Preview {
		err = t.decide(ctx, enterprise, u)
	}
	if err != nil {
		return u, t.s.fail(ctx, enterprise, u, err)
	}
	e := t.s.store.For(enterprise)
	if u, err = e.Upload(ctx, u.ID); err != nil || u.State != store.Applied {
		return u, err
	}
	return u, t.s.keep(ctx, e, u.Source)
}

// decide applies an upload unless it moves the total by more than it may.
func (t *syncTaker) decide(ctx context.Context, enterprise int64, u *Upload) error {
	info, err := t.s.info(ctx, enterprise)
	if err != nil {
		return err
	}
	if info.Settings.HoldSyncs == nil {
		return t.apply(ctx, u, nil)
	}
	for range maxApplies {
		if _, err := t.s.preview(ctx, enterprise, u, u.Actor); err != nil {
			return err
		}
		if u, err = t.s.store.For(enterprise).Upload(ctx, u.ID); err != nil {
			return err
		}
		seen, err := t.s.seen(ctx, enterprise, u, u.Actor)
		if err != nil {
			return err
		}
		if moved := seen.Difference.Licenses; max(moved, -moved) > *info.Settings.HoldSyncs {
			return t.hold(ctx, u)
		}
		if err = t.apply(ctx, u, seen); !errors.Is(err, errStale) {
			return err
		}
	}
	return errs.New(errs.Unavailable, "database.busy")
}

// apply moves the pointer, if the connection is still one. What was seen, where
// a preview was counted, becomes the result; a recount follows in any case.
func (t *syncTaker) apply(ctx context.Context, u *Upload, seen *Result) error {
	s := t.s
	return s.store.For(t.c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		if _, err := s.standing(ctx, tx, t.c.ID); err != nil {
			return err
		}
		in, err := tx.Inputs(ctx)
		if err != nil {
			return err
		}
		if seen != nil && in.Version != seen.version {
			return errStale
		}
		moved := *u
		if err := tx.Apply(ctx, &moved, s.now()); err != nil {
			return err
		}
		if err := s.identify(ctx, tx, u, u.Actor); err != nil {
			return err
		}
		if err := s.recordUpload(ctx, tx, u.Actor, AuditImport, u, "connection", t.c.ID); err != nil {
			return err
		}
		if seen != nil {
			if err := s.publish(ctx, tx, u, seen, u.Actor); err != nil {
				return err
			}
		}
		return s.gather(ctx, tx)
	})
}

// hold leaves an upload in preview, and says so.
func (t *syncTaker) hold(ctx context.Context, u *Upload) error {
	return t.s.store.For(t.c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		return t.s.recordUpload(ctx, tx, u.Actor, AuditSyncHold, u, "connection", t.c.ID)
	})
}

// Delivered is a synced upload as its agent is told of it.
type Delivered struct {
	*Upload

	Header Header
	// Counted is the result that counts it; 0: it is not counted yet.
	Counted int64
}

// Delivered gives an upload that the agent of a connection delivered; NotFound
// for anything else.
func (s *Service) Delivered(ctx context.Context, c *Connection, id string) (*Delivered, error) {
	u, err := s.store.For(c.Enterprise).Upload(ctx, id)
	if err != nil {
		return nil, err
	}
	if u.Source != c.Source {
		return nil, errs.New(errs.NotFound, "hub.no_upload", "ID", id)
	}
	return s.DeliveredAs(ctx, c, u)
}

// DeliveredAs is [Service.Delivered] for an upload at hand.
func (s *Service) DeliveredAs(ctx context.Context, c *Connection, u *Upload) (out *Delivered, err error) {
	out = &Delivered{Upload: u}
	if out.Header, err = HeaderOf(u); err != nil || u.State != store.Applied {
		return out, err
	}
	out.Counted, err = s.store.For(c.Enterprise).Counted(ctx, u)
	return out, err
}
