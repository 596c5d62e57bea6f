package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// DisableConnect ends the connection of an instance: its agent delivers nothing
// from now on, not even what is on its way. What it delivered before stays until
// an owner removes the instance. NotFound when there is none.
func (s *Service) DisableConnect(ctx context.Context, enterprise, source int64, actor string) error {
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		ended, err := s.disconnect(ctx, tx, source, actor)
		if err == nil && !ended {
			err = errs.New(errs.NotFound, "hub.not_connected")
		}
		return err
	})
}

// LeaveConnect ends a connection because its agent says so; doing it again
// changes nothing.
func (s *Service) LeaveConnect(ctx context.Context, c *Connection) error {
	return s.store.For(c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		return s.endConnection(ctx, tx, c, c.Actor())
	})
}

// disconnect ends the connection of an instance, if it has one.
func (s *Service) disconnect(ctx context.Context, tx *store.Tx, source int64, actor string) (bool, error) {
	c, err := tx.ConnectionOf(ctx, source)
	if err != nil || c == nil {
		return false, err
	}
	return true, s.endConnection(ctx, tx, c, actor)
}

func (s *Service) endConnection(ctx context.Context, tx *store.Tx, c *Connection, actor string) error {
	ended, err := tx.EndConnection(ctx, c.ID, actor, s.now())
	if err != nil || !ended {
		return err
	}
	open, err := tx.OpenSyncRequest(ctx, c.Source)
	if err != nil {
		return err
	}
	if open != nil {
		open.State, open.UpdatedAt = store.RequestLapsed, s.now()
		if _, err := tx.EndSyncRequest(ctx, open); err != nil {
			return err
		}
	}
	return s.record(ctx, tx, actor, AuditDisconnect, c.ID, "source", c.Source)
}
