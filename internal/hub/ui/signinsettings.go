package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/password"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) signInRoutes() []web.Route {
	return []web.Route{
		watched(inSignIn.pattern(""), "sign-in-settings", u.signInSettings),
		deed(inSignIn.pattern("/enforce"), "enforce-single-sign-on", u.enforce),
		deed(inSignIn.pattern("/release"), "release-single-sign-on", u.release),
		deed(inSignIn.pattern("/sessions"), "end-session", u.endSession),
	}
}

// signInPage is Sign-in: the ways in, and who is in.
type signInSettingsPage struct {
	frame

	Single signin.SingleSignOn
	// BreakGlass is the one owner who may pass by single sign-on; nil: it is
	// not enforced, or they are gone.
	BreakGlass *signin.Person
	// Candidates are the owners who could be the one.
	Candidates []signin.Person
	// Sessions are those of everybody, for owners alone.
	Sessions      []signin.Session
	names         map[string]string
	Least         int // characters of a password
	Refusal, Done string
}

func (u *UI) signInSettings(w http.ResponseWriter, r *http.Request) error {
	return u.showSignIn(w, r, nil)
}

// showSignIn shows the page, with why a form was refused.
func (u *UI) showSignIn(w http.ResponseWriter, r *http.Request, refusal error) (err error) {
	p := signInSettingsPage{frame: u.settingsFrame(r, inSignIn), names: map[string]string{}, Least: password.Least}
	if p.Single, err = u.door.SingleSignOn(r.Context(), p.About.Number); err != nil {
		return err
	}
	people, err := u.desk.People(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	for i := range people {
		p.take(&people[i])
	}
	if p.owner() {
		if p.Sessions, err = u.desk.AllSessions(r.Context(), p.About.Number); err != nil {
			return err
		}
	}
	p.Done = p.done(r, "enforced", "released", "ended")
	if refusal != nil {
		p.Refusal = p.Error(refusal)
	}
	return page.Show(w, r, statusAfter(refusal), signInContent(&p))
}

func (p *signInSettingsPage) take(one *signin.Person) {
	p.names[one.ID] = one.Name
	if one.ID == p.Single.BreakGlass {
		p.BreakGlass = one
	}
	if one.Role == signin.RoleOwner && one.Ways.Password {
		p.Candidates = append(p.Candidates, *one)
	}
}

func (u *UI) enforce(w http.ResponseWriter, r *http.Request) error {
	v, err := visitOf(r.Context()), confirmed(r)
	if err == nil {
		err = u.door.Enforce(r.Context(), v.Actor, v.About.Number, r.PostFormValue("break_glass"))
	}
	return u.settled(w, r, inSignIn, "enforced", err, u.showSignIn)
}

func (u *UI) release(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	return u.settled(w, r, inSignIn, "released", u.door.Release(r.Context(), v.Actor, v.About.Number), u.showSignIn)
}

func (u *UI) endSession(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	err := u.desk.EndSession(r.Context(), v.Actor, v.About.Number, r.PostFormValue("person"), r.PostFormValue("session"))
	return u.settled(w, r, inSignIn, "ended", err, u.showSignIn)
}

// method is how a session began, in words.
func (p *signInSettingsPage) method(s *signin.Session) string {
	key, _ := s.Method.Message()
	return p.T(key)
}
