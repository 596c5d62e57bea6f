package entry

import (
	"context"
	"net/http"
	"strings"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// Path is where people sign in, and AccountPath what they have of their own.
const (
	Path        = "/sign-in"
	AccountPath = "/account"
)

// Enterprise is one that people sign in to.
type Enterprise struct {
	Number     int64
	Slug, Name string
}

// Config is what the pages are made of. All of it is needed.
type Config struct {
	Desk *signin.Desk
	Door *signin.Door
	Look *page.Look
	// Enterprises gives those of this server. Where there is one, nobody is
	// asked for it; where there are several, none is shown to strangers.
	Enterprises func(context.Context) ([]Enterprise, error)
	// Agent says that the pages are those of an agent, whose enterprise carries
	// the name of a server instance; false: they are a hub's.
	Agent bool
}

// Entry shows the pages. It is safe for concurrent use.
type Entry struct {
	desk        *signin.Desk
	door        *signin.Door
	look        *page.Look
	enterprises func(context.Context) ([]Enterprise, error)
	agent       bool
}

// New makes the pages.
func New(c Config) *Entry { return &Entry{c.Desk, c.Door, c.Look, c.Enterprises, c.Agent} }

// Routes are all pages, and what their forms do. Those with Access are for
// whoever is signed in, in any role.
func (e *Entry) Routes() []web.Route {
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: Path, Name: "sign-in", Handler: e.signIn},
		{Method: http.MethodPost, Pattern: Path, Name: "do-sign-in", Handler: e.doSignIn},
		{Method: http.MethodGet, Pattern: Path + "/provider", Name: "sign-in-provider", Handler: e.begin},
		{Method: http.MethodGet, Pattern: callbackPath, Name: "sign-in-callback", Handler: e.finish},
		{Method: http.MethodGet, Pattern: "/join/{link}", Name: "join", Handler: e.join},
		{Method: http.MethodPost, Pattern: "/join/{link}", Name: "do-join", Handler: e.doJoin},
		{Method: http.MethodPost, Pattern: "/sign-out", Name: "do-sign-out", Access: everybody(), Handler: e.doSignOut},
		{Method: http.MethodGet, Pattern: AccountPath, Name: "account", Access: everybody(), Handler: e.account},
		{Method: http.MethodPost, Pattern: AccountPath + "/password", Name: "do-change-password", Access: everybody(), Handler: e.doPassword},
		{Method: http.MethodGet, Pattern: AccountPath + "/authenticator", Name: "authenticator", Access: everybody(), Handler: e.authenticator},
		{Method: http.MethodPost, Pattern: AccountPath + "/authenticator", Name: "do-change-authenticator", Access: everybody(), Handler: e.doAuthenticator},
		{Method: http.MethodPost, Pattern: AccountPath + "/recovery-codes", Name: "do-recovery-codes", Access: everybody(), Handler: e.doRecoveryCodes},
		{Method: http.MethodPost, Pattern: AccountPath + "/sessions", Name: "do-end-sessions", Access: everybody(), Handler: e.doEndSessions},
	}
	for i := range routes {
		routes[i].Style, routes[i].MaxBody = web.StylePage, 16<<10
	}
	return routes
}

// everybody are the roles.
func everybody() []string {
	var roles []string
	for _, role := range signin.Roles() {
		roles = append(roles, string(role))
	}
	return roles
}

// enterprise finds the enterprise that a form or an address names; the only one
// there is needs no name. False when it is not clear which is meant, or there is
// none of the name.
func (e *Entry) enterprise(ctx context.Context, slug string) (Enterprise, bool, error) {
	all, err := e.enterprises(ctx)
	if err != nil {
		return Enterprise{}, false, err
	}
	if len(all) == 1 && slug == "" {
		return all[0], true, nil
	}
	for _, one := range all {
		if strings.EqualFold(one.Slug, strings.TrimSpace(slug)) {
			return one, true, nil
		}
	}
	return Enterprise{Number: signin.NoEnterprise, Slug: slug}, false, nil
}

// lead answers a form: it leads to a path of this server.
func (e *Entry) lead(w http.ResponseWriter, r *http.Request, path string) error {
	f := e.look.Frame(r)
	http.Redirect(w, r, f.To(page.LocalPath(path)), http.StatusSeeOther)
	return nil
}
