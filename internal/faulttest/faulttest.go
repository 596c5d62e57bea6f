// Package faulttest stands between two programs in a test and does to their
// connections what networks do: cuts them in the middle, slows them down, and
// loses answers that were given.
//
// It works on TCP and knows nothing of what passes. It is for tests alone. Start
// with [Start].
package faulttest

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Fault is what happens to one connection. The zero value: nothing.
type Fault struct {
	// CutUp and CutDown end the connection after so many bytes towards the
	// target, or back; 0: never.
	CutUp, CutDown int64
	// Swallow ends the connection when the target begins to answer: it has all
	// that was sent, and nobody learns of it.
	Swallow bool
	// Refuse ends the connection before anything passes.
	Refuse bool
	// Rate is how many bytes pass in a second, each way; 0: as many as come.
	Rate int
}

// Proxy passes connections on to a target.
type Proxy struct {
	listener net.Listener
	mu       sync.Mutex
	target   string
	next     []Fault // of the connections to come
	always   Fault   // of those behind
	open     map[net.Conn]struct{}
	seen     int
}

// Start starts a proxy, which ends with the test. The target is host:port, and may
// be set later.
func Start(t *testing.T, target string) *Proxy {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: listener, target: target, open: map[net.Conn]struct{}{}}
	ended := make(chan struct{})
	ctx := t.Context()
	go func() {
		defer close(ended)
		p.accept(ctx)
	}()
	t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
		p.Cut()
		<-ended
	})
	return p
}

// Address is where the proxy listens: host:port.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Lead sets the target.
func (p *Proxy) Lead(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Next sets what happens to the next connections, one after the other, and ends
// those that are open, so that the next call makes one. Connections behind them
// have no fault.
func (p *Proxy) Next(faults ...Fault) {
	p.mu.Lock()
	p.next, p.always = faults, Fault{}
	p.mu.Unlock()
	p.Cut()
}

// Always sets what happens to every connection from now on.
func (p *Proxy) Always(f Fault) {
	p.mu.Lock()
	p.next, p.always = nil, f
	p.mu.Unlock()
	p.Cut()
}

// Seen is how many connections there were.
func (p *Proxy) Seen() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// Cut ends every open connection.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		reset(c)
	}
}

func (p *Proxy) accept(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		all.Go(func() { p.pass(ctx, c) })
	}
}

// begin notes a connection and gives what will happen to it.
func (p *Proxy) begin(c net.Conn) (Fault, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = struct{}{}
	p.seen++
	if len(p.next) == 0 {
		return p.always, p.target
	}
	f := p.next[0]
	p.next = p.next[1:]
	return f, p.target
}

func (p *Proxy) end(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

func (p *Proxy) pass(ctx context.Context, client net.Conn) {
	f, target := p.begin(client)
	defer p.end(client)
	defer reset(client)
	if f.Refuse {
		return
	}
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", target)
	if err != nil {
		return
	}
	defer reset(server)
	both := func() { reset(client); reset(server) }
	var ways sync.WaitGroup
	ways.Go(func() { move(server, client, f.CutUp, f.Rate, false); both() })
	ways.Go(func() { move(client, server, f.CutDown, f.Rate, f.Swallow); both() })
	ways.Wait()
}

// step is how often a slow connection moves.
const step = 50 * time.Millisecond

// move copies until the bytes it may copy are gone.
func move(to io.Writer, from io.Reader, limit int64, rate int, swallow bool) {
	buffer := make([]byte, 32<<10)
	if rate > 0 {
		buffer = buffer[:max(1, rate*int(step)/int(time.Second))]
	}
	for left := limit; ; {
		n, err := from.Read(buffer)
		if swallow && n > 0 {
			return
		}
		if limit > 0 && int64(n) >= left {
			_, _ = to.Write(buffer[:left]) // it is cut behind them anyway
			return
		}
		left -= int64(n)
		if _, wrong := to.Write(buffer[:n]); errors.Join(err, wrong) != nil {
			return
		}
		if rate > 0 {
			time.Sleep(step) //nolint:forbidigo // the line is slow, nobody waits for a time
		}
	}
}

// reset ends a connection at once, as a broken line does.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // else it ends more politely
	}
	_ = c.Close() // it may have ended
}
