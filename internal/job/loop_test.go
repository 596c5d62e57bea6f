package job_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oneseat/oneseat/internal/job"
)

// turns notes when a loop took its turns, counted from the beginning of the
// bubble, and what it asked for.
type turns struct {
	mutex sync.Mutex
	at    []time.Duration
	ask   func(n int) (time.Time, error)
}

func (t *turns) turn(context.Context) (time.Time, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.at = append(t.at, time.Since(begun).Truncate(time.Second))
	return t.ask(len(t.at))
}

func (t *turns) taken() []time.Duration {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return slices.Clone(t.at)
}

// loop runs turns for a time and gives when they were taken.
func loop(t *testing.T, length time.Duration, ask func(n int) (time.Time, error), meanwhile func(*job.Loop)) []time.Duration {
	t.Helper()
	seen := &turns{ask: ask}
	l := job.NewLoop("sync", seen.turn, slog.New(slog.DiscardHandler))
	if err := l.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if meanwhile != nil {
		meanwhile(l)
	}
	time.Sleep(length - time.Since(begun))
	l.Stop()
	return seen.taken()
}

func TestATurnComesWhenTheLastOneAskedForIt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		ask       func(n int) (time.Time, error)
		meanwhile func(*job.Loop)
		want      []time.Duration
	}{
		{"as asked", func(n int) (time.Time, error) { return time.Now().Add(time.Duration(n) * time.Minute), nil }, nil, []time.Duration{0, time.Minute, 3 * time.Minute, 6 * time.Minute, 10 * time.Minute, 15 * time.Minute, 21 * time.Minute, 28 * time.Minute}},
		{"nothing known", func(int) (time.Time, error) { return time.Time{}, nil }, nil, []time.Duration{0, 15 * time.Minute}},
		{"far away", func(int) (time.Time, error) { return time.Now().AddDate(0, 1, 0), nil }, nil, []time.Duration{0, 15 * time.Minute}},
		{"failed", func(n int) (time.Time, error) {
			if n < 3 {
				return time.Time{}, errors.New("not now")
			}
			return time.Time{}, nil
		}, nil, []time.Duration{0, time.Minute, 2 * time.Minute, 17 * time.Minute}},
		{"broken", func(n int) (time.Time, error) {
			if n == 1 {
				panic("a mistake")
			}
			return time.Time{}, nil
		}, nil, []time.Duration{0, time.Minute, 16 * time.Minute}},
		{"poked", func(int) (time.Time, error) { return time.Time{}, nil }, func(l *job.Loop) {
			synctest.Wait()
			time.Sleep(7 * time.Minute)
			l.Poke()
			l.Poke() // once more is as good as once, or comes right behind
			synctest.Wait()
		}, []time.Duration{0, 7 * time.Minute, 22 * time.Minute}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got := slices.Compact(loop(t, 29*time.Minute, test.ask, test.meanwhile))
				if !slices.Equal(got, test.want) {
					t.Errorf("turns at %v, want %v", got, test.want)
				}
			})
		})
	}
}

// TestATurnThatIsAlwaysDueLeavesTime: a function that asks for the past does not
// keep the machine busy.
func TestATurnThatIsAlwaysDueLeavesTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got := loop(t, 10*time.Second, func(int) (time.Time, error) { return begun, nil }, nil)
		if len(got) < 10 || len(got) > 1001 {
			t.Errorf("%d turns in ten seconds", len(got))
		}
	})
}

// TestALoopIsStoppedInMidTurn: the turn's context ends, and Stop waits for it.
func TestALoopIsStoppedInMidTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var said strings.Builder
		ended := false
		l := job.NewLoop("sync", func(ctx context.Context) (time.Time, error) {
			<-ctx.Done()
			ended = true
			return time.Time{}, ctx.Err()
		}, slog.New(slog.NewTextHandler(&said, nil)))
		if err := l.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-l.Started()
		synctest.Wait()
		l.Stop()
		l.Stop()
		l.Poke()
		if err := l.Start(t.Context()); !errors.Is(err, job.ErrStopped) || !ended || said.Len() > 0 {
			t.Errorf("got %v, %v, %q", err, ended, said.String())
		}
	})
}
