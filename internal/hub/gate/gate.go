package gate

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/ratelimit"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
)

// Access is what the routes for agents ask for: the token of a connection.
const Access = "connect"

const (
	// strangersAnHour is how many calls for a token one address of the network
	// may make in vain, and strangersKnown how many addresses are told apart.
	strangersAnHour = 600
	strangersKnown  = 10_000
)

// Config is what a gate is made of.
type Config struct {
	Hub *hub.Service
	// Sentences are the English ones, for agents that do not know a code.
	Sentences *i18n.Catalogue
	// Spool keeps usage files while they are taken in.
	Spool *spool.Spool
	Now   func() time.Time
	// Refused is told of every refusal: which route, and the key of the sentence.
	// Nil: nobody is.
	Refused func(route, code string)
}

// Gate answers agents. It is safe for concurrent use.
type Gate struct {
	hub       *hub.Service
	sentences *i18n.Catalogue
	spool     *spool.Spool
	strangers *ratelimit.Limiter
	count     func(route, code string)
}

// New makes a gate.
func New(c Config) *Gate {
	if c.Refused == nil {
		c.Refused = func(string, string) {}
	}
	return &Gate{
		hub: c.Hub, sentences: c.Sentences, spool: c.Spool, strangers: ratelimit.New(strangersAnHour, strangersKnown, c.Now), count: c.Refused,
	}
}

// Mine says that a path is a gate's.
func Mine(path string) bool {
	return path == connect.Prefix || strings.HasPrefix(path, connect.Prefix+"/")
}

// Routes are everything that agents can call. The calls of OAuth take nothing
// from the rate of an address, behind which many agents may be: they have rates
// of their own.
func (g *Gate) Routes() []web.Route {
	usage := agents(http.MethodPost, connect.PathUsage, "usage", g.usage)
	usage.MaxBody = g.spool.Most()
	all := []web.Route{
		{Method: http.MethodPost, Pattern: connect.PathAuthorize, Name: "connect-device-authorization", Unmetered: true, MaxBody: maxForm, Handler: g.oauth("connect-device-authorization", g.authorize)},
		{Method: http.MethodPost, Pattern: connect.PathToken, Name: "connect-token", Unmetered: true, MaxBody: maxForm, Handler: g.oauth("connect-token", g.token)},
		usage,
		agents(http.MethodGet, connect.PathUsage+"/{upload}", "receipt", g.receipt),
		agents(http.MethodPut, connect.PathRecord, "record", g.record),
		agents(http.MethodGet, connect.PathRequests, "requests", g.requests),
		agents(http.MethodPost, connect.PathRequests+"/{request}", "answer-request", g.answer),
		agents(http.MethodPost, connect.PathKey, "key", g.key),
		agents(http.MethodDelete, connect.PathConnection, "end", g.end),
	}
	for i := range all {
		all[i].Handler = g.counted(all[i].Name, all[i].Handler)
	}
	return all
}

// counted tells of what a handler refuses.
func (g *Gate) counted(route string, handler web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return g.refused(route, handler(w, r)) }
}

// refused tells of a refusal that has a sentence, and gives it back.
func (g *Gate) refused(route string, err error) error {
	if code := keyOf(err); code != "" {
		g.count(route, code)
	}
	return err
}

// agents is a route for agents that have a token.
func agents(method, pattern, name string, handler web.Handler) web.Route {
	return web.Route{Method: method, Pattern: pattern, Name: "connect-" + name, Access: []string{Access}, Handler: handler}
}

type agentKey struct{}

// agentOf is the connection whose agent asks; Authorize has let it in.
func agentOf(ctx context.Context) *hub.Connection {
	c, _ := ctx.Value(agentKey{}).(*hub.Connection)
	return c
}

// Authorize lets in the agent of a connection, for [web.Config] and the routes
// of this package. Unauthenticated without a token, or with one that has ended;
// Forbidden when the connection has.
func (g *Gate) Authorize(r *http.Request, route web.Route) (*http.Request, error) {
	c, err := g.hub.AuthenticateAgent(r.Context(), bearer(r))
	if err != nil {
		return nil, g.refused(route.Name, err)
	}
	event := web.Event(r.Context())
	event.Actor, event.Caller, event.Enterprise = c.Actor(), c.ID, c.Enterprise
	return r.WithContext(context.WithValue(r.Context(), agentKey{}, c)), nil
}

// bearer is the token of a request; empty when there is none.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// address is that of this hub, as agents sign it.
func address(r *http.Request) (string, error) { return connect.Address(web.URL(r, "", nil)) }

// sentence is why something was refused, in every way that an agent can say it.
func (g *Gate) sentence(s *hub.Refusal) *connect.Sentence {
	if s == nil {
		return nil
	}
	pairs := make([]any, 0, 2*len(s.Args))
	for name, value := range s.Args {
		pairs = append(pairs, name, value)
	}
	return &connect.Sentence{Code: s.Key, Args: s.Args, Detail: g.sentences.T(s.Key, pairs...)}
}

func badBody(err error) error {
	return web.WithStatus(http.StatusBadRequest, errs.Wrap(errs.Invalid, err, "hub.bad_call"))
}
