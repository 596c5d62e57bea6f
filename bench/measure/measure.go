// Package measure says what a piece of work took: time, and peak memory.
//
// Memory is the peak of the whole process, so one process measures one thing
// and ends; bench/cmd starts a fresh one for each measurement. It deliberately
// repeats nothing and judges nothing.
package measure

import "time"

// Cost is what a piece of work took.
type Cost struct {
	Seconds float64 `json:"seconds"`
	// CPUSeconds is the time all cores spent on it: less disturbed by other
	// work on the machine than Seconds.
	CPUSeconds float64 `json:"cpu_seconds"`
	// IdleBytes is the most memory the process had held before it began,
	// PeakBytes the most it had held when it was done.
	IdleBytes int64 `json:"idle_bytes"`
	PeakBytes int64 `json:"peak_bytes"`
}

// Of does the work and says what it took; after an error the cost is zero.
func Of(work func() error) (Cost, error) {
	idle, err := PeakBytes()
	if err != nil {
		return Cost{}, err
	}
	cpu, start := cpuTime(), time.Now()
	if err := work(); err != nil {
		return Cost{}, err
	}
	cost := Cost{Seconds: time.Since(start).Seconds(), CPUSeconds: (cpuTime() - cpu).Seconds(), IdleBytes: idle}
	if cost.PeakBytes, err = PeakBytes(); err != nil {
		return Cost{}, err
	}
	return cost, nil
}
