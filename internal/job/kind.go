package job

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
)

// Args are the arguments of one job: a struct that keeps its values in JSON,
// without whole numbers beyond 2^53, of which PostgreSQL's driver keeps the
// first digits only, and without addresses. Kind names what is to be done with them, in lower-case words joined by
// underscores; it never changes, because jobs of an older program may wait.
type Args interface{ Kind() string }

// Limits bound the jobs of a kind. The zero value is usable.
type Limits struct {
	// Timeout is how long one attempt may take before its context ends; 0
	// means 5 minutes.
	Timeout time.Duration
	// MaxAge is how long after its insertion a job may still be tried again;
	// 0 means 24 hours.
	MaxAge time.Duration
}

// kinds are the kinds a queue knows.
type kinds struct {
	byName  map[string]Limits
	workers *river.Workers
}

func newKinds() kinds {
	return kinds{byName: map[string]Limits{}, workers: river.NewWorkers()}
}

// longest is the longest timeout.
func (k kinds) longest() time.Duration {
	var longest time.Duration
	for _, limits := range k.byName {
		longest = max(longest, limits.Timeout)
	}
	return longest
}

// Register says how jobs with arguments of type A are worked. It comes before
// Insert and Start, and panics when the kind is registered already.
//
// The context of work ends after the kind's timeout and when the queue is
// stopped; a job interrupted by that is run again, and does not count as
// failed. Of an error, its kind decides: what is Invalid, NotFound, TooLarge or
// not allowed stays so, and the job is dead; everything else is tried again.
func Register[A Args](q *Queue, limits Limits, work func(ctx context.Context, args A) error) {
	if limits.Timeout <= 0 {
		limits.Timeout = 5 * time.Minute
	}
	if limits.MaxAge <= 0 {
		limits.MaxAge = 24 * time.Hour
	}
	var none A
	if err := river.AddWorkerSafely(q.kinds.workers, &worker[A]{limits: limits, work: work, logger: q.logger}); err != nil {
		panic(fmt.Sprintf("register job kind %s: %v", none.Kind(), err))
	}
	q.kinds.byName[none.Kind()] = limits
}

// worker is a kind as River calls it.
type worker[A Args] struct {
	river.WorkerDefaults[A]
	limits Limits
	work   func(context.Context, A) error
	logger *slog.Logger
}

// Timeout implements river.Worker.
func (w *worker[A]) Timeout(*river.Job[A]) time.Duration { return w.limits.Timeout }

// NextRetry implements river.Worker.
func (w *worker[A]) NextRetry(job *river.Job[A]) time.Time { return nextTry(time.Now(), job.Attempt) }

// Work implements river.Worker: one attempt.
func (w *worker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	a := attempt{row: job.JobRow, limits: w.limits, begun: time.Now()}
	a.run(ctx, func(ctx context.Context) error { return w.work(ctx, job.Args) })
	w.logger.LogAttrs(ctx, a.level(), "job attempt", a.attrs()...)
	return a.answer(ctx)
}

// Pauses between attempts begin with a second and double up to an hour, each a
// quarter shorter or longer by chance, so that what failed together does not
// come back together.
const (
	firstPause   = time.Second
	longestPause = time.Hour
)

// nextTry is when a job that failed for the n-th time is tried again.
func nextTry(now time.Time, n int) time.Time {
	shortest := shortestPause(n)
	return now.Add(shortest + rand.N(shortest*2/3)) //nolint:gosec // jitter is no secret
}

// shortestPause is the pause after the n-th failure when chance makes it a
// quarter shorter.
func shortestPause(n int) time.Duration {
	pause := longestPause
	if n < 12 { // 2^12 seconds are more than an hour
		pause = firstPause << max(n-1, 0)
	}
	return pause - pause/4
}

// maxAttempts is how many attempts fit in an age. It ends a job that dies with
// its process every time, and so is never seen to fail.
func maxAttempts(age time.Duration) int {
	n := 1
	for at := time.Duration(0); at < age; n++ {
		at += shortestPause(n)
	}
	return n
}
