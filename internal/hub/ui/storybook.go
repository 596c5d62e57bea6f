package ui

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
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
	for _, s := range u.storiesOfOthers() {
		p.Stories = append(p.Stories, s.Name)
	}
	p.Title = storybook
	return page.Show(w, r, http.StatusOK, storybookContent(&p))
}

// story shows one, as an owner sees it; ?role=auditor as another role does.
func (u *UI) story(w http.ResponseWriter, r *http.Request) error {
	for _, s := range stories() {
		if s.Name == r.PathValue("story") {
			f := frame{Frame: u.look.Frame(r), visit: sampleVisit(signin.Role(r.URL.Query().Get("role")))}
			f.begin(s.area, s.Name)
			return page.Show(w, r, http.StatusOK, s.show(f))
		}
	}
	for _, s := range u.storiesOfOthers() {
		if s.Name == r.PathValue("story") {
			return page.Show(w, r, http.StatusOK, s.Show(u.look.Frame(r)))
		}
	}
	return noPage()
}

// storiesOfOthers are of pages that others show.
func (u *UI) storiesOfOthers() []page.Story {
	if u.config.Stories == nil {
		return nil
	}
	return u.config.Stories()
}

func sampleVisit(role signin.Role) visit {
	if role == "" {
		role = signin.RoleOwner
	}
	return visit{
		Visitor: Visitor{Actor: signin.Actor{Name: "owner mona", Enterprise: 1, Scopes: role.Scopes()}, Role: role, Name: "Mona Octo"},
		About:   hub.EnterpriseInfo{Number: 1, Slug: "acme", Name: "Acme Instruments"},
	}
}
