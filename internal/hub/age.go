package hub

import (
	"context"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// How old what counts of a source may be before every total that rests on it is
// marked, unless the source has an objective of its own.
const (
	// AgeObjective is that of the cloud side and of instances that sync by
	// themselves: a weekly sync that did not come, and a day.
	AgeObjective = 8 * day
	// AgeObjectiveByHand is that of instances whose accounts somebody carries
	// here: a month, and a few days.
	AgeObjectiveByHand = 35 * day
	// AgeObjectiveAirGap is what fits an instance behind an air gap, from which
	// somebody carries files every quarter. Nobody can tell such an instance from
	// others, so that an owner has to say it.
	AgeObjectiveAirGap = 100 * day
	// MaxAgeDays is the longest objective, in days.
	MaxAgeDays = 400

	day = 24 * time.Hour
)

// AgeObjective is how old what counts of the source may be.
func (s *SourceState) AgeObjective() time.Duration {
	if s.AgeDays > 0 {
		return time.Duration(s.AgeDays) * day
	}
	return s.DefaultAgeObjective()
}

// DefaultAgeObjective is that of a source nobody set one for: by how its
// accounts come.
func (s *SourceState) DefaultAgeObjective() time.Duration {
	if s.Number == CloudSource || s.Connected() || s.Last != nil && s.Last.Text == "hub.event_synced" {
		return AgeObjective
	}
	return AgeObjectiveByHand
}

// Stale says that what counts of the source is older than that.
func (s *SourceState) Stale(at time.Time) bool {
	return s.Snapshot != nil && s.Age(at) > s.AgeObjective()
}

// Late says that the source was delivered within its objective and is stale all
// the same: a punctual sync of an old list.
func (s *SourceState) Late(at time.Time) bool {
	return s.Stale(at) && at.Sub(s.Snapshot.AppliedAt) <= s.AgeObjective()
}

// StaleSource is a source that is older than its objective.
type StaleSource struct {
	*SourceState

	// People are how many the age concerns: who has an account there.
	People int
}

// Stale are the sources that count and are older than their objectives, the
// cloud side first.
func (o *Overview) Stale() []StaleSource {
	var out []StaleSource
	if o.Cloud.Stale(o.At) {
		people := 0
		if o.Result != nil {
			people = o.Result.Statement.CloudAccounts
		}
		out = append(out, StaleSource{&o.Cloud, people})
	}
	for i := range o.Instances {
		s := &o.Instances[i]
		if !s.Stale(o.At) {
			continue
		}
		people := 0
		if s.Statement != nil {
			people = s.Statement.Accounts - s.Statement.Repeated
		}
		out = append(out, StaleSource{s, people})
	}
	return out
}

// SetAgeObjective says how old, in days, what counts of a source may be; 0: by
// how its accounts come. Invalid for less than nothing and more than
// [MaxAgeDays], NotFound when there is no such source.
func (s *Service) SetAgeObjective(ctx context.Context, enterprise, source int64, days int, actor string) error {
	if days < 0 || days > MaxAgeDays {
		return errs.New(errs.Invalid, "hub.bad_age", "Most", MaxAgeDays)
	}
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if err := tx.SetAgeDays(ctx, source, days); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditAgeObjective, strconv.FormatInt(source, 10), "days", days)
	})
}
