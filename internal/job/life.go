package job

import (
	"errors"
	"sync"
)

// ErrStopped is what Start gives after Stop.
var ErrStopped = errors.New("stopped for good")

// life is the state of something that runs: not yet, running, or stopped for
// good.
type life struct {
	mutex        sync.Mutex
	begun, ended bool
	started      chan struct{} // closed when running, or never going to
	done         chan struct{} // closed when stopped
}

func newLife() life {
	return life{started: make(chan struct{}), done: make(chan struct{})}
}

// start calls begin unless it succeeded already.
func (l *life) start(begin func() error) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.ended {
		return ErrStopped
	}
	if l.begun {
		return nil
	}
	if err := begin(); err != nil {
		return err
	}
	l.begun = true
	close(l.started)
	return nil
}

// stop calls end if begin succeeded. Whoever calls it returns when end has.
func (l *life) stop(end func()) {
	l.mutex.Lock()
	first, begun := !l.ended, l.begun
	l.ended = true
	if first && !begun {
		close(l.started)
	}
	l.mutex.Unlock()
	if !first {
		<-l.done
		return
	}
	defer close(l.done)
	if begun {
		end()
	}
}
