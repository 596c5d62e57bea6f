package agent

import (
	"context"
	"strconv"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
)

// Confirm makes a held reading count: an owner says that so few users are right.
// Conflict when it is not the one that is held, or while the source is read:
// what is read may take its place.
func (s *Service) Confirm(ctx context.Context, actor string, number int64) (*Reading, error) {
	lock, err := s.lockCollecting()
	if err != nil {
		return nil, err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	st, r, err := s.held(ctx, number)
	if err != nil {
		return nil, err
	}
	if err := s.troubled(ctx); err != nil {
		return nil, err
	}
	if err := s.accept(ctx, actor, st, r, AuditSourceConfirmed); err != nil {
		return r, err
	}
	return r, s.sweep(ctx)
}

// Discard drops a held reading: what counted goes on counting. The same file is
// not read again until it changes. Conflict as for [Service.Confirm].
func (s *Service) Discard(ctx context.Context, actor string, number int64) error {
	lock, err := s.lockCollecting()
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	st, r, err := s.held(ctx, number)
	if err != nil {
		return err
	}
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := s.replace(ctx, tx, st, st.Counts, 0); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditSourceDiscarded, r.target())
	})
	if err != nil {
		return err
	}
	return s.sweep(ctx)
}

// held gives the reading that waits for an owner, if it is this one.
func (s *Service) held(ctx context.Context, number int64) (*store.State, *Reading, error) {
	st, err := s.store.State(ctx)
	if err != nil {
		return nil, nil, err
	}
	if number == 0 || st.Held != number {
		return nil, nil, errs.New(errs.Conflict, "agent.not_held", "Number", number)
	}
	r, err := s.Reading(ctx, number)
	return &st, r, err
}

// target names a reading in the audit log.
func (r *Reading) target() string { return "reading " + strconv.FormatInt(r.Number, 10) }
