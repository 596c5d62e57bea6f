package entry

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/password"
	"github.com/oneseat/oneseat/internal/signin/totp"
)

// appSetup is what an authenticator app is given.
type appSetup struct {
	Secret string // as the form keeps it
	Shown  string // in fours, to be typed
	URI    string
	Image  qrImage
}

// newAppSetup makes what an app is given: anew, or what a form kept. Issuer and
// who are what the app shows beside the digits.
func newAppSetup(kept, issuer, who string) (appSetup, error) {
	secret, err := totp.Parse(kept)
	if err != nil {
		secret = totp.New()
	}
	s := appSetup{Secret: secret.Text(), URI: secret.URI(issuer, who)}
	s.Shown = inFours(s.Secret)
	s.Image, err = newQRImage(s.URI)
	return s, err
}

func inFours(text string) string {
	var shown []byte
	for i := range len(text) {
		if i > 0 && i%4 == 0 {
			shown = append(shown, ' ')
		}
		shown = append(shown, text[i])
	}
	return string(shown)
}

// joinPage is what a one-time link opens.
type joinPage struct {
	form

	Invitation signin.Invitation
	Place      string // whose pages these are
	App        appSetup
	Path       string
	Least      int // characters of a password
}

// SingleSignOn is the address that leads to the provider.
func (p *joinPage) SingleSignOn() string { return p.To(p.Path) + "?provider=yes" }

func (e *Entry) newJoin(r *http.Request, kept string) (*joinPage, error) {
	link := r.PathValue("link")
	invitation, err := e.door.Invitation(r.Context(), visitor(r), link)
	if err != nil {
		return nil, err
	}
	p := &joinPage{form: form{Frame: e.look.Frame(r)}, Invitation: invitation, Path: "/join/" + url.PathEscape(link), Least: password.Least}
	p.Title = p.T("entry.join", "Name", invitation.Owner.Name)
	about, err := e.of(r.Context(), invitation.Owner.Enterprise)
	if err != nil {
		return nil, err
	}
	p.Place = e.place(&p.Frame, about.Name)
	p.App, err = newAppSetup(kept, e.issuer(about), invitation.Owner.Name)
	return p, err
}

func (e *Entry) join(w http.ResponseWriter, r *http.Request) error {
	p, err := e.newJoin(r, "")
	if err != nil {
		return err
	}
	if r.URL.Query().Has("provider") {
		return e.send(w, r, signin.Errand{Enterprise: p.Invitation.Owner.Enterprise, Link: r.PathValue("link"), Next: "/"})
	}
	return page.Show(w, r, http.StatusOK, joinContent(p))
}

func (e *Entry) doJoin(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	entered, codes, err := e.door.Join(r.Context(), visitor(r), signin.Joining{
		Link: r.PathValue("link"), Password: r.PostForm.Get("password"),
		Authenticator: r.PostForm.Get("authenticator"), Code: r.PostForm.Get("code"),
	})
	if errs.KindOf(err) == errs.Unauthenticated {
		return err // the link is of no use, and neither is the form
	}
	if err != nil {
		p, failure := e.newJoin(r, r.PostForm.Get("authenticator"))
		if failure != nil {
			return failure
		}
		return p.again(w, r, err, joinContent(p))
	}
	remember(w, r, sessionCookie, entered.Secret.Text(), signin.SessionLife)
	return e.showCodes(w, r, codes)
}

// codesPage shows recovery codes, once.
type codesPage struct {
	page.Frame

	Codes []string
}

// File is the codes as a file that the browser keeps: they are asked for nowhere
// once more.
func (p *codesPage) File() templ.SafeURL {
	return templ.SafeURL("data:text/plain;charset=utf-8," + url.PathEscape(p.Title+"\n\n"+strings.Join(p.Codes, "\n")+"\n"))
}

func (e *Entry) showCodes(w http.ResponseWriter, r *http.Request, codes []string) error {
	p := &codesPage{e.look.Frame(r), codes}
	p.Title = p.T("entry.codes")
	return page.Show(w, r, http.StatusOK, codesContent(p))
}
