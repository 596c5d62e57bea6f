package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// ResumeConnect says that this hub was restored from a backup: each connection
// of the enterprise then presents a lease that this hub does not know, and would
// be taken for a second machine. Each may do that once. It gives how many there
// are.
func (s *Service) ResumeConnect(ctx context.Context, enterprise int64, actor string) (n int64, err error) {
	err = s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if n, err = tx.AcceptAnyLease(ctx); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditConnectResume, "", "connections", n)
	})
	return n, err
}
