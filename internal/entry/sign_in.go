package entry

import (
	"net/http"
	"net/url"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
)

// signInPage asks for name, password and code together, so that nothing tells a
// stranger which of them was right.
type signInPage struct {
	form

	// Enterprise is the name in paths of the one to sign in to; Ask says that it
	// has to be asked for first.
	Enterprise string
	Ask        bool
	Place      string // whose pages these are; empty: that has to be asked for first
	Login      string
	Next       string // where to go afterwards
	// SingleSignOn is the path to the provider; empty: there is none. Enforced
	// says that one person alone may use a password.
	SingleSignOn string
	Enforced     bool
}

// newSignIn is the page for what an address or a form says.
func (e *Entry) newSignIn(r *http.Request, values url.Values) (*signInPage, Enterprise, error) {
	p := &signInPage{form: form{Frame: e.look.Frame(r)}, Enterprise: values.Get("enterprise"), Next: page.LocalPath(values.Get("next")), Login: values.Get("login")}
	p.Title = p.T("entry.sign_in")
	about, _, err := e.enterprise(r.Context(), p.Enterprise)
	if err != nil {
		return nil, about, err
	}
	p.Enterprise, p.Ask = about.Slug, about.Slug == ""
	name, err := e.shownTo(r.Context(), about)
	if err != nil {
		return nil, about, err
	}
	p.Place = e.place(&p.Frame, name)
	policy, err := e.door.SingleSignOn(r.Context(), about.Number)
	p.Enforced = policy.Enforced()
	if policy.Available && !p.Ask {
		p.SingleSignOn = Path + "/provider?" + url.Values{"enterprise": {p.Enterprise}, "next": {p.Next}}.Encode()
	}
	return p, about, err
}

// signIn shows the form; who is signed in already is led on.
func (e *Entry) signIn(w http.ResponseWriter, r *http.Request) error {
	if _, err := e.Guest(r); err == nil {
		return e.lead(w, r, r.URL.Query().Get("next"))
	}
	p, _, err := e.newSignIn(r, r.URL.Query())
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, signInContent(p))
}

func (e *Entry) doSignIn(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	p, about, err := e.newSignIn(r, r.PostForm)
	if err != nil {
		return err
	}
	entered, err := e.door.SignIn(r.Context(), visitor(r), signin.Attempt{
		Enterprise: about.Number, Login: p.Login, Password: r.PostForm.Get("password"), Code: r.PostForm.Get("code"),
	})
	if err != nil {
		return p.again(w, r, err, signInContent(p))
	}
	return e.enter(w, r, entered, p.Next)
}

// enter gives the browser its session, and leads on.
func (e *Entry) enter(w http.ResponseWriter, r *http.Request, entered signin.Entered, next string) error {
	remember(w, r, sessionCookie, entered.Secret.Text(), signin.SessionLife)
	return e.lead(w, r, next)
}

func (e *Entry) doSignOut(w http.ResponseWriter, r *http.Request) error {
	guest, err := e.Guest(r)
	if err != nil {
		return err
	}
	if err := e.desk.SignOut(r.Context(), guest); err != nil {
		return err
	}
	forget(w, r, sessionCookie)
	return e.lead(w, r, Path)
}
