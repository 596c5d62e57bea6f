package ui

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// report answers with the consumed licenses as GitHub's CSV report, one row
// each; for=spreadsheets begins it with a byte order mark, generation=C has the
// columns of GitHub's current one. Whoever reads without owning gets masks in
// the place of addresses.
func (u *UI) report(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	result, err := u.hub.WalkResult(r.Context(), v.About.Number, hub.Walk{Walker: v.ID, Actor: v.Actor.Name}, 1)
	if err != nil {
		return err
	}
	from := int64(0)
	d := download{v, result, func() ([]*hub.Person, error) {
		people, err := u.hub.People(r.Context(), v.About.Number, result.Number, hub.Consumed, from, hub.MaxPage)
		from += int64(len(people))
		return people, err
	}}
	return d.answer(w, report.FileName(v.About.Slug, result.AsOf), csvOptions(r))
}

// csvOptions are what a request asks of a CSV.
func csvOptions(r *http.Request) report.CSVOptions {
	options := report.CSVOptions{BOM: r.URL.Query().Get("for") == "spreadsheets"}
	if r.URL.Query().Get("generation") == "C" {
		options.Generation = report.GenerationC
	}
	return options
}

// formName tells the forms of a file apart where somebody keeps them side by side;
// the plain one has the name that GitHub's has.
func formName(name string, options report.CSVOptions) string {
	stem, form := strings.TrimSuffix(name, ".csv"), ""
	if options.Generation == report.GenerationC {
		form += "-current"
	}
	if options.BOM {
		form += "-spreadsheets"
	}
	return stem + form + ".csv"
}

// download is people of a result on their way into a file.
type download struct {
	who    visit
	result *hub.Result
	next   func() ([]*hub.Person, error) // the next people; none at the end
}

// answer sends the file. The first people are read before it begins, so that it
// can still be a refusal.
func (d *download) answer(w http.ResponseWriter, name string, options report.CSVOptions) error {
	people, err := d.next()
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+formName(name, options)+`"`)
	out, err := report.NewCSVWriter(w, options)
	if err != nil {
		return err
	}
	for len(people) > 0 {
		for _, p := range people {
			row := d.row(p)
			if err := out.Write(&row); err != nil {
				return err
			}
		}
		if people, err = d.next(); err != nil {
			return err
		}
	}
	return out.Close()
}

func (d *download) row(p *hub.Person) report.User {
	row := d.result.Row(p)
	if d.who.owner() {
		return row
	}
	closed := hub.ClosedEyes()
	mask := func(e licensing.Email) licensing.Email { return licensing.NewEmail(closed.Reported(e)) }
	row.SAMLNameID, row.SubscriptionEmail, row.InvitationEmail = mask(row.SAMLNameID), mask(row.SubscriptionEmail), mask(row.InvitationEmail)
	row.VerifiedDomainEmails, row.ServerEmails = each(row.VerifiedDomainEmails, mask), each(row.ServerEmails, mask)
	return row
}

// each shows every value of a slice.
func each[T, U any](values []T, show func(T) U) []U {
	out := make([]U, 0, len(values))
	for _, value := range values {
		out = append(out, show(value))
	}
	return out
}

// percent writes a length, to a hundredth.
func percent(p float64) string { return strconv.FormatFloat(p, 'f', 2, 64) + "%" }
