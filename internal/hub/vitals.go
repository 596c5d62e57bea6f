package hub

import "context"

// Vitals are what whoever runs a hub watches of an enterprise.
type Vitals struct {
	*Overview

	Enterprise int64
	// OpenRequests is how many agents were asked to sync and did not yet.
	OpenRequests int64
}

// Vitals gives those of every enterprise, by number.
func (s *Service) Vitals(ctx context.Context) ([]Vitals, error) {
	all, err := s.Enterprises(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Vitals, 0, len(all))
	for _, e := range all {
		now, err := s.Overview(ctx, e.Number)
		if err != nil {
			return nil, err
		}
		open, err := s.store.For(e.Number).OpenSyncRequests(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, Vitals{now, e.Number, open})
	}
	return out, nil
}

// Waiting are the uploads that somebody has to decide about.
func (v *Vitals) Waiting() int {
	n := 0
	if v.Cloud.Pending != nil {
		n++
	}
	for i := range v.Instances {
		if v.Instances[i].Pending != nil {
			n++
		}
	}
	return n
}
