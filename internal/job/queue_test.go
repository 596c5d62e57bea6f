package job_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/job"
)

// quick is a queue that makes no test wait.
func quick() job.Config {
	return job.Config{Poll: 5 * time.Millisecond, Grace: 10 * time.Second, Alone: true}
}

// patience is how long a test waits for what must happen.
const patience = 2 * time.Minute

// greet is a job for the tests.
type greet struct {
	Name string
	N    int64
}

func (greet) Kind() string { return "greet" }

func mustQueue(t *testing.T, db *database.DB, config job.Config) *job.Queue {
	t.Helper()
	q, err := job.New(db, config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Stop)
	return q
}

func mustStart(t *testing.T, q *job.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	receive(t, q.Started(), "start")
}

func mustInsert(t *testing.T, db *database.DB, q *job.Queue, args job.Args) {
	t.Helper()
	err := db.InTx(t.Context(), func(tx *sql.Tx) error { return q.Insert(t.Context(), tx, args) })
	if err != nil {
		t.Fatal(err)
	}
}

// receive waits for a value, or for the channel to be closed.
func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("waited for %s in vain", what)
		panic("unreachable")
	}
}

// mustDead waits until there are so many dead jobs.
func mustDead(t *testing.T, q *job.Queue, n int) []job.Dead {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		dead, err := q.Dead(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(dead) >= n {
			return dead
		}
		if time.Now().After(deadline) {
			t.Fatalf("got %d dead jobs, want %d", len(dead), n)
		}
	}
}

func TestAJobRunsIfItsTransactionCommits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		q := mustQueue(t, db, quick())
		ran := make(chan greet, 10)
		job.Register(q, job.Limits{}, func(_ context.Context, args greet) error {
			ran <- args
			return nil
		})
		mustStart(t, q)
		never := errors.New("changed my mind")
		err := db.InTx(t.Context(), func(tx *sql.Tx) error {
			return errors.Join(q.Insert(t.Context(), tx, greet{Name: "rolled back"}), never)
		})
		if !errors.Is(err, never) {
			t.Fatal(err)
		}
		want := greet{Name: "Zoë", N: 1 << 53}
		mustInsert(t, db, q, want)
		if got := receive(t, ran, "the job"); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
		q.Stop()
		if len(ran) != 0 {
			t.Errorf("ran too: %v", <-ran)
		}
	}, job.Migrate)
}

func TestAFailedJobIsTriedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		q := mustQueue(t, db, quick())
		attempts := make(chan time.Time, 10)
		failures := []error{errs.New(errs.Unavailable, "database.busy")}
		job.Register(q, job.Limits{}, func(context.Context, greet) error {
			attempts <- time.Now()
			if len(failures) == 0 {
				return nil
			}
			err := failures[0]
			failures = failures[1:]
			return err
		})
		mustStart(t, q)
		mustInsert(t, db, q, greet{})
		first, second := receive(t, attempts, "attempt 1"), receive(t, attempts, "attempt 2")
		if pause := second.Sub(first); pause < 750*time.Millisecond {
			t.Errorf("tried again after %v", pause)
		}
		q.Stop()
		if dead, err := q.Dead(t.Context(), 10); err != nil || len(dead) != 0 {
			t.Errorf("got %v, %v", dead, err)
		}
	}, job.Migrate)
}

// TestAnInterruptedJobRunsAgain stops a queue in the middle of a job; the next
// one runs it, and the interruption was no failure.
func TestAnInterruptedJobRunsAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		config := quick()
		config.Grace = time.Millisecond
		q := mustQueue(t, db, config)
		begun := make(chan struct{})
		job.Register(q, job.Limits{MaxAge: time.Nanosecond}, func(ctx context.Context, _ greet) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		mustStart(t, q)
		mustInsert(t, db, q, greet{})
		receive(t, begun, "the job")
		q.Stop()

		next := mustQueue(t, db, quick())
		ran := make(chan struct{})
		job.Register(next, job.Limits{}, func(context.Context, greet) error {
			close(ran)
			return nil
		})
		mustStart(t, next)
		receive(t, ran, "the job's second run")
		if dead, err := next.Dead(t.Context(), 10); err != nil || len(dead) != 0 {
			t.Errorf("got %v, %v", dead, err)
		}
	}, job.Migrate)
}

// TestStopDoesNotWaitForEver: a job that does not heed its context is left
// behind.
func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	db := mustMigrated(t, dbtest.SQLite(t))
	config := quick()
	config.Grace = 20 * time.Millisecond
	q := mustQueue(t, db, config)
	begun, release, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	job.Register(q, job.Limits{}, func(context.Context, greet) error {
		close(begun)
		<-release
		close(ended)
		return nil
	})
	mustStart(t, q)
	mustInsert(t, db, q, greet{})
	receive(t, begun, "the job")
	stopped := make(chan struct{})
	go func() { q.Stop(); close(stopped) }()
	receive(t, stopped, "Stop")
	close(release)
	receive(t, ended, "the job's end")
}

// other is a kind nobody registers.
type other struct{}

func (other) Kind() string { return "other" }

func TestMistakesInWiringAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		q := mustQueue(t, db, job.Config{Rescue: time.Minute})
		work := func(context.Context, greet) error { return nil }
		job.Register(q, job.Limits{Timeout: time.Minute}, work)
		err := db.InTx(t.Context(), func(tx *sql.Tx) error { return q.Insert(t.Context(), tx, other{}) })
		if err == nil {
			t.Error("a job that nobody works was inserted")
		}
		if err := q.Start(t.Context()); err == nil {
			t.Error("a job may run longer than it takes to count as abandoned")
		}
		defer func() {
			if recover() == nil {
				t.Error("a kind was registered twice")
			}
		}()
		job.Register(q, job.Limits{}, work)
	}, job.Migrate)
}

// TestEveryAttemptIsOneLine reads the log of three attempts: a panic, a
// success, and a failure that names somebody.
func TestEveryAttemptIsOneLine(t *testing.T) {
	t.Parallel()
	db := mustMigrated(t, dbtest.SQLite(t))
	var log lockedBuffer
	q, err := job.New(db, quick(), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Stop)
	job.Register(q, job.Limits{MaxAge: time.Nanosecond}, func(_ context.Context, args greet) error {
		switch args.Name {
		case "panic":
			panic("no room for ada@acme.example")
		case "fail":
			return errs.Wrap(errs.Invalid, errors.New("who is ada@acme.example"), "database.exists")
		}
		return nil
	})
	mustStart(t, q)
	for _, name := range []string{"panic", "fail", "succeed"} {
		mustInsert(t, db, q, greet{Name: name})
	}
	mustDead(t, q, 2)
	q.Stop()
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	outcomes := map[string]int{}
	for _, line := range lines {
		for _, outcome := range []string{"outcome=died", "outcome=succeeded"} {
			outcomes[outcome] += strings.Count(line, outcome)
		}
	}
	if len(lines) != 3 || outcomes["outcome=died"] != 2 || outcomes["outcome=succeeded"] != 1 {
		t.Errorf("got %v in\n%s", outcomes, log.String())
	}
	if !strings.Contains(log.String(), "queue_test.go") {
		t.Errorf("no stack of the panic in\n%s", log.String())
	}
	if strings.Contains(log.String(), "ada@") {
		t.Errorf("a whole address in\n%s", log.String())
	}
}

// mustMigrated opens a database with the tables of this package.
func mustMigrated(t *testing.T, location string) *database.DB {
	t.Helper()
	db := dbtest.Open(t, database.Config{Location: location, Volatile: true})
	if err := job.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

// lockedBuffer is a buffer for several writers.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}
