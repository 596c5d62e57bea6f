package main

import (
	"context"
	"log/slog"
	"os"
	"path"
	"regexp"
	"time"

	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// agent makes the agent of an instance, has it read its report, and lets it
// serve. One delivers by itself, as agents do that reach their hub; of the other
// somebody carries the file.
func (p *play) agent(ctx context.Context, host string) error {
	report, err := p.keep(p.files.Reports[host], "files", host+"-all_users.csv")
	if err != nil {
		return err
	}
	listen, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	c := agentServeCommand{}
	c.Data, c.Listen, c.Source, c.HostName = p.in("agents", host), listen, report, host
	c.SourceSchedule, c.NeverSignedIn, c.KeepDays, c.SourceTimeout, c.SourceMaxBytes = "hourly", "include", 90, demoPatience, demoMaxBytes
	var made agentBegun
	if err := p.answer(ctx, &made, "agent", "init", "--data", c.Data, "--host-name", host, "--listen", listen, "--owner", "Sam Rivers"); err != nil {
		return err
	}
	if _, err := p.command(ctx, "agent", "collect", "--data", c.Data, "--source", report, "--host-name", host); err != nil {
		return err
	}
	if host == demo.Main {
		p.note(p.T("demo.connect", "Host", host))
		if err := p.serveAgent(ctx, &c, path.Base(made.Link)); err != nil {
			return err
		}
		return p.connect(ctx, &c)
	}
	p.note(p.T("demo.carry", "Host", host))
	if err := p.carry(ctx, &c, made.Fingerprint); err != nil {
		return err
	}
	return p.serveAgent(ctx, &c, path.Base(made.Link))
}

// carry enrols an agent by file, exports a usage file, sealed, and brings that to
// the hub: its fingerprint is compared, as an owner would, and it is applied.
func (p *play) carry(ctx context.Context, c *agentServeCommand, fingerprint string) error {
	if err := p.enrol(ctx, c); err != nil {
		return err
	}
	usage := p.in("files", c.HostName+"-usage-1.json")
	if _, err := p.command(ctx, "agent", "export", "--data", c.Data, "--host-name", c.HostName, "--note", "CHG-1042", "--output", usage); err != nil {
		return err
	}
	_, err := p.command(ctx, "upload", usage, "--confirm", fingerprint, "--apply")
	return err
}

// userCode is a code of a pairing, as an agent shows it.
var userCode = regexp.MustCompile(`[B-Z]{4}-[B-Z]{4}`)

// connect pairs an agent with the hub, where an owner approves its code, has it
// sync, and counts.
func (p *play) connect(ctx context.Context, c *agentServeCommand) error {
	own := []string{"--data", c.Data, "--host-name", c.HostName, "--source", c.Source}
	printed, err := p.command(ctx, append([]string{"agent", "connect", p.shown.HubURL, "--license-sync", "--no-wait"}, own...)...)
	if err != nil {
		return err
	}
	site := onSite{storage: p.hub.storage}
	err = site.with(ctx, p.session, "oneseat demo", func(m *machine, e hub.EnterpriseInfo) error {
		_, err := m.hub.ApprovePairing(ctx, e.Number, hub.Approval{Code: userCode.FindString(printed), Actor: "owner Sam Rivers", Who: "owner Sam Rivers"})
		return err
	})
	if err == nil {
		err = c.awaitConnection(ctx, p.session)
	}
	if err == nil {
		_, err = p.command(ctx, append([]string{"sync"}, own...)...)
	}
	if err != nil {
		return err
	}
	return site.with(ctx, p.session, "oneseat demo", func(m *machine, e hub.EnterpriseInfo) error { return m.recount(ctx, e.Number) })
}

// mostRecounts is how often a demo counts anew because its hub counted too.
const mostRecounts = 20

// recount counts at once, beside a hub that does so in a moment: whoever of the
// two was overtaken by the other begins again.
func (m *machine) recount(ctx context.Context, enterprise int64) error {
	for try := 1; ; try++ {
		_, err := m.hub.Recount(ctx, enterprise, "owner Sam Rivers", false)
		if errs.KindOf(err) != errs.Conflict || try == mostRecounts {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * 10 * time.Millisecond):
		}
	}
}

// awaitConnection waits until the agent has heard that it was approved.
func (c *agentServeCommand) awaitConnection(ctx context.Context, s *session) error {
	return c.withPlace(ctx, s, func(m *station, p *place) error {
		return m.wait(ctx, p, func() (bool, error) {
			now, err := m.agent.Connection(ctx)
			return err != nil || now.Connected(), err
		})
	})
}

// fingerprint is one as it is shown: sixteen digits in fours.
var fingerprint = regexp.MustCompile(`[0-9a-f]{4}(?: [0-9a-f]{4}){3}`)

// enrol carries the enrolment file of the hub to an agent, and compares the
// fingerprint.
func (p *play) enrol(ctx context.Context, c *agentServeCommand) error {
	file := p.in("files", c.HostName+"-enrolment.json")
	printed, err := p.command(ctx, "hub", "enrolment", "--data", p.hub.Data, "--enterprise", demo.Slug, "--hub-url", p.shown.HubURL, "--output", file)
	if err != nil {
		return err
	}
	_, err = p.command(ctx, "agent", "enrol", file, "--data", c.Data, "--host-name", c.HostName, "--fingerprint", fingerprint.FindString(printed))
	return err
}

// serveAgent lets an owner in, and runs the agent as "oneseat agent" does. What
// it logs goes to a file.
func (p *play) serveAgent(ctx context.Context, c *agentServeCommand, link string) error {
	var g guest
	err := c.with(ctx, p.session, func(m *station) (err error) {
		g, err = letIn(ctx, signin.NewDoor(m.desk, signin.DoorConfig{}), link, signin.RoleOwner)
		return err
	})
	if err != nil {
		return err
	}
	g.reach = func(ctx context.Context, do func(*signin.Desk) error) error {
		return c.with(ctx, p.session, func(m *station) error { return do(m.desk) })
	}
	c.also = append(c.also, g.route())
	place, err := c.place(p.settings)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(p.in("agents", c.HostName+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	p.running.Go(func() {
		defer log.Close() //nolint:errcheck // of a demo
		logger := slog.New(slog.NewJSONHandler(log, nil))
		if err := c.run(ctx, p.session, place, logger); err != nil {
			logger.ErrorContext(ctx, "agent ended", "error", err)
		}
	})
	url := "http://" + c.Listen
	p.shown.Agents = append(p.shown.Agents, demoAgent{URL: url, HostName: c.HostName, SignInURL: url + g.path})
	return wait(ctx, c.Listen, p.in("agents", c.HostName+".log"))
}
