package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// RequestEvent is what is known about a request so far. It becomes the one
// line of the access log. It has neither the path nor the query as asked for,
// nor anybody's address: those can name people. Only the goroutine of the
// request writes it.
type RequestEvent struct {
	// RequestID is the answer's X-Request-Id, so that a person can name the
	// line that is about them.
	RequestID string
	// Method is the method; "other" when it is none of HTTP's own.
	Method string
	// Pattern is the route's pattern, "" for a path that no route has.
	Pattern string
	// Started is when the request's head had been read.
	Started time.Time
	// Status is that of the answer, 0 when none was begun; [StatusGone] when
	// nobody waited for it.
	Status int
	// BytesIn and BytesOut are what was read of the body, and written of the
	// answer's.
	BytesIn, BytesOut int64

	// Actor is who asks, as logs name them. The authorizer sets it.
	Actor string
	// Enterprise is the number of the enterprise the request is about, 0 none.
	// The authorizer sets it.
	Enterprise int64
	// Caller is whose rate the request counts against: something that stays
	// the same from request to request, such as a token's id. The authorizer
	// sets it; without one, the network address counts.
	Caller string

	// Kind and Cause are the refusal's; Cause is nil when there is none.
	Kind  errs.Kind
	Cause error
}

// StatusGone is the status of a request whose asker left before the answer. It
// stands in logs and metrics only.
const StatusGone = 499

// Event is the event of a request that came through an [App]. For any other
// context it is one that nobody looks at.
func Event(ctx context.Context) *RequestEvent {
	if v := visitOf(ctx); v != nil {
		return &v.event
	}
	return &RequestEvent{}
}

// refused notes why the request is refused.
func (e *RequestEvent) refused(err error) { e.Kind, e.Cause = kindOf(err), err }

// level is error when somebody has to act, and warn when somebody will have
// to if it goes on.
func (e *RequestEvent) level() slog.Level {
	switch {
	case e.Cause == nil || e.Status == StatusGone:
		return slog.LevelInfo
	case e.Kind == errs.Internal:
		return slog.LevelError
	case e.Status >= http.StatusInternalServerError:
		return slog.LevelWarn
	default:
		return slog.LevelInfo
	}
}

func (e *RequestEvent) attrs(took time.Duration) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("request_id", e.RequestID),
		slog.String("method", e.Method),
		slog.String("route", e.Pattern),
		slog.Int("status", e.Status),
		slog.Duration("duration", took),
		slog.Int64("bytes_in", e.BytesIn),
		slog.Int64("bytes_out", e.BytesOut),
	}
	if e.Actor != "" {
		attrs = append(attrs, slog.String("actor", e.Actor))
	}
	if e.Enterprise != 0 {
		attrs = append(attrs, slog.Int64("enterprise", e.Enterprise))
	}
	if e.Cause != nil {
		attrs = append(attrs, slog.String("error_kind", e.Kind.String()), slog.String("cause", errs.Text(e.Cause)))
	}
	return attrs
}

// methodName keeps what askers make up out of logs and metrics.
func methodName(method string) string {
	known := []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
	}
	if slices.Contains(known, method) {
		return method
	}
	return "other"
}
