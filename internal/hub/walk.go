package hub

import (
	"context"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// A pin holds for pinFor after the page that was asked for last, and for
// pinMost after the first: whoever keeps asking for later pages gets an answer
// from today. A walk that begins again at the same result within pinAgain is the
// same reading to the audit log.
const (
	pinFor   = 15 * time.Minute
	pinAgain = 12 * time.Hour
	pinMost  = 24 * time.Hour
)

// Walk names a walk over the pages of a report: clients that follow GitHub's
// page numbers send nothing else.
type Walk struct {
	// Walker is who walks: the id of a token. Actor is their name for the audit
	// log.
	Walker, Actor string
	// Size is the number of people of a page, 0 for a report in one piece. Two
	// walks of one walker at the same time are told apart by it.
	Size int
}

// WalkResult gives the result that a page of a walk is of, counted from 1. Page
// 1 pins the current result, so that the pages after it show everybody of one
// result once, however many uploads are applied meanwhile; a later page without
// a pin pins it too. NotFound when nothing was counted yet.
//
// The addresses of a report are whole, so that the audit log has who read which
// result.
func (s *Service) WalkResult(ctx context.Context, enterprise int64, w Walk, page int64) (*Result, error) {
	pin, err := s.store.For(enterprise).Pin(ctx, w.Walker, int64(w.Size))
	if err != nil {
		return nil, err
	}
	if page > 1 && s.holds(pin) {
		r, err := s.Result(ctx, enterprise, pin.Result)
		if err != nil {
			return nil, err
		}
		return r, s.pin(ctx, enterprise, w, pin, r)
	}
	r, err := s.Current(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	if now := s.now(); pin.Result != r.Number || now.Sub(pin.PinnedAt) >= pinAgain {
		pin = store.Pin{Result: r.Number, PinnedAt: now}
	}
	return r, s.pin(ctx, enterprise, w, pin, r)
}

// ReadPeople notes that somebody reads whole addresses of a result outside of a
// report: people, changes, conflicts. The audit log has who read which result,
// twice a day at most, however many pages they ask for.
func (s *Service) ReadPeople(ctx context.Context, enterprise int64, walker, actor string, result int64) error {
	reading := walker + " people " + strconv.FormatInt(result, 10)
	pin, err := s.store.For(enterprise).Pin(ctx, reading, 0)
	now := s.now()
	if err != nil || pin.Result != 0 && now.Before(pin.ExpiresAt) {
		return err
	}
	pin = store.Pin{Result: result, PinnedAt: now, ExpiresAt: now.Add(pinAgain)}
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if err := tx.SetPin(ctx, reading, 0, pin, now.Add(-pinMost)); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditReport, strconv.FormatInt(result, 10), "what", "people")
	})
}

func (s *Service) holds(pin store.Pin) bool {
	now := s.now()
	return pin.Result != 0 && now.Before(pin.ExpiresAt) && now.Before(pin.PinnedAt.Add(pinMost))
}

// pin lets a pin hold on. It is written when half of its time is over, so that a
// walk writes next to nothing; a new one is recorded.
func (s *Service) pin(ctx context.Context, enterprise int64, w Walk, pin store.Pin, r *Result) error {
	now := s.now()
	if pin.ExpiresAt.Sub(now) > pinFor/2 {
		return nil
	}
	begins := pin.ExpiresAt.IsZero()
	pin.ExpiresAt = now.Add(pinFor)
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if err := tx.SetPin(ctx, w.Walker, int64(w.Size), pin, now.Add(-pinMost)); err != nil || !begins {
			return err
		}
		return s.record(ctx, tx, w.Actor, AuditReport, strconv.FormatInt(r.Number, 10), "licenses", r.Statement.Licenses)
	})
}
