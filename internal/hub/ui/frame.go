package ui

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
)

// area is a page of the navigation.
type area string

// The areas.
const (
	inLicensing area = "licensing"
	inInstances area = "instances"
	inUploads   area = "uploads"
	inPeople    area = "people"
	inConnect   area = "connect"
	inNone      area = ""
)

// frame is what stands around every page of an enterprise.
type frame struct {
	page.Frame
	visit
}

// frame begins a page in an area.
func (u *UI) frame(r *http.Request, in area, title string) frame {
	f := frame{Frame: u.look.Frame(r), visit: visitOf(r.Context())}
	f.WhoPath = u.config.Account
	f.begin(in, title)
	return f
}

// begin fills in what every page of an enterprise has.
func (f *frame) begin(in area, title string) {
	f.Title = title
	f.Footer = f.T("ui.footer")
	f.Who, f.Role = f.Name, f.roleName()
	f.Account, f.AccountPath = f.About.Name, f.path("licensing")
	f.Help = in.help()
	f.navigate(in)
}

// navigate fills in the navigation, with the labels of GitHub's documentation.
func (f *frame) navigate(in area) {
	f.Tabs = []page.Link{
		{Text: f.T("ui.nav.people"), Path: f.path("people"), Icon: "person", Current: in == inPeople},
		{Text: f.T("ui.nav.licensing"), Path: f.path("licensing"), Icon: "law", Current: in == inLicensing},
		{Text: f.T("ui.nav.instances"), Path: f.path("instances"), Icon: "server", Current: in == inInstances || in == inUploads || in == inConnect},
		{Text: f.T("work.title"), Path: f.path("counted-more-than-once"), Icon: "people", Current: in == inWorklist},
		{Text: f.T("pagesettings.nav.settings"), Path: f.path("settings"), Icon: "gear", Current: in.settings()},
	}
	switch {
	case in == inInstances || in == inUploads || in == inConnect:
		f.Side = []page.Link{
			{Text: f.T("ui.nav.instances"), Path: f.path("instances"), Icon: "server", Current: in == inInstances},
			{Text: f.T("ui.nav.uploads"), Path: f.path("uploads"), Icon: "upload", Current: in == inUploads},
		}
		if f.owner() {
			f.Side = append(f.Side, page.Link{Text: f.T("pagehubconnect.connect_agent"), Path: f.path("connect"), Icon: "plug", Current: in == inConnect})
		}
	case in.settings():
		f.Side = f.settingsMenu(in)
	}
}

func (f *frame) roleName() string {
	switch f.visit.Role {
	case signin.RoleOwner:
		return f.T("ui.role.owner")
	case signin.RoleBillingManager:
		return f.T("ui.role.billing_manager")
	case signin.RoleAuditor:
		return f.T("ui.role.auditor")
	default:
		return ""
	}
}

// path is a path of the enterprise's, made of parts.
func (f *frame) path(parts ...string) string {
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return "/enterprises/" + url.PathEscape(f.About.Slug) + "/" + strings.Join(parts, "/")
}

// link is path for an attribute of a page.
func (f *frame) link(parts ...string) templ.SafeURL { return templ.SafeURL(f.To(f.path(parts...))) }

// eyes are those of the visitor on a person.
func (f *frame) eyes(r *hub.Result, p *hub.Person) hub.Eyes {
	if !f.owner() {
		return hub.ClosedEyes()
	}
	return hub.EyesOn(r, &p.Person)
}

// to is a path as the visitor's browser reaches it.
func (u *UI) to(r *http.Request, path string) string {
	f := u.look.Frame(r)
	return f.To(path)
}

// back answers a form: it leads to a page of the enterprise's.
func (u *UI) back(w http.ResponseWriter, r *http.Request, parts ...string) error {
	f := frame{Frame: u.look.Frame(r), visit: visitOf(r.Context())}
	http.Redirect(w, r, f.To(f.path(parts...)), http.StatusSeeOther)
	return nil
}

// backSaying is back, to a page that says what was done.
func (u *UI) backSaying(w http.ResponseWriter, r *http.Request, done string, parts ...string) error {
	f := frame{Frame: u.look.Frame(r), visit: visitOf(r.Context())}
	http.Redirect(w, r, f.To(f.path(parts...))+"?done="+done, http.StatusSeeOther)
	return nil
}

func noPage() error { return errs.New(errs.NotFound, "web.no_route") }
