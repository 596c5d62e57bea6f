package web

import (
	"net/http"
	"strconv"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/ratelimit"
)

// count takes the request from the rate of whoever asks, and says so in the
// headers as GitHub does.
func (v *visit) count() error {
	if v.route.Unmetered {
		return nil
	}
	var s ratelimit.Standing
	if v.event.Caller != "" {
		s = v.app.callers.Take(v.event.Caller)
	} else {
		s = v.app.addresses.Take(v.from.group())
	}
	writeStanding(v.reply.Header(), s)
	if s.Retry == 0 {
		return nil
	}
	err := errs.New(errs.RateLimited, "web.rate_limited", "Limit", s.Limit, "Count", s.Retry)
	return WithHeader(err, "Retry-After", strconv.Itoa(s.Retry))
}

func writeStanding(h http.Header, s ratelimit.Standing) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(s.Remaining))
	h.Set("X-RateLimit-Used", strconv.Itoa(s.Limit-s.Remaining))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(s.Reset.Unix(), 10))
	h.Set("X-RateLimit-Resource", "core")
}
