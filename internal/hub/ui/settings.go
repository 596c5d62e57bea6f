package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// The pages of the settings. Each is where it is: a path below the enterprise.
const (
	inCloudSide       area = "settings/cloud"
	inServerInstances area = "settings/instances"
	inKeys            area = "settings/keys"
	inLicenses        area = "settings/licenses"
	inRoles           area = "settings/roles"
	inTokens          area = "settings/tokens"
	inRetention       area = "settings/retention"
	inSignIn          area = "settings/sign-in"
	inAuditLog        area = "settings/audit-log"
)

// settings says that the area is a page of the settings.
func (a area) settings() bool { return strings.HasPrefix(string(a), "settings/") }

// parts are those of the area's path.
func (a area) parts(more ...string) []string { return append(strings.Split(string(a), "/"), more...) }

// setting is an entry of the settings' menu.
type setting struct {
	in   area
	icon string
	// watched is what billing managers do not see: who may do what, and who did.
	watched bool
}

// settings are the menu, in its order.
func settings() []setting {
	return []setting{
		{in: inCloudSide, icon: "cloud"},
		{in: inServerInstances, icon: "server"},
		{in: inKeys, icon: "key"},
		{in: inLicenses, icon: "credit-card"},
		{in: inRoles, icon: "people"},
		{in: inTokens, icon: "shield-lock", watched: true},
		{in: inRetention, icon: "clock"},
		{in: inSignIn, icon: "shield-check", watched: true},
		{in: inAuditLog, icon: "list-unordered", watched: true},
	}
}

// watchers are the roles that see who may do what, and who did.
func watchers() []string { return []string{string(signin.RoleOwner), string(signin.RoleAuditor)} }

// settingsMenu is what stands beside a page of the settings: the pages that the
// visitor may see.
func (f *frame) settingsMenu(in area) []page.Link {
	var menu []page.Link
	for _, s := range settings() {
		if s.watched && !slices.Contains(watchers(), string(f.visit.Role)) {
			continue
		}
		menu = append(menu, page.Link{Text: f.settingName(s.in), Path: f.path(s.in.parts()...), Icon: s.icon, Current: s.in == in})
	}
	return menu
}

// settingName is what a page of the settings is called.
func (f *frame) settingName(in area) string {
	_, name, _ := strings.Cut(string(in), "/")
	return f.T("pagesettings.nav." + name)
}

// settingsFrame begins a page of the settings.
func (u *UI) settingsFrame(r *http.Request, in area) frame {
	f := u.frame(r, in, "")
	f.Title = f.settingName(in)
	return f
}

// in is the pattern of a page of an area, or of what is below it.
func (a area) pattern(more string) string { return account + "/" + string(a) + more }

func (u *UI) settingsRoutes() []web.Route {
	return slices.Concat([]web.Route{view(account+"/settings", "settings", u.settings)}, u.cloudSideRoutes(),
		u.instanceSettingRoutes(), u.keyRoutes(), u.roleRoutes(), u.tokenRoutes(), u.retentionRoutes(), u.signInRoutes(), u.auditLogRoutes())
}

// settings leads to the first page of the settings.
func (u *UI) settings(w http.ResponseWriter, r *http.Request) error {
	return u.back(w, r, inCloudSide.parts()...)
}

// watched is a page that billing managers do not see.
func watched(pattern, name string, handler web.Handler) web.Route {
	route := view(pattern, name, handler)
	route.Access = watchers()
	return route
}

// oncePage shows a secret to whoever asked for it, and never again.
type oncePage struct {
	frame

	area   area
	Lead   string
	Secret string
	Until  string // when it ends, as a sentence; empty: never
}

func (p *oncePage) show(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	return page.Show(w, r, http.StatusOK, onceContent(p))
}

// done is the sentence about what a form did, which the redirect named; empty
// for anything else than what the page knows.
func (f *frame) done(r *http.Request, known ...string) string {
	name := r.URL.Query().Get("done")
	if r.Method != http.MethodGet || !slices.Contains(known, name) {
		return ""
	}
	return f.T("pagesettings.done." + name)
}

// statusAfter is the status of a page that shows a form again, or shows it for
// the first time.
func statusAfter(refusal error) int {
	if refusal == nil {
		return http.StatusOK
	}
	return web.StatusOf(refusal)
}

// settled answers a form of a page: the page again, which says what was done,
// or why not.
func (u *UI) settled(w http.ResponseWriter, r *http.Request, in area, done string, err error, show func(http.ResponseWriter, *http.Request, error) error) error {
	switch {
	case err == nil:
		f := frame{Frame: u.look.Frame(r), visit: visitOf(r.Context())}
		http.Redirect(w, r, f.To(f.path(in.parts()...))+"?done="+done, http.StatusSeeOther)
		return nil
	case refused(err):
		web.Event(r.Context()).Kind = errs.KindOf(err)
		return show(w, r, err)
	default:
		return err
	}
}
