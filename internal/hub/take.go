package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
)

// nowhere is the source of an upload whose source is not known: it was refused
// before.
const nowhere = -1

// pendingError refuses an upload because its source has a pending one.
type pendingError struct {
	error
	upload *Upload
}

func (e *pendingError) Unwrap() error { return e.error }

// pendingBefore says which upload is in the way.
func pendingBefore(u *Upload) error {
	return &pendingError{errs.New(errs.Conflict, "hub.upload_pending", "ID", u.ID, "Actor", u.Actor, "File", u.FileName), u}
}

// begin adds an upload in a transaction. When another one is in the way that
// waits for people, and the new one is to supersede it, that is dropped first:
// only now, because add has refused whatever may not come.
func (s *Service) begin(ctx context.Context, enterprise int64, a Arrival, add func(*store.Tx) (*Upload, error)) (*Upload, error) {
	if err := s.unfinished.finish(ctx); err != nil {
		return nil, err
	}
	for superseded := false; ; superseded = true {
		var u *Upload
		err := s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) (err error) {
			u, err = add(tx)
			return err
		})
		before, pending := errors.AsType[*pendingError](err)
		if !pending || superseded || !a.supersedes(before.upload) {
			return u, err
		}
		if err := s.end(ctx, enterprise, before.upload, store.Superseded, nil, a.Actor); err != nil {
			return nil, err
		}
	}
}

// addUpload begins an upload; Conflict names the pending one of the source.
func (s *Service) addUpload(ctx context.Context, tx *store.Tx, source int64, kind UploadKind, a Arrival, h Header) (*Upload, error) {
	u, err := s.newUpload(ctx, tx, source, kind, a, h)
	if err != nil {
		return nil, err
	}
	return u, s.beginUpload(ctx, tx, u)
}

// beginUpload adds an upload and records it, with why somebody wants it.
func (s *Service) beginUpload(ctx context.Context, tx *store.Tx, u *Upload) error {
	if err := tx.AddUpload(ctx, u); err != nil {
		return err
	}
	var why []any
	if u.Reason != "" {
		why = []any{"reason", u.Reason}
	}
	return s.recordUpload(ctx, tx, u.Actor, arrived(u.Kind), u, why...)
}

func (s *Service) newUpload(ctx context.Context, tx *store.Tx, source int64, kind UploadKind, a Arrival, h Header) (*Upload, error) {
	pending, err := tx.PendingUpload(ctx, source)
	if err != nil {
		return nil, err
	}
	if pending != nil {
		return nil, pendingBefore(pending)
	}
	h.Synced, h.Bound, h.Content, h.Run = a.Synced, a.Instance != 0, a.Content, a.Run
	return &Upload{
		ID: newID(), Source: source, Kind: kind, State: store.Checking, FileName: oneLine(a.FileName), Actor: a.Actor,
		Header: mustMeta(h), CreatedAt: s.now(),
	}, nil
}

// take stages what an upload says, brings it to its state and previews it. A
// failure on the way is recorded as a refusal, and what was staged goes.
func (s *Service) take(ctx context.Context, enterprise int64, u *Upload, state UploadState, items iter.Seq2[store.Item, error], snap *Snapshot) (*Upload, error) {
	err := s.stage(ctx, enterprise, u, state, items, snap)
	if err == nil && state == store.Preview {
		_, err = s.preview(ctx, enterprise, u, u.Actor)
	}
	if err != nil {
		return u, s.fail(ctx, enterprise, u, err)
	}
	return s.store.For(enterprise).Upload(ctx, u.ID)
}

func (s *Service) stage(ctx context.Context, enterprise int64, u *Upload, state UploadState, items iter.Seq2[store.Item, error], snap *Snapshot) error {
	e := s.store.For(enterprise)
	staged, err := e.Stage(ctx, u, items)
	if err != nil {
		return err
	}
	snap.StagedAt, snap.Items = s.now(), staged.Items
	return e.InTx(ctx, func(tx *store.Tx) error { return tx.Staged(ctx, u, snap, state) })
}

// fail takes back a failed upload and gives the error that made it fail. It
// works after the caller's context has ended too; what it cannot do now, the
// next upload does, or Recover at the next start.
func (s *Service) fail(ctx context.Context, enterprise int64, u *Upload, cause error) error {
	refusal := refusalOf(cause)
	u.Refusal = &refusal
	return errors.Join(cause, s.end(context.WithoutCancel(ctx), enterprise, u, store.Refused, &refusal, u.Actor))
}

