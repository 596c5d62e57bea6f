package job

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/oneseat/oneseat/internal/database"
)

// driver is River on a pool of an engine.
func driver(dialect database.Dialect, pool *sql.DB) riverdriver.Driver[*sql.Tx] {
	if dialect == database.PostgreSQL {
		return riverdatabasesql.New(pool)
	}
	return riversqlite.New(pool)
}

// riverConfig is River's configuration for working jobs.
func (q *Queue) riverConfig() *river.Config {
	return &river.Config{
		Workers:              q.kinds.workers,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.config.Workers}},
		FetchPollInterval:    q.config.Poll,
		FetchCooldown:        min(q.config.Poll, river.FetchCooldownDefault),
		JobTimeout:           -1, // every kind has its own
		RescueStuckJobsAfter: q.config.Rescue,
		// Both are dead: by age or for good, and by the number of attempts.
		CancelledJobRetentionPeriod: deadFor,
		DiscardedJobRetentionPeriod: deadFor,
		CompletedJobRetentionPeriod: 24 * time.Hour,
		Logger:                      riverLogger(q.logger),
	}
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate makes the tables of jobs and schedules, or brings them up to date.
// Doing it again changes nothing, and several processes may do it at once.
func Migrate(ctx context.Context, db *database.DB) error {
	migrator, err := rivermigrate.New(driver(db.Dialect, db.Write), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	err = db.Advance(ctx, "river", database.Steps{
		Version: func(ctx context.Context) (int64, error) {
			done, err := migrator.ExistingVersions(ctx)
			return int64(len(done)), err
		},
		Up: func(ctx context.Context) error {
			_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
			return err
		},
	})
	if err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.MigratePart(ctx, "job", files)
}

// riverLogger passes on what River alone knows: warnings and errors, but not
// that a job failed, which the attempt's own line says.
func riverLogger(logger *slog.Logger) *slog.Logger {
	return slog.New(&riverHandler{logger.Handler()})
}

type riverHandler struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h *riverHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *riverHandler) Handle(ctx context.Context, record slog.Record) error {
	if strings.Contains(record.Message, ": Job errored") {
		return nil
	}
	return h.Handler.Handle(ctx, record)
}
