package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// A pin holds for pinFor after the page that was asked for last, and for
// pinMost after the first: whoever keeps asking for later pages gets an answer
// from today.
const (
	pinFor  = 15 * time.Minute
	pinMost = 24 * time.Hour
)

// Walk names a walk over the pages of a report: clients that follow GitHub's
// page numbers send nothing else.
type Walk struct {
	// Walker is who walks: the id of a token.
	Walker string
	// Size is the number of people of a page. Two walks of one walker at the
	// same time are told apart by it.
	Size int
}

// WalkResult gives the result that a page of a walk is of, counted from 1. Page
// 1 pins the current result, so that the pages after it show everybody of one
// result once, however many uploads are applied meanwhile; a later page without
// a pin pins it too. NotFound when nothing was counted yet.
func (s *Service) WalkResult(ctx context.Context, enterprise int64, w Walk, page int64) (*Result, error) {
	if page > 1 {
		pin, err := s.store.For(enterprise).Pin(ctx, w.Walker, int64(w.Size))
		if err != nil {
			return nil, err
		}
		if s.holds(pin) {
			return s.pinned(ctx, enterprise, w, pin)
		}
	}
	r, err := s.Current(ctx, enterprise)
	if err != nil || page <= 1 && r.Statement.Licenses <= w.Size {
		return r, err
	}
	return r, s.pin(ctx, enterprise, w, r.Number)
}

func (s *Service) holds(pin store.Pin) bool {
	now := s.now()
	return pin.Result != 0 && now.Before(pin.ExpiresAt) && now.Before(pin.PinnedAt.Add(pinMost))
}

// pinned gives the result of a pin and lets it hold on. It is written when half
// of its time is over, so that a walk writes next to nothing.
func (s *Service) pinned(ctx context.Context, enterprise int64, w Walk, pin store.Pin) (*Result, error) {
	r, err := s.Result(ctx, enterprise, pin.Result)
	if err != nil || pin.ExpiresAt.Sub(s.now()) > pinFor/2 {
		return r, err
	}
	return r, s.setPin(ctx, enterprise, w, pin)
}

// pin pins a walk that begins. A walk that begins again at once, at the same
// result, is pinned already.
func (s *Service) pin(ctx context.Context, enterprise int64, w Walk, result int64) error {
	had, err := s.store.For(enterprise).Pin(ctx, w.Walker, int64(w.Size))
	if err != nil {
		return err
	}
	now := s.now()
	if had.Result == result && had.ExpiresAt.Sub(now) > pinFor/2 && now.Sub(had.PinnedAt) < pinFor {
		return nil
	}
	return s.setPin(ctx, enterprise, w, store.Pin{Result: result, PinnedAt: now})
}

func (s *Service) setPin(ctx context.Context, enterprise int64, w Walk, pin store.Pin) error {
	now := s.now()
	pin.ExpiresAt = now.Add(pinFor)
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		return tx.SetPin(ctx, w.Walker, int64(w.Size), pin, now)
	})
}
