package main

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/bench/match"
	"github.com/oneseat/oneseat/bench/measure"
)

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]size{"500": 500, "10k": 10_000, "1M": 1_000_000, "1500k": 1_500_000} {
		var got size
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%s: got %d, %v; want %d", text, int(got), err, int(want))
		}
	}
	for _, text := range []string{"", "k", "0", "-1k", "1m", "1.5M", "5000M"} {
		var got size
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	if got := size(2_500_000).String() + " " + size(3_000_000).String() + " " + size(1234).String(); got != "2500k 3M 1234" {
		t.Errorf("sizes print as %q", got)
	}
}

func outcome(seconds float64, peak int64, people int) match.Outcome {
	return match.Outcome{
		Cost:  measure.Cost{Seconds: seconds, CPUSeconds: 2 * seconds, PeakBytes: peak << 20},
		Tally: match.Tally{People: people},
	}
}

func TestComparisonIsOfMedians(t *testing.T) {
	t.Parallel()
	found := map[string][]match.Outcome{
		ours:     {outcome(9, 10, 7), outcome(1, 10, 7), outcome(2, 90, 7)},
		"DuckDB": {outcome(5, 40, 7), outcome(4, 40, 7), outcome(3, 40, 7)},
	}
	var out strings.Builder
	if err := printComparison(&out, 10_000, []string{ours, "DuckDB"}, found); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) < 4 {
		t.Fatalf("got\n%s", out.String())
	}
	want := "DuckDB 4.000 3.000 5.000 2.00 8.000 40 4.00"
	if got := strings.Join(strings.Fields(lines[3]), " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDifferentPeopleAreRefused(t *testing.T) {
	t.Parallel()
	found := map[string][]match.Outcome{
		ours:    {outcome(1, 1, 7), outcome(1, 1, 7)},
		"plain": {outcome(1, 1, 7), outcome(1, 1, 8)},
	}
	if err := differences(10, []string{ours}, found); err != nil {
		t.Errorf("equal tallies differ: %v", err)
	}
	err := differences(10, []string{ours, "plain"}, found)
	if err == nil || !strings.Contains(err.Error(), "run 2 of plain differ in people: 7 and 8") {
		t.Errorf("got %v", err)
	}
}
