package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/nearest"
)

// NewHost says whether an upload is of a server instance of which nothing counts
// yet, and then which of those that count has a host name so much like its own
// that it may have been meant; empty: none.
func (s *Service) NewHost(ctx context.Context, enterprise int64, u *Upload) (isNew bool, meant string, err error) {
	if u.Kind != store.UploadCSV && u.Kind != store.UploadUsage {
		return false, "", nil
	}
	h, err := HeaderOf(u)
	if err != nil {
		return false, "", err
	}
	all, err := s.Sources(ctx, enterprise)
	if err != nil {
		return false, "", err
	}
	var others []string
	for i := range all {
		switch in := &all[i]; {
		case in.Number == u.Source:
			isNew = in.Seq == 0
		case in.Number != CloudSource && in.Seq > 0:
			others = append(others, in.HostName)
		}
	}
	if isNew && u.Kind == store.UploadCSV { // a signed file says itself of which instance it is
		meant = nearest.To(h.HostName, others)
	}
	return isNew, meant, nil
}
