package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"

	"github.com/oneseat/oneseat/internal/errs"
)

// visit is one request on its way through an App.
type visit struct {
	app   *App
	route Route
	event RequestEvent
	from  origin
	reply *reply
	body  *body  // nil when the request has none
	stack []byte // of a panic
}

type visitKey struct{}

// visitOf is nil for a context that came through no App.
func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// serve is the whole way of a request.
func (a *App) serve(w http.ResponseWriter, r *http.Request, route Route) {
	a.metrics.begun()
	v := a.visit(w, r, route)
	r = v.request(r)
	a.headers(v)
	err := v.recovered(func() error { return v.answer(r) })
	whole := v.conclude(r, err)
	v.close()
	v.report(r.Context())
	if !whole {
		panic(http.ErrAbortHandler) // net/http's word for breaking the connection off
	}
}

// report writes the request's line and counts it.
func (v *visit) report(ctx context.Context) {
	took := v.app.config.Now().Sub(v.event.Started)
	v.app.metrics.ended(&v.event, took)
	attrs := v.event.attrs(took)
	if v.stack != nil {
		attrs = append(attrs, slog.String("stack", string(v.stack)))
	}
	v.app.config.Logger.LogAttrs(ctx, v.event.level(), "request", attrs...)
}

// visit gathers what is known before anybody was asked.
func (a *App) visit(w http.ResponseWriter, r *http.Request, route Route) *visit {
	v := &visit{app: a, route: route, from: a.origin(r)}
	v.event = RequestEvent{
		RequestID: v.from.requestID, Method: methodName(r.Method), Pattern: route.Pattern, Started: a.config.Now(),
	}
	control := http.NewResponseController(w)
	if r.Body != nil && r.Body != http.NoBody {
		v.body = newBody(w, r.Body, control, route.maxBody(), a.config.Limits, &v.event)
	}
	v.reply = &reply{
		ResponseWriter: w, control: control, limits: a.config.Limits, event: &v.event, body: v.body, readsOn: r.ProtoMajor < 2,
	}
	return v
}

func (v *visit) request(r *http.Request) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
	if v.body != nil {
		r.Body = v.body
	}
	return r
}

// answer asks everybody who may object, and then the handler.
func (v *visit) answer(r *http.Request) error {
	if err := v.app.origins.Check(r); err != nil {
		return errs.Wrap(errs.Forbidden, err, "web.cross_origin")
	}
	r, err := v.admit(r)
	if err != nil {
		return err
	}
	if most := v.route.maxBody(); r.ContentLength > most {
		return tooLarge(nil, most)
	}
	return v.route.Handler(v.reply, r)
}

// admit finds out who asks, and counts the request against their rate: a
// refused one too.
func (v *visit) admit(r *http.Request) (*http.Request, error) {
	asked := r
	refusal := readable(r)
	if refusal == nil && len(v.route.Access) > 0 {
		r, refusal = v.app.config.Authorize(r, v.route)
	}
	if err := v.count(); err != nil {
		return asked, err
	}
	if refusal != nil {
		return asked, refusal
	}
	return r, nil
}

// recovered turns a panic into an error. [http.ErrAbortHandler] stays what it
// is: a handler's wish to break the connection off.
func (v *visit) recovered(run func() error) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = http.ErrAbortHandler
		default:
			v.stack = debug.Stack()
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return run()
}

// conclude writes what the handler left to write. It gives false for an answer
// that cannot be made whole.
func (v *visit) conclude(r *http.Request, err error) bool {
	switch {
	case err == nil:
		if v.event.Status == 0 {
			v.reply.WriteHeader(http.StatusOK)
		}
		return true
	case errors.Is(err, http.ErrAbortHandler):
		return false
	case v.event.Status == 0 && !v.gone(r, err):
		v.refuse(v.reply, r, err)
		return true
	}
	v.event.refused(err)
	if v.gone(r, err) {
		v.event.Status = StatusGone
	}
	return false
}

// gone says that nobody waits for the answer any more, and that this is why
// there is none.
func (v *visit) gone(r *http.Request, err error) bool {
	return v.reply.lost || errors.Is(err, context.Canceled) && r.Context().Err() != nil
}

// close bounds what the server still reads and writes after the handler.
func (v *visit) close() {
	v.reply.finish()
	if v.body != nil {
		v.body.finish()
	}
}

// unmatched refuses what no route has. The mux answers such requests with a
// handler of its own, which knows whether the path or the method is wrong, or
// redirects to the clean path.
func unmatched(answer http.Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		heard := &hearing{header: http.Header{}}
		answer.ServeHTTP(heard, r)
		switch heard.status {
		case http.StatusNotFound:
			return noRoute(r)
		case http.StatusMethodNotAllowed:
			allowed := heard.header.Get("Allow")
			err := errs.New(errs.Invalid, "web.other_method", "Allowed", allowed)
			return WithHeader(WithStatus(heard.status, err), "Allow", allowed)
		}
		if to, err := url.Parse(heard.header.Get("Location")); err == nil && to.Path != "" {
			w.Header().Set("Location", URL(r, to.Path, to.Query()))
			w.WriteHeader(heard.status)
			return nil
		}
		answer.ServeHTTP(w, r)
		return nil
	}
}

// noRoute says that nothing has the path of a request, in GitHub's own words
// where it asks as GitHub's clients do, which compare them.
func noRoute(r *http.Request) error {
	if v := visitOf(r.Context()); v != nil && v.route.Style == StyleGitHub {
		return errs.New(errs.NotFound, "web.github_no_route")
	}
	return errs.New(errs.NotFound, "web.no_route")
}

// hearing is an answer that goes nowhere.
type hearing struct {
	header http.Header
	status int
}

func (h *hearing) Header() http.Header         { return h.header }
func (h *hearing) WriteHeader(status int)      { h.status = status }
func (h *hearing) Write(p []byte) (int, error) { return len(p), nil }