// end decides that a pending upload does not count and takes back what it
// staged; an instance that was only known by it goes too. What could not be
// taken back is taken back later.
func (s *Service) end(ctx context.Context, enterprise int64, u *Upload, ending UploadState, refusal *Refusal, actor string) error {
	err := s.endNow(ctx, enterprise, u, ending, refusal, actor)
	if err != nil {
		s.later(enterprise, u, refusal, actor)
	}
	return err
}

// endNow is end, once.
func (s *Service) endNow(ctx context.Context, enterprise int64, u *Upload, ending UploadState, refusal *Refusal, actor string) error {
	e := s.store.For(enterprise)
	err := e.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.EndUpload(ctx, u.ID, ending, refusal, s.now()); err != nil {
			return err
		}
		if err := s.recordUpload(ctx, tx, actor, ended(ending), u, refusalDetails(refusal)...); err != nil {
			return err
		}
		src, err := tx.Source(ctx, u.Source)
		if err != nil || src.State != store.Held {
			return err
		}
		return tx.SetSourceState(ctx, src.Number, store.Removed)
	})
	if err != nil {
		return err
	}
	u.State = ending
	return e.Remove(ctx, u, s.now())
}

// refused records a file that was refused before it had a place.
func (s *Service) refused(ctx context.Context, enterprise int64, kind UploadKind, a Arrival, cause error) (*Upload, error) {
	return s.refusedOf(ctx, enterprise, nowhere, kind, Header{}, a, cause)
}

// refusedOf records a file that was refused although its source is known; of
// one who brings many that are, the first [maxRefusals] an hour. What
// cannot be recorded is not refused: the error is then why, and no upload.
func (s *Service) refusedOf(ctx context.Context, enterprise, source int64, kind UploadKind, h Header, a Arrival, cause error) (*Upload, error) {
	if s.refusals.Take(fmt.Sprint(enterprise, " ", a.Actor)).Retry > 0 {
		return nil, cause
	}
	ctx = context.WithoutCancel(ctx)
	refusal := refusalOf(cause)
	h.Synced, h.Content, h.Run = a.Synced, a.Content, a.Run
	u := &Upload{
		ID: newID(), Source: source, Kind: kind, State: store.Refused, FileName: oneLine(a.FileName), Actor: a.Actor,
		Header: mustMeta(h), Refusal: &refusal, CreatedAt: s.now(),
	}
	err := s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if err := tx.AddUpload(ctx, u); err != nil {
			return err
		}
		return s.recordUpload(ctx, tx, a.Actor, AuditRefuse, u, refusalDetails(&refusal)...)
	})
	if err != nil {
		return nil, fmt.Errorf("record a refusal (%v): %w", cause, err) //nolint:errorlint // nobody may take it for a refusal
	}
	return u, cause
}

// refusalOf is the sentence of an error; errors without one get a general
// sentence, their text is for the operator.
func refusalOf(err error) Refusal {
	named, ok := errors.AsType[interface {
		error
		Message() (key string, args map[string]any)
	}](err)
	if !ok {
		return Refusal{Key: "hub.failed", Args: map[string]any{}}
	}
	key, args := named.Message()
	out := Refusal{Key: key, Args: map[string]any{}}
	for name, value := range args {
		out.Args[name] = plain(value)
	}
	if several, ok := errors.AsType[*source.Problems](err); ok {
		for _, problem := range several.List {
			out.Each = append(out.Each, refusalOf(problem))
		}
	}
	return out
}

// RefusalOf is why a file was refused, problem by problem where it has several.
func RefusalOf(err error) Refusal { return refusalOf(err) }

// InTheWay is the upload that a refusal names: the pending one, or the one whose
// snapshot counts already; empty when it names none.
func InTheWay(err error) string {
	var id any
	switch r := refusalOf(err); r.Key {
	case "hub.upload_pending":
		id = r.Args["ID"]
	case "hub.already_counted":
		id = r.Args["Upload"]
	}
	text, _ := id.(string)
	return text
}

// plain is a value that JSON keeps: others as their text, which masks.
func plain(value any) any {
	switch v := value.(type) {
	case string, bool, int, int64, float64, nil:
		return v
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	default:
		if text, err := json.Marshal(v); err == nil {
			return json.RawMessage(text)
		}
		return nil
	}
}

// addUndo begins an undo, which has a reason.
func (s *Service) addUndo(ctx context.Context, tx *store.Tx, source int64, h Header, reason string, a Arrival) (*Upload, error) {
	u, err := s.newUpload(ctx, tx, source, store.UploadUndo, a, h)
	if err != nil {
		return nil, err
	}
	u.Reason = reason
	return u, s.beginUpload(ctx, tx, u)
}
