package ui

import (
	"net/http"
	"slices"

	"github.com/oneseat/oneseat/internal/web"
)

// account is where the pages of an enterprise begin.
const account = "/enterprises/{enterprise}"

// Routes are all pages, and what their forms do.
func (u *UI) Routes() []web.Route {
	all := slices.Concat([]web.Route{
		view("/{$}", "home", u.home),
		view(account, "enterprise", u.home),
	}, u.licensingRoutes(), u.instanceRoutes(), u.enrolmentRoutes(), u.uploadRoutes(), u.peopleRoutes(), u.helpRoutes(), u.settingsRoutes(),
		u.worklistRoutes(), u.connectRoutes())
	if u.config.Storybook {
		all = append(all, u.storybookRoutes()...)
	}
	return all
}

// view is a page that every role sees.
func view(pattern, name string, handler web.Handler) web.Route {
	return web.Route{
		Method: http.MethodGet, Pattern: pattern, Name: "page-" + name, Access: everybody(), Style: web.StylePage, Handler: handler,
	}
}

// deed is a form that owners send.
func deed(pattern, name string, handler web.Handler) web.Route {
	return web.Route{
		Method: http.MethodPost, Pattern: pattern, Name: "do-" + name, Access: owners(), Style: web.StylePage, Handler: handler,
	}
}

// home leads to the licenses of the visitor's enterprise.
func (u *UI) home(w http.ResponseWriter, r *http.Request) error {
	all, err := u.hub.Enterprises(r.Context())
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Number == visitOf(r.Context()).Enterprise {
			http.Redirect(w, r, u.to(r, "/enterprises/"+e.Slug+"/licensing"), http.StatusSeeOther)
			return nil
		}
	}
	return noPage()
}
