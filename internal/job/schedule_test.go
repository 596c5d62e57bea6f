package job_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/oneseat/oneseat/internal/job"
)

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestNext(t *testing.T) {
	t.Parallel()
	berlin := mustZone(t, "Europe/Berlin")
	for _, test := range []struct {
		schedule job.Schedule
		words    string
		after    string
		want     []string // one after the other
	}{
		{
			job.Weekly(time.Monday, 3, 0), "weekly, Monday 03:00",
			"2026-11-21T18:43:00Z",
			[]string{"2026-11-23T03:00:00Z", "2026-11-30T03:00:00Z"},
		},
		{
			job.Weekly(time.Monday, 3, 0), "weekly, Monday 03:00",
			"2026-11-23T03:00:00Z",
			[]string{"2026-11-30T03:00:00Z"}, // after, not at
		},
		{
			job.Weekly(time.Sunday, 0, 0), "weekly, Sunday 00:00",
			"2026-12-31T23:59:59Z",
			[]string{"2027-01-03T00:00:00Z"},
		},
		{
			job.Often(15), "every 15 minutes",
			"2026-11-21T18:43:00Z",
			[]string{"2026-11-21T18:45:00Z", "2026-11-21T19:00:00Z", "2026-11-21T19:15:00Z"},
		},
		{
			job.Often(60), "every 60 minutes",
			"2026-12-31T23:00:00Z",
			[]string{"2027-01-01T00:00:00Z"},
		},
		{
			job.Daily(23, 59), "daily, 23:59",
			"2026-02-28T23:59:00Z",
			[]string{"2026-03-01T23:59:00Z", "2026-03-02T23:59:00Z"},
		},
		{
			// The clocks go forward over 02:30, and back over it.
			job.Daily(2, 30).In(berlin), "daily, 02:30 Europe/Berlin",
			"2026-03-28T00:00:00Z",
			[]string{"2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"},
		},
		{
			job.Daily(2, 30).In(berlin), "daily, 02:30 Europe/Berlin",
			"2026-10-24T12:00:00Z",
			[]string{"2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
		},
		{
			job.Hourly(15), "hourly, minute 15",
			"2026-11-21T23:20:00Z",
			[]string{"2026-11-22T00:15:00Z", "2026-11-22T01:15:00Z"},
		},
		{
			job.Monthly(31, 3, 0), "monthly, day 31 03:00",
			"2026-12-31T02:00:00Z",
			[]string{"2026-12-31T03:00:00Z", "2027-01-31T03:00:00Z", "2027-02-28T03:00:00Z", "2027-03-31T03:00:00Z", "2027-04-30T03:00:00Z"},
		},
		{
			job.Monthly(1, 0, 0), "monthly, day 1 00:00",
			"2028-01-31T23:59:59Z",
			[]string{"2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"},
		},
		{
			job.Schedule{},
			"hourly, minute 00",
			"2026-11-21T23:20:00Z",
			[]string{"2026-11-22T00:00:00Z"},
		},
	} {
		if got := fmt.Sprint(test.schedule); got != test.words {
			t.Errorf("got %q, want %q", got, test.words)
		}
		at, err := time.Parse(time.RFC3339, test.after)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			at = test.schedule.Next(at)
			if got := at.UTC().Format(time.RFC3339); got != want {
				t.Errorf("%v after %s: got %s, want %s", test.schedule, test.after, got, want)
			}
		}
	}
}

func schedules() *rapid.Generator[job.Schedule] {
	return rapid.Custom(func(t *rapid.T) job.Schedule {
		minute, hour := rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 23).Draw(t, "hour")
		s := rapid.SampledFrom([]job.Schedule{
			job.Hourly(minute), job.Daily(hour, minute), job.Weekly(time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")), hour, minute),
			job.Monthly(rapid.IntRange(1, 31).Draw(t, "date"), hour, minute),
		}).Draw(t, "every")
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{
			"UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia",
		}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		jitter := time.Duration(rapid.Int64Range(0, int64(200*time.Hour)).Draw(t, "jitter"))
		return s.In(zone).Spread(jitter, rapid.StringN(0, 8, -1).Draw(t, "seed"))
	})
}

// TestEveryMomentHasOneNext: Next is after the moment, the same for every
// moment before it, and no further away than two periods.
func TestEveryMomentHasOneNext(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := schedules().Draw(t, "schedule")
		at := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at"))
		next := s.Next(at)
		if !next.After(at) {
			t.Fatalf("%v: %v is not after %v", s, next, at)
		}
		if next.Sub(at) > 60*24*time.Hour {
			t.Fatalf("%v: %v comes long after %v", s, next, at)
		}
		between := at.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(at))-1).Draw(t, "between")))
		if got := s.Next(between); !got.Equal(next) {
			t.Fatalf("%v: after %v comes %v, and after %v between them %v", s, at, next, between, got)
		}
	})
}

// TestAYearHasItsWeeks counts what comes round in a year: jitter and changes
// of the clocks neither add nor lose one.
func TestAYearHasItsWeeks(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for seed := range 3 {
		for want, s := range map[int]job.Schedule{
			12:       job.Monthly(30, 12, 0),
			52:       job.Weekly(time.Wednesday, 12, 0),
			365:      job.Daily(12, 0),
			365 * 24: job.Hourly(30),
		} {
			s = s.In(mustZone(t, "America/New_York")).Spread(25*time.Minute, fmt.Sprint(seed))
			n := 0
			for at := s.Next(begin); at.Before(begin.AddDate(1, 0, 0)); at = s.Next(at) {
				n++
			}
			if n != want {
				t.Errorf("%v: got %d, want %d", s, n, want)
			}
		}
	}
}

// TestSeedsSpread: a thousand agents with one schedule do not come at once.
func TestSeedsSpread(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	minutes := map[int]int{}
	for seed := range 1000 {
		at := job.Weekly(time.Monday, 3, 0).Spread(time.Hour, fmt.Sprint("server ", seed)).Next(begin)
		if at.Weekday() != time.Monday || at.Hour() != 3 {
			t.Fatalf("got %v", at)
		}
		minutes[at.Minute()]++
	}
	for minute := range 60 {
		if n := minutes[minute]; n == 0 || n > 50 {
			t.Errorf("minute %d: %d of 1000", minute, n)
		}
	}
}
