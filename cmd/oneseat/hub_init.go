package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/usagefile"
)

type hubInitCommand struct {
	configuration
	storage
	serving
	whose

	Name   string `placeholder:"NAME"`
	Owner  string `default:"owner" placeholder:"NAME"`
	Format string `default:"text" placeholder:"text|json"`
}

// begun is what init made, or found.
type begun struct {
	Enterprise  string `json:"enterprise"`
	Made        bool   `json:"made"`
	Data        string `json:"data"`
	Database    string `json:"database"`
	Keys        string `json:"keys,omitempty"`
	Recipient   string `json:"recipient,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`           // of the recipient
	Enrolment   string `json:"enrolment_fingerprint,omitempty"` // of the enterprise, by which agents know it
	Owner       string `json:"owner,omitempty"`
	Link        string `json:"link,omitempty"`
}

// Run makes a hub, or another enterprise on it. What is there already stays as
// it is.
func (c *hubInitCommand) Run(ctx context.Context, s *session, parsed *kong.Context) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	if c.Enterprise == "" {
		return usage("usage.option_missing", "Option", "--enterprise SLUG", "Command", "oneseat hub init")
	}
	p, err := s.settle(&c.storage, c.serving.check(s.settings))
	if err != nil {
		return err
	}
	db, err := database.Open(ctx, database.Config{Location: p.database})
	if err != nil {
		return err
	}
	m, err := assemble(ctx, db, p, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	done, err := c.begin(ctx, m, p)
	if err = errors.Join(err, m.close()); err != nil {
		return err
	}
	if c.Format == "json" {
		return s.json(done)
	}
	c.show(s, done)
	c.next(s, done, parsed)
	return nil
}

// begin makes enterprise, key and first owner, each unless it is there.
func (c *hubInitCommand) begin(ctx context.Context, m *machine, p *place) (*begun, error) {
	info, recipient, made, err := c.enterprise(ctx, m, p)
	if err != nil {
		return nil, err
	}
	done := &begun{Enterprise: info.Slug, Made: made, Data: p.data, Database: m.db.Location(), Keys: string(p.keys)}
	if p.keys != "" {
		key, err := m.hub.EnrolmentKey(info.Slug)
		if err != nil {
			return nil, err
		}
		done.Recipient, done.Fingerprint, done.Enrolment = recipient.String(), recipient.Fingerprint().Short(), key.Short()
	}
	owners, err := m.desk.Owners(ctx, info.Number)
	if err != nil || len(owners) > 0 {
		return done, err
	}
	secret, owner, err := m.desk.AddOwner(ctx, signin.CommandLine(info.Number), signin.NewOwner{
		Enterprise: info.Number, Name: c.Owner, Role: signin.RoleOwner,
	})
	if err != nil {
		return nil, err
	}
	done.Owner, done.Link = owner.Name, c.link(secret)
	return done, nil
}

func (c *hubInitCommand) enterprise(ctx context.Context, m *machine, p *place) (info hub.EnterpriseInfo, recipient usagefile.Recipient, made bool, err error) {
	info, recipient, err = m.hub.Init(ctx, c.Enterprise, c.Name, hub.Settings{}, signin.CommandLine(0).Name)
	if errs.KindOf(err) != errs.Conflict {
		return info, recipient, err == nil, err
	}
	info, err = m.hub.Enterprise(ctx, c.Enterprise)
	if err == nil && p.keys != "" {
		recipient, err = p.keys.Make(info.Slug, info.CreatedAt)
	}
	return info, recipient, false, err
}

// show says what there is now.
func (c *hubInitCommand) show(s *session, done *begun) {
	title := "init.made"
	if !done.Made {
		title = "init.kept"
	}
	s.out.Strong(s.T(title, "Enterprise", done.Enterprise))
	list := []terminal.Definition{
		{Term: s.T("init.data"), Text: done.Data},
		{Term: s.T("init.database"), Text: done.Database},
	}
	if done.Keys != "" {
		list = append(list,
			terminal.Definition{Term: s.T("init.keys"), Text: done.Keys},
			terminal.Definition{Term: s.T("init.recipient"), Text: done.Recipient},
			terminal.Definition{Term: s.T("fingerprint.recipient"), Text: done.Fingerprint},
			terminal.Definition{Term: s.T("fingerprint.enterprise"), Text: done.Enrolment})
	}
	s.out.Definitions(2, list)
	if done.Keys != "" {
		s.out.Prose(2, s.T("init.keep_keys"))
	}
}

// next says what to do next.
func (c *hubInitCommand) next(s *session, done *begun, parsed *kong.Context) {
	same := func(words ...string) string { return again(s.settings, parsed, words...) }
	whose := " --enterprise " + done.Enterprise
	s.out.Heading(s.T("init.next"))
	s.out.Prose(2, s.T("init.start"))
	s.out.Line("    oneseat hub" + same("hub"))
	if done.Link != "" {
		s.out.Prose(2, s.T("init.link", "Owner", done.Owner))
		s.out.Line("    " + done.Link)
	} else {
		s.out.Prose(2, s.T("init.owner"))
		s.out.Line("    oneseat hub owner add NAME" + same("hub", "owner", "add") + whose)
	}
	s.out.Prose(2, s.T("init.token"))
	s.out.Line("    oneseat hub token create" + same("hub", "token", "create") + whose + " --name admin --scope admin:enterprise")
}
