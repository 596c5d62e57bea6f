package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// Where the surfaces begin.
const (
	github = "/api/v3/enterprises/{enterprise}"
	own    = "/api/v1/enterprises/{enterprise}"
)

// Routes is everything that can be asked, and by whom.
func (a *API) Routes() []web.Route {
	return slices.Concat(a.githubRoutes(), a.routes())
}

// reads are the scopes that read what GitHub's report shows.
func reads() []string {
	return scopes(signin.ReadEnterprise, signin.ManageBilling, signin.AdminEnterprise)
}

func scopes(list ...signin.Scope) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// githubRoutes answer as GitHub does.
func (a *API) githubRoutes() []web.Route {
	return []web.Route{
		{
			Method: http.MethodGet, Pattern: github + "/consumed-licenses", Name: "github-consumed-licenses",
			Access: reads(), Style: web.StyleGitHub, Handler: a.consumedLicenses,
		},
		{
			Method: http.MethodGet, Pattern: github + "/license-sync-status", Name: "github-license-sync-status",
			Access: reads(), Style: web.StyleGitHub, Handler: a.licenseSyncStatus,
		},
	}
}

// Fallback is the style of refusals for paths that no route has.
func Fallback(path string) web.Style {
	if path == "/api/v3" || strings.HasPrefix(path, "/api/v3/") {
		return web.StyleGitHub
	}
	return web.StyleProblem
}
