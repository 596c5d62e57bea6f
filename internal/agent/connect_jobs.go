package agent

import (
	"context"
	"database/sql"

	"github.com/oneseat/oneseat/internal/job"
)

// syncJob asks for a turn of the loop: whoever changed something may be another
// process than the one that takes turns.
type syncJob struct{}

func (syncJob) Kind() string { return "agent_sync" }

// EnqueuePoke is the [Config.PokeSync] of an agent whose jobs a queue works.
func EnqueuePoke(queue *job.Queue) func(ctx context.Context, tx *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error { return queue.Insert(ctx, tx, syncJob{}) }
}

// RegisterSync says that the queue pokes the loop that takes the turns of
// [Service.SyncTurn]. It comes before both are started.
func RegisterSync(queue *job.Queue, loop *job.Loop) {
	job.Register(queue, job.Limits{}, func(context.Context, syncJob) error {
		loop.Poke()
		return nil
	})
}
