package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/entry"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/totp"
	"github.com/oneseat/oneseat/internal/web"
)

// githubSaid is how long before the demo GitHub was last asked.
const githubSaid = 5 * 24 * time.Hour

// raise makes the hub with its enterprise, tokens, and people who are let in.
func (p *play) raise(ctx context.Context) error {
	p.hub.Data, p.hub.Listen, p.hub.LogLevel, p.hub.LogFormat = p.in("hub"), p.listen, "info", "json"
	p.note(p.T("demo.making", "Directory", p.dir))
	if _, err := p.command(ctx, "hub", "init", "--data", p.hub.Data, "--enterprise", demo.Slug, "--name", demo.Name, "--owner", "Mona Okafor"); err != nil {
		return err
	}
	for name, scopes := range map[string][]string{"owner": {"admin:enterprise"}, "reader": {"read:enterprise", "manage_billing:enterprise"}} {
		create := []string{"hub", "token", "create", "--data", p.hub.Data, "--enterprise", demo.Slug, "--name", name, "--output", p.in(name + ".token")}
		for _, scope := range scopes {
			create = append(create, "--scope", scope)
		}
		if _, err := p.command(ctx, create...); err != nil {
			return err
		}
	}
	secret, err := os.ReadFile(p.in("reader.token"))
	if err != nil {
		return err
	}
	p.shown = shownDemo{HubURL: "http://" + p.listen, Enterprise: demo.Slug, Token: strings.TrimSpace(string(secret)), Agents: []demoAgent{}}
	return p.letIn(ctx)
}

// letIn makes a session for somebody of each role, so that nobody who looks at
// a demo needs an authenticator app. They join as everybody does.
func (p *play) letIn(ctx context.Context) error {
	onSite := onSite{storage: p.hub.storage}
	return onSite.with(ctx, p.session, "oneseat demo", func(m *machine, e hub.EnterpriseInfo) error {
		door := signin.NewDoor(m.desk, signin.DoorConfig{})
		for role, name := range map[signin.Role]string{
			signin.RoleOwner: "Sam Rivers", signin.RoleBillingManager: "Billie Chen", signin.RoleAuditor: "Audra Voss",
		} {
			link, _, err := m.desk.AddOwner(ctx, signin.CommandLine(e.Number), signin.NewOwner{Enterprise: e.Number, Name: name, Role: role})
			if err != nil {
				return err
			}
			g, err := letIn(ctx, door, link.Text(), role)
			if err != nil {
				return err
			}
			g.reach = func(ctx context.Context, do func(*signin.Desk) error) error {
				return onSite.with(ctx, p.session, "oneseat demo", func(m *machine, _ hub.EnterpriseInfo) error { return do(m.desk) })
			}
			p.Guests = append(p.Guests, g)
			if role == signin.RoleOwner {
				p.shown.SignInURL = p.shown.HubURL + g.path
			}
		}
		return nil
	})
}

