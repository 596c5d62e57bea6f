package main

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	patience = time.Second            // what is done sooner shows no progress
	redraw   = 200 * time.Millisecond // as often as eyes want it
)

// busy says on a terminal what takes longer than a second. Elsewhere it does
// nothing. Its methods may be called from several goroutines; between begin
// and end nothing else writes to standard error.
type busy struct {
	s     *session
	count atomic.Int64
	mu    sync.Mutex
	what  string
	stop  chan struct{} // nil where nobody looks
	done  sync.WaitGroup
}

func (s *session) busy(what string) *busy { return s.busyIf(true, what) }

// busyWriting is busy for results, unless they are seen on the same terminal.
func (s *session) busyWriting() *busy { return s.busyIf(!s.out.IsTerminal(), s.T("match.writing")) }

func (s *session) busyIf(alone bool, what string) *busy {
	b := &busy{s: s, what: what}
	if alone && s.err.IsTerminal() {
		b.stop = make(chan struct{})
		b.done.Go(b.show)
	}
	return b
}

// next names what is done now; the count goes on.
func (b *busy) next(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.what = what
}

// add counts accounts, or people.
func (b *busy) add(n int) { b.count.Add(int64(n)) }

// end takes the line away.
func (b *busy) end() {
	if b.stop != nil {
		close(b.stop)
		b.done.Wait()
		b.stop = nil
	}
}

func (b *busy) show() {
	wait := time.NewTimer(patience)
	defer wait.Stop()
	for {
		select {
		case <-b.stop:
			b.s.err.Erase()
			return
		case <-wait.C:
			b.s.err.Transient(b.line())
			wait.Reset(redraw)
		}
	}
}

func (b *busy) line() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := b.count.Load(); n > 0 {
		return b.s.T("progress.count", "Text", b.what, "N", n)
	}
	return b.s.T("progress.plain", "Text", b.what)
}
