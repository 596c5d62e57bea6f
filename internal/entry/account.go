package entry

import (
	"net/http"
	"path"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/password"
)

// accountPage is what somebody has of their own: the ways in, and where they
// are signed in.
type accountPage struct {
	form

	Done     string // what was changed a moment ago
	Open     string // which form was refused
	Guest    signin.Guest
	Ways     signin.Ways
	Sessions []signin.Session
	Least    int
}

// method is how a session began, in words.
func (p *accountPage) method(s *signin.Session) string {
	key, _ := s.Method.Message()
	return p.T(key)
}

// guestFrame is the frame of a page for somebody who is signed in.
func (e *Entry) guestFrame(r *http.Request, g *signin.Guest) (page.Frame, error) {
	f := e.look.Frame(r)
	about, err := e.of(r.Context(), g.Owner.Enterprise)
	if about != (Enterprise{}) {
		f.Account, f.AccountPath = about.Name, "/"
	}
	f.Who, f.Role, f.WhoPath = g.Owner.Name, f.T("entry.role."+string(g.Owner.Role)), AccountPath
	return f, err
}

func (e *Entry) newAccount(r *http.Request) (*accountPage, error) {
	guest, err := e.Guest(r)
	if err != nil {
		return nil, err
	}
	p := &accountPage{Guest: guest, Least: password.Least}
	if p.Frame, err = e.guestFrame(r, &guest); err != nil {
		return nil, err
	}
	p.Title = p.T("entry.account")
	if p.Ways, err = e.door.Ways(r.Context(), &guest.Owner); err != nil {
		return nil, err
	}
	p.Sessions, err = e.desk.Sessions(r.Context(), guest.Owner.Enterprise, guest.Owner.ID)
	return p, err
}

func (e *Entry) account(w http.ResponseWriter, r *http.Request) error {
	p, err := e.newAccount(r)
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("done") {
	case "password":
		p.Done = p.T("entry.done_password")
	case "authenticator":
		p.Done = p.T("entry.done_authenticator")
	case "sessions":
		p.Done = p.T("entry.done_sessions")
	}
	return page.Show(w, r, http.StatusOK, accountContent(p))
}

// proof is what a form says to prove who sends it.
func proof(r *http.Request) signin.Proof {
	return signin.Proof{Password: r.PostForm.Get("password"), Code: r.PostForm.Get("code")}
}

// change runs a change of the account, and shows the page again when it is
// refused.
func (e *Entry) change(w http.ResponseWriter, r *http.Request, done string, deed func(signin.Guest) error) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	p, err := e.newAccount(r)
	if err != nil {
		return err
	}
	if err := deed(p.Guest); err != nil {
		p.Open = path.Base(r.URL.Path)
		return p.again(w, r, err, accountContent(p))
	}
	if done == "" {
		return nil // the deed answered
	}
	return e.lead(w, r, AccountPath+"?done="+done)
}

func (e *Entry) doPassword(w http.ResponseWriter, r *http.Request) error {
	return e.change(w, r, "password", func(g signin.Guest) error {
		return e.door.ChangePassword(r.Context(), visitor(r), g, proof(r), r.PostForm.Get("new_password"))
	})
}

func (e *Entry) doRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	return e.change(w, r, "", func(g signin.Guest) error {
		codes, err := e.door.NewRecoveryCodes(r.Context(), visitor(r), g, proof(r))
		if err != nil {
			return err
		}
		return e.showCodes(w, r, codes)
	})
}

// doEndSessions ends the session that a form names, or all but this one.
func (e *Entry) doEndSessions(w http.ResponseWriter, r *http.Request) error {
	return e.change(w, r, "sessions", func(g signin.Guest) error {
		if id := r.PostForm.Get("session"); id != "" {
			return e.desk.EndSession(r.Context(), g.Actor(), g.Owner.Enterprise, g.Owner.ID, id)
		}
		return e.desk.EndSessions(r.Context(), g.Actor(), g.Owner.Enterprise, g.Owner.ID, g.Session.ID)
	})
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
