package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// Current gives the current result; NotFound when nothing was counted yet.
func (s *Service) Current(ctx context.Context, enterprise int64) (*Result, error) {
	r, err := s.store.For(enterprise).Current(ctx)
	if err != nil {
		return nil, err
	}
	return resultFrom(r)
}

// Result gives a result, a preview too; NotFound when there is none with the
// number.
func (s *Service) Result(ctx context.Context, enterprise, number int64) (*Result, error) {
	r, err := s.store.For(enterprise).Result(ctx, number)
	if err != nil {
		return nil, err
	}
	return resultFrom(r)
}

// CountedAt says when a result was counted; NotFound when there is none with the
// number.
func (s *Service) CountedAt(ctx context.Context, enterprise, number int64) (time.Time, error) {
	return s.store.For(enterprise).ResultTime(ctx, number)
}

// CurrentNumber is the number of the current result; 0 when nothing was counted
// yet.
func (s *Service) CurrentNumber(ctx context.Context, enterprise int64) (int64, error) {
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return 0, err
	}
	return in.Result, nil
}

// History gives at most limit results before a number, newest first; 0 begins
// with the current one.
func (s *Service) History(ctx context.Context, enterprise, before int64, limit int) ([]*Result, error) {
	rows, err := s.store.For(enterprise).Results(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	out := make([]*Result, 0, len(rows))
	for _, r := range rows {
		one, err := resultFrom(r)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// People gives the people of a result at the places from up to from+n of a
// list, n at most [MaxPage]. The result is one that was current within the
// days that people are kept; see [Service.Retain].
func (s *Service) People(ctx context.Context, enterprise, result int64, list List, from int64, n int) ([]*Person, error) {
	if from < 0 || n < 1 || n > MaxPage {
		return nil, errs.New(errs.Invalid, "hub.bad_page", "Most", MaxPage)
	}
	rows, err := s.store.For(enterprise).Page(ctx, result, list, from, n)
	if err != nil {
		return nil, err
	}
	out := make([]*Person, 0, len(rows))
	for i := range rows {
		p, err := personFrom(&rows[i])
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Person gives a person of a result by id; NotFound when there is none.
func (s *Service) Person(ctx context.Context, enterprise, result int64, id string) (*Person, error) {
	key, err := store.ParsePersonID(id)
	if err != nil {
		return nil, err
	}
	stored, err := s.store.For(enterprise).Person(ctx, result, key)
	if err != nil {
		return nil, err
	}
	return personFrom(stored)
}

// Row is the row of a person in the consumed-license report, as it stood with
// the result: cloud addresses are those GitHub's report would show.
func (r *Result) Row(p *Person) report.User {
	side := licensing.CloudSide{VerifiedDomains: r.Domains}
	if p.Account != nil {
		side.Accounts = []licensing.CloudAccount{*p.Account}
	}
	return report.NewBuilder(&side, licensing.Policy{ManagedUsers: r.Policy.ManagedUsers}).User(&p.Person)
}

// Sources gives the cloud side and the server instances, held ones too, the
// cloud side first and then by host name.
func (s *Service) Sources(ctx context.Context, enterprise int64) ([]Source, error) {
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	return in.Sources, nil
}

// Snapshots gives at most limit snapshots of a source that counted, newest
// first.
func (s *Service) Snapshots(ctx context.Context, enterprise, source int64, limit int) ([]Snapshot, error) {
	return s.store.For(enterprise).Snapshots(ctx, source, limit)
}

// Upload gives an upload; NotFound when there is none with the id.
func (s *Service) Upload(ctx context.Context, enterprise int64, id string) (*Upload, error) {
	return s.store.For(enterprise).Upload(ctx, id)
}

// Uploads gives at most limit uploads before one, newest first; the zero
// Upload begins with the newest.
func (s *Service) Uploads(ctx context.Context, enterprise int64, before Upload, limit int) ([]*Upload, error) {
	return s.store.For(enterprise).Uploads(ctx, before, limit)
}
