package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/ratelimit"
)

// Config is what an [App] is made of. Logger and Catalogue are needed; every
// other zero value is usable.
type Config struct {
	Logger *slog.Logger
	// Catalogue has the sentences of refusals. APIs speak English.
	Catalogue *i18n.Catalogue
	// Authorize decides whether the asker may use a route that has Access, and
	// gives the request on, with whoever asks in its context. It sets Actor,
	// Enterprise and Caller of [Event]. Its error is the answer.
	Authorize func(*http.Request, Route) (*http.Request, error)
	// Page writes a refusal for a person, for [StylePage]: p has the status
	// and the English texts, err is for choosing the reader's language. Nil
	// writes p as plain text.
	Page func(w http.ResponseWriter, r *http.Request, p *Problem, err error)
	// Fallback is the style for paths that no route has. Nil is
	// [StyleProblem] for all.
	Fallback func(path string) Style
	// ExternalURL is where askers reach this server: scheme, host and, where a
	// proxy strips one, a path. Nil takes it from each request.
	ExternalURL *url.URL
	// TrustedProxies may say who asks (X-Forwarded-For), whether they used TLS
	// (X-Forwarded-Proto) and what the request is called (X-Request-Id).
	// Nobody else is believed.
	TrustedProxies []netip.Prefix
	Limits         Limits
	// Registry takes the metrics of requests, and gives all it has at
	// /metrics. Nil makes one, with those of the process.
	Registry *prometheus.Registry
	// Now is the clock of rates and logs, nil the machine's.
	Now func() time.Time
}

// App is what every request passes on its way to a handler, and every answer
// on its way out. It is safe for concurrent use.
type App struct {
	config    Config
	callers   *ratelimit.Limiter
	addresses *ratelimit.Limiter
	origins   *http.CrossOriginProtection
	metrics   *metrics
	draining  atomic.Bool
}

// New makes an App. It refuses a Config without logger or catalogue, and an
// ExternalURL that is none.
func New(c Config) (*App, error) {
	if c.Logger == nil || c.Catalogue == nil {
		return nil, errors.New("web: a logger and a catalogue are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Limits = c.Limits.withDefaults()
	origins, err := crossOrigin(c.ExternalURL)
	if err != nil {
		return nil, err
	}
	measured, err := newMetrics(c.Registry)
	if err != nil {
		return nil, err
	}
	return &App{
		config:    c,
		callers:   ratelimit.New(c.Limits.PerCaller, c.Limits.Remembered, c.Now),
		addresses: ratelimit.New(c.Limits.PerAddress, c.Limits.Remembered, c.Now),
		origins:   origins,
		metrics:   measured,
	}, nil
}

// Registry is where others add their metrics to those at /metrics.
func (a *App) Registry() *prometheus.Registry { return a.metrics.registry }

// Drain makes /readyz say no, so that nobody sends new requests here. A
// [Server] calls it before it stops.
func (a *App) Drain() { a.draining.Store(true) }

// Mount adds routes to a mux. It panics for a route that cannot be served:
// without method or handler, with a pattern the mux does not take, or with
// Access when nobody authorizes.
func (a *App) Mount(mux *http.ServeMux, routes ...Route) {
	for _, route := range routes {
		switch {
		case route.Method == "" || route.Handler == nil:
			panic("web: route " + route.Pattern + " has no method or no handler")
		case len(route.Access) > 0 && a.config.Authorize == nil:
			panic("web: route " + route.Pattern + " has access, and nobody authorizes")
		}
		mux.Handle(route.Method+" "+route.Pattern, &mounted{a, route})
	}
}

// mounted is a route in a mux.
type mounted struct {
	app   *App
	route Route
}

func (m *mounted) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.app.serve(w, r, m.route) }

// Handler serves a mux of mounted routes, and refuses what no route has in the
// style of its path.
func (a *App) Handler(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch found, _ := mux.Handler(r); found.(type) {
		case *mounted:
			mux.ServeHTTP(w, r) // once more, for the values in the path
		default:
			a.serve(w, r, Route{Handler: unmatched(found), Style: a.fallback(r.URL.Path)})
		}
	})
}

func (a *App) fallback(path string) Style {
	if a.config.Fallback == nil {
		return StyleProblem
	}
	return a.config.Fallback(path)
}
