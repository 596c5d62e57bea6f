package main

import (
	"context"
	"errors"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
)

type agentOwnerCommand struct {
	Add    agentOwnerAddCommand    `cmd:"" name:"add"`
	Link   agentOwnerLinkCommand   `cmd:"" name:"link"`
	List   agentOwnerListCommand   `cmd:"" name:"list"`
	Remove agentOwnerRemoveCommand `cmd:"" name:"remove"`
}

type agentOwnerAddCommand struct {
	onAgent
	agentServing

	Name  string `arg:"" name:"name"`
	Email string `placeholder:"ADDRESS"`
	Role  string `default:"owner" placeholder:"owner|auditor"`
}

// Run adds a person. Their one-time link alone goes to standard output.
func (c *agentOwnerAddCommand) Run(ctx context.Context, s *session) error {
	err := errors.Join(oneOf("--role", c.Role, string(signin.RoleOwner), string(signin.RoleAuditor)), c.serving().check(s.settings))
	if err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		secret, owner, err := m.desk.AddOwner(ctx, signin.CommandLine(agent.Enterprise), signin.NewOwner{
			Enterprise: agent.Enterprise, Name: c.Name, Email: licensing.NewEmail(c.Email), Role: signin.Role(c.Role),
		})
		if err != nil {
			return err
		}
		s.agentLink(c.serving().link(secret), owner)
		return nil
	})
}

// agentLink shows a one-time link.
func (s *session) agentLink(link string, owner signin.Owner) {
	s.out.Line(link)
	s.note(s.T("agentowner.once", "Name", owner.Name, "Time", s.instant(owner.LinkExpiresAt)))
}

type agentOwnerLinkCommand struct {
	onAgent
	agentServing

	Name string `arg:"" name:"name"`
}

// Run makes another one-time link for somebody.
func (c *agentOwnerLinkCommand) Run(ctx context.Context, s *session) error {
	if err := c.serving().check(s.settings); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		id, err := ownerNamed(ctx, m.desk, agent.Enterprise, c.Name)
		if err != nil {
			return err
		}
		secret, owner, err := m.desk.NewLink(ctx, signin.CommandLine(agent.Enterprise), agent.Enterprise, id)
		if err != nil {
			return err
		}
		s.agentLink(c.serving().link(secret), owner)
		return nil
	})
}

type agentOwnerListCommand struct {
	onAgent

	Format string `default:"text" placeholder:"text|json"`
}

// Run shows who may sign in.
func (c *agentOwnerListCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error { return s.owners(ctx, m.desk, agent.Enterprise, c.Format) })
}

type agentOwnerRemoveCommand struct {
	onAgent

	Name string `arg:"" name:"name"`
}

// Run removes somebody.
func (c *agentOwnerRemoveCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, func(m *station) error {
		id, err := ownerNamed(ctx, m.desk, agent.Enterprise, c.Name)
		if err != nil {
			return err
		}
		if err := m.desk.RemoveOwner(ctx, signin.CommandLine(agent.Enterprise), agent.Enterprise, id); err != nil {
			return err
		}
		s.note(s.T("owner.removed", "Name", c.Name))
		return nil
	})
}
