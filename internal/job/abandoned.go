package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// abandonedAtOnce is how many abandoned jobs are handled in one transaction.
const abandonedAtOnce = 1000

// takeOver ends what a process that died left behind: its leadership, which
// would otherwise run out by itself after some seconds, and the jobs it was
// working. Nobody else may be working jobs.
func takeOver(ctx context.Context, exec riverdriver.Executor) error {
	if err := endLeadership(ctx, exec); err != nil {
		return err
	}
	for {
		stuck, err := exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{Max: abandonedAtOnce, StuckHorizon: time.Now().Add(time.Hour)})
		if err != nil {
			return fmt.Errorf("find abandoned jobs: %w", err)
		}
		if len(stuck) == 0 {
			return nil
		}
		rescue, err := rescueAll(stuck, time.Now())
		if err != nil {
			return err
		}
		if _, err := exec.JobRescueMany(ctx, rescue); err != nil {
			return fmt.Errorf("rescue abandoned jobs: %w", err)
		}
	}
}

func endLeadership(ctx context.Context, exec riverdriver.Executor) error {
	leader, err := exec.LeaderGetElectedLeader(ctx, &riverdriver.LeaderGetElectedLeaderParams{})
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the leader: %w", err)
	}
	resign := &riverdriver.LeaderResignParams{LeaderID: leader.LeaderID, LeadershipTopic: "river_leadership"}
	if _, err := exec.LeaderResign(ctx, resign); err != nil {
		return fmt.Errorf("end the leadership of %s: %w", leader.LeaderID, err)
	}
	return nil
}

// rescueAll says what becomes of abandoned jobs: the first time they run again
// at once, then later and later, because it may be the job that kills the
// process, and in the end they are dead.
func rescueAll(jobs []*rivertype.JobRow, now time.Time) (*riverdriver.JobRescueManyParams, error) {
	rescue := &riverdriver.JobRescueManyParams{}
	for _, row := range jobs {
		reason, err := json.Marshal(rivertype.AttemptError{
			At: now, Attempt: row.Attempt, Error: "the process that worked the job ended before the job did",
		})
		if err != nil {
			return nil, fmt.Errorf("rescue job %d: %w", row.ID, err)
		}
		state, at, ended := rivertype.JobStateAvailable, now, (*time.Time)(nil)
		switch {
		case row.Attempt >= row.MaxAttempts:
			state, ended = rivertype.JobStateDiscarded, &now
		case row.Attempt > 1:
			state, at = rivertype.JobStateRetryable, nextTry(now, row.Attempt)
		}
		rescue.ID = append(rescue.ID, row.ID)
		rescue.Error = append(rescue.Error, reason)
		rescue.State = append(rescue.State, string(state))
		rescue.ScheduledAt = append(rescue.ScheduledAt, at)
		rescue.FinalizedAt = append(rescue.FinalizedAt, ended)
	}
	return rescue, nil
}
