package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/internal/signin"
)

// machine is a hub put together, over an open database. Its jobs are not begun:
// a command on the side only adds some for the hub that runs.
type machine struct {
	db        *database.DB
	hub       *hub.Service
	desk      *signin.Desk
	queue     *job.Queue
	schedules *job.Schedules
}

// openMachine opens the hub that is there.
func openMachine(ctx context.Context, p *place, logger *slog.Logger) (*machine, error) {
	db, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	return assemble(ctx, db, p, logger)
}

// assemble brings the database up to date and puts the parts together. It
// closes the database when that fails.
func assemble(ctx context.Context, db *database.DB, p *place, logger *slog.Logger) (*machine, error) {
	m := &machine{db: db, desk: signin.New(db, time.Now), schedules: job.NewSchedules(db, logger)}
	err := m.migrate(ctx)
	if err == nil {
		m.queue, err = job.New(db, job.Config{Rescue: hub.JobRescue, Alone: p.file != ""}, logger)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	m.hub = hub.New(hub.Config{
		Store: store.New(db), Keys: p.keys, Enqueue: hub.EnqueueRecount(m.queue), EnqueueAt: hub.EnqueueRecountAt(m.queue), Audit: audit{m.desk},
		Now: time.Now, Version: readBuild().Version,
	})
	hub.RegisterJobs(m.queue, m.schedules, m.hub)
	return m, nil
}

func (m *machine) migrate(ctx context.Context) error {
	if err := m.db.Migrate(ctx, store.Migrations()); err != nil {
		return err
	}
	if err := job.Migrate(ctx, m.db); err != nil {
		return err
	}
	return signin.Migrate(ctx, m.db)
}

func (m *machine) close() error { return m.db.Close() }

// enterprise finds the one a command is about. Where there is one alone, it
// need not be named.
func (m *machine) enterprise(ctx context.Context, slug, command string) (hub.EnterpriseInfo, error) {
	if slug != "" {
		return m.hub.Enterprise(ctx, slug)
	}
	all, err := m.hub.Enterprises(ctx)
	switch {
	case err != nil:
		return hub.EnterpriseInfo{}, err
	case len(all) == 0:
		return hub.EnterpriseInfo{}, errs.New(errs.NotFound, "place.no_enterprise")
	case len(all) > 1:
		return hub.EnterpriseInfo{}, usage("usage.option_missing", "Option", "--enterprise SLUG", "Command", command)
	}
	return all[0], nil
}

// audit lets the desk keep what the hub did.
type audit struct{ desk *signin.Desk }

// Record is hub.Audit's.
func (a audit) Record(ctx context.Context, tx *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error {
	return a.desk.Record(ctx, tx, signin.Entry{
		Enterprise: enterprise, Actor: actor, Action: signin.Action(action), Target: target, Details: details,
	})
}
