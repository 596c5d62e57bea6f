package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// Identity is what an owner says about an instance nobody knew.
type Identity struct {
	// Fingerprint of the signing key, as the owner compared it on the instance:
	// all digits or the short form, spaces aside.
	Fingerprint string
	// SameAs is the instance this is, set up again: its history goes on. 0:
	// another one.
	SameAs int64
	// HostName is what to call another instance whose host name is taken.
	HostName string
	Actor    string
}

// Confirm says who the instance of a held upload is, and previews the upload.
// Invalid when the fingerprint is not that of the file; Conflict when the host
// name belongs to another instance and the owner did not say which it is.
func (s *Service) Confirm(ctx context.Context, enterprise int64, upload string, id Identity) (*Upload, error) {
	e := s.store.For(enterprise)
	u, err := e.Upload(ctx, upload)
	if err != nil {
		return nil, err
	}
	header, err := HeaderOf(u)
	if err != nil {
		return nil, err
	}
	if u.State != store.Waiting {
		return nil, notIn(u, "hub.not_held")
	}
	if !sameFingerprint(id.Fingerprint, header.Fingerprint) {
		return nil, errs.New(errs.Invalid, "hub.other_fingerprint", "Host", header.HostName)
	}
	if id.HostName != "" {
		if err := checkHost(id.HostName); err != nil {
			return nil, err
		}
	}
	if id.SameAs != 0 {
		return s.continueAs(ctx, enterprise, u, id)
	}
	if err := s.another(ctx, e, u, header, id); err != nil {
		return nil, err
	}
	if _, err := s.preview(ctx, enterprise, u, id.Actor); err != nil {
		return nil, err
	}
	return e.Upload(ctx, upload)
}

// notIn refuses what an upload's state does not allow.
func notIn(u *Upload, key string) error {
	return errs.New(errs.Conflict, key, "ID", u.ID, "State", string(u.State))
}

// sameFingerprint compares what a person typed: at least the short form.
func sameFingerprint(typed, whole string) bool {
	digits := make([]byte, 0, len(typed))
	for i := range len(typed) {
		if typed[i] != ' ' {
			digits = append(digits, typed[i])
		}
	}
	n := len(digits)
	return (n == 16 || n == len(whole)) && n <= len(whole) && string(digits) == whole[:n]
}

// another makes the held instance one of its own.
func (s *Service) another(ctx context.Context, e *store.Enterprise, u *Upload, header Header, id Identity) error {
	return e.InTx(ctx, func(tx *store.Tx) error {
		src, err := tx.Source(ctx, u.Source)
		if err != nil {
			return err
		}
		if id.HostName != "" {
			src.HostName = id.HostName
		}
		taken, err := tx.SourceByHost(ctx, src.HostName)
		if err != nil {
			return err
		}
		if taken != nil {
			return errs.New(errs.Conflict, "hub.host_known", "Host", src.HostName, "Number", taken.Number)
		}
		if err := tx.IdentifySource(ctx, src); err != nil {
			return err
		}
		if err := renamed(ctx, tx, u, src.HostName); err != nil {
			return err
		}
		u.State = store.Preview
		if err := s.recordUpload(ctx, tx, id.Actor, AuditConfirm, u, "host", src.HostName); err != nil {
			return err
		}
		return tx.SetUploadState(ctx, u.ID, store.Waiting, store.Preview, s.now())
	})
}

// renamed says under which host name a staged snapshot is counted.
func renamed(ctx context.Context, tx *store.Tx, u *Upload, host string) error {
	snap, err := tx.Snapshot(ctx, u.Source, u.Seq)
	if err != nil {
		return err
	}
	var meta instanceMeta
	if err := json.Unmarshal(snap.Meta, &meta); err != nil {
		return fmt.Errorf("meta of snapshot %d: %w", snap.Seq, err)
	}
	if licensing.NormalHost(meta.HostName) == licensing.NormalHost(host) {
		return nil
	}
	meta.HostName = host
	return tx.SetSnapshotMeta(ctx, u.Source, u.Seq, mustMeta(meta))
}

// continueAs gives a held upload to an instance that was set up again: what it
// says is staged beside what that one said before.
func (s *Service) continueAs(ctx context.Context, enterprise int64, u *Upload, id Identity) (*Upload, error) {
	e := s.store.For(enterprise)
	held, seq := u.Source, u.Seq
	snap, err := e.Snapshot(ctx, held, seq)
	if err != nil {
		return nil, err
	}
	err = e.InTx(ctx, func(tx *store.Tx) error {
		src, err := tx.Source(ctx, id.SameAs)
		if err != nil {
			return err
		}
		if src.State != store.Active || src.Number == CloudSource {
			return errs.New(errs.NotFound, "hub.no_source", "Number", id.SameAs)
		}
		pending, err := tx.PendingUpload(ctx, src.Number)
		if err != nil {
			return err
		}
		if pending != nil {
			return pendingBefore(pending)
		}
		moved := *u
		if err := tx.MoveUpload(ctx, &moved, src.Number, s.now()); err != nil {
			return err
		}
		*u = moved
		if err := s.recordUpload(ctx, tx, id.Actor, AuditConfirm, u, "host", src.HostName, "same_as", src.Number); err != nil {
			return err
		}
		return tx.SetSourceState(ctx, held, store.Removed)
	})
	if err != nil {
		return nil, err
	}
	u, err = s.take(ctx, enterprise, u, store.Preview, e.Items(ctx, held, seq), snap)
	return u, errors.Join(err, s.unstage(ctx, e, held, seq))
}
