package web

import "time"

// Limits bound what one asker can cost. Zero values are the defaults.
type Limits struct {
	// PerCaller is how many requests an hour one caller may make, 0 15,000 (as
	// GitHub gives an enterprise); PerAddress the same for a network address
	// that nobody vouches for, 0 600. Both may be used up at once and fill up
	// evenly.
	PerCaller, PerAddress int
	// Remembered is how many callers, and how many addresses, are told apart,
	// 0 100,000. Beyond that, those who have been quiet longest are forgotten.
	Remembered int
	// Patience is how long a body may stand still, 0 90 seconds. A TLS record
	// has up to 16 KiB and is seen whole or not at all, so anything under 64
	// seconds would cut off askers that keep to the slowest Pace.
	Patience time.Duration
	// Pace is the bytes a second at which a body is never cut off, however
	// long it takes, 0 256.
	Pace int64
}

func (l Limits) withDefaults() Limits {
	if l.PerCaller <= 0 {
		l.PerCaller = 15000
	}
	if l.PerAddress <= 0 {
		l.PerAddress = 600
	}
	if l.Remembered <= 0 {
		l.Remembered = 100_000
	}
	if l.Patience <= 0 {
		l.Patience = 90 * time.Second
	}
	if l.Pace <= 0 {
		l.Pace = 256
	}
	return l
}

// worth is how much patience n bytes earn.
func (l Limits) worth(n int) time.Duration {
	return time.Duration(n) * time.Second / time.Duration(l.Pace)
}
