package entry

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/page"
)

// authenticatorPage gives another authenticator app its secret.
type authenticatorPage struct {
	form

	App appSetup
}

func (e *Entry) newAuthenticator(r *http.Request, kept string) (*authenticatorPage, error) {
	guest, err := e.Guest(r)
	if err != nil {
		return nil, err
	}
	p := &authenticatorPage{}
	if p.Frame, err = e.guestFrame(r, &guest); err != nil {
		return nil, err
	}
	p.Title = p.T("entry.new_authenticator")
	about, err := e.of(r.Context(), guest.Owner.Enterprise)
	if err != nil {
		return nil, err
	}
	p.App, err = newAppSetup(kept, e.issuer(about), guest.Owner.Name)
	return p, err
}

func (e *Entry) authenticator(w http.ResponseWriter, r *http.Request) error {
	p, err := e.newAuthenticator(r, "")
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, authenticatorContent(p))
}

func (e *Entry) doAuthenticator(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	guest, err := e.Guest(r)
	if err != nil {
		return err
	}
	secret := r.PostForm.Get("authenticator")
	err = e.door.ChangeAuthenticator(r.Context(), visitor(r), guest, proof(r), secret, r.PostForm.Get("new_code"))
	if err == nil {
		return e.lead(w, r, AccountPath+"?done=authenticator")
	}
	p, failure := e.newAuthenticator(r, secret)
	if failure != nil {
		return failure
	}
	return p.again(w, r, err, authenticatorContent(p))
}
