package ui

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

func (u *UI) purchasedRoutes() []web.Route {
	const path = account + "/settings/licenses"
	line := view(path+"/{line}", "purchased-line", u.purchasedLine)
	line.Access = owners()
	return []web.Route{
		view(path, "purchased", u.purchased),
		deed(path, "add-purchased", u.addPurchased),
		line,
		deed(path+"/{line}", "change-purchased", u.changePurchased),
		deed(path+"/{line}/remove", "remove-purchased", u.removePurchased),
	}
}

// purchasedPage is Purchased licenses: the contract, line by line, and what of
// it is in force.
type purchasedPage struct {
	frame

	Now   hub.Purchase
	Lines []hub.ContractLine
	// Counted is what the current result was counted with; nil: nothing was
	// counted yet.
	Counted *hub.Purchase
	// Form is what the form for a further line says.
	Form    purchasedForm
	Refusal string
}

// purchasedForm is a line as it was typed.
type purchasedForm struct{ From, Until, Seats, License, Note string }

func (u *UI) purchased(w http.ResponseWriter, r *http.Request) error {
	return u.showPurchased(w, r, purchasedForm{}, nil)
}

// showPurchased shows the lines, with why a form was refused.
func (u *UI) showPurchased(w http.ResponseWriter, r *http.Request, form purchasedForm, refusal error) (err error) {
	p := purchasedPage{frame: u.frame(r, inLicenses, ""), Form: form}
	p.Title = p.T("pagelicensing.purchased.title")
	if p.Lines, err = u.hub.ContractLines(r.Context(), p.About.Number); err != nil {
		return err
	}
	if p.Now, err = u.hub.Purchased(r.Context(), p.About); err != nil {
		return err
	}
	result, err := u.hub.Current(r.Context(), p.About.Number)
	switch {
	case err == nil:
		p.Counted, p.Now = &result.Purchase, listedToo(p.Now, result.Purchase.Listed)
	case errs.KindOf(err) != errs.NotFound:
		return err
	}
	status := http.StatusOK
	if refusal != nil {
		p.Refusal, status = p.Error(refusal), web.StatusOf(refusal)
	}
	return page.Show(w, r, status, purchasedContent(&p))
}

// listedToo is what is in force with what was loaded, which a result knows.
func listedToo(now hub.Purchase, listed int) hub.Purchase {
	now.Listed = listed
	if now.Source == hub.BoughtUnknown && listed > 0 {
		now.Source, now.Seats = hub.BoughtByList, listed
	}
	return now
}

// Waits says that the current result was counted with another number.
func (p *purchasedPage) Waits() bool { return p.Counted != nil && p.Counted.Seats != p.Now.Seats }

// Difference is how far what was loaded is from what counts; 0 where nothing
// was loaded or it is what counts.
func (p *purchasedPage) Difference() int {
	if p.Now.Listed == 0 {
		return 0
	}
	return p.Now.Listed - p.Now.Seats
}

// lineState says how a line stands: in_force, to_come, over or removed.
func (f *frame) lineState(l *hub.ContractLine) string {
	switch {
	case !l.RemovedAt.IsZero():
		return "removed"
	case l.InForce(f.At):
		return "in_force"
	case f.At.Before(l.From):
		return "to_come"
	default:
		return "over"
	}
}

// lineDays are the days of a line: "1 Jan 2026 – 31 Dec 2026".
func (f *frame) lineDays(l *hub.ContractLine) string {
	if l.Until.IsZero() {
		return f.T("pagelicensing.line.open", "From", f.Date(l.From))
	}
	return f.T("pagelicensing.line.days", "From", f.Date(l.From), "Until", f.Date(l.Until))
}

// changed says that a line was corrected since it was noted.
func changed(l *hub.ContractLine) bool { return !l.ChangedAt.Equal(l.CreatedAt) }

// typed is the form of a request.
func typed(r *http.Request) purchasedForm {
	return purchasedForm{
		From: r.PostFormValue("from"), Until: r.PostFormValue("until"), Seats: r.PostFormValue("seats"),
		License: r.PostFormValue("license"), Note: r.PostFormValue("note"),
	}
}

