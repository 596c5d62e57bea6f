package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/oneseat/oneseat/internal/i18n"
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
	// Page writes a refusal for a person, for [StylePage]. The status is the
	// problem's; err is for choosing the reader's language. Nil writes the
	// problem as plain text.
	Page func(w http.ResponseWriter, r *http.Request, p *Problem, err error)
	// Fallback is the style for paths that no route has. Nil is
	// [StyleProblem] for all.
	Fallback func(path string) Style
	// ExternalURL is where askers reach this server, for links. Nil takes it
	// from each request.
	ExternalURL *url.URL
	// TrustedProxies may say who asks, by X-Forwarded-For, and name the
	// request, by X-Request-Id. Nobody else is believed.
	TrustedProxies []netip.Prefix
	Limits         Limits
	// Registry takes the metrics of requests, and gives all it has at
	// /metrics. Nil makes one.
	Registry *prometheus.Registry
	// Now is the clock, nil the machine's.
	Now func() time.Time
}

// App is what every request passes on its way to a handler, and every answer
// on its way out. It is safe for concurrent use.
type App struct{ config Config }

// New makes an App.
func New(c Config) (*App, error) { return &App{c}, nil }

// Mount adds routes to a mux. It panics for a route that cannot be served:
// without a handler, with a pattern the mux does not take, or with Access when
// nobody authorizes.
func (a *App) Mount(mux *http.ServeMux, routes ...Route) {}

// Handler serves a mux of mounted routes, and refuses what no route has in the
// style of its path.
func (a *App) Handler(mux *http.ServeMux) http.Handler { return mux }

// Operations are the routes of whoever runs the server: GET /healthz (the
// process answers), /readyz (all checks pass) and /metrics.
func (a *App) Operations(checks ...Check) []Route { return nil }

// Check is something a server needs before it can answer. Its name stands in
// the answer of /readyz; its error in the log alone.
type Check struct {
	Name string
	Run  func(context.Context) error
}

// URL is the address of a path of this server as the asker reaches it.
func URL(r *http.Request, path string, query url.Values) string { return "" }

// Fail answers with a refusal, for handlers that cannot return one.
func Fail(w http.ResponseWriter, r *http.Request, err error) {}

// Describe notes a refusal in the event of the request, and gives what the
// answer says, for handlers of libraries that write it themselves.
func Describe(r *http.Request, err error) *Problem { return nil }

// WithStatus gives err another status than its kind's.
func WithStatus(status int, err error) error { return nil }

// Invalid is a refusal that names every field that is wrong.
func Invalid(fields ...Field) error { return nil }

// Field is one wrong part of a request.
type Field struct {
	// Name is the field as the asker wrote it: "name", "settings.policy".
	Name string
	// Err says what is wrong with it, in a sentence of the catalogue.
	Err error
}

// Problem is what a refusal says.
type Problem struct {
	Type      string   `json:"type"`
	Title     string   `json:"title"`
	Status    int      `json:"status"`
	Detail    string   `json:"detail"`
	Errors    []Detail `json:"errors,omitempty"`
	RequestID string   `json:"request_id,omitempty"`
}

// Error is the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the status; with ContentType and GetHeaders, what huma asks of
// an error that it writes.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of the body, whatever the library would have said.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are the headers that go with the status.
func (p *Problem) GetHeaders() http.Header { return nil }

// Detail is one of several things that are wrong.
type Detail struct {
	Field  string `json:"field,omitempty"`
	Detail string `json:"detail"`
}

// Limits bound what one asker can cost.
type Limits struct {
	// PerCaller and PerAddress are requests an hour: of one caller, and of
	// one network address that nobody vouches for.
	PerCaller, PerAddress int
	// Patience and Pace.
	Patience time.Duration
	Pace     int
}

type visitKey struct{}

type visit struct{ event RequestEvent }
