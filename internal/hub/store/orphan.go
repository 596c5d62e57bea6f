package store

import (
	"context"

	"github.com/oneseat/oneseat/internal/database"
)

// removeOrphans takes back what was staged for uploads that are staged
// elsewhere now, or were decided: the program ended before it could.
func (e *Enterprise) removeOrphans(ctx context.Context) error {
	rows, err := e.reader().OrphanSnapshots(ctx, e.id)
	if err != nil {
		return database.Translate(err)
	}
	for _, r := range rows {
		if err := e.unstage(ctx, r.Source, r.Seq); err != nil {
			return err
		}
	}
	return nil
}
