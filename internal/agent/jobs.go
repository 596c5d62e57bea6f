package agent

import (
	"context"
	"database/sql"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/job"
)

// JobRescue is the job.Config.Rescue for a queue that works the jobs of an
// agent: longer than its longest job.
const JobRescue = 45 * time.Minute

// jobTimeout is how long one job may take: a command that uses its default time,
// and the reading of the largest source on a slow disk.
const jobTimeout = 40 * time.Minute

// jobActor is who acts when nobody in particular does.
const jobActor = "job"

// collectJob reads the source, forced when a person asked.
type collectJob struct {
	Actor string `json:"actor"`
}

func (collectJob) Kind() string { return "agent_collect" }

// retainJob removes what is too old.
type retainJob struct{}

func (retainJob) Kind() string { return "agent_retain" }

// EnqueueCollect is the [Config.Enqueue] of an agent whose jobs a queue works.
func EnqueueCollect(queue *job.Queue) func(ctx context.Context, tx *sql.Tx, actor string) error {
	return func(ctx context.Context, tx *sql.Tx, actor string) error {
		return queue.Insert(ctx, tx, collectJob{Actor: actor})
	}
}

// RegisterJobs says how the jobs of an agent are worked, and adds what comes
// round: the source is looked at as the schedule says, and every day at 03:20
// (UTC) goes what is too old. It comes before both are started. The queue's
// configuration has [JobRescue].
func RegisterJobs(queue *job.Queue, schedules *job.Schedules, s *Service, source job.Schedule) {
	limits := job.Limits{Timeout: jobTimeout}
	job.Register(queue, limits, func(ctx context.Context, j collectJob) error { return s.collectLater(ctx, j) })
	job.Register(queue, limits, func(ctx context.Context, _ retainJob) error { return s.Retain(ctx) })

	schedules.Add("agent retain", job.Daily(3, 20), func(ctx context.Context, tx *sql.Tx) error { return queue.Insert(ctx, tx, retainJob{}) })
	if s.config.Source == nil {
		return
	}
	schedules.Add("agent collect", source, func(ctx context.Context, tx *sql.Tx) error {
		return queue.Insert(ctx, tx, collectJob{Actor: jobActor})
	})
}

// collectLater is a collection that nobody waits for. What the source is refused
// for was kept and recorded; trying the same again at once would say the same.
func (s *Service) collectLater(ctx context.Context, j collectJob) error {
	_, err := s.Collect(ctx, j.Actor, j.Actor != jobActor)
	if err != nil && refusalOf(err) != nil && kindOf(err) != errs.Internal && ctx.Err() == nil {
		return nil
	}
	return err
}

// CollectFirst asks for a collection when there is a source and nothing of it
// counts yet, so that a new agent, or one whose source was mended, does not wait
// for its schedule.
func (s *Service) CollectFirst(ctx context.Context) error {
	if s.config.Source == nil {
		return nil
	}
	st, err := s.store.State(ctx)
	if err != nil || st.Counts != 0 || st.Held != 0 {
		return err
	}
	if s.config.Enqueue == nil {
		return s.collectLater(ctx, collectJob{Actor: jobActor})
	}
	return s.enqueueCollect(ctx, jobActor)
}

// CollectLater asks for a collection that a job does; whoever asks need not wait.
// Without a queue it is done at once.
func (s *Service) CollectLater(ctx context.Context, actor string) error {
	if s.config.Source == nil {
		return errs.New(errs.Conflict, "agent.no_source")
	}
	if s.config.Enqueue == nil {
		_, err := s.Collect(ctx, actor, true)
		return err
	}
	return s.enqueueCollect(ctx, actor)
}

func (s *Service) enqueueCollect(ctx context.Context, actor string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error { return s.config.Enqueue(ctx, tx.SQL, actor) })
}
