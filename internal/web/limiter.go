package web

import (
	"container/list"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/oneseat/oneseat/internal/errs"
)

// limiter gives each key so many requests an hour. It remembers a bounded
// number of keys; whoever has been quiet longest is forgotten first, and
// begins anew.
type limiter struct {
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

func newLimiter(perHour, most int, now func() time.Time) *limiter {
	return &limiter{perHour: perHour, most: most, now: now, places: map[string]*list.Element{}, recent: list.New()}
}

// standing is where a key stands after a request.
type standing struct {
	limit, remaining int
	reset            time.Time // when all is given back
	retry            int       // seconds until the next is allowed; 0: this one was
}

// take counts one request of a key.
func (l *limiter) take(key string) standing {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now()
	r := l.bucket(key).rate
	allowed := r.AllowN(now, 1)
	left := r.TokensAt(now)
	s := standing{limit: l.perHour, remaining: max(0, int(left)), reset: now.Add(l.refill(float64(l.perHour) - left))}
	if !allowed {
		s.remaining, s.retry = 0, max(1, int(math.Ceil(l.refill(1-left).Seconds())))
	}
	return s
}

// refill is how long it takes to give back so many requests.
func (l *limiter) refill(requests float64) time.Duration {
	return time.Duration(requests / float64(l.perHour) * float64(time.Hour))
}

func (l *limiter) bucket(key string) *bucket {
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

// count takes the request from the rate of whoever asks, and says so in the
// headers as GitHub does.
func (v *visit) count() error {
	if v.route.Unmetered {
		return nil
	}
	var s standing
	if v.event.Caller != "" {
		s = v.app.callers.take(v.event.Caller)
	} else {
		s = v.app.addresses.take(v.from.group())
	}
	s.write(v.reply.Header())
	if s.retry == 0 {
		return nil
	}
	err := errs.New(errs.RateLimited, "web.rate_limited", "Limit", s.limit, "Count", s.retry)
	return WithHeader(err, "Retry-After", strconv.Itoa(s.retry))
}

func (s standing) write(h http.Header) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(s.remaining))
	h.Set("X-RateLimit-Used", strconv.Itoa(s.limit-s.remaining))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(s.reset.Unix(), 10))
	h.Set("X-RateLimit-Resource", "core")
}
