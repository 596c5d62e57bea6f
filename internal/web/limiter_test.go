package web_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/web"
)

// clock is set by hand.
type clock struct {
	mutex sync.Mutex
	time  time.Time
}

func newClock() *clock { return &clock{time: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.time
}

func (c *clock) pass(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.time = c.time.Add(d)
}

// byName takes the Authorization for the caller's name, and knows nobody
// called nobody.
func byName(r *http.Request, _ web.Route) (*http.Request, error) {
	name := r.Header.Get("Authorization")
	if name == "nobody" {
		return nil, errs.New(errs.Unauthenticated, "web.no_route")
	}
	web.Event(r.Context()).Caller = name
	return r, nil
}

// limited is a site with a guarded and an unmetered route.
func limited(t *testing.T, c *clock, l web.Limits) *site {
	t.Helper()
	guarded, probe := get("/", ok), get("/healthz", ok)
	guarded.Access, probe.Unmetered = []string{"read"}, true
	return serve(t, web.Config{Authorize: byName, Limits: l, Now: c.now}, guarded, probe, get("/public", ok))
}

func TestRatesAreSaidAndGivenBack(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := limited(t, c, web.Limits{PerCaller: 3600})
	ask := func() answer { return s.ask(t, http.MethodGet, "/", "", "Authorization", "nightly") }
	got := ask()
	mustEqual(t, got.header.Get("X-RateLimit-Limit"), "3600")
	mustEqual(t, got.header.Get("X-RateLimit-Remaining"), "3599")
	mustEqual(t, got.header.Get("X-RateLimit-Used"), "1")
	mustEqual(t, got.header.Get("X-RateLimit-Resource"), "core")
	mustEqual(t, got.header.Get("X-RateLimit-Reset"), strconv.FormatInt(c.now().Add(time.Second).Unix(), 10))
	c.pass(time.Second)
	mustEqual(t, ask().header.Get("X-RateLimit-Used"), "1")
}

func TestWhoAsksTooOftenWaits(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := limited(t, c, web.Limits{PerCaller: 2})
	ask := func(name string) answer { return s.ask(t, http.MethodGet, "/", "", "Authorization", name) }
	ask("nightly")
	ask("nightly")
	got := ask("nightly")
	mustEqual(t, got.status, http.StatusTooManyRequests)
	mustEqual(t, got.header.Get("Retry-After"), "1800")
	mustEqual(t, got.header.Get("X-RateLimit-Remaining"), "0")
	mustEqual(t, got.mustJSON(t)["detail"], any("API rate limit exceeded: more than 2 requests an hour. Ask again in 1,800 seconds."))
	mustEqual(t, ask("other").status, http.StatusOK)
	c.pass(1799 * time.Second)
	mustEqual(t, ask("nightly").status, http.StatusTooManyRequests)
	c.pass(time.Second)
	mustEqual(t, ask("nightly").status, http.StatusOK)
}

// TestBadTokensCountAgainstTheAddress, and not against whoever asks from there
// with a good one.
func TestBadTokensCountAgainstTheAddress(t *testing.T) {
	t.Parallel()
	s := limited(t, newClock(), web.Limits{PerAddress: 2})
	ask := func(path, name string) int { return s.ask(t, http.MethodGet, path, "", "Authorization", name).status }
	mustEqual(t, ask("/", "nobody"), http.StatusUnauthorized)
	mustEqual(t, ask("/", "nobody"), http.StatusUnauthorized)
	mustEqual(t, ask("/", "nobody"), http.StatusTooManyRequests)
	mustEqual(t, ask("/public", ""), http.StatusTooManyRequests)
	mustEqual(t, ask("/nowhere", ""), http.StatusTooManyRequests)
	mustEqual(t, ask("/", "nightly"), http.StatusOK)
	mustEqual(t, ask("/healthz", ""), http.StatusOK)
}

// TestTheLimiterForgets: the number of callers told apart is bounded, and the
// busy ones are kept.
func TestTheLimiterForgets(t *testing.T) {
	t.Parallel()
	s := limited(t, newClock(), web.Limits{PerCaller: 2, Remembered: 3})
	ask := func(name string) int { return s.ask(t, http.MethodGet, "/", "", "Authorization", name).status }
	ask("busy")
	ask("quiet")
	mustEqual(t, ask("busy"), http.StatusOK)
	ask("quiet")
	mustEqual(t, ask("quiet"), http.StatusTooManyRequests)
	for n := range 5 {
		ask(fmt.Sprint("stranger ", n))
		mustEqual(t, ask("busy"), http.StatusTooManyRequests)
	}
	mustEqual(t, ask("quiet"), http.StatusOK)
}
