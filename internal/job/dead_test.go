package job_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/job"
)

// TestADeadJobKeepsItsSentence: the sentence that a person reads later is the
// one that the error would have given at once, with its numbers and the error
// inside of it.
func TestADeadJobKeepsItsSentence(t *testing.T) {
	t.Parallel()
	catalogue, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		inner := errs.New(errs.NotFound, "instance.none", "Dir", "here")
		failure := fmt.Errorf("work: %w", errs.Wrap(errs.Invalid, errors.New("deep"), "database.newer", "Version", int64(1234567), "Known", inner))
		q := mustQueue(t, db, quick())
		job.Register(q, job.Limits{}, func(context.Context, greet) error { return failure })
		mustStart(t, q)
		mustInsert(t, db, q, greet{Name: "Zoë"})
		dead := mustDead(t, q, 1)[0]
		if got, want := catalogue.Error(dead.Err), catalogue.Error(failure); got != want || !strings.Contains(got, "1234567") {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if got, want := dead.Err.Error(), failure.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if dead.Kind != "greet" || dead.Attempts != 1 || !strings.Contains(string(dead.Args), "Zoë") {
			t.Errorf("got %+v", dead)
		}
		if age := dead.Died.Sub(dead.Inserted); age < 0 || age > patience {
			t.Errorf("got inserted %v, died %v", dead.Inserted, dead.Died)
		}
	}, job.Migrate)
}

// TestWhatKillsAJob: errors that time does not mend, and age.
func TestWhatKillsAJob(t *testing.T) {
	t.Parallel()
	plain := errors.New("a mistake in SQL")
	for name, test := range map[string]struct {
		err    error
		maxAge time.Duration
		key    string
	}{
		"not allowed":   {errs.New(errs.Forbidden, "instance.locked"), time.Hour, "instance.locked"},
		"gone":          {errs.New(errs.NotFound, "instance.none"), time.Hour, "instance.none"},
		"busy, too old": {errs.New(errs.Unavailable, "database.busy"), time.Nanosecond, "database.busy"},
		"no sentence":   {plain, time.Nanosecond, ""},
		"panic":         {nil, time.Nanosecond, "job.panicked"},
		"too long":      {context.DeadlineExceeded, time.Nanosecond, "job.took_too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := mustMigrated(t, dbtest.SQLite(t))
			q := mustQueue(t, db, quick())
			limits := job.Limits{MaxAge: test.maxAge, Timeout: time.Minute}
			if errors.Is(test.err, context.DeadlineExceeded) {
				limits.Timeout = time.Millisecond
			}
			job.Register(q, limits, func(ctx context.Context, _ greet) error {
				if test.err == nil {
					panic("dropped")
				}
				if errors.Is(test.err, context.DeadlineExceeded) {
					<-ctx.Done()
				}
				return test.err
			})
			mustStart(t, q)
			mustInsert(t, db, q, greet{})
			if got := keyOf(mustDead(t, q, 1)[0].Err); got != test.key {
				t.Errorf("got the sentence %q, want %q", got, test.key)
			}
		})
	}
}

// keyOf is the sentence an error names.
func keyOf(err error) string {
	said, ok := errors.AsType[i18n.Message](err)
	if !ok {
		return ""
	}
	key, _ := said.Message()
	return key
}

func TestADeadJobMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		q := mustQueue(t, db, quick())
		mended, done := make(chan struct{}), make(chan struct{})
		job.Register(q, job.Limits{MaxAge: time.Nanosecond}, func(_ context.Context, args greet) error {
			select {
			case <-mended:
				close(done)
				return nil
			default:
				return errors.New("broken")
			}
		})
		mustStart(t, q)
		retry := func(id int64) error {
			return db.InTx(t.Context(), func(tx *sql.Tx) error { return q.Retry(t.Context(), tx, id) })
		}
		mustInsert(t, db, q, greet{})
		id := mustDead(t, q, 1)[0].ID
		close(mended)
		if err := retry(id); err != nil {
			t.Fatal(err)
		}
		receive(t, done, "the job")
		if dead, err := q.Dead(t.Context(), 10); err != nil || len(dead) != 0 {
			t.Errorf("got %v, %v", dead, err)
		}
		if err := retry(id + 1000); errs.KindOf(err) != errs.NotFound || keyOf(err) != "job.gone" {
			t.Errorf("a job that is not there: got %v", err)
		}
	}, job.Migrate)
}

func TestDeadJobsAreListedLatestFirst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, db *database.DB) {
		q := mustQueue(t, db, quick())
		job.Register(q, job.Limits{}, func(_ context.Context, args greet) error {
			return errs.New(errs.Invalid, "job.gone", "ID", args.N)
		})
		mustStart(t, q)
		for n := range 3 {
			mustInsert(t, db, q, greet{N: int64(n)})
			mustDead(t, q, n+1)
		}
		dead, err := q.Dead(t.Context(), 2)
		if err != nil || len(dead) != 2 {
			t.Fatalf("got %d, %v, want 2", len(dead), err)
		}
		for i, want := range []string{`"N": 2`, `"N": 1`} {
			if got := strings.ReplaceAll(string(dead[i].Args), `":`, `": `); !strings.Contains(strings.ReplaceAll(got, "  ", " "), want) {
				t.Errorf("%d: got %s, want %s", i, got, want)
			}
		}
	}, job.Migrate)
}
