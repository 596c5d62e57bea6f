package web

import (
	"context"
	"net/http"
	"sync"
)

// running counts the handlers that run. [http.Server.Close] does not wait for
// them, and what they use must not be closed under them.
type running struct {
	handler http.Handler

	mutex sync.Mutex
	n     int
	idle  chan struct{} // closed while n is 0
}

func newRunning(h http.Handler) *running {
	idle := make(chan struct{})
	close(idle)
	return &running{handler: h, idle: idle}
}

func (r *running) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.begin()
	defer r.end()
	r.handler.ServeHTTP(w, request)
}

func (r *running) begin() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.n == 0 {
		r.idle = make(chan struct{})
	}
	r.n++
}

func (r *running) end() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.n--
	if r.n == 0 {
		close(r.idle)
	}
}

func (r *running) count() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.n
}

// wait returns when nothing runs or ctx ends.
func (r *running) wait(ctx context.Context) {
	r.mutex.Lock()
	idle := r.idle
	r.mutex.Unlock()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}
