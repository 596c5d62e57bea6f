package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
)

// deadFor is how long a dead job is kept, so that somebody sees it.
const deadFor = 30 * 24 * time.Hour

// Dead is a job that will not be tried again by itself.
type Dead struct {
	ID       int64
	Kind     string
	Args     json.RawMessage
	Inserted time.Time
	Died     time.Time
	Attempts int
	// Err is what the last attempt ended with. It names the same sentence as
	// the error did, if that named one.
	Err error
}

// Dead lists dead jobs, the latest first, at most limit and never more than
// 100. They are kept for 30 days.
func (q *Queue) Dead(ctx context.Context, limit int) ([]Dead, error) {
	list, err := q.reads.JobList(ctx, river.NewJobListParams().
		States(rivertype.JobStateCancelled, rivertype.JobStateDiscarded).
		OrderBy(river.JobListOrderByTime, river.SortOrderDesc). // of these states: the time of death
		First(min(max(limit, 1), 100)))
	if err != nil {
		return nil, database.Translate(fmt.Errorf("list dead jobs: %w", err))
	}
	dead := make([]Dead, 0, len(list.Jobs))
	for _, row := range list.Jobs {
		dead = append(dead, deadFromRow(row))
	}
	return dead, nil
}

func deadFromRow(row *rivertype.JobRow) Dead {
	dead := Dead{
		ID: row.ID, Kind: row.Kind, Args: row.EncodedArgs,
		Inserted: row.CreatedAt, Attempts: row.Attempt, Err: lastError(row),
	}
	if row.FinalizedAt != nil {
		dead.Died = *row.FinalizedAt
	}
	return dead
}

// lastError is what the last attempt ended with.
func lastError(row *rivertype.JobRow) error {
	var kept record
	if json.Unmarshal(row.Output(), &kept) == nil && kept.Attempt == row.Attempt {
		return kept.err()
	}
	// River ended it: nobody knows the kind, or it died with its process.
	if n := len(row.Errors); n > 0 {
		return errs.Wrap(errs.Internal, errors.New(row.Errors[n-1].Error), "job.ended", "Kind", row.Kind)
	}
	return errs.New(errs.Internal, "job.ended", "Kind", row.Kind)
}

// Retry tries a dead job once more, now. If that fails, it is dead again.
// NotFound when there is no such job.
func (q *Queue) Retry(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := q.inserts.JobRetryTx(ctx, tx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return errs.Wrap(errs.NotFound, err, "job.gone", "ID", id)
	}
	if err != nil {
		return database.Translate(fmt.Errorf("retry job %d: %w", id, err))
	}
	return nil
}
