package hub

import (
	"context"
	"database/sql"
	"time"

	"github.com/oneseat/oneseat/internal/job"
)

// JobRescue is the job.Config.Rescue for a queue that works the jobs of a hub:
// longer than its longest job, which counts the largest enterprise on a slow
// disk.
const JobRescue = 25 * time.Minute

// jobTimeout is how long one job may take.
const jobTimeout = 20 * time.Minute

// jobActor is who acts when nobody in particular does.
const jobActor = "job"

// recountJob counts an enterprise, and then lists who may be counted more than
// once. Forced, it counts although nothing changed; gathering, it counts once
// what came until it began.
type recountJob struct {
	Enterprise int64 `json:"enterprise"`
	Force      bool  `json:"force,omitempty"`
	Gather     bool  `json:"gather,omitempty"`
	// Seen and Latest are those of [Gathered].
	Seen   int64     `json:"seen,omitempty"`
	Latest time.Time `json:"latest,omitzero"`
}

func (recountJob) Kind() string { return "hub_recount" }

// retainJob removes what is too old of an enterprise.
type retainJob struct {
	Enterprise int64 `json:"enterprise"`
}

func (retainJob) Kind() string { return "hub_retain" }

// tidyJob takes back what failed uploads could not take back themselves.
type tidyJob struct{}

func (tidyJob) Kind() string { return "hub_tidy" }

// EnqueueRecount is the [Config.Enqueue] of a hub whose jobs a queue works.
// The queue knows them once [RegisterJobs] has been called, which needs the
// hub, and so comes second.
func EnqueueRecount(queue *job.Queue) func(ctx context.Context, tx *sql.Tx, enterprise int64) error {
	return func(ctx context.Context, tx *sql.Tx, enterprise int64) error {
		return queue.Insert(ctx, tx, recountJob{Enterprise: enterprise})
	}
}

// EnqueueRecountAt is the [Config.EnqueueAt] that belongs to it.
func EnqueueRecountAt(queue *job.Queue) func(ctx context.Context, tx *sql.Tx, r Gathered) error {
	return func(ctx context.Context, tx *sql.Tx, r Gathered) error {
		return queue.InsertAt(ctx, tx, recountJob{Enterprise: r.Enterprise, Gather: true, Seen: r.Seen, Latest: r.Latest}, r.At)
	}
}

// RegisterJobs says how the jobs of a hub are worked, and adds what comes round.
// Every day (UTC) at 00:10 everybody is counted, whether anything changed or
// not, because invitations lapse with the date, and at 03:40 goes what is too
// old. Every hour goes what failed uploads could not take back, because the
// database did not answer.
//
// It comes before both are started. The queue's configuration has [JobRescue].
func RegisterJobs(queue *job.Queue, schedules *job.Schedules, s *Service) {
	limits := job.Limits{Timeout: jobTimeout}
	job.Register(queue, limits, s.recountOf)
	job.Register(queue, limits, func(ctx context.Context, j retainJob) error { return s.Retain(ctx, j.Enterprise) })
	job.Register(queue, limits, func(ctx context.Context, _ tidyJob) error { return s.unfinished.finish(ctx) })

	schedules.Add("hub tidy", job.Hourly(25), func(ctx context.Context, tx *sql.Tx) error { return queue.Insert(ctx, tx, tidyJob{}) })
	schedules.Add("hub recount", job.Daily(0, 10), s.forEach(queue, func(enterprise int64) job.Args {
		return recountJob{Enterprise: enterprise, Force: true}
	}))
	schedules.Add("hub retain", job.Daily(3, 40), s.forEach(queue, func(enterprise int64) job.Args {
		return retainJob{Enterprise: enterprise}
	}))
}

func (s *Service) recountOf(ctx context.Context, j recountJob) error {
	if j.Gather {
		if err := s.recountGathered(ctx, Gathered{Enterprise: j.Enterprise, Seen: j.Seen, Latest: j.Latest}); err != nil {
			return err
		}
		return s.listGathered(ctx, j.Enterprise)
	}
	if _, err := s.Recount(ctx, j.Enterprise, jobActor, j.Force); err != nil {
		return err
	}
	return s.MakeWorklists(ctx, j.Enterprise)
}

// forEach inserts a job for each enterprise.
func (s *Service) forEach(queue *job.Queue, args func(enterprise int64) job.Args) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		all, err := s.Enterprises(ctx)
		if err != nil {
			return err
		}
		for _, e := range all {
			if err := queue.Insert(ctx, tx, args(e.Number)); err != nil {
				return err
			}
		}
		return nil
	}
}
