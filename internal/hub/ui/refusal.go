package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

// Refusal writes a refusal as a page, for [web.Config].
func (u *UI) Refusal(w http.ResponseWriter, r *http.Request, p *web.Problem, err error) {
	(&page.Refusals{Look: u.look, SignIn: u.config.SignIn}).Write(w, r, p, err)
}

// refused says that err belongs on the form that was sent.
func refused(err error) bool { return page.Refused(err) }
