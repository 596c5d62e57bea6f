package main

import (
	"context"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
)

type hubOwnerCommand struct {
	Add    hubOwnerAddCommand    `cmd:"" name:"add"`
	Link   hubOwnerLinkCommand   `cmd:"" name:"link"`
	List   hubOwnerListCommand   `cmd:"" name:"list"`
	Remove hubOwnerRemoveCommand `cmd:"" name:"remove"`
}

type hubOwnerAddCommand struct {
	onSite
	serving

	Name  string `arg:"" name:"name"`
	Email string `placeholder:"ADDRESS"`
	Role  string `default:"owner" placeholder:"owner|billing_manager|auditor"`
}

// Run adds a person. Their one-time link alone goes to standard output.
func (c *hubOwnerAddCommand) Run(ctx context.Context, s *session) error {
	if err := errors.Join(oneOf("--role", c.Role, roleNames()...), c.check(s.settings)); err != nil {
		return err
	}
	return c.with(ctx, s, "oneseat hub owner add", func(m *machine, e hub.EnterpriseInfo) error {
		secret, owner, err := m.desk.AddOwner(ctx, signin.CommandLine(e.Number), signin.NewOwner{
			Enterprise: e.Number, Name: c.Name, Email: licensing.NewEmail(c.Email), Role: signin.Role(c.Role),
		})
		if err != nil {
			return err
		}
		s.linkOnce(c.link(secret), owner)
		return nil
	})
}

func roleNames() []string {
	var names []string
	for _, r := range signin.Roles() {
		names = append(names, string(r))
	}
	return names
}

// linkOnce shows a one-time link.
func (s *session) linkOnce(link string, owner signin.Owner) {
	s.out.Line(link)
	s.note(s.T("owner.once", "Name", owner.Name, "Time", s.instant(owner.LinkExpiresAt)))
}

type hubOwnerLinkCommand struct {
	onSite
	serving

	Name string `arg:"" name:"name"`
}

// Run makes another one-time link for somebody.
func (c *hubOwnerLinkCommand) Run(ctx context.Context, s *session) error {
	if err := c.check(s.settings); err != nil {
		return err
	}
	return c.with(ctx, s, "oneseat hub owner link", func(m *machine, e hub.EnterpriseInfo) error {
		id, err := m.owner(ctx, e.Number, c.Name)
		if err != nil {
			return err
		}
		secret, owner, err := m.desk.NewLink(ctx, signin.CommandLine(e.Number), e.Number, id)
		if err != nil {
			return err
		}
		s.linkOnce(c.link(secret), owner)
		return nil
	})
}

// owner finds somebody by name.
func (m *machine) owner(ctx context.Context, enterprise int64, name string) (id string, err error) {
	return ownerNamed(ctx, m.desk, enterprise, name)
}

func ownerNamed(ctx context.Context, desk *signin.Desk, enterprise int64, name string) (id string, err error) {
	owners, err := desk.Owners(ctx, enterprise)
	if err != nil {
		return "", err
	}
	for i := range owners {
		if owners[i].Name == name {
			return owners[i].ID, nil
		}
	}
	return "", errs.New(errs.NotFound, "owner.unknown", "Name", name)
}

type hubOwnerListCommand struct {
	onSite

	Format string `default:"text" placeholder:"text|json"`
}

// ownerShown is what is shown of somebody who may sign in.
type ownerShown struct {
	Name     string    `json:"name"`
	Email    string    `json:"email,omitempty"`
	Role     string    `json:"role"`
	JoinedAt time.Time `json:"joined_at,omitzero"`
	LinkEnds time.Time `json:"link_expires_at,omitzero"`
}

// Run shows who may sign in.
func (c *hubOwnerListCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	return c.with(ctx, s, "oneseat hub owner list", func(m *machine, e hub.EnterpriseInfo) error {
		return s.owners(ctx, m.desk, e.Number, c.Format)
	})
}

// owners shows who may sign in to an enterprise.
func (s *session) owners(ctx context.Context, desk *signin.Desk, enterprise int64, format string) error {
	owners, err := desk.Owners(ctx, enterprise)
	if err != nil {
		return err
	}
	shown := make([]ownerShown, len(owners))
	for i := range owners {
		o := &owners[i]
		shown[i] = ownerShown{o.Name, o.Email.Address(), string(o.Role), o.JoinedAt, o.LinkExpiresAt}
	}
	if format == "json" {
		return s.json(map[string]any{"owners": shown})
	}
	s.ownerTable(shown)
	return nil
}

func (s *session) ownerTable(owners []ownerShown) {
	t := terminal.Table{Columns: []terminal.Column{
		{Head: s.T("owner.head.name")}, {Head: s.T("owner.head.email")}, {Head: s.T("owner.head.role"), Fixed: true}, {Head: s.T("owner.head.state")},
	}}
	for _, one := range owners {
		state := s.T("owner.no_link")
		switch {
		case !one.JoinedAt.IsZero():
			state = s.T("owner.joined", "Date", s.date(one.JoinedAt))
		case one.LinkEnds.After(s.now):
			state = s.T("owner.link_until", "Time", s.instant(one.LinkEnds))
		}
		t.Rows = append(t.Rows, []terminal.Cell{
			terminal.Text(one.Name), terminal.Text(one.Email), terminal.Text(s.T("owner.role." + one.Role)), terminal.Text(state),
		})
	}
	s.out.Table(t)
}

type hubOwnerRemoveCommand struct {
	onSite

	Name string `arg:"" name:"name"`
}

// Run removes somebody.
func (c *hubOwnerRemoveCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, "oneseat hub owner remove", func(m *machine, e hub.EnterpriseInfo) error {
		id, err := m.owner(ctx, e.Number, c.Name)
		if err != nil {
			return err
		}
		if err := m.desk.RemoveOwner(ctx, signin.CommandLine(e.Number), e.Number, id); err != nil {
			return err
		}
		s.note(s.T("owner.removed", "Name", c.Name))
		return nil
	})
}
