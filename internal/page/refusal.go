package page

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/web"
)

// Refusals are the pages that say what is wrong and what to do.
type Refusals struct {
	Look *Look
	// SignIn is the path of the page where people sign in, which takes the path
	// to go to afterwards as "next"; empty: there is none.
	SignIn string
}

// refusalPage is one of them.
type refusalPage struct {
	Frame

	Sentence string
	Details  []string
	Request  string
	SignIn   string // where to sign in; empty: nowhere
}

// stranger is the refusal of somebody who has to sign in first.
type stranger struct{ error }

func (s stranger) Unwrap() error { return s.error }

// Stranger makes an error the refusal of somebody who has to sign in first, whom
// [Refusals] leads to where they can.
func Stranger(err error) error {
	return stranger{errs.Wrap(errs.Unauthenticated, err, "ui.sign_in")}
}

// Write writes a refusal as a page, for [web.Config]: in the reader's language.
// Whoever has to sign in first is led to where they can, and comes back
// afterwards.
func (x *Refusals) Write(w http.ResponseWriter, r *http.Request, p *web.Problem, err error) {
	if _, ok := errors.AsType[stranger](err); ok && x.SignIn != "" && x.toSignIn(w, r) {
		return
	}
	out := refusalPage{Frame: x.Look.Frame(r), Request: p.RequestID}
	out.Sentence = refusalSentence(&out.Frame, p, err)
	for _, d := range p.Errors {
		out.Details = append(out.Details, d.Detail)
	}
	content := refusal(&out)
	out.Title = out.T("ui.refusal." + statusName(p.Status))
	if p.Status == http.StatusUnauthorized {
		out.Title, out.SignIn = out.T("ui.sign_in_title"), x.SignIn
		content = signInPage(&out)
	}
	if failure := Show(w, r, p.Status, content); failure != nil {
		http.Error(w, p.Detail, p.Status)
	}
}

// toSignIn leads to the sign-in page, and from there back to the page that was
// asked for. False for what is no page: a form that was sent cannot be sent
// again.
func (x *Refusals) toSignIn(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	w.Header().Del("WWW-Authenticate")
	f := x.Look.Frame(r)
	path := f.To(x.SignIn + "?" + url.Values{"next": {r.URL.RequestURI()}}.Encode())
	if r.Header.Get("HX-Request") != "" { // a part of a page: the whole page goes there
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return true
}

// refusalSentence is that of the refusal in the reader's language.
func refusalSentence(f *Frame, p *web.Problem, err error) string {
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

// Refused says that err is a sentence for the person who filled in a form, to be
// shown on the form again; anything else is for [Refusals].
func Refused(err error) bool {
	switch errs.KindOf(err) {
	case errs.Internal, errs.NotFound, errs.Unauthenticated, errs.Forbidden:
		_, said := errors.AsType[i18n.Message](err)
		return said && !errs.Judged(err)
	default:
		return true
	}
}
