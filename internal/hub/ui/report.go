package ui

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// report answers with the consumed licenses as GitHub's CSV report, one row
// each; for=spreadsheets begins it with a byte order mark. Whoever reads without
// owning gets masks in the place of addresses.
func (u *UI) report(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	result, err := u.hub.WalkResult(r.Context(), v.About.Number, hub.Walk{Walker: v.ID, Actor: v.Actor.Name}, 1)
	if err != nil {
		return err
	}
	d := download{u.hub, v, result}
	first, err := d.people(r.Context(), 0) // before the answer begins, so that it can still be a refusal
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+report.FileName(v.About.Slug, result.AsOf)+`"`)
	return d.write(r.Context(), w, r.URL.Query().Get("for") == "spreadsheets", first)
}

// download is a result on its way into a file.
type download struct {
	hub    *hub.Service
	who    visit
	result *hub.Result
}

func (d *download) people(ctx context.Context, from int64) ([]*hub.Person, error) {
	return d.hub.People(ctx, d.who.About.Number, d.result.Number, hub.Consumed, from, hub.MaxPage)
}

// write writes the first people and all behind them, a page at a time.
func (d *download) write(ctx context.Context, w io.Writer, bom bool, people []*hub.Person) error {
	out, err := report.NewCSVWriter(w, report.CSVOptions{BOM: bom})
	if err != nil {
		return err
	}
	for from := int64(0); len(people) > 0; {
		for _, p := range people {
			row := d.row(p)
			if err := out.Write(&row); err != nil {
				return err
			}
		}
		from += int64(len(people))
		if people, err = d.people(ctx, from); err != nil {
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
