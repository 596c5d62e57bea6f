package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/terminal"
)

type agentInitCommand struct {
	onAgent
	agentServing

	Owner  string `default:"owner" placeholder:"NAME"`
	Format string `default:"text" placeholder:"text|json"`
}

// agentBegun is what init made, or found.
type agentBegun struct {
	Made        bool   `json:"made"`
	Data        string `json:"data"`
	Database    string `json:"database"`
	Settings    string `json:"settings,omitempty"` // the file that keeps what init was told
	ServerID    string `json:"server_id"`
	Fingerprint string `json:"fingerprint"`
	Owner       string `json:"owner,omitempty"`
	Link        string `json:"link,omitempty"`
}

// Run makes an agent. What is there already stays as it is.
func (c *agentInitCommand) Run(ctx context.Context, s *session, parsed *kong.Context) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	p, err := c.place(s.settings)
	if err = errors.Join(err, c.check(s.settings), c.serving().check(s.settings), c.reporting.named("oneseat agent init")); err != nil {
		return err
	}
	if err := p.make(); err != nil {
		return err
	}
	s.warnOpen(p)
	m, err := c.assemble(ctx, s, p, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	done, err := c.begin(ctx, m, p)
	if err = errors.Join(err, m.close()); err != nil {
		return err
	}
	if done.Settings, err = s.settings.remember(parsed, p.data, s.T("agentinit.settings_head")); err != nil {
		return err
	}
	if c.Format == "json" {
		return s.json(done)
	}
	c.show(s, done, parsed)
	return nil
}

// begin makes the agent and its first owner, each unless it is there.
func (c *agentInitCommand) begin(ctx context.Context, m *station, p *place) (*agentBegun, error) {
	i, made, err := m.agent.Init(ctx, operator())
	if err != nil {
		return nil, err
	}
	done := &agentBegun{Made: made, Data: p.data, Database: m.db.Location(), ServerID: i.ServerID, Fingerprint: i.Fingerprint().Short()}
	owners, err := m.desk.Owners(ctx, agent.Enterprise)
	if err != nil || len(owners) > 0 {
		return done, err
	}
	secret, owner, err := m.desk.AddOwner(ctx, signin.CommandLine(agent.Enterprise), signin.NewOwner{
		Enterprise: agent.Enterprise, Name: c.Owner, Role: signin.RoleOwner,
	})
	if err != nil {
		return nil, err
	}
	done.Owner, done.Link = owner.Name, c.serving().link(secret)
	return done, nil
}

// show says what there is now, and what to do next.
func (c *agentInitCommand) show(s *session, done *agentBegun, parsed *kong.Context) {
	title := "agentinit.made"
	if !done.Made {
		title = "agentinit.kept"
	}
	s.out.Strong(s.T(title))
	list := []terminal.Definition{
		{Term: s.T("init.data"), Text: done.Data},
		{Term: s.T("init.database"), Text: done.Database},
	}
	if done.Settings != "" {
		list = append(list, terminal.Definition{Term: s.T("agentinit.settings"), Text: done.Settings})
	}
	s.out.Definitions(2, append(list,
		terminal.Definition{Term: s.T("agentinit.server_id"), Text: done.ServerID},
		terminal.Definition{Term: s.T("fingerprint.instance"), Text: done.Fingerprint}))
	s.out.Prose(2, s.T("agentinit.keep"))
	c.next(s, done, parsed)
}

// next says what to do next: both ways to belong to an enterprise among it.
func (c *agentInitCommand) next(s *session, done *agentBegun, parsed *kong.Context) {
	step := func(key string, words []string, behind string) {
		s.out.Prose(2, s.T(key))
		s.out.Line("    oneseat " + strings.Join(words, " ") + again(s.settings, parsed, words...) + behind)
	}
	s.out.Heading(s.T("init.next"))
	if c.Source == "" {
		s.out.Prose(2, s.T("agentinit.no_source"))
	}
	step("agentinit.start", []string{"agent"}, "")
	if done.Link != "" {
		s.out.Prose(2, s.T("agentinit.link", "Owner", done.Owner))
		s.out.Line("    " + done.Link)
	}
	step("agentinit.connect", []string{"agent", "connect"}, " https://HUB --license-sync")
	step("agentinit.enrol", []string{"agent", "enrol"}, " ENTERPRISE-enrolment.json")
	step("agentinit.export", []string{"agent", "export"}, "")
}
