package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// CloudSide is what is loaded of the cloud, and what owners decided beside it.
type CloudSide struct {
	SourceState

	At time.Time
	// Settings are the owners' decisions, which go before what the cloud side
	// says.
	Settings Settings
	// Loaded is what counts; nil: nothing was loaded yet.
	Loaded *LoadedCloud
}

// LoadedCloud is a cloud side that counts.
type LoadedCloud struct {
	// Upload brought it: a load, or an undo of one.
	Upload *Upload
	Header Header
	// Purchased, Metered and ManagedUsers are as the cloud side says, before
	// the settings.
	Purchased             int
	Metered, ManagedUsers bool
	VerifiedDomains       []string
	// Accounts, Invitations, Subscriptions and Rows are how many of each were
	// loaded; all are 0 for what was loaded before they were noted.
	CloudCounts
	// Report is GitHub's, when one is loaded; nil: none is.
	Report *ReportMeta
}

// CloudSide gives what is loaded of the cloud.
func (s *Service) CloudSide(ctx context.Context, enterprise int64) (*CloudSide, error) {
	info, err := s.info(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	_, sources, err := s.store.For(enterprise).Overview(ctx)
	if err != nil {
		return nil, err
	}
	out := &CloudSide{At: s.now(), Settings: info.Settings}
	for i := range sources {
		if sources[i].Number != CloudSource {
			continue
		}
		if out.SourceState, err = stateOf(&sources[i]); err != nil {
			return nil, err
		}
	}
	if out.Snapshot == nil {
		return out, nil
	}
	out.Loaded, err = s.loadedCloud(ctx, enterprise, out.Snapshot)
	return out, err
}

func (s *Service) loadedCloud(ctx context.Context, enterprise int64, snap *Snapshot) (*LoadedCloud, error) {
	var meta store.CloudMeta
	if err := json.Unmarshal(snap.Meta, &meta); err != nil {
		return nil, fmt.Errorf("meta of snapshot %d: %w", snap.Seq, err)
	}
	out := &LoadedCloud{
		Purchased: meta.Purchased, Metered: meta.Metered, ManagedUsers: meta.ManagedUsers, VerifiedDomains: meta.VerifiedDomains,
		Report: meta.Report, CloudCounts: meta.Counts,
	}
	up, err := s.store.For(enterprise).Upload(ctx, snap.Upload)
	if errs.KindOf(err) == errs.NotFound {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Upload = up
	out.Header, err = HeaderOf(up)
	return out, err
}
