package ui

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/help"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

// area is a page of the navigation: its path.
type area string

// The areas.
const (
	inLicense   area = "/"
	inUsers     area = "/users"
	inSnapshots area = "/snapshots"
	inEnrolment area = "/enrolment"
	inConnect   area = "/connect"
	inAuditLog  area = "/audit-log"
	inNone      area = ""
)

// frame is what stands around every page.
type frame struct {
	page.Frame

	visitor Visitor
}

// frame begins a page in an area.
func (u *UI) frame(r *http.Request, in area) frame {
	return u.frameFor(u.look.Frame(r), visitorOf(r.Context()), in)
}

func (u *UI) frameFor(around page.Frame, who Visitor, in area) frame {
	f := frame{around, who}
	f.WhoPath = u.config.Account
	f.begin(in, u.config.HostName)
	return f
}

// begin fills in what every page has.
func (f *frame) begin(in area, host string) {
	f.Footer = f.T("pageagent.footer")
	f.Who, f.Role = f.visitor.Name, f.roleName()
	f.Account, f.AccountPath = host, string(inLicense)
	f.Help = in.help()
	for _, one := range []struct {
		in         area
		name, icon string
	}{
		{inLicense, "license", "law"},
		{inUsers, "users", "people"},
		{inSnapshots, "snapshots", "clock"},
		{inEnrolment, "enrolment", "organization"},
		{inConnect, "connect", "plug"},
		{inAuditLog, "audit_log", "list-unordered"},
	} {
		link := page.Link{Text: f.T("pageagent.nav." + one.name), Path: string(one.in), Icon: one.icon, Current: one.in == in}
		if f.Tabs = append(f.Tabs, link); link.Current {
			f.Title = link.Text
		}
	}
}

func (f *frame) roleName() string {
	switch f.visitor.Role {
	case signin.RoleOwner, signin.RoleAuditor:
		return f.T("ui.role." + string(f.visitor.Role))
	case signin.RoleBillingManager:
	}
	return ""
}

// owner says that the visitor may change things and see addresses.
func (f *frame) owner() bool { return f.visitor.owner() }

// link is a path for an attribute of a page, with a query of names and values.
func (f *frame) link(path string, query ...string) templ.SafeURL {
	values := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			values.Set(query[i], query[i+1])
		}
	}
	if len(values) > 0 {
		path += "?" + values.Encode()
	}
	return templ.SafeURL(f.To(path))
}

// address is an address as the visitor may see it.
func (f *frame) address(e licensing.Email) string {
	if f.owner() {
		return e.Address()
	}
	return e.String()
}

// say is a sentence that the agent kept.
func (f *frame) say(s *agent.Sentence) string {
	return f.T(s.Key, pairs(s.Args)...)
}

// pairs are the values of a sentence, name and value in turn.
func pairs(values map[string]any) []any {
	args := make([]any, 0, 2*len(values))
	for name, value := range values {
		args = append(args, name, value)
	}
	return args
}

// count is a number grouped as the reader's language does.
func (f *frame) count(n int64) string { return f.Number(int(n)) }

// help is where an area's pages are explained.
func (a area) help() string {
	if a == inNone {
		return help.Path("", "")
	}
	if a == inConnect {
		return help.Path(help.EnableAutomaticSync, "")
	}
	return help.Path(help.SyncLicenseUsage, "manually")
}

// done is the sentence about what a form did, which the redirect named; empty
// for anything else than what the page knows.
func (f *frame) done(r *http.Request, known ...string) string {
	name := r.URL.Query().Get("done")
	if r.Method != http.MethodGet || !slices.Contains(known, name) {
		return ""
	}
	return f.T("pageagent.done." + name)
}

// settled answers a form: an area, which says what was done, or the page that
// shows why not.
func (u *UI) settled(w http.ResponseWriter, r *http.Request, in area, done string, err error, show func(http.ResponseWriter, *http.Request, error) error) error {
	switch {
	case err == nil:
		f := u.look.Frame(r)
		http.Redirect(w, r, f.To(string(in)+"?done="+done), http.StatusSeeOther)
		return nil
	case page.Refused(err):
		web.Event(r.Context()).Kind = errs.KindOf(err)
		return show(w, r, err)
	default:
		return err
	}
}

// statusAfter is the status of a page that shows a form again, or shows it for
// the first time.
func statusAfter(refusal error) int {
	if refusal == nil {
		return http.StatusOK
	}
	return web.StatusOf(refusal)
}

// confirmed is the refusal of a form whose box was not ticked.
func confirmed(r *http.Request) error {
	if r.PostFormValue("confirm") != "yes" {
		return errs.New(errs.Invalid, "pagesettings.not_confirmed")
	}
	return nil
}
