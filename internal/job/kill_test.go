package job_test

import (
	"bufio"
	"context"
	"database/sql"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/job"
)

// childAt is the environment variable that makes this test binary a process
// that works jobs of a database and never ends one.
const childAt = "JOB_TEST_CHILD_AT"

func TestChildThatIsKilled(t *testing.T) {
	if os.Getenv(childAt) == "" {
		t.Skip("run by the tests that kill it")
	}
	db := dbtest.Open(t, database.Config{Location: os.Getenv(childAt), Volatile: true})
	q := mustQueue(t, db, quick())
	job.Register(q, job.Limits{}, func(context.Context, greet) error {
		os.Stdout.WriteString("working\n") //nolint:errcheck // the parent waits for it
		select {}
	})
	mustStart(t, q)
	select {}
}

// killWhileWorking lets another process work the jobs of a database and kills
// it in the middle of one.
func killWhileWorking(t *testing.T, location string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildThatIsKilled$")
	child.Env = append(os.Environ(), childAt+"="+location)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || said != "working\n" {
		t.Errorf("the child said %q, %v", said, err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
}

// TestAJobOutlivesItsProcess kills a process twice in the middle of a job. The
// next process runs the job at once; after the second time, later, because it
// may be the job that kills.
func TestAJobOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, nil, func(t *testing.T, location string) {
		db := dbtest.Open(t, database.Config{Location: location, Volatile: true})
		q := mustQueue(t, db, quick())
		ran := make(chan greet, 1)
		job.Register(q, job.Limits{}, func(_ context.Context, args greet) error {
			ran <- args
			return nil
		})
		mustInsert(t, db, q, greet{Name: "Zoë"})
		killWhileWorking(t, location)
		killWhileWorking(t, location)
		begun := time.Now()
		mustStart(t, q)
		if got := receive(t, ran, "the job"); got.Name != "Zoë" {
			t.Errorf("got %v", got)
		}
		// The second failure's pause is 2 s, give or take a quarter; one engine
		// keeps it in milliseconds.
		if waited := time.Since(begun); waited < 1400*time.Millisecond {
			t.Errorf("ran again after %v", waited)
		}
	}, job.Migrate)
}

// TestAJobOutlivesItsProcessAmongOthers: where several processes work, one
// that died is known by its silence alone.
func TestAJobOutlivesItsProcessAmongOthers(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, nil, func(t *testing.T, location string) {
		db := dbtest.Open(t, database.Config{Location: location, Volatile: true})
		config := quick()
		config.Alone, config.Rescue = false, 500*time.Millisecond
		q := mustQueue(t, db, config)
		ran := make(chan struct{})
		job.Register(q, job.Limits{Timeout: 400 * time.Millisecond}, func(context.Context, greet) error {
			close(ran)
			return nil
		})
		mustInsert(t, db, q, greet{})
		killWhileWorking(t, location)
		// What the dead process led ends by itself after 15 seconds.
		if _, err := db.Write.ExecContext(t.Context(), "DELETE FROM river_leader"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(config.Rescue)
		mustStart(t, q)
		receive(t, ran, "the job")
	}, job.Migrate)
}

// TestAJobThatAlwaysKillsIsGivenUp moves the count of attempts to where years
// of crashes would have brought it.
func TestAJobThatAlwaysKillsIsGivenUp(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, nil, func(t *testing.T, location string) {
		db := dbtest.Open(t, database.Config{Location: location, Volatile: true})
		q := mustQueue(t, db, quick())
		job.Register(q, job.Limits{}, func(context.Context, greet) error {
			t.Error("it ran again")
			return nil
		})
		mustInsert(t, db, q, greet{})
		killWhileWorking(t, location)
		err := db.InTx(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), "UPDATE river_job SET attempt = max_attempts")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		mustStart(t, q)
		dead := mustDead(t, q, 1)[0]
		if got := keyOf(dead.Err); got != "job.ended" || !strings.Contains(dead.Err.Error(), "process") {
			t.Errorf("got %v", dead.Err)
		}
		// A day of attempts, from a second to an hour apart.
		if dead.Attempts < 30 || dead.Attempts > 50 {
			t.Errorf("got %d attempts", dead.Attempts)
		}
	}, job.Migrate)
}
