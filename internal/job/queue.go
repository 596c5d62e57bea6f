package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/oneseat/oneseat/internal/database"
)

// Config is how a queue works. The zero value is usable.
type Config struct {
	// Workers is how many jobs run at once in this process; 0 means 4.
	Workers int
	// Poll is how often the queue looks for jobs; 0 means 250 ms.
	Poll time.Duration
	// Rescue is when a job that has neither ended nor failed is taken for
	// abandoned by a process that died, and run again; 0 means 10 minutes. It
	// is longer than any kind's timeout.
	Rescue time.Duration
	// Alone says that no other process works the jobs of this database. Those
	// that are running when the queue starts are then abandoned for certain,
	// and run again at once.
	Alone bool
	// Grace is how long Stop waits for running jobs before it cancels them,
	// and once more after that; 0 means 10 seconds.
	Grace time.Duration
}

func (c Config) withDefaults() Config {
	if c.Workers <= 0 {
		c.Workers = 4
	}
	if c.Poll <= 0 {
		c.Poll = 250 * time.Millisecond
	}
	if c.Rescue <= 0 {
		c.Rescue = 10 * time.Minute
	}
	if c.Grace <= 0 {
		c.Grace = 10 * time.Second
	}
	return c
}

// Queue inserts and works jobs. It is safe for concurrent use once its kinds
// are registered.
type Queue struct {
	db     *database.DB
	config Config
	kinds  kinds
	logger *slog.Logger

	inserts *river.Client[*sql.Tx] // inserts and never works
	reads   *river.Client[*sql.Tx]
	works   *river.Client[*sql.Tx] // since Start
	life    life
}

// New makes a queue over a database that [Migrate] has prepared.
func New(db *database.DB, config Config, logger *slog.Logger) (*Queue, error) {
	q := &Queue{db: db, config: config.withDefaults(), kinds: newKinds(), logger: logger, life: newLife()}
	quiet := &river.Config{Logger: riverLogger(logger)}
	var writeErr, readErr error
	q.inserts, writeErr = river.NewClient(driver(db.Dialect, db.Write), quiet)
	q.reads, readErr = river.NewClient(driver(db.Dialect, db.Read), quiet)
	if err := errors.Join(writeErr, readErr); err != nil {
		return nil, fmt.Errorf("make job queue: %w", err)
	}
	return q, nil
}

// Insert adds a job that runs after the transaction has committed, within
// [Config.Poll] if a worker is free. Its kind must be registered.
func (q *Queue) Insert(ctx context.Context, tx *sql.Tx, args Args) error {
	return q.InsertAt(ctx, tx, args, time.Time{})
}

// InsertAt is [Queue.Insert] for a job that does not run before a time.
func (q *Queue) InsertAt(ctx context.Context, tx *sql.Tx, args Args, at time.Time) error {
	kind, ok := q.kinds.byName[args.Kind()]
	if !ok {
		return fmt.Errorf("insert job: kind %q is not registered", args.Kind())
	}
	if _, err := q.inserts.InsertTx(ctx, tx, args, &river.InsertOpts{MaxAttempts: maxAttempts(kind.MaxAge), ScheduledAt: at}); err != nil {
		return database.Translate(fmt.Errorf("insert job %s: %w", args.Kind(), err))
	}
	return nil
}

// Start begins to work jobs and returns. When ctx ends, running jobs are
// cancelled and no more are begun; Stop is kinder. After Stop the error is
// [ErrStopped]. Another error leaves the queue as it was, to be started again.
func (q *Queue) Start(ctx context.Context) error {
	return q.life.start(func() error {
		if err := q.begin(ctx); err != nil {
			return database.Translate(fmt.Errorf("start job queue: %w", err))
		}
		return nil
	})
}

// Started is closed when jobs are worked, or when Stop came before.
func (q *Queue) Started() <-chan struct{} { return q.life.started }

// Stop ends the work: no job is begun, running ones have time to end
// ([Config.Grace]), then they are cancelled. A job that does not heed that is
// left behind; it counts as abandoned. It returns when all that is done, and
// may be called often and before Start.
func (q *Queue) Stop() { q.life.stop(q.end) }

func (q *Queue) begin(ctx context.Context) error {
	if longest := q.kinds.longest(); longest >= q.config.Rescue {
		return fmt.Errorf("jobs would be taken for abandoned after %v, and may run for %v", q.config.Rescue, longest)
	}
	engine := driver(q.db.Dialect, q.db.Write)
	if q.config.Alone {
		if err := takeOver(ctx, engine.GetExecutor()); err != nil {
			return err
		}
	}
	works, err := river.NewClient(engine, q.riverConfig())
	if err != nil {
		return err
	}
	q.works = works
	return works.Start(ctx)
}

func (q *Queue) end() {
	// Stopping has its own limit of time, whatever became of the context the
	// queue was started with.
	ctx, cancel := context.WithTimeout(context.Background(), q.config.Grace) //nolint:forbidigo // see above
	defer cancel()
	if q.works.Stop(ctx) == nil {
		return
	}
	ctx, cancel = context.WithTimeout(context.Background(), q.config.Grace) //nolint:forbidigo // see above
	defer cancel()
	if err := q.works.StopAndCancel(ctx); err != nil {
		q.logger.LogAttrs(ctx, slog.LevelError, "jobs left behind", slog.Any("cause", err))
	}
}
