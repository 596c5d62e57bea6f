package connect

import (
	"fmt"
	"hash/fnv"
	"time"
)

// Retries is how often a run that failed is tried again before the next regular
// one: twelve times in about seventeen hours.
const Retries = 12

// Delays are the times between the attempts of a run.
func Delays() [Retries]time.Duration {
	const m = time.Minute
	return [Retries]time.Duration{1 * m, 2 * m, 5 * m, 10 * m, 20 * m, 40 * m, 60 * m, 90 * m, 120 * m, 180 * m, 240 * m, 255 * m}
}

// Delay is how long to wait after an attempt failed, the first being 1; false
// when it was the last. It is a tenth more or less for each seed, so that agents
// that failed together do not come back together. A hub that said how long to
// wait is not asked earlier.
func Delay(table []time.Duration, failed int, seed string, asked time.Duration) (time.Duration, bool) {
	if failed < 1 || failed > len(table) {
		return 0, false
	}
	base := table[failed-1]
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\n%d", seed, failed) //nolint:errcheck // a hash takes everything
	spread := base / 5
	shifted := base - base/10
	if spread > 0 {
		shifted += time.Duration(sum.Sum64() % uint64(spread)) //nolint:gosec // less than the spread
	}
	return max(shifted, min(asked, longestAsked)), true
}

// longestAsked is how long a hub can make an agent wait.
const longestAsked = time.Hour
