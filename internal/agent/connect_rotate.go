package agent

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

// RotateKey replaces the key that the connection signs with. The hub hears of the
// new one with the next turn, and takes both until the new one was used.
func (s *Service) RotateKey(ctx context.Context, actor string) error {
	c, err := s.Connection(ctx)
	if err != nil {
		return err
	}
	if !c.Connected() {
		return errs.New(errs.Conflict, "agentconnect.not_connected")
	}
	if c.NewKey {
		return nil // it is on its way
	}
	if _, err := s.makeKey(nextKeyName); err != nil {
		return err
	}
	return s.settings(ctx, func(tx *store.Tx, c *Connection) error {
		c.NewKey = true
		return s.record(ctx, tx, actor, AuditKeyAsked, c.Enterprise.Slug, "key", shortKey(c.Key))
	})
}

// keyStep announces the new key, and then signs with it.
func (s *Service) keyStep(ctx context.Context, c *Connection) (bool, time.Time, error) {
	if !c.NewKey {
		return false, time.Time{}, nil
	}
	if !s.due(c.Keys.At) && !c.Keys.At.IsZero() {
		return false, c.Keys.At, nil
	}
	next, err := s.readKey(nextKeyName)
	if errs.KindOf(err) == errs.NotFound {
		if next, err = s.readKey(connectKeyName); err == nil { // it took the place of the one before already
			return true, time.Time{}, s.tookKey(ctx, c, connect.KeyID(publicOf(next)))
		}
	}
	if err != nil {
		return false, time.Time{}, err
	}
	err = s.tend(ctx, c, func(c *Connection) *Chore { return &c.Keys }, connect.RecordEvery, func(token string) error {
		return s.client(c.Hub).Rotate(ctx, token, c.ID, c.Key, next, c.Skew)
	})
	if err != nil || !c.Connected() || c.Keys.Failed > 0 {
		return true, time.Time{}, err
	}
	if err := s.takeNextKey(); err != nil {
		return false, time.Time{}, err
	}
	return true, time.Time{}, s.tookKey(ctx, c, connect.KeyID(publicOf(next)))
}

// tookKey notes that the connection signs with another key.
func (s *Service) tookKey(ctx context.Context, c *Connection, id string) error {
	s.dropToken()
	return s.note(ctx, c, func(tx *store.Tx, c *Connection) error {
		c.Key, c.NewKey, c.Keys = id, false, Chore{}
		return s.record(ctx, tx, syncActor, AuditTokenUpdated, c.Enterprise.Slug, "key", shortKey(id))
	})
}
