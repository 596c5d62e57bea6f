package hub

import "time"

// How old what counts of a source may be before every total that rests on it is
// marked.
const (
	// AgeObjective is that of the cloud side and of instances that sync by
	// themselves: a weekly sync that did not come, and a day.
	AgeObjective = 8 * 24 * time.Hour
	// AgeObjectiveByHand is that of instances whose accounts somebody carries
	// here: a month, and a few days.
	AgeObjectiveByHand = 35 * 24 * time.Hour
)

// AgeObjective is how old what counts of the source may be.
func (s *SourceState) AgeObjective() time.Duration {
	if s.Number == CloudSource || s.Last != nil && s.Last.Text == "hub.event_synced" {
		return AgeObjective
	}
	return AgeObjectiveByHand
}

// Stale says that what counts of the source is older than that.
func (s *SourceState) Stale(at time.Time) bool {
	return s.Snapshot != nil && s.Age(at) > s.AgeObjective()
}
