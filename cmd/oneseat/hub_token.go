package main

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/terminal"
)

type hubTokenCommand struct {
	Create hubTokenCreateCommand `cmd:"" name:"create"`
	List   hubTokenListCommand   `cmd:"" name:"list"`
	Revoke hubTokenRevokeCommand `cmd:"" name:"revoke"`
}

// onSite is what every command has that works on a hub's own machine.
type onSite struct {
	configuration
	storage
	whose
}

// with runs fn on the hub that is there, for one enterprise.
func (o *onSite) with(ctx context.Context, s *session, command string, fn func(m *machine, e hub.EnterpriseInfo) error) error {
	p, err := o.place(s.settings)
	if err != nil {
		return err
	}
	m, err := openMachine(ctx, p, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer m.close() //nolint:errcheck // what was done is committed
	e, err := m.enterprise(ctx, o.Enterprise, command)
	if err != nil {
		return err
	}
	return fn(m, e)
}

type hubTokenCreateCommand struct {
	onSite

	Name     string `placeholder:"NAME"`
	Scope    words  `placeholder:"SCOPE…"`
	Instance string `placeholder:"HOST"`
	Expires  string `placeholder:"DATE"`
	Output   string `placeholder:"FILE"`
	Format   string `default:"text" placeholder:"text|json"`
}

// tokenShown is what is shown of a token, with its secret when it is new.
type tokenShown struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Scopes     []string  `json:"scopes"`
	Instance   string    `json:"instance,omitempty"`
	State      string    `json:"state"`
	CreatedBy  string    `json:"created_by"`
	CreatedAt  time.Time `json:"created_at"`
	ExpiresAt  time.Time `json:"expires_at,omitzero"`
	LastUsedAt time.Time `json:"last_used_at,omitzero"`
	Secret     string    `json:"secret,omitempty"`
}

// Run makes a token. Its secret alone goes to standard output.
func (c *hubTokenCreateCommand) Run(ctx context.Context, s *session) error {
	const command = "oneseat hub token create"
	wanted, err := c.check(s, command)
	if err != nil {
		return err
	}
	return c.with(ctx, s, command, func(m *machine, e hub.EnterpriseInfo) error {
		wanted.Enterprise = e.Number
		if c.Instance != "" {
			if wanted.Instance, err = m.instance(ctx, e.Number, c.Instance); err != nil {
				return err
			}
		}
		secret, token, err := m.desk.CreateToken(ctx, signin.CommandLine(e.Number), wanted)
		if err != nil {
			return err
		}
		return c.show(s, secret, token)
	})
}

// check looks at the options alone.
func (c *hubTokenCreateCommand) check(s *session, command string) (signin.NewToken, error) {
	n := signin.NewToken{Name: c.Name}
	if c.Name == "" {
		return n, usage("usage.option_missing", "Option", "--name NAME", "Command", command)
	}
	if len(c.Scope) == 0 {
		return n, usage("usage.option_missing", "Option", "--scope SCOPE", "Command", command)
	}
	for _, scope := range c.Scope {
		if err := oneOf("--scope", scope, scopeNames()...); err != nil {
			return n, err
		}
		n.Scopes = append(n.Scopes, signin.Scope(scope))
	}
	if c.Expires != "" {
		at, ok := parseInstant(c.Expires)
		if !ok {
			return n, usage("usage.bad_date", "Option", "--expires", "Value", c.Expires)
		}
		n.ExpiresAt = at
	}
	if err := checkOutput(c.Output); err != nil {
		return n, err
	}
	return n, oneOf("--format", c.Format, "text", "json")
}

func scopeNames() []string {
	var names []string
	for _, s := range signin.Scopes() {
		names = append(names, string(s))
	}
	return names
}

func (c *hubTokenCreateCommand) show(s *session, secret signin.Secret, token signin.Token) error {
	if c.Output != "" {
		err := atomicfile.Create(c.Output, 0o600, func(w io.Writer) error {
			_, err := io.WriteString(w, secret.Text()+"\n")
			return err
		})
		if err != nil {
			return cannotWrite(c.Output, err)
		}
		s.note(s.T("token.written", "Name", token.Name, "File", c.Output))
		return nil
	}
	if c.Format == "json" {
		shown := shownToken(token, s.now, nil)
		shown.Secret = secret.Text()
		return s.json(shown)
	}
	s.out.Line(secret.Text())
	s.note(s.T("token.once", "Name", token.Name))
	return nil
}

