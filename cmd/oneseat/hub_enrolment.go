package main

import (
	"context"
	"errors"
	"io"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/terminal"
)

type hubEnrolmentCommand struct {
	onSite

	HubURL string `name:"hub-url" placeholder:"URL"`
	Output string `placeholder:"FILE"`
}

// Run writes the file that enrols agents.
func (c *hubEnrolmentCommand) Run(ctx context.Context, s *session) error {
	const command = "oneseat hub enrolment"
	if err := errors.Join(checkURL("--hub-url", c.HubURL), checkOutput(c.Output)); err != nil {
		return err
	}
	return c.with(ctx, s, command, func(m *machine, e hub.EnterpriseInfo) error {
		file, err := m.hub.Enrolment(ctx, e.Number, signin.CommandLine(e.Number).Name, c.HubURL, nil)
		if err != nil {
			return err
		}
		name := c.Output
		if name == "" {
			name = file.FileName()
		}
		err = atomicfile.Create(name, 0o644, func(w io.Writer) error {
			_, err := w.Write(file.Text)
			return err
		})
		if err != nil {
			return cannotWrite(name, err)
		}
		s.out.Strong(s.T("hubenrolment.done", "File", name, "Slug", e.Slug))
		s.out.Definitions(2, []terminal.Definition{
			{Term: s.T("fingerprint.enterprise"), Text: file.Fingerprint().Short()},
			{Term: s.T("fingerprint.recipient"), Text: file.Recipient.Fingerprint().Short()},
		})
		s.out.Prose(2, s.T("hubenrolment.compare"))
		return nil
	})
}
