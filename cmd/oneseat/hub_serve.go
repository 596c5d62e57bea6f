package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/filelock"
	"github.com/oneseat/oneseat/internal/hub/site"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
)

// hubServeCommand is what "oneseat hub" does without a word behind it.
type hubServeCommand struct {
	configuration
	storage
	serving
	singleSignOn

	also []web.Route // of a demo
}

// Run serves until it is told to stop, and then lets what is running end.
func (c *hubServeCommand) Run(ctx context.Context, s *session) error {
	p, err := s.settle(&c.storage, c.serving.check(s.settings), c.singleSignOn.check(s.settings))
	if err != nil {
		return err
	}
	provider, err := c.provider(s.settings)
	if err != nil {
		return err
	}
	return c.run(ctx, p, provider, c.logger(s))
}

// run serves the hub of a place, which it has for itself.
func (c *hubServeCommand) run(ctx context.Context, p *place, provider *oidc.Provider, logger *slog.Logger) error {
	lock, err := p.lock("hub.lock")
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	m, err := openMachine(ctx, p, logger)
	if err != nil {
		return err
	}
	defer m.close() //nolint:errcheck // everything is committed
	return c.serve(ctx, p, m, provider, logger)
}

// lock makes sure that no other hub, or agent, runs in the same place: it would
// take back what this one is writing.
func (p *place) lock(file string) (*filelock.Lock, error) {
	name := filepath.Join(p.data, file)
	lock, err := filelock.Take(name)
	switch {
	case errors.Is(err, filelock.ErrTaken):
		return nil, errs.Wrap(errs.Conflict, err, "place.running", "Directory", p.data, "File", name)
	case err != nil:
		return nil, errs.Wrap(errs.Unavailable, err, "place.no_directory", "Directory", p.data, "Cause", cause(err))
	}
	return lock, nil
}

// serve begins with taking back what was interrupted, before anybody can ask.
func (c *hubServeCommand) serve(ctx context.Context, p *place, m *machine, provider *oidc.Provider, logger *slog.Logger) error {
	if err := m.hub.Recover(ctx); err != nil {
		return err
	}
	app, mux, err := c.app(p, m, provider, logger)
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
	if c.isOpen() {
		logger.WarnContext(ctx, "tokens and people's addresses cross the network readable for everybody: set tls-cert and tls-key, or external-url to an https address")
	}
	logger.InfoContext(ctx, "hub answers", "address", server.Addr().String(), "version", readBuild().Version,
		"database", m.db.Location(), "engine", m.db.Dialect.String())
	err = server.Run(ctx)
	logger.InfoContext(ctx, "hub stops")
	return err
}

// cannotListen names the address that could not be had; what has a sentence
// of its own is about a certificate.
func cannotListen(address string, err error) error {
	refused, ok := errors.AsType[*net.OpError](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, syscall.EADDRINUSE):
		return errs.Wrap(errs.Conflict, err, "place.address_taken", "Address", address)
	default:
		return errs.Wrap(errs.Unavailable, err, "place.cannot_listen", "Address", address, "Cause", cause(refused.Err))
	}
}

// app is everything that can be asked.
func (c *hubServeCommand) app(p *place, m *machine, provider *oidc.Provider, logger *slog.Logger) (*web.App, *http.ServeMux, error) {
	spool, err := spool.New(p.spool, 0)
	if err != nil {
		return nil, nil, errs.Wrap(errs.Unavailable, err, "place.no_directory", "Directory", p.spool, "Cause", cause(err))
	}
	external, proxies := c.outside()
	return site.New(site.Config{
		Hub: m.hub, Desk: m.desk, Provider: provider, Spool: spool, Logger: logger, Version: readBuild().Version, Storybook: c.DevPages,
		ExternalURL: external, TrustedProxies: proxies, Checks: []web.Check{{Name: "database", Run: m.ping}}, Also: c.also, Now: time.Now,
	})
}

// outside is how people reach the hub. The settings were checked.
func (o *serving) outside() (*url.URL, []netip.Prefix) {
	proxies, _ := o.proxies(&settings{})
	if o.ExternalURL == "" {
		return nil, proxies
	}
	external, _ := url.Parse(o.ExternalURL)
	return external, proxies
}

// isOpen says that the hub answers other machines without TLS, as far as it
// knows.
func (o *serving) isOpen() bool {
	host, _, _ := strings.Cut(o.Listen, ":")
	if end := strings.LastIndex(o.Listen, "]:"); end >= 0 {
		host = strings.Trim(o.Listen[:end], "[]")
	}
	address, err := netip.ParseAddr(host)
	inside := host == "localhost" || err == nil && address.IsLoopback()
	return !inside && o.TLSCert == "" && !strings.HasPrefix(o.ExternalURL, "https://")
}

// logger writes what happens to standard error.
func (o *serving) logger(s *session) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(o.LogLevel)) // it was checked
	options := &slog.HandlerOptions{Level: level}
	if o.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(s.stderr, options))
	}
	return slog.New(slog.NewJSONHandler(s.stderr, options))
}

// start begins to work jobs and schedules, with what a new version has to count
// again; stop lets them end.
func (m *machine) start(ctx context.Context) (stop func(), err error) {
	if err := m.hub.CatchUp(ctx); err != nil {
		return nil, err
	}
	return startJobs(ctx, m.queue, m.schedules)
}

func startJobs(ctx context.Context, queue *job.Queue, schedules *job.Schedules) (stop func(), err error) {
	stop = func() {
		schedules.Stop()
		queue.Stop()
	}
	ctx = context.WithoutCancel(ctx) // they are stopped, which is kinder
	if err = queue.Start(ctx); err == nil {
		err = schedules.Start(ctx)
	}
	if err != nil {
		stop()
	}
	return stop, err
}

// ping says whether the database answers.
func (m *machine) ping(ctx context.Context) error {
	return database.Translate(m.db.Read.PingContext(ctx))
}
