package hub

import (
	"cmp"
	"context"

	"github.com/oneseat/oneseat/licensing"
)

// Trial is what a count would find under other settings, beside the current
// result.
type Trial struct {
	Now        *Result
	People     int // consuming or not
	Statement  licensing.Statement
	Visibility licensing.Visibility // with the range
}

// TrySettings counts everything once with other settings and keeps nothing of
// it: so that the effect of a change is seen before it is made. change may be
// called again and does nothing else. It takes as long as a recount, and waits
// for the one that runs. Invalid when the settings are none.
func (s *Service) TrySettings(ctx context.Context, enterprise int64, actor string, change func(*Settings)) (*Trial, error) {
	unlock, err := s.counting.lock(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	defer unlock()
	now, err := s.recountUntilCurrent(ctx, enterprise, actor, false)
	if err != nil {
		return nil, err
	}
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	change(&in.Settings)
	if err := cmp.Or(checkName(in.Name), checkSettings(&in.Settings)); err != nil {
		return nil, err
	}
	c, err := s.count(ctx, in, nil)
	if err != nil {
		return nil, err
	}
	return &Trial{now, c.result.Len(), c.result.Statement(), c.result.Visibility()}, nil
}
