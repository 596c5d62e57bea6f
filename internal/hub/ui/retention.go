package ui

import (
	"net/http"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

func (u *UI) retentionRoutes() []web.Route {
	return []web.Route{
		view(inRetention.pattern(""), "retention", u.retention),
		deed(inRetention.pattern("/find"), "find-held", u.findHeld),
		deed(inRetention.pattern("/export"), "export-person", u.exportPerson),
		deed(inRetention.pattern("/erase"), "erase-person", u.erasePerson),
	}
}

// retentionPage is Retention: what is kept how long, and what of one person.
type retentionPage struct {
	frame

	// Typed is the address that somebody asked about; it stands in no path.
	Typed string
	// Held is what is kept with it; nil: nobody asked.
	Held *hub.Held
	// Erased says that Held is what was erased, and what is left.
	Erased  bool
	Refusal string
}

func (u *UI) retention(w http.ResponseWriter, r *http.Request) error {
	return u.showRetention(w, r, nil)
}

func (u *UI) showRetention(w http.ResponseWriter, r *http.Request, refusal error) error {
	p := retentionPage{frame: u.settingsFrame(r, inRetention)}
	if refusal != nil {
		p.Refusal, p.Typed = p.Error(refusal), r.PostFormValue("address")
	}
	return page.Show(w, r, statusAfter(refusal), retentionContent(&p))
}

func (u *UI) findHeld(w http.ResponseWriter, r *http.Request) error {
	p := retentionPage{frame: u.settingsFrame(r, inRetention), Typed: r.PostFormValue("address")}
	var err error
	if p.Held, err = u.hub.HeldOf(r.Context(), p.About.Number, licensing.NewEmail(p.Typed)); err != nil {
		return u.settled(w, r, inRetention, "", err, u.showRetention)
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Show(w, r, http.StatusOK, retentionContent(&p))
}

// exportPerson answers with everything that is kept with an address in it.
func (u *UI) exportPerson(w http.ResponseWriter, r *http.Request) error {
	v, address := visitOf(r.Context()), licensing.NewEmail(r.PostFormValue("address"))
	if _, ok := address.Key(); !ok {
		return u.settled(w, r, inRetention, "", errs.New(errs.Invalid, "hub.no_address"), u.showRetention)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="person-`+v.About.Slug+`.json"`)
	_, err := u.hub.ExportPerson(r.Context(), v.About.Number, address, v.Actor.Name, w)
	return err
}

func (u *UI) erasePerson(w http.ResponseWriter, r *http.Request) error {
	p := retentionPage{frame: u.settingsFrame(r, inRetention), Typed: r.PostFormValue("address"), Erased: true}
	err := confirmed(r)
	if err == nil {
		p.Held, err = u.hub.ErasePerson(r.Context(), p.About.Number, licensing.NewEmail(p.Typed), p.Actor.Name)
	}
	if err != nil {
		return u.settled(w, r, inRetention, "", err, u.showRetention)
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Show(w, r, http.StatusOK, retentionContent(&p))
}

// Nothing says that nothing at all is kept.
func (p *retentionPage) Nothing() bool {
	h := p.Held
	return len(h.Counting) == 0 && len(h.Waiting) == 0 && h.Kept+h.People+h.Changes+h.Results == 0
}

// place is where something counts or waits, in words.
func (p *retentionPage) place(at *hub.HeldPlace) string {
	where := at.Host
	if where == "" {
		where = p.T("ui.sources.cloud")
	}
	return p.T("pagesettings.person.place", "Where", where, "Count", at.Count)
}

// rules are what is kept how long, in words.
func (p *retentionPage) Rules() []string {
	return []string{
		p.T("pagesettings.retention.now"),
		p.T("pagesettings.retention.snapshots", "Count", hub.KeptSnapshots),
		p.T("pagesettings.retention.people", "Count", hub.KeptDays),
		p.T("pagesettings.retention.pending", "Count", hub.PendingDays),
		p.T("pagesettings.retention.files"),
		p.T("pagesettings.retention.totals"),
		p.T("pagesettings.retention.audit"),
	}
}
