package web

import (
	"context"
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
	// Style is the route's.
	Style Style
	// Started is when the request's head had been read.
	Started time.Time
	// Status is that of the answer, 0 when none was begun.
	Status int
	// BytesIn and BytesOut are what was read of the body, and written of the
	// answer's.
	BytesIn, BytesOut int64

	// Actor is who asks, as logs name them. The authorizer sets it.
	Actor string
	// Enterprise is the number of the enterprise the request is about, 0 none.
	Enterprise int64
	// Caller is whose rate the request counts against: something that stays
	// the same from request to request, such as a token's id. The authorizer
	// sets it; without one, the network address counts.
	Caller string

	// Kind and Cause are the refusal's; Cause is nil when there is none.
	Kind  errs.Kind
	Cause error
}

// Event is the event of a request that came through an [App]. For any other
// context it is one that nobody looks at.
func Event(ctx context.Context) *RequestEvent {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return &v.event
	}
	return &RequestEvent{}
}
