package hub

import (
	"context"
	"iter"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// RemoveInstance previews that a server instance goes, with the reason for the
// history: it is staged as an instance without accounts, and applying it makes
// its number one that is not used again. A file that comes from it later is
// held, as of an instance nobody knows.
//
// What it said is kept as long as any replaced snapshot, and [Service.Undo]
// brings it back. NotFound when there is no such instance that counts.
func (s *Service) RemoveInstance(ctx context.Context, enterprise, number int64, reason string, a Arrival) (*Upload, error) {
	if reason = oneLine(reason); reason == "" {
		return nil, errs.New(errs.Invalid, "hub.no_removal_reason")
	}
	u, err := s.begin(ctx, enterprise, a, func(tx *store.Tx) (*Upload, error) {
		src, err := tx.Source(ctx, number)
		if err != nil {
			return nil, err
		}
		if src.State != store.Active || number == CloudSource {
			return nil, errs.New(errs.NotFound, "hub.no_source", "Number", number)
		}
		u, err := s.newUpload(ctx, tx, number, store.UploadRemoval, a, Header{HostName: src.HostName, ServerID: src.ServerID})
		if err != nil {
			return nil, err
		}
		u.Reason = reason
		return u, s.beginUpload(ctx, tx, u)
	})
	if err != nil {
		return nil, err
	}
	header, err := HeaderOf(u)
	if err != nil {
		return nil, err
	}
	snap := &Snapshot{Meta: mustMeta(instanceMeta{HostName: header.HostName, ServerID: header.ServerID})}
	return s.take(ctx, enterprise, u, store.Preview, nothing(), snap)
}

func nothing() iter.Seq2[store.Item, error] { return func(func(store.Item, error) bool) {} }

// revive makes a removed instance one that is held, so that going back to what
// it said can be previewed; a discard removes it again. Conflict when another
// instance has its place.
func revive(ctx context.Context, tx *store.Tx, src *Source) error {
	if src.State != store.Removed {
		return nil
	}
	var taken *Source
	var err error
	if src.ServerID != "" {
		taken, err = tx.SourceByServerID(ctx, src.ServerID)
	}
	if err == nil && taken == nil {
		taken, err = tx.SourceByHost(ctx, src.HostName)
	}
	if err != nil {
		return err
	}
	if taken != nil {
		return errs.New(errs.Conflict, "hub.place_taken", "Host", src.HostName, "Number", taken.Number)
	}
	return tx.SetSourceState(ctx, src.Number, store.Held)
}
