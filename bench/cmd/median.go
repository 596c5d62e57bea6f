package main

import (
	"cmp"
	"slices"

	"github.com/oneseat/oneseat/bench/match"
	"github.com/oneseat/oneseat/bench/measure"
)

// median takes the median of each figure by itself; of an even number, the
// higher of the two in the middle.
func median(all []measure.Cost) measure.Cost {
	return measure.Cost{
		Seconds:    middle(all, func(c measure.Cost) float64 { return c.Seconds }),
		CPUSeconds: middle(all, func(c measure.Cost) float64 { return c.CPUSeconds }),
		IdleBytes:  middle(all, func(c measure.Cost) int64 { return c.IdleBytes }),
		PeakBytes:  middle(all, func(c measure.Cost) int64 { return c.PeakBytes }),
	}
}

func middle[N int64 | float64](all []measure.Cost, of func(measure.Cost) N) N {
	values := make([]N, 0, len(all))
	for _, c := range all {
		values = append(values, of(c))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func costs(all []match.Outcome) []measure.Cost {
	list := make([]measure.Cost, 0, len(all))
	for _, o := range all {
		list = append(list, o.Cost)
	}
	return list
}

func bySeconds(a, b measure.Cost) int { return cmp.Compare(a.Seconds, b.Seconds) }
