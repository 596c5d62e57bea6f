package main

import (
	"context"

	"github.com/oneseat/oneseat/internal/terminal"
)

type agentEnrolCommand struct {
	onAgent

	File        string `arg:"" name:"file"`
	Fingerprint string `placeholder:"DIGITS"`
}

// Run puts an enrolment file in force.
func (c *agentEnrolCommand) Run(ctx context.Context, s *session) error {
	file, err := open(c.File)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	return c.with(ctx, s, func(m *station) error {
		e, err := m.agent.Enrol(ctx, operator(), file, c.Fingerprint)
		if err != nil {
			return err
		}
		s.out.Strong(s.T("agentenrol.done", "Name", e.Name, "Slug", e.Slug))
		list := []terminal.Definition{
			{Term: s.T("fingerprint.enterprise"), Text: e.Fingerprint().Short()},
			{Term: s.T("fingerprint.recipient"), Text: e.Recipient.Fingerprint().Short()},
			{Term: s.T("agentenrol.issued"), Text: s.instant(e.IssuedAt)},
		}
		if e.Hub != "" {
			list = append(list, terminal.Definition{Term: s.T("agentenrol.hub"), Text: e.Hub})
		}
		s.out.Definitions(2, list)
		return nil
	})
}

type agentLeaveCommand struct{ onAgent }

// Run ends the enrolment.
func (c *agentLeaveCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, func(m *station) error {
		if err := m.agent.Leave(ctx, operator()); err != nil {
			return err
		}
		s.note(s.T("agentenrol.left"))
		return nil
	})
}

type agentSeatsCommand struct {
	onAgent

	Number int64 `arg:"" name:"number"`
}

// Run notes the number of licenses.
func (c *agentSeatsCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, func(m *station) error {
		if err := m.agent.SetSeats(ctx, operator(), c.Number); err != nil {
			return err
		}
		s.note(s.T("agentstatus.seats_noted", "Seats", int(c.Number)))
		return nil
	})
}

type agentResumeCommand struct {
	onAgent

	After int64 `placeholder:"SEQUENCE"`
}

// Run goes on after the agent was restored or moved.
func (c *agentResumeCommand) Run(ctx context.Context, s *session) error {
	if err := c.named("oneseat agent resume"); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		if err := m.agent.Resume(ctx, operator(), c.After); err != nil {
			return err
		}
		s.note(s.T("agentstatus.resumed"))
		return nil
	})
}

type agentRenewCommand struct{ onAgent }

// Run makes an instance of its own of a copy.
func (c *agentRenewCommand) Run(ctx context.Context, s *session) error {
	if err := c.named("oneseat agent renew"); err != nil {
		return err
	}
	return c.with(ctx, s, func(m *station) error {
		if err := m.agent.Renew(ctx, operator()); err != nil {
			return err
		}
		i, err := m.agent.Instance()
		if err != nil {
			return err
		}
		s.note(s.T("agentstatus.renewed", "ServerID", i.ServerID, "Fingerprint", i.Fingerprint().Short()))
		return nil
	})
}
