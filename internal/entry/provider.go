package entry

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// callbackPath is where a provider sends people back to: the redirect URI to
// register there, below the server's address.
const callbackPath = Path + "/callback"

func callback(r *http.Request) string { return web.URL(r, callbackPath, nil) }

// begin sends a browser to the provider. It is an address and no form, because
// a page's forms may lead nowhere else.
func (e *Entry) begin(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	about, _, err := e.enterprise(r.Context(), query.Get("enterprise"))
	if err != nil {
		return err
	}
	return e.send(w, r, signin.Errand{Enterprise: about.Number, Next: page.LocalPath(query.Get("next"))})
}

func (e *Entry) send(w http.ResponseWriter, r *http.Request, errand signin.Errand) error {
	address, passage, err := e.door.Begin(r.Context(), visitor(r), errand, callback(r))
	if err != nil {
		return err
	}
	text, err := passage.Text()
	if err != nil {
		return err
	}
	remember(w, r, passageCookie, text, passageFor)
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// finish lets in who comes back from the provider.
func (e *Entry) finish(w http.ResponseWriter, r *http.Request) error {
	passage, err := signin.ParsePassage(remembered(r, passageCookie))
	if err != nil {
		return err
	}
	forget(w, r, passageCookie)
	entered, err := e.door.Finish(r.Context(), visitor(r), passage, r.URL.Query(), callback(r))
	if err != nil {
		return err
	}
	return e.enter(w, r, entered, passage.Next)
}
