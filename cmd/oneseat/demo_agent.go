package main

import (
	"context"
	"log/slog"
	"os"
	"path"
	"regexp"

	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/signin"
)

// agent makes the agent of an instance, enrols it, has it read its report and
// export a usage file, sealed, and brings that to the hub: its fingerprint is
// compared, as an owner would, and it is applied. Then the agent serves.
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
	p.note(p.T("demo.carry", "Host", host))
	var made agentBegun
	if err := p.answer(ctx, &made, "agent", "init", "--data", c.Data, "--host-name", host, "--listen", listen, "--owner", "Sam Rivers"); err != nil {
		return err
	}
	if err := p.enrol(ctx, &c); err != nil {
		return err
	}
	usage := p.in("files", host+"-usage-1.json")
	for _, args := range [][]string{
		{"agent", "collect", "--data", c.Data, "--source", report, "--host-name", host},
		{"agent", "export", "--data", c.Data, "--host-name", host, "--note", "CHG-1042", "--output", usage},
		{"upload", usage, "--confirm", made.Fingerprint, "--apply"},
	} {
		if _, err := p.command(ctx, args...); err != nil {
			return err
		}
	}
	return p.serveAgent(ctx, &c, path.Base(made.Link))
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
