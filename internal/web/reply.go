package web

import (
	"net/http"
	"time"
)

// reply writes an answer and keeps count of it. Whoever reads the answer more
// slowly than [Limits.Pace], with [Limits.Patience] to spare, is cut off.
type reply struct {
	http.ResponseWriter
	control *http.ResponseController
	limits  Limits
	event   *RequestEvent
	body    *body // nil when the request has none
	lost    bool  // nobody takes the answer
	// readsOn says that net/http reads what is left of a small body before it
	// begins the answer: with HTTP/1. With HTTP/2 it does not, and a deadline
	// that has passed cannot be taken back.
	readsOn bool
}

// WriteHeader begins the answer. Headers of information (1xx) do not.
func (w *reply) WriteHeader(status int) {
	if status >= http.StatusOK && w.event.Status == 0 {
		w.event.Status = status
		if w.body != nil && w.readsOn {
			w.body.finish()
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the answer if need be, and goes on with it.
func (w *reply) Write(p []byte) (int, error) {
	if w.event.Status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.deadline(time.Now().Add(w.limits.Patience + w.limits.worth(len(p))))
	n, err := w.ResponseWriter.Write(p)
	w.deadline(time.Time{})
	w.event.BytesOut += int64(n)
	w.lost = w.lost || err != nil
	return n, err
}

// FlushError sends what is buffered.
func (w *reply) FlushError() error {
	if w.event.Status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.deadline(time.Now().Add(w.limits.Patience))
	err := w.control.Flush()
	w.deadline(time.Time{})
	w.lost = w.lost || err != nil
	return err
}

// Unwrap is for the rest of [http.ResponseController].
func (w *reply) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// finish bounds the writing of what is still buffered.
func (w *reply) finish() { w.deadline(time.Now().Add(w.limits.Patience)) }

// deadline has no error worth looking at, as body's.
func (w *reply) deadline(t time.Time) { _ = w.control.SetWriteDeadline(t) }
