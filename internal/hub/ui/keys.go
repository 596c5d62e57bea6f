package ui

import (
	"io"
	"net/http"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) keyRoutes() []web.Route {
	return []web.Route{
		view(inKeys.pattern(""), "keys", u.keys),
		view(inKeys.pattern("/recipient.txt"), "recipient", u.recipient),
		deed(inKeys.pattern("/rotate"), "rotate-key", u.rotateKey),
		deed(inKeys.pattern("/retire"), "retire-key", u.retireKey),
		deed(inKeys.pattern("/recipients"), "change-recipients", u.changeRecipients),
	}
}

// keysPage is Keys: what usage files are sealed to, and what signs them.
type keysPage struct {
	frame
	*hub.Keys

	// Instances are those whose signing key is known.
	Instances     []hub.SourceState
	Refusal, Done string
	// Typed is the recipient that the form said.
	Typed string
}

func (u *UI) keys(w http.ResponseWriter, r *http.Request) error { return u.showKeys(w, r, nil) }

// showKeys shows the page, with why a form was refused.
func (u *UI) showKeys(w http.ResponseWriter, r *http.Request, refusal error) (err error) {
	p := keysPage{frame: u.settingsFrame(r, inKeys)}
	if p.Keys, err = u.hub.UnsealingKeys(r.Context(), p.About.Number); err != nil {
		return err
	}
	now, err := u.hub.Overview(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	for _, s := range now.Instances {
		if !s.Fingerprint.IsZero() {
			p.Instances = append(p.Instances, s)
		}
	}
	p.Done = p.done(r, "rotated", "retired", "recipients")
	if refusal != nil {
		p.Refusal, p.Typed = p.Error(refusal), r.PostFormValue("recipient")
	}
	return page.Show(w, r, statusAfter(refusal), keysContent(&p))
}

// recipient answers with what usage files are to be sealed to, as a file.
func (u *UI) recipient(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	keys, err := u.hub.UnsealingKeys(r.Context(), v.About.Number)
	if err != nil {
		return err
	}
	if len(keys.Own) == 0 {
		return errs.New(errs.NotFound, "hub.no_keys")
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+v.About.Slug+`-recipient.txt"`)
	_, err = io.WriteString(w, keys.Own[0].Recipient.String()+"\n")
	return err
}

func (u *UI) rotateKey(w http.ResponseWriter, r *http.Request) error {
	v, err := visitOf(r.Context()), confirmed(r)
	if err == nil {
		_, err = u.hub.RotateKey(r.Context(), v.About.Number, v.Actor.Name)
	}
	return u.settled(w, r, inKeys, "rotated", err, u.showKeys)
}

func (u *UI) retireKey(w http.ResponseWriter, r *http.Request) error {
	v, err := visitOf(r.Context()), confirmed(r)
	if err == nil {
		err = u.hub.RetireKey(r.Context(), v.About.Number, r.PostFormValue("recipient"), v.Actor.Name)
	}
	return u.settled(w, r, inKeys, "retired", err, u.showKeys)
}

// changeRecipients notes a recipient whose private key lies elsewhere, or
// forgets one.
func (u *UI) changeRecipients(w http.ResponseWriter, r *http.Request) error {
	v, recipient := visitOf(r.Context()), r.PostFormValue("recipient")
	change := u.hub.AddRecipient
	if r.PostFormValue("forget") != "" {
		change = u.hub.RemoveRecipient
	}
	_, err := change(r.Context(), v.About.Number, recipient, v.Actor.Name)
	return u.settled(w, r, inKeys, "recipients", err, u.showKeys)
}
