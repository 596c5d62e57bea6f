package main

import (
	"context"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

type hubResumeCommand struct{ onSite }

// Run says that the hub was restored: each connected agent is let in once.
func (c *hubResumeCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, "oneseat hub resume", func(m *machine, e hub.EnterpriseInfo) error {
		n, err := m.hub.ResumeConnect(ctx, e.Number, signin.CommandLine(e.Number).Name)
		if err != nil {
			return err
		}
		s.note(s.T("hubresume.done", "Count", n))
		return nil
	})
}