// instance finds a server instance by host name.
func (m *machine) instance(ctx context.Context, enterprise int64, host string) (int64, error) {
	sources, err := m.hub.Sources(ctx, enterprise)
	if err != nil {
		return 0, err
	}
	for _, source := range sources {
		if source.Number != hub.CloudSource && strings.EqualFold(source.HostName, host) {
			return source.Number, nil
		}
	}
	return 0, errs.New(errs.NotFound, "token.no_instance", "Host", host)
}

type hubTokenListCommand struct {
	onSite

	Format string `default:"text" placeholder:"text|json"`
}

// Run shows the tokens, without their secrets, which nobody has.
func (c *hubTokenListCommand) Run(ctx context.Context, s *session) error {
	if err := oneOf("--format", c.Format, "text", "json"); err != nil {
		return err
	}
	return c.with(ctx, s, "oneseat hub token list", func(m *machine, e hub.EnterpriseInfo) error {
		tokens, err := m.desk.Tokens(ctx, e.Number)
		if err != nil {
			return err
		}
		sources, err := m.hub.Sources(ctx, e.Number)
		if err != nil {
			return err
		}
		shown := make([]tokenShown, len(tokens))
		for i := range tokens {
			shown[i] = shownToken(tokens[i], s.now, sources)
		}
		if c.Format == "json" {
			return s.json(map[string]any{"tokens": shown})
		}
		s.tokenTable(shown)
		return nil
	})
}

func shownToken(t signin.Token, now time.Time, sources []hub.Source) tokenShown {
	shown := tokenShown{
		ID: t.ID, Name: t.Name, State: string(t.State(now)), CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt,
		ExpiresAt: t.ExpiresAt, LastUsedAt: t.LastUsedAt,
	}
	for _, scope := range t.Scopes {
		shown.Scopes = append(shown.Scopes, string(scope))
	}
	if t.Instance == 0 {
		return shown
	}
	shown.Instance = strconv.FormatInt(t.Instance, 10)
	for _, source := range sources {
		if source.Number == t.Instance {
			shown.Instance = source.HostName
		}
	}
	return shown
}

func (s *session) tokenTable(tokens []tokenShown) {
	if len(tokens) == 0 {
		s.out.Prose(0, s.T("token.none"))
		return
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Head: s.T("token.head.id"), Fixed: true},
		{Head: s.T("token.head.name")},
		{Head: s.T("token.head.state"), Fixed: true},
		{Head: s.T("token.head.scopes")},
		{Head: s.T("token.head.instance")},
		{Head: s.T("token.head.expires"), Fixed: true},
		{Head: s.T("token.head.used"), Fixed: true},
	}}
	for _, one := range tokens {
		expires, used := s.T("token.never"), s.T("token.never")
		if !one.ExpiresAt.IsZero() {
			expires = s.date(one.ExpiresAt)
		}
		if !one.LastUsedAt.IsZero() {
			used = s.date(one.LastUsedAt)
		}
		t.Rows = append(t.Rows, []terminal.Cell{
			terminal.Text(one.ID), terminal.Text(one.Name), terminal.Text(s.T("token.state." + one.State)),
			terminal.List(one.Scopes, 0), terminal.Text(one.Instance), terminal.Text(expires), terminal.Text(used),
		})
	}
	s.out.Table(t)
}

type hubTokenRevokeCommand struct {
	onSite

	ID string `arg:"" name:"token"`
}

// Run ends a token, named by id or name.
func (c *hubTokenRevokeCommand) Run(ctx context.Context, s *session) error {
	return c.with(ctx, s, "oneseat hub token revoke", func(m *machine, e hub.EnterpriseInfo) error {
		tokens, err := m.desk.Tokens(ctx, e.Number)
		if err != nil {
			return err
		}
		id, name := c.ID, c.ID
		for i := range tokens {
			if t := &tokens[i]; t.ID == c.ID || t.Name == c.ID && t.State(s.now) != signin.Revoked {
				id, name = t.ID, t.Name
			}
		}
		ended, err := m.desk.RevokeToken(ctx, signin.CommandLine(e.Number), e.Number, id)
		if err != nil {
			return err
		}
		s.note(s.T("token.revoked", "Name", name))
		for i := range ended {
			if ended[i].ID != id {
				s.note(s.T("token.revoked_with", "Name", ended[i].Name))
			}
		}
		return nil
	})
}
