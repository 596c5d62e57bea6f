package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// SyncNow asks the agent of an instance to sync, which it hears of when it asks
// next: within a minute. While a request is open, it is the one that is given.
//
// NotFound "hub.not_connected" when the instance has no connection, Conflict
// "hub.no_requests" when its agent does not ask whether somebody wants anything.
func (s *Service) SyncNow(ctx context.Context, enterprise, source int64, actor string) (*SyncRequest, error) {
	var r *SyncRequest
	err := s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		c, err := tx.ConnectionOf(ctx, source)
		if err != nil {
			return err
		}
		if c == nil {
			return errs.New(errs.NotFound, "hub.not_connected")
		}
		record, err := RecordOf(c)
		if err != nil {
			return err
		}
		if record == nil || !record.Sync.AsksForRequests {
			return errs.New(errs.Conflict, "hub.no_requests")
		}
		if r, err = tx.OpenSyncRequest(ctx, source); err != nil || r != nil {
			return err
		}
		r = &SyncRequest{ID: newID(), Source: source, Connection: c.ID, State: store.RequestOpen, Actor: actor, CreatedAt: s.now()}
		r.UpdatedAt = r.CreatedAt
		if err := tx.AddSyncRequest(ctx, r); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditSyncRequest, r.ID, "source", source)
	})
	return r, err
}

// SyncRequest gives a request of an instance by id; NotFound when there is none.
func (s *Service) SyncRequest(ctx context.Context, enterprise, source int64, id string) (*SyncRequest, error) {
	r, err := s.store.For(enterprise).SyncRequest(ctx, id)
	if err == nil && (r == nil || r.Source != source) {
		err = errs.New(errs.NotFound, "hub.no_request")
	}
	return r, err
}

// LastSyncRequest gives the newest request of an instance, nil when there is
// none.
func (s *Service) LastSyncRequest(ctx context.Context, enterprise, source int64) (*SyncRequest, error) {
	return s.store.For(enterprise).LastSyncRequest(ctx, source)
}

// OpenRequests gives what somebody wants of an agent: one request at most.
func (s *Service) OpenRequests(ctx context.Context, c *Connection) ([]SyncRequest, error) {
	r, err := s.store.For(c.Enterprise).OpenSyncRequest(ctx, c.Source)
	if err != nil || r == nil || r.Connection != c.ID {
		return nil, err
	}
	return []SyncRequest{*r}, nil
}

// FailRequest notes that nothing came of a request, and why. What is not open any
// more stays as it is.
func (s *Service) FailRequest(ctx context.Context, c *Connection, id string, why Refusal) error {
	return s.endRequest(ctx, c, id, func(r *SyncRequest) { r.State, r.Refusal = store.RequestFailed, &why })
}

// answer notes what came of a request, if a sync answered one: an upload that
// has not been refused.
func (s *Service) answer(ctx context.Context, c *Connection, id string, u *Upload) error {
	if id == "" || u == nil {
		return nil
	}
	return s.endRequest(context.WithoutCancel(ctx), c, id, func(r *SyncRequest) {
		r.State, r.Upload = store.RequestArrived, u.ID
		if u.State == store.Refused {
			r.State, r.Refusal = store.RequestFailed, u.Refusal
		}
	})
}

func (s *Service) endRequest(ctx context.Context, c *Connection, id string, end func(*SyncRequest)) error {
	return s.store.For(c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		r, err := tx.OpenSyncRequest(ctx, c.Source)
		if err != nil || r == nil || r.ID != id {
			return err
		}
		r.UpdatedAt = s.now()
		end(r)
		_, err = tx.EndSyncRequest(ctx, r)
		return err
	})
}
