package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

// Approval is what an owner says about an agent that asks for a connection.
type Approval struct {
	Code string
	// SameAs is the instance that this is, set up again or known by its own
	// reports alone; its history goes on. 0: another one.
	SameAs int64
	// HostName is what to call another instance whose host name is taken.
	HostName string
	// Actor is the owner, Who the same as rates tell people apart.
	Actor, Who string
}

// ApprovePairing connects the agent that shows a code, and gives its instance:
// the one there is, which it confirms, or a new one. No first file is held then.
// An upload that was held goes into preview.
//
// Errors beside those of [Service.Asking]: Conflict "hub.host_known" when the
// host name is another instance's and the owner did not say which it is, and
// "hub.connect_key_changed" when the instance is known by another key.
func (s *Service) ApprovePairing(ctx context.Context, enterprise int64, a Approval) (*Source, error) {
	asked, err := s.Asking(ctx, enterprise, a.Code, a.Who)
	if err != nil {
		return nil, err
	}
	if a.HostName != "" {
		if err := checkHost(a.HostName); err != nil {
			return nil, err
		}
	}
	var src *Source
	var waits *Upload
	err = s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		now, err := asking(ctx, tx, asked.Pairing)
		if err != nil {
			return err
		}
		if src, err = s.approved(ctx, tx, now, &a); err != nil {
			return err
		}
		if waits, err = s.confirmWaiting(ctx, tx, src, a.Actor); err != nil {
			return err
		}
		return s.addConnection(ctx, tx, src, asked.Pairing, a.Actor)
	})
	if err != nil {
		return nil, err
	}
	if waits != nil {
		_, err = s.preview(ctx, enterprise, waits, a.Actor)
	}
	return src, err
}

// approved gives the instance of an agent, active from now on.
func (s *Service) approved(ctx context.Context, tx *store.Tx, a *Asking, by *Approval) (*Source, error) {
	switch {
	case a.KeyChanged:
		return nil, errs.New(errs.Conflict, "hub.connect_key_changed", "Host", a.Instance.HostName)
	case a.Instance != nil && a.Instance.State == store.Active:
		return a.Instance, s.takeKey(ctx, tx, a.Instance, a.Pairing)
	case a.KnownHost != nil && by.SameAs == a.KnownHost.Number && a.Instance == nil:
		return a.KnownHost, s.takeKey(ctx, tx, a.KnownHost, a.Pairing)
	}
	host := a.HostName
	if by.HostName != "" {
		host = by.HostName
	}
	taken, err := tx.SourceByHost(ctx, host)
	if err != nil {
		return nil, err
	}
	if taken != nil {
		return nil, errs.New(errs.Conflict, "hub.host_known", "Host", host, "Number", taken.Number)
	}
	src := a.Instance
	if src == nil {
		src = &Source{State: store.Held, ServerID: a.ServerID, PublicKey: a.InstanceKey, Signed: true, CreatedAt: s.now()}
		src.HostName = host
		if src.Number, err = tx.AddSource(ctx, *src); err != nil {
			return nil, err
		}
	}
	src.HostName, src.State = host, store.Active
	if err := tx.IdentifySource(ctx, src); err != nil {
		return nil, err
	}
	return src, tx.SetSourceState(ctx, src.Number, store.Active)
}

// takeKey makes an instance known by the agent's server id and key. One that was
// known otherwise begins its sequence anew.
func (s *Service) takeKey(ctx context.Context, tx *store.Tx, src *Source, p *Pairing) error {
	if src.ServerID == p.ServerID && src.PublicKey.Equal(p.InstanceKey) {
		return nil
	}
	src.ServerID, src.PublicKey, src.Sequence, src.Digest = p.ServerID, p.InstanceKey, 0, usagefile.Digest{}
	if err := tx.IdentifySource(ctx, src); err != nil {
		return err
	}
	return tx.AcceptSequence(ctx, src.Number, 0, usagefile.Digest{})
}

// confirmWaiting confirms the upload of an instance that was held until somebody
// said who it is, and gives it; nil when there is none.
func (s *Service) confirmWaiting(ctx context.Context, tx *store.Tx, src *Source, actor string) (*Upload, error) {
	u, err := tx.PendingUpload(ctx, src.Number)
	if err != nil || u == nil || u.State != store.Waiting {
		return nil, err
	}
	if err := renamed(ctx, tx, u, src.HostName); err != nil {
		return nil, err
	}
	u.State = store.Preview
	if err := s.recordUpload(ctx, tx, actor, AuditConfirm, u, "host", src.HostName); err != nil {
		return nil, err
	}
	return u, tx.SetUploadState(ctx, u.ID, store.Waiting, store.Preview, s.now())
}

// addConnection connects an instance, in the place of a connection that it has.
func (s *Service) addConnection(ctx context.Context, tx *store.Tx, src *Source, p *Pairing, actor string) error {
	if _, err := s.disconnect(ctx, tx, src.Number, actor); err != nil {
		return err
	}
	c := &Connection{ID: newID(), Source: src.Number, PublicKey: p.ConnectionKey, CreatedAt: s.now(), CreatedBy: actor}
	if err := tx.DecidePairing(ctx, p.ID, store.PairingApproved, c.ID, s.now()); err != nil {
		return err
	}
	if err := tx.AddConnection(ctx, c); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, AuditConnect, c.ID, "host", src.HostName, "source", src.Number,
		"fingerprint", usagefile.KeyFingerprint(p.InstanceKey).Short())
}
