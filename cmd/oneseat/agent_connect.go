package main

import (
	"context"
	"errors"

	"github.com/oneseat/oneseat/internal/agent"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/terminal"
)

type agentConnectCommand struct {
	onAgent

	Hub         string `arg:"" name:"hub" optional:""`
	LicenseSync bool
	NewKey      bool
	NoWait      bool
}

// Run pairs the agent with an enterprise, or changes the connection that is there.
func (c *agentConnectCommand) Run(ctx context.Context, s *session) error {
	if c.NewKey && (c.Hub != "" || c.LicenseSync) || c.Hub == "" && !c.NewKey && !c.LicenseSync {
		return usage("usage.agent_connect_what")
	}
	if err := c.named("oneseat agent connect"); err != nil {
		return err
	}
	return c.withPlace(ctx, s, func(m *station, p *place) error {
		switch {
		case c.NewKey:
			return c.newKey(ctx, s, m, p)
		case c.Hub == "":
			if err := m.agent.EnableSync(ctx, operator()); err != nil {
				return err
			}
			s.note(s.T("agentconnecting.sync_enabled"))
			return nil
		default:
			return c.pair(ctx, s, m, p)
		}
	})
}

// pair shows the code, and waits until an owner typed it on the hub.
func (c *agentConnectCommand) pair(ctx context.Context, s *session, m *station, p *place) error {
	begun, err := m.agent.Connect(ctx, operator(), c.Hub, c.LicenseSync)
	if err != nil {
		return err
	}
	i, err := m.agent.Instance()
	if err != nil {
		return err
	}
	s.out.Strong(s.T("agentconnecting.code", "Code", begun.Code.User))
	s.out.Definitions(2, []terminal.Definition{
		{Term: s.T("agentconnecting.page"), Text: begun.Code.Page},
		{Term: s.T("fingerprint.instance"), Text: i.Fingerprint().Short()},
		{Term: s.T("agentconnecting.until"), Text: s.instant(begun.Code.LapsesAt)},
	})
	s.out.Prose(0, s.T("agentconnecting.how"))
	if c.NoWait {
		return nil
	}
	var now *agent.Connection
	busy := s.busy(s.T("agentconnecting.waiting"))
	err = m.wait(ctx, p, func() (bool, error) {
		now, err = m.agent.Connection(ctx)
		return err != nil || now.State != agentstore.Pairing, err
	})
	busy.end()
	if err != nil {
		return err
	}
	return s.connected(now)
}

// connected says what came of a pairing.
func (s *session) connected(c *agent.Connection) error {
	if !c.Connected() {
		return s.failed(c.Ended)
	}
	s.out.Strong(s.T("agentconnecting.done", "Name", c.Enterprise.Name, "Slug", c.Enterprise.Slug))
	if c.Syncs() {
		s.out.Prose(0, s.T("agentconnecting.sync_on"))
	} else {
		s.out.Prose(0, s.T("agentconnecting.sync_off"))
	}
	return nil
}

// newKey replaces the key that the connection signs with.
func (c *agentConnectCommand) newKey(ctx context.Context, s *session, m *station, p *place) error {
	if err := m.agent.RotateKey(ctx, operator()); err != nil {
		return err
	}
	var now *agent.Connection
	err := m.wait(ctx, p, func() (bool, error) {
		var err error
		now, err = m.agent.Connection(ctx)
		return err != nil || !now.NewKey || now.Keys.Failed > 0, err
	})
	if err != nil {
		return err
	}
	if now.NewKey {
		return s.failed(now.Keys.Why)
	}
	s.note(s.T("agentconnecting.new_key"))
	return nil
}

// failure is why something failed, in the reader's language where the catalogue
// has the sentence, else in the hub's words; empty for nil.
func (s *session) failure(f *agent.Failure) string {
	if f == nil {
		return ""
	}
	if text := s.sentence(f.Sentence); text != f.Key || f.Detail == "" {
		return text
	}
	return f.Detail
}

// failed is a failure as an error, whose sentence is said as those of others are.
func (s *session) failed(f *agent.Failure) error {
	if f == nil || s.sentence(f.Sentence) == f.Key {
		return errors.New(s.failure(f))
	}
	return &connect.Failure{Kind: f.Kind, Key: f.Key, Args: f.Args, Detail: f.Detail}
}

type agentDisconnectCommand struct{ onAgent }

// Run disables Connect.
func (c *agentDisconnectCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, func(m *station) error {
		told, err := m.agent.Disconnect(ctx, operator())
		if err != nil {
			return err
		}
		s.note(s.T("agentconnecting.disconnected"))
		if !told {
			s.warn(s.T("agentconnecting.not_told"))
		}
		return nil
	})
}