// serve runs the hub as "oneseat hub" does, with the doors of the demo beside
// its pages. What it logs goes to a file.
func (p *play) serve(ctx context.Context) error {
	log, err := os.OpenFile(p.in("hub.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // of a demo
	for _, g := range p.Guests {
		p.hub.also = append(p.hub.also, g.route())
	}
	place, err := p.settle(&p.hub.storage)
	if err != nil {
		return err
	}
	return p.hub.run(ctx, place, nil, slog.New(slog.NewJSONHandler(log, nil)))
}

// letIn joins by a one-time link, as somebody does who has an authenticator app.
func letIn(ctx context.Context, door *signin.Door, link string, role signin.Role) (guest, error) {
	app, password := totp.New(), rand.Text()
	entered, codes, err := door.Join(ctx, signin.Visitor{Browser: demoBrowser}, signin.Joining{
		Link: link, Password: password, Authenticator: app.Text(), Code: app.Code(time.Now()),
	})
	return guest{
		role: role, path: "/demo/" + string(role) + "/" + strings.ToLower(rand.Text()), mutex: &sync.Mutex{},
		secret: entered.Secret, Owner: entered.Owner, password: password, codes: codes,
	}, err
}

// demoBrowser is what the sessions of a demo are called by.
const demoBrowser = "oneseat demo"

// again signs in once more when the session has ended: somebody who signed out
// comes back by the same door, as often as there are recovery codes.
func (g *guest) again(ctx context.Context) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.reach(ctx, func(desk *signin.Desk) error {
		_, err := desk.Recognise(ctx, g.secret.Text())
		if errs.KindOf(err) != errs.Unauthenticated || len(g.codes) == 0 {
			return err
		}
		entered, err := signin.NewDoor(desk, signin.DoorConfig{}).SignIn(ctx, signin.Visitor{Browser: demoBrowser}, signin.Attempt{
			Enterprise: g.Owner.Enterprise, Login: g.Owner.Name, Password: g.password, Code: g.codes[0],
		})
		if err == nil {
			g.secret, g.codes = entered.Secret, g.codes[1:]
		}
		return err
	})
}

func (g *guest) route() web.Route {
	return web.Route{Method: http.MethodGet, Pattern: g.path, Name: "demo-" + string(g.role), Style: web.StylePage, Handler: g.enter}
}

// enter is the door for one of them; ?to= leads to another page than the first.
func (g *guest) enter(w http.ResponseWriter, r *http.Request) error {
	if err := g.again(r.Context()); err != nil {
		return err
	}
	http.SetCookie(w, entry.SessionCookie(r, g.secret))
	http.Redirect(w, r, page.LocalPath(r.FormValue("to")), http.StatusSeeOther)
	return nil
}

// perform plays what happens between the roles, and prints what came of it.
func (p *play) perform(ctx context.Context) error {
	if err := wait(ctx, p.listen, p.in("hub.log")); err != nil {
		return err
	}
	if err := p.loadCloud(ctx); err != nil {
		return err
	}
	for _, host := range slices.Sorted(maps.Keys(p.files.Reports)) {
		if err := p.agent(ctx, host); err != nil {
			return err
		}
	}
	said, err := json.MarshalIndent(p.shown, "", "  ")
	if err != nil {
		return err
	}
	if _, err := p.keep(append(said, '\n'), "demo.json"); err != nil {
		return err
	}
	report, err := p.command(ctx, "report")
	if err != nil {
		return err
	}
	p.out.Blank()
	for line := range strings.Lines(report) {
		p.out.Line(strings.TrimSuffix(line, "\n"))
	}
	return p.out.Err()
}

// loadCloud loads a cloud list, and what GitHub's own call said before.
func (p *play) loadCloud(ctx context.Context) error {
	before := p.now.Add(-githubSaid)
	said, err := p.files.GitHubAnswer(ctx, before)
	if err != nil {
		return err
	}
	github, err := p.keep(said, "files", "consumed-licenses.json")
	if err != nil {
		return err
	}
	list, err := p.keep(p.files.CloudList, "files", "cloud.json")
	if err != nil {
		return err
	}
	p.note(p.T("demo.cloud", "File", list))
	_, err = p.command(ctx, "upload", "--cloud", list, "--cloud", before.Format(time.RFC3339)+"="+github, "--apply")
	return err
}

// lookAs says what somebody of a role looks for.
func (p *play) lookAs(role signin.Role) string {
	switch role {
	case signin.RoleOwner:
		return p.T("demo.role_owner")
	case signin.RoleBillingManager:
		return p.T("demo.role_billing_manager")
	case signin.RoleAuditor:
		return p.T("demo.role_auditor")
	}
	return ""
}

// invite says where to look.
func (p *play) invite() {
	p.out.Heading(p.T("demo.look"))
	for _, g := range p.Guests {
		p.out.Prose(2, p.lookAs(g.role))
		p.out.Line("    " + p.shown.HubURL + g.path)
	}
	for _, a := range p.shown.Agents {
		p.out.Prose(2, p.T("demo.agent", "Host", a.HostName))
		p.out.Line("    " + a.SignInURL)
	}
	p.out.Heading(p.T("demo.people"))
	for _, c := range p.files.Cases {
		p.out.Line("  " + c.Find)
	}
	p.out.Blank()
	p.out.Prose(0, p.T("demo.until", "Directory", p.dir))
}
