package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/site"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// agentServeCommand is what "oneseat agent" does without a word behind it.
type agentServeCommand struct {
	onAgent
	agentServing

	also []web.Route // of a demo
}

// Run serves until it is told to stop, and then lets what is running end.
func (c *agentServeCommand) Run(ctx context.Context, s *session) error {
	p, err := c.place(s.settings)
	if err = errors.Join(err, c.check(s.settings), c.serving().check(s.settings)); err != nil {
		return err
	}
	if err := c.named("oneseat agent"); err != nil {
		return err
	}
	s.warnOpen(p)
	return c.run(ctx, s, p, c.serving().logger(s))
}

// run serves the agent of a place, which it has for itself.
func (c *agentServeCommand) run(ctx context.Context, s *session, p *place, logger *slog.Logger) error {
	m, err := c.openStation(ctx, s, p, logger)
	if err != nil {
		return err
	}
	defer m.close() //nolint:errcheck // everything is committed
	lock, err := p.lock("agent.lock")
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	return c.serve(ctx, m, logger)
}

// serve begins with taking back what was interrupted, before anybody can ask.
func (c *agentServeCommand) serve(ctx context.Context, m *station, logger *slog.Logger) error {
	if err := m.agent.Recover(ctx); err != nil {
		return err
	}
	app, mux, err := c.app(m, logger)
	if err != nil {
		return err
	}
	server, err := app.Listen(ctx, web.ServerConfig{Listen: c.Listen, CertFile: c.TLSCert, KeyFile: c.TLSKey}, mux)
	if err != nil {
		return cannotListen(c.Listen, err)
	}
	stop, err := m.start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := m.agent.CollectFirst(ctx); err != nil {
		return err
	}
	c.tell(ctx, m, logger)
	logger.InfoContext(ctx, "agent answers", "address", server.Addr().String(), "version", readBuild().Version,
		"database", m.db.Location(), "engine", m.db.Dialect.String(), "host_name", c.HostName)
	err = server.Run(ctx)
	logger.InfoContext(ctx, "agent stops")
	return err
}

// tell says what somebody should look after.
func (c *agentServeCommand) tell(ctx context.Context, m *station, logger *slog.Logger) {
	if c.serving().isOpen() {
		logger.WarnContext(ctx, "people's addresses cross the network readable for everybody: set tls-cert and tls-key, or external-url to an https address")
	}
	if c.Source == "" {
		logger.WarnContext(ctx, "no source is set: nobody's accounts are read")
	}
	if trouble, err := m.agent.Trouble(ctx); err == nil && trouble != nil {
		logger.WarnContext(ctx, "an owner has to say what happened to this agent; oneseat agent status says why", "trouble", trouble.Key)
	}
}

// app is everything that can be asked.
func (c *agentServeCommand) app(m *station, logger *slog.Logger) (*web.App, *http.ServeMux, error) {
	schedule, err := c.schedule()
	if err != nil {
		return nil, nil, err
	}
	external, proxies := c.serving().outside()
	return site.New(site.Config{
		Agent: m.agent, Desk: m.desk, HostName: c.HostName, Next: schedule.Next, Logger: logger, Storybook: c.DevPages,
		ExternalURL: external, TrustedProxies: proxies, Checks: []web.Check{{Name: "database", Run: m.ping}}, Also: c.also, Now: time.Now,
	})
}

// start begins to work jobs and schedules, and license sync; stop lets them end.
func (m *station) start(ctx context.Context) (stop func(), err error) {
	stopJobs, err := startJobs(ctx, m.queue, m.schedules)
	if err != nil {
		return stopJobs, err
	}
	if err := m.loop.Start(context.WithoutCancel(ctx)); err != nil {
		stopJobs()
		return nil, err
	}
	return func() {
		m.loop.Stop()
		stopJobs()
	}, nil
}

// ping says whether the database answers.
func (m *station) ping(ctx context.Context) error {
	return database.Translate(m.db.Read.PingContext(ctx))
}

// agentAudit lets the desk keep what the agent did.
type agentAudit struct{ desk *signin.Desk }

// Record is agent.Audit's.
func (a agentAudit) Record(ctx context.Context, tx *sql.Tx, actor, action, target string, details map[string]any) error {
	return a.desk.Record(ctx, tx, signin.Entry{
		Enterprise: agent.Enterprise, Actor: actor, Action: signin.Action(action), Target: target, Details: details,
	})
}
