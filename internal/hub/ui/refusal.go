package ui

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

// refusalPage says what is wrong and what to do.
type refusalPage struct {
	page.Frame

	Sentence string
	Details  []string
	Request  string
	// SignIn is where to sign in; empty: nowhere.
	SignIn string
	Home   bool
}

// Refusal writes a refusal as a page, for [web.Config]: in the reader's
// language. Whoever has to sign in first is led to where they can, and comes
// back afterwards.
func (u *UI) Refusal(w http.ResponseWriter, r *http.Request, p *web.Problem, err error) {
	if _, ok := errors.AsType[stranger](err); ok && u.config.SignIn != "" && u.toSignIn(w, r) {
		return
	}
	out := refusalPage{Frame: u.look.Frame(r), Request: p.RequestID, Home: true}
	out.Sentence = u.sentence(&out.Frame, p, err)
	for _, d := range p.Errors {
		out.Details = append(out.Details, d.Detail)
	}
	content := refusal(&out)
	out.Title = out.T("ui.refusal." + statusName(p.Status))
	if p.Status == http.StatusUnauthorized {
		out.Title, out.SignIn = out.T("ui.sign_in_title"), u.config.SignIn
		content = signInPage(&out)
	}
	if failure := page.Show(w, r, p.Status, content); failure != nil {
		http.Error(w, p.Detail, p.Status)
	}
}

// toSignIn leads to the sign-in page, and from there back to the page that was
// asked for. False for what is no page: a form that was sent cannot be sent
// again.
func (u *UI) toSignIn(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	w.Header().Del("WWW-Authenticate")
	path := u.to(r, u.config.SignIn+"?"+url.Values{"next": {r.URL.RequestURI()}}.Encode())
	if r.Header.Get("HX-Request") != "" { // a part of a page: the whole page goes there
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return true
}

// sentence is that of the refusal in the reader's language.
func (u *UI) sentence(f *page.Frame, p *web.Problem, err error) string {
	if _, said := errors.AsType[i18n.Message](err); said {
		return f.Error(err)
	}
	return f.T("web.internal", "Request", p.RequestID)
}

// statusName is the part of a key that says what kind of refusal it is.
func statusName(status int) string {
	switch status {
	case http.StatusNotFound:
		return "not_found"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusConflict:
		return "conflict"
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return "busy"
	case http.StatusInternalServerError:
		return "internal"
	default:
		return "invalid"
	}
}

// refused says that err is a sentence for the person who filled in a form, to
// be shown on the form again; anything else is for [UI.Refusal].
func refused(err error) bool {
	switch errs.KindOf(err) {
	case errs.Internal, errs.NotFound, errs.Unauthenticated, errs.Forbidden:
		_, said := errors.AsType[i18n.Message](err)
		return said && !errs.Judged(err)
	default:
		return true
	}
}
