package ui

import (
	"net/http"
	"slices"

	"github.com/oneseat/oneseat/internal/web"
)

// Routes are all pages, and what their forms do.
func (u *UI) Routes() []web.Route {
	all := slices.Concat(u.licenseRoutes(), u.enrolmentRoutes(), u.connectRoutes(), u.exportRoutes(), u.userRoutes(), u.auditLogRoutes(), u.helpRoutes())
	if u.config.Storybook {
		all = append(all, u.storybookRoutes()...)
	}
	return all
}

// view is a page that every role sees.
func view(pattern, name string, handler web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Name: "page-" + name, Access: everybody(), Style: web.StylePage, Handler: handler}
}

// deed is a form that owners send.
func deed(pattern, name string, handler web.Handler) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Name: "do-" + name, Access: owners(), Style: web.StylePage, Handler: handler}
}
