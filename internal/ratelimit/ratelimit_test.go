package ratelimit_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/ratelimit"
)

var morning = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func TestEachKeyHasItsOwnTimes(t *testing.T) {
	t.Parallel()
	now := morning
	l := ratelimit.New(3, 10, func() time.Time { return now })
	for _, left := range []int{2, 1, 0} {
		if s := l.Take("ada"); s.Retry != 0 || s.Remaining != left || s.Limit != 3 {
			t.Errorf("got %+v, want %d left", s, left)
		}
	}
	s := l.Take("ada")
	if s.Retry != 20*60 || s.Remaining != 0 || !s.Reset.Equal(morning.Add(time.Hour)) {
		t.Errorf("got %+v", s)
	}
	if s := l.Take("grace"); s.Retry != 0 {
		t.Errorf("grace: %+v", s)
	}
	now = now.Add(20 * time.Minute)
	if s := l.Take("ada"); s.Retry != 0 || s.Remaining != 0 {
		t.Errorf("after twenty minutes: %+v", s)
	}
	if s := l.Take("ada"); s.Retry == 0 {
		t.Errorf("twice after twenty minutes: %+v", s)
	}
}

// TestTheQuietestIsForgotten: of more keys than are remembered, the one that
// was used last keeps its count.
func TestTheQuietestIsForgotten(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(2, 10, func() time.Time { return morning })
	l.Take("quiet")
	l.Take("quiet")
	l.Take("busy")
	for i := range 20 {
		l.Take(strconv.Itoa(i))
		if i%5 == 0 {
			l.Take("busy")
		}
	}
	if s := l.Take("busy"); s.Retry == 0 {
		t.Errorf("busy was forgotten: %+v", s)
	}
	if s := l.Take("quiet"); s.Retry != 0 {
		t.Errorf("quiet was remembered: %+v", s)
	}
}
