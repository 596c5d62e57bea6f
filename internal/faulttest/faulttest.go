// Package faulttest stands between two programs in a test and does to their
// connections what networks do: cuts them in the middle, slows them down, loses
// answers that were given, and keeps what somebody could overhear.
//
// It works on TCP and changes nothing of what passes. It is for tests alone. Start
// with [Start].
package faulttest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
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
	// Asked ends the connection when a whole request of HTTP was given to the
	// target, before there is an answer, or while there is one: nobody hears it.
	Asked bool
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
	heard    [][]byte // by connection

	passed atomic.Int64
}

// What is kept of what passes: bytes of a connection, and connections.
const (
	keptBytes = 1 << 20
	kept      = 200
)

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

// Passed is how many bytes went towards the target so far.
func (p *Proxy) Passed() int64 { return p.passed.Load() }

// Heard is what was sent to the target so far, by connection, the first ones
// first: a mebibyte of each, of 200 connections.
func (p *Proxy) Heard() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([][]byte, 0, len(p.heard))
	for _, one := range p.heard {
		all = append(all, append([]byte(nil), one...))
	}
	return all
}

// ear keeps what passes to the target.
type ear struct {
	io.Writer

	p      *Proxy
	number int
}

// Write implements io.Writer.
func (e *ear) Write(b []byte) (int, error) {
	n, err := e.Writer.Write(b)
	e.p.passed.Add(int64(n))
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	if one := &e.p.heard[e.number]; e.number < kept && len(*one) < keptBytes {
		*one = append(*one, b[:n]...)
	}
	return n, err
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
func (p *Proxy) begin(c net.Conn) (f Fault, target string, number int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[c] = struct{}{}
	number = p.seen
	p.seen++
	p.heard = append(p.heard, nil)
	if len(p.next) == 0 {
		return p.always, p.target, number
	}
	f = p.next[0]
	p.next = p.next[1:]
	return f, p.target, number
}

func (p *Proxy) end(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

func (p *Proxy) pass(ctx context.Context, client net.Conn) {
	f, target, number := p.begin(client)
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
	up := &ear{server, p, number}
	if f.Asked {
		ways.Go(func() { moveRequest(up, client); both() })
	} else {
		ways.Go(func() { move(up, client, f.CutUp, f.Rate, false); both() })
		ways.Go(func() { move(client, server, f.CutDown, f.Rate, f.Swallow); both() })
	}
	ways.Wait()
}

// moveRequest copies a request of HTTP, and nothing behind it.
func moveRequest(to io.Writer, from io.Reader) {
	r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(from, to)))
	if err == nil {
		_, _ = io.Copy(io.Discard, r.Body) // it ended, one way or the other
	}
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
