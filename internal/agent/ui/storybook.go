package ui

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/auditlog"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// storybook is where pages are shown in their interesting states, with invented
// people, in development.
const storybook = "/dev/pages"

// story is a page in a state.
type story struct {
	Name string
	area area
	show func(frame) templ.Component
}

// storybookPage lists the stories.
type storybookPage struct {
	page.Frame

	Stories []string
}

func (u *UI) storybookRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: storybook, Name: "dev-pages", Style: web.StylePage, Handler: u.stories},
		{Method: http.MethodGet, Pattern: storybook + "/{story}", Name: "dev-page", Style: web.StylePage, Handler: u.story},
	}
}

func (u *UI) stories(w http.ResponseWriter, r *http.Request) error {
	p := storybookPage{Frame: u.look.Frame(r)}
	for _, s := range stories() {
		p.Stories = append(p.Stories, s.Name)
	}
	for _, s := range u.config.Stories {
		p.Stories = append(p.Stories, s.Name)
	}
	p.Title = storybook
	return page.Show(w, r, http.StatusOK, storybookContent(&p))
}

// story shows one, as an owner sees it; ?role=auditor as another role does.
func (u *UI) story(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("story")
	for _, s := range stories() {
		if s.Name == name {
			f := frame{Frame: u.look.Frame(r), visitor: sampleVisitor(signin.Role(r.URL.Query().Get("role")))}
			f.begin(s.area, "ghes-1.acme.example")
			return page.Show(w, r, http.StatusOK, s.show(f))
		}
	}
	for _, s := range u.config.Stories {
		if s.Name == name {
			return page.Show(w, r, http.StatusOK, s.Show(u.look.Frame(r)))
		}
	}
	return errs.New(errs.NotFound, "web.no_route")
}

func sampleVisitor(role signin.Role) Visitor {
	if role == "" {
		role = signin.RoleOwner
	}
	return Visitor{Actor: signin.Actor{Name: "owner mona", Enterprise: agent.Enterprise}, Role: role, Name: "Mona Octo"}
}

// stories are the pages in their interesting states: empty, huge, wrong, and with
// names that try every layout.
func stories() []story {
	all := []story{
		{"license-empty", inLicense, func(f frame) templ.Component {
			return licenseContent(&licensePage{frame: f, Status: sampleEmpty(), Sync: &agent.SyncStatus{}})
		}},
		{"license-huge-over", inLicense, func(f frame) templ.Component {
			return licenseContent(&licensePage{frame: f, Status: sampleStatus(f.At), Sync: sampleSync(f.At), Runs: sampleRuns(f.At), Next: f.At.AddDate(0, 0, 1), Done: f.T("pageagent.done.seats")})
		}},
		{"license-demo", inLicense, sampleDemoLicense},
		{"license-first-refused", inLicense, sampleFirstRefused},
		{"license-held", inLicense, sampleHeld},
		{"license-pairing", inLicense, func(f frame) templ.Component {
			return licenseContent(&licensePage{frame: f, Status: sampleStatus(f.At), Sync: &agent.SyncStatus{Connection: samplePairingConnection(f)}})
		}},
		{"license-sync-off", inLicense, func(f frame) templ.Component {
			return licenseContent(&licensePage{frame: f, Status: sampleStatus(f.At), Sync: sampleQuiet(f.At)})
		}},
		{"license-synced", inLicense, func(f frame) templ.Component {
			st := sampleSync(f.At)
			st.Open, st.Progress, st.Unwell, st.Last = nil, nil, nil, st.Delivered
			return licenseContent(&licensePage{frame: f, Status: sampleStatus(f.At), Sync: st, Runs: sampleRuns(f.At)[1:5], Done: f.T("pageagent.done.sync")})
		}},
		{"license-trouble", inLicense, sampleTrouble},
		{"connect-none", inConnect, func(f frame) templ.Component {
			return connectContent(&connectPage{frame: f, Sync: &agent.SyncStatus{}, HostName: long(5), Hub: long(6), Refusal: f.T("connect.needs_tls", "Address", "http://hub.acme.example")})
		}},
		{"connect-ended", inConnect, sampleEnded},
		{"connect-code", inConnect, samplePairing},
		{"connect-disable", inConnect, func(f frame) templ.Component {
			return connectContent(&connectPage{frame: f, Sync: sampleSync(f.At), Disable: true})
		}},
		{"connect-connected", inConnect, sampleConnected},
		{"connect-connected-new", inConnect, func(f frame) templ.Component {
			return connectContent(&connectPage{frame: f, Sync: sampleQuiet(f.At), Fingerprint: sampleShort, HostName: "ghes-1.acme.example", Record: &connect.Record{
				ServerID: sampleServer, Enterprise: "acme", HostName: "ghes-1.acme.example", PublicKey: sampleServer + sampleServer, HTTPOnly: true,
			}})
		}},
		{"enrolment-first", inEnrolment, func(f frame) templ.Component {
			return enrolmentContent(&enrolmentPage{frame: f, File: &sampleEnrolled(f.At).Enrolment, Text: "e30="})
		}},
		{"enrolment-replace-refused", inEnrolment, func(f frame) templ.Component {
			return enrolmentContent(&enrolmentPage{frame: f, Now: sampleEnrolled(f.At), Refusal: f.T("enrolment.changed")})
		}},
		{"export-nothing", inLicense, func(f frame) templ.Component {
			f.Title = f.T("pageagent.export.title")
			return exportContent(&exportPage{frame: f, Nothing: f.T("pageagent.export.nothing_do")})
		}},
		{"export-huge", inLicense, func(f frame) templ.Component { return sampleExport(f, true, nil) }},
		{"export-clear-blocked", inLicense, func(f frame) templ.Component {
			return sampleExport(f, false, &agent.Sentence{Key: "agent.nobody_to_seal_to"})
		}},
		{"snapshots-every-state", inSnapshots, sampleSnapshots},
		{"users-demo", inUsers, sampleDemoUsers},
		{"users-odd-names", inUsers, sampleUsers},
		{"users-nobody", inUsers, func(f frame) templ.Component {
			return usersContent(&usersPage{frame: f, Found: &agent.Users{Reading: sampleReading(f.At)}, Query: agent.UsersQuery{Text: "nobody"}})
		}},
	}
	for _, one := range auditlog.Stories(agent.AuditActions()) {
		all = append(all, story{one.Name, inAuditLog, func(f frame) templ.Component { return one.Show(f.Frame) }})
	}
	return all
}
