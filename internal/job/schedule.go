package job

import (
	"fmt"
	"hash/fnv"
	"time"
)

// period is how often a schedule comes round.
type period uint8

const (
	hourly period = iota
	often
	daily
	weekly
	monthly
)

// Schedule is a value that says when something is done again and again: once in
// every part of an hour, hour, day, week or month, at a given time plus a jitter.
// The zero value is every full hour.
//
// The jitter is a function of a seed and of the time it is added to: two seeds
// rarely meet, and one seed always gives the same times.
type Schedule struct {
	every        period
	day          time.Weekday
	date         int // of a month
	hour, minute int // of often, minute is how many lie between
	jitter       time.Duration
	seed         string
	zone         *time.Location // nil is UTC
}

// Monthly is once a month, on a day of it at a time: in a month that has no such
// day, on its last one.
func Monthly(day, hour, minute int) Schedule {
	s := Daily(hour, minute)
	s.every, s.date = monthly, min(max(day, 1), 31)
	return s
}

// Weekly is once a week, on a day at a time.
func Weekly(day time.Weekday, hour, minute int) Schedule {
	s := Daily(hour, minute)
	s.every, s.day = weekly, day
	return s
}

// Daily is once a day, at a time. A time that a change of the clocks leaves
// out is moved by that change; one that it repeats comes once.
func Daily(hour, minute int) Schedule {
	s := Hourly(minute)
	s.every, s.hour = daily, hour
	return s
}

// Hourly is once an hour, at a minute of the hours of UTC.
func Hourly(minute int) Schedule { return Schedule{minute: minute} }

// Often is several times an hour, always so many minutes apart, the full hour
// among them. It panics when the number does not divide 60.
func Often(minutes int) Schedule {
	if minutes < 1 || 60%minutes != 0 {
		panic(fmt.Sprintf("job: %d minutes do not divide an hour", minutes))
	}
	return Schedule{every: often, minute: minutes}
}

// In gives the schedule in a time zone instead of UTC.
func (s Schedule) In(zone *time.Location) Schedule {
	s.zone = zone
	return s
}

// Spread adds a jitter: up to, but less than, the given duration and never
// more than the schedule's period. The seed is what differs between those who
// should not all come at once.
func (s Schedule) Spread(jitter time.Duration, seed string) Schedule {
	s.jitter, s.seed = max(0, min(jitter, s.length())), seed
	return s
}

// length is the schedule's period, an hour short for the changes of clocks.
func (s Schedule) length() time.Duration {
	switch s.every {
	case monthly:
		return (28*24 - 1) * time.Hour
	case weekly:
		return (7*24 - 1) * time.Hour
	case daily:
		return 23 * time.Hour
	case often:
		return s.apart()
	default:
		return time.Hour
	}
}

// apart is what lies between two times of a schedule that comes round often.
func (s Schedule) apart() time.Duration { return time.Duration(s.minute) * time.Minute }

// String is the schedule in words: "weekly, Monday 03:00, jitter 1h0m0s".
func (s Schedule) String() string {
	text := fmt.Sprintf("hourly, minute %02d", s.minute)
	switch s.every {
	case monthly:
		text = fmt.Sprintf("monthly, day %d %02d:%02d", s.date, s.hour, s.minute)
	case weekly:
		text = fmt.Sprintf("weekly, %s %02d:%02d", s.day, s.hour, s.minute)
	case daily:
		text = fmt.Sprintf("daily, %02d:%02d", s.hour, s.minute)
	case often:
		text = fmt.Sprintf("every %d minutes", s.minute)
	case hourly:
	}
	if s.zone != nil {
		text += " " + s.zone.String()
	}
	if s.jitter > 0 {
		text += fmt.Sprintf(", jitter %v", s.jitter)
	}
	return text
}

// Next is the first time after the given one at which the schedule comes round.
func (s Schedule) Next(after time.Time) time.Time {
	zone := s.zone
	if zone == nil {
		zone = time.UTC
	}
	// What is still to come may belong to a time whose jitter has begun. The
	// step before that is there for days that are not 24 hours long.
	from := after.Add(-s.jitter).In(zone)
	for step := -1; ; step++ {
		at, ok := s.slot(from, step)
		if !ok {
			continue
		}
		if at = at.Add(s.shift(at)); at.After(after) {
			return at
		}
	}
}

// slot is the schedule's time in a part of an hour, an hour, on a day or in a
// month so many steps after that of from, without jitter; false when it does not
// come round then.
func (s Schedule) slot(from time.Time, step int) (time.Time, bool) {
	if s.every == often {
		return from.Truncate(s.apart()).Add(time.Duration(step) * s.apart()), true
	}
	if s.every == hourly {
		return from.Truncate(time.Hour).Add(time.Duration(step)*time.Hour + time.Duration(s.minute)*time.Minute), true
	}
	year, month, day := from.Date()
	if s.every == monthly {
		last := time.Date(year, month+time.Month(step)+1, 0, 12, 0, 0, 0, from.Location())
		return time.Date(year, month+time.Month(step), min(s.date, last.Day()), s.hour, s.minute, 0, 0, from.Location()), true
	}
	noon := time.Date(year, month, day+step, 12, 0, 0, 0, from.Location())
	if s.every == weekly && noon.Weekday() != s.day {
		return time.Time{}, false
	}
	return time.Date(year, month, day+step, s.hour, s.minute, 0, 0, from.Location()), true
}

// shift is the jitter of one time, in whole seconds.
func (s Schedule) shift(at time.Time) time.Duration {
	if s.jitter == 0 {
		return 0
	}
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\n%d", s.seed, at.Unix())                              //nolint:errcheck // a hash takes everything
	return time.Duration(sum.Sum64() % uint64(s.jitter)).Truncate(time.Second) //nolint:gosec // less than the jitter
}
