package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// Listed gives a result whose people can be listed: the current one, or one
// from the days that people are kept. NotFound for any other.
func (s *Service) Listed(ctx context.Context, enterprise, number int64) (*Result, error) {
	r, err := s.Result(ctx, enterprise, number)
	if err != nil {
		return nil, err
	}
	if r.Preview {
		return nil, errs.New(errs.NotFound, "hub.not_listed", "Number", number, "Days", keptDays)
	}
	if !r.CreatedAt.Before(s.now().Add(-keptDays * 24 * time.Hour)) {
		return r, nil
	}
	current, err := s.Current(ctx, enterprise)
	if err == nil && current.Number != number {
		err = errs.New(errs.NotFound, "hub.not_listed", "Number", number, "Days", keptDays)
	}
	return r, err
}
