// Package ratelimit counts what somebody does, so many times an hour, in
// memory that does not grow with how many there are.
//
// It deliberately refuses nobody and knows no request: [Limiter.Take] says
// where a key stands, and what that means is the caller's affair. Counts are
// those of one process, and gone with it.
package ratelimit

import (
	"container/list"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter gives each key so many times an hour. It remembers a bounded number
// of keys; whoever has been quiet longest is forgotten first, and begins anew.
// It is safe for concurrent use.
type Limiter struct {
	perHour, most int
	now           func() time.Time

	mutex  sync.Mutex
	places map[string]*list.Element // of *bucket
	recent *list.List               // latest first
}

type bucket struct {
	key  string
	rate *rate.Limiter
}

// New makes a limiter that gives perHour times an hour, which may be used up
// at once and fill up evenly, to each of the most keys seen last. Both are at
// least 1.
func New(perHour, most int, now func() time.Time) *Limiter {
	return &Limiter{perHour: perHour, most: most, now: now, places: map[string]*list.Element{}, recent: list.New()}
}

// Standing is where a key stands after a time.
type Standing struct {
	Limit, Remaining int
	Reset            time.Time // when all is given back
	Retry            int       // seconds until the next is allowed; 0: this one was
}

// Take counts one time of a key.
func (l *Limiter) Take(key string) Standing {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now()
	r := l.bucket(key).rate
	allowed := r.AllowN(now, 1)
	left := r.TokensAt(now)
	s := Standing{Limit: l.perHour, Remaining: max(0, int(left)), Reset: now.Add(l.refill(float64(l.perHour) - left))}
	if !allowed {
		s.Remaining, s.Retry = 0, max(1, int(math.Ceil(l.refill(1-left).Seconds())))
	}
	return s
}

// refill is how long it takes to give back so many times.
func (l *Limiter) refill(times float64) time.Duration {
	return time.Duration(times / float64(l.perHour) * float64(time.Hour))
}

func (l *Limiter) bucket(key string) *bucket {
	if place, ok := l.places[key]; ok {
		l.recent.MoveToFront(place)
		return place.Value.(*bucket)
	}
	if l.recent.Len() >= l.most {
		oldest := l.recent.Back()
		delete(l.places, l.recent.Remove(oldest).(*bucket).key)
	}
	b := &bucket{key, rate.NewLimiter(rate.Limit(float64(l.perHour)/time.Hour.Seconds()), l.perHour)}
	l.places[key] = l.recent.PushFront(b)
	return b
}
