package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// Reveal gives a person whose addresses are to be shown whole, those that
// GitHub's report would not show among them, and records who asked. What could
// not be recorded is not given. The caller has made sure that the actor may
// see them.
func (s *Service) Reveal(ctx context.Context, enterprise, result int64, person, actor string) (*Person, error) {
	p, err := s.Person(ctx, enterprise, result, person)
	if err != nil {
		return nil, err
	}
	err = s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		return s.record(ctx, tx, actor, AuditReveal, "person "+p.ID, "result", result)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}
