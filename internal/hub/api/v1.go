package api

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
)

// v1 is our own surface. Its routes, its description for programs and its page
// for people come from one list of calls.
type v1 struct {
	hub       *hub.Service
	desk      *signin.Desk
	sentences *i18n.Catalogue
	spool     *spool.Spool
	now       func() time.Time
	calls     []call
	document  *huma.OpenAPI
	handlers  map[string]web.Handler
}

// call is one line of the surface: what can be asked, by whom, and what it says
// about itself.
type call struct {
	Method, Path, Name string
	Access             []string
	Tag                string
	// Summary says in a few words what it does, Text what else has to be known.
	Summary, Text string
	// MaxBody is as a route's. 0: the call takes no file.
	MaxBody int64
	// Body describes what is uploaded; Run reads it from the request.
	Body *huma.RequestBody
	// Run answers it. Where Plain does, Describe says what of it the rest does
	// not.
	Run      operation
	Plain    web.Handler
	Describe func(*huma.Operation)
}

func newV1(c Config) *v1 {
	v := &v1{hub: c.Hub, desk: c.Desk, sentences: c.Sentences, spool: c.Spool, now: c.Now}
	v.calls = v.list()
	v.document, v.handlers = describe(c.Version, v.calls)
	return v
}

// list is every call, by resource.
func (v *v1) list() []call {
	var out []call
	for _, resource := range [][]call{
		v.enterpriseCalls(), v.resultCalls(), v.peopleCalls(), v.uploadCalls(), v.receiveCalls(), v.instanceCalls(), v.cloudListCalls(),
		v.connectCalls(), v.enrolmentCalls(), v.tokenCalls(), v.auditCalls(), v.contractCalls(), v.worklistCalls(),
	} {
		out = append(out, resource...)
	}
	return out
}

// routes are the calls as routes, and where they are described.
func (v *v1) routes() []web.Route {
	var out []web.Route
	for _, c := range v.calls {
		handler := c.Plain
		if handler == nil {
			handler = v.handlers[c.Name]
		}
		out = append(out, web.Route{
			Method: c.Method, Pattern: c.Path, Name: c.Name, Access: c.Access, Style: web.StyleProblem, MaxBody: c.MaxBody, Handler: handler,
		})
	}
	return append(out, v.documentRoutes()...)
}

// sentence is a sentence of the catalogue.
func (v *v1) sentence(key string, args map[string]any) string {
	pairs := make([]any, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	return v.sentences.T(key, pairs...)
}

// InEnterprise is the part of every path. Who may see the enterprise was
// decided before. huma reads no parameters of types that are not exported.
type InEnterprise struct {
	Enterprise string `path:"enterprise" maxLength:"64" doc:"Slug or number of the enterprise." example:"acme"`
}

// Paged asks for a page of a list that goes on behind a place.
type Paged struct {
	PerPage int `query:"per_page" default:"30" minimum:"1" maximum:"100" doc:"Entries of a page."`
}

// Linked is the header that leads to the next page.
type Linked struct {
	Link string `header:"Link" doc:"The next page, as rel=\"next\"; absent on the last one."`
}

// nextPage links to the same call with some parameters changed, name and value
// in turn.
func nextPage(ctx context.Context, changed ...string) Linked {
	r := outcomeOf(ctx).request
	query, _ := url.ParseQuery(r.URL.RawQuery)
	for i := 0; i+1 < len(changed); i += 2 {
		query.Set(changed[i], changed[i+1])
	}
	return Linked{Link: "<" + web.URL(r, r.URL.Path, query) + `>; rel="next"`}
}

// admins are the scopes that change.
func admins() []string { return scopes(signin.AdminEnterprise) }

// numberIn is the number that a path names; NotFound for any other text.
func numberIn(text, key, name string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, errs.New(errs.NotFound, key, name, text)
	}
	return n, nil
}

// location is where a resource of an enterprise can be asked for.
func location(ctx context.Context, path ...string) string {
	parts := append([]string{"/api/v1/enterprises", askerOf(ctx).About.Slug}, path...)
	return web.URL(outcomeOf(ctx).request, strings.Join(parts, "/"), nil)
}
