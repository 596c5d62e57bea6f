package web

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// body reads a request's body: at most so many bytes, for as long as they keep
// coming. Waiting spends patience and bytes earn it back, up to
// [Limits.Patience], so a body that moves at [Limits.Pace] is never cut off
// and one that stands still is.
type body struct {
	source  io.ReadCloser
	control *http.ResponseController
	limits  Limits
	event   *RequestEvent
	left    time.Duration // of patience
	ended   bool          // it was read to its end
}

func newBody(w http.ResponseWriter, source io.ReadCloser, control *http.ResponseController, most int64, l Limits, e *RequestEvent) *body {
	// MaxBytesReader asks net/http's own writer to close the connection.
	return &body{source: http.MaxBytesReader(w, source, most), control: control, limits: l, event: e, left: l.Patience}
}

// Read gives an error with a sentence when there is no more to come of a body
// that is not whole.
func (b *body) Read(p []byte) (int, error) {
	begun := time.Now()
	b.deadline(begun.Add(b.left))
	n, err := b.source.Read(p)
	b.event.BytesIn += int64(n)
	b.left = max(0, min(b.left-time.Since(begun)+b.limits.worth(n), b.limits.Patience))
	// At the end of a body net/http waits for the asker to leave: a deadline
	// left behind would look like that.
	b.deadline(time.Time{})
	b.ended = errors.Is(err, io.EOF)
	return n, b.explain(err)
}

// Close ends reading; net/http closes the connection's side of it.
func (b *body) Close() error { return b.source.Close() }

// finish bounds how long net/http looks for the rest of a body that nobody
// read.
func (b *body) finish() {
	if !b.ended {
		b.deadline(time.Now().Add(b.left))
	}
}

// deadline has no error worth looking at: a connection without deadlines is
// that of a test, and a closed one shows at the next read.
func (b *body) deadline(t time.Time) { _ = b.control.SetReadDeadline(t) }

func (b *body) explain(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	if over, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(err, over.Limit)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return WithStatus(http.StatusRequestTimeout, errs.Wrap(errs.Unavailable, err, "web.body_stalled", "Pace", b.limits.Pace))
	}
	return WithStatus(http.StatusBadRequest, errs.Wrap(errs.Unavailable, err, "web.body_cut_off"))
}

func tooLarge(cause error, most int64) error {
	return errs.Wrap(errs.TooLarge, cause, "web.body_too_large", "Bytes", most)
}