// formOf is a line as a form has it.
func formOf(l *hub.ContractLine) purchasedForm {
	form := purchasedForm{From: l.From.Format(time.DateOnly), Seats: strconv.Itoa(l.Seats), License: string(l.License), Note: l.Note}
	if !l.Until.IsZero() {
		form.Until = l.Until.Format(time.DateOnly)
	}
	return form
}

// terms reads a form; what cannot be read is refused by the hub as none.
func (f *purchasedForm) terms() (hub.ContractTerms, error) {
	terms := hub.ContractTerms{License: licensing.LicenseType(f.License), Note: f.Note}
	terms.Seats, _ = strconv.Atoi(strings.TrimSpace(f.Seats))
	var err error
	if terms.From, err = time.Parse(time.DateOnly, strings.TrimSpace(f.From)); err != nil {
		return terms, errs.New(errs.Invalid, "hub.contract_from")
	}
	if until := strings.TrimSpace(f.Until); until != "" {
		if terms.Until, err = time.Parse(time.DateOnly, until); err != nil {
			return terms, errs.New(errs.Invalid, "hub.contract_until")
		}
	}
	return terms, nil
}

func (u *UI) addPurchased(w http.ResponseWriter, r *http.Request) error {
	v, form := visitOf(r.Context()), typed(r)
	terms, err := form.terms()
	if err == nil {
		_, err = u.hub.AddContractLine(r.Context(), v.About.Number, terms, v.Actor.Name)
	}
	switch {
	case err == nil:
		return u.back(w, r, "settings", "licenses")
	case refused(err):
		return u.showPurchased(w, r, form, err)
	default:
		return err
	}
}

// purchasedLinePage is one line, to be corrected or removed.
type purchasedLinePage struct {
	frame

	Line    hub.ContractLine
	Form    purchasedForm
	Refusal string
}

func (u *UI) purchasedLine(w http.ResponseWriter, r *http.Request) error {
	return u.showPurchasedLine(w, r, nil, nil)
}

// showPurchasedLine shows a line, with what was typed and why it was refused.
func (u *UI) showPurchasedLine(w http.ResponseWriter, r *http.Request, form *purchasedForm, refusal error) error {
	p := purchasedLinePage{frame: u.frame(r, inLicenses, "")}
	lines, err := u.hub.ContractLines(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	number := pathNumber(r.PathValue("line"))
	i := slices.IndexFunc(lines, func(l hub.ContractLine) bool { return l.ID == number && l.RemovedAt.IsZero() })
	if i < 0 {
		return errs.New(errs.NotFound, "hub.no_contract_line")
	}
	p.Line, p.Form = lines[i], formOf(&lines[i])
	p.Title = p.T("pagelicensing.line.title", "Days", p.lineDays(&p.Line))
	status := http.StatusOK
	if refusal != nil {
		p.Form, p.Refusal, status = *form, p.Error(refusal), web.StatusOf(refusal)
	}
	return page.Show(w, r, status, purchasedLineContent(&p))
}

func (u *UI) changePurchased(w http.ResponseWriter, r *http.Request) error {
	v, form := visitOf(r.Context()), typed(r)
	terms, err := form.terms()
	if err == nil {
		_, err = u.hub.ChangeContractLine(r.Context(), v.About.Number, pathNumber(r.PathValue("line")), terms, v.Actor.Name)
	}
	switch {
	case err == nil:
		return u.back(w, r, "settings", "licenses")
	case errs.KindOf(err) != errs.NotFound && refused(err):
		return u.showPurchasedLine(w, r, &form, err)
	default:
		return err
	}
}

func (u *UI) removePurchased(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	if _, err := u.hub.RemoveContractLine(r.Context(), v.About.Number, pathNumber(r.PathValue("line")), v.Actor.Name); err != nil {
		return err
	}
	return u.back(w, r, "settings", "licenses")
}

// licenseTypes are the choices of a line.
func (f *frame) licenseTypes(chosen string) []choice {
	var list []choice
	for _, v := range []licensing.LicenseType{licensing.LicenseEnterprise, licensing.LicenseVisualStudio} {
		list = append(list, choice{Value: string(v), Text: licenseName(f, string(v)), Chosen: string(v) == chosen})
	}
	return list
}

// boughtNumber is a number of licenses bought as it is written; a dash when
// nobody says.
func boughtNumber(f *frame, p *hub.Purchase) string {
	if p.Seats == 0 {
		return "–"
	}
	return f.Number(p.Seats)
}
