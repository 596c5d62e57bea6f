package source

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// rowReader reads GitHub's own report in either of its forms.
type rowReader interface {
	Read(u *report.User) error
	Summary() report.Summary
}

// reportReader makes a part of a report.
type reportReader struct {
	file string
	rows rowReader
	// lead is how many lines of a CSV stand before its header.
	lead int
	// place is where the row read last begins.
	place   func() place
	out     *part
	logins  map[string]place
	servers *idSet // accounts of people without login
	domains map[string]bool

	Accounts growing[licensing.CloudAccount]
	states   growing[fieldSet]
	All      growing[licensing.ReportRow]

	// settle is called at the end, for what was noticed of the text.
	settle func()
}

// readReport reads GitHub's report, JSON or CSV.
func readReport(ctx context.Context, in *opened, options CloudOptions) (*part, error) {
	date := in.file.reportDate()
	r := &reportReader{
		file: in.file.Name, logins: map[string]place{}, domains: map[string]bool{},
		servers: newIDSet(rand.Uint64()), //nolint:gosec // against chance, not against attack
		settle:  func() {},
		out:     &part{name: in.file.Name, date: date, someTime: isDay(date), report: &licensing.GitHubReport{Date: date}},
	}
	r.out.enterprise.Slug = nameSlug(in.file.Name)
	limits := report.Limits{
		MaxBytes: options.Limits.MaxBytes, MaxRowBytes: options.Limits.MaxRowBytes,
		MaxRows: options.Limits.MaxRows, AllowPartial: options.AllowPartial,
	}
	open := r.openJSON
	if in.head.kind == reportCSV {
		open = r.openCSV
	}
	if err := open(in, limits); err != nil {
		return nil, err
	}
	if err := r.readAll(ctx); err != nil {
		return nil, err
	}
	r.finish()
	return r.out, nil
}

// openJSON begins to read JSON. The report's reader limits rows, this one
// knows lines.
func (r *reportReader) openJSON(in *opened, limits report.Limits) error {
	t := &tracker{in: in.text, longest: limits.MaxBytes, most: limits.MaxBytes}
	rows := report.NewJSONReader(t, limits)
	r.rows = translated{rows, func(err error) error { return r.fault(err, t.place) }}
	r.place = func() place {
		at := t.place(rows.Offset())
		t.forget(rows.Offset())
		return at
	}
	return nil
}

// openCSV begins to read a CSV.
func (r *reportReader) openCSV(in *opened, limits report.Limits) error {
	h := in.head.header
	if _, err := io.CopyN(io.Discard, in.text, int64(h.lead)); err != nil {
		return in.file.fault(err)
	}
	text := in.text
	if h.loneCR {
		text = crReader{text}
	}
	repairer := newRepairer(r.file, text, h.leadLines+1)
	limits.Comma = rune(h.comma)
	if h.comma != ',' {
		r.out.warnings = append(r.out.warnings, warning("source.warn_separator", "File", r.file))
	}
	r.lead = h.leadLines
	t := &tracker{in: repairer, longest: limits.MaxBytes, most: limits.MaxBytes, line: h.leadLines}
	rows, err := report.NewCSVReader(t, limits)
	if err != nil {
		return r.headerFault(err, h, t.place)
	}
	r.rows = translated{rows, func(err error) error { return r.fault(err, t.place) }}
	r.place = func() place { return place{r.lead + rows.Line(), 1} }
	r.settle = func() { r.out.warnings = append(r.out.warnings, repairer.warnings()...) }
	return nil
}

// headerFault is fault for what is wrong with a header: of a column that is
// missing it names the one that may have been meant.
func (r *reportReader) headerFault(err error, h header, at func(int64) place) error {
	wrong, ok := errors.AsType[*report.Error](err)
	if !ok || wrong.Code != report.CodeColumnMissing {
		return r.fault(err, at)
	}
	near := nearest.To(wrong.Field, slices.DeleteFunc(slices.Clone(h.cells), report.IsColumn))
	if near == "" {
		return r.fault(err, at)
	}
	return errs.Wrap(errs.Invalid, err, "source.column_near", "File", r.file, "Line", h.lines, "Name", wrong.Field, "Near", shown(near))
}

// translated is a rowReader whose errors name the file and the line.
type translated struct {
	rowReader
	fault func(error) error
}

func (t translated) Read(u *report.User) error {
	err := t.rowReader.Read(u)
	if err == nil || errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return t.fault(err)
}

// fault puts the file and the place in front of what is wrong with a report.
func (r *reportReader) fault(err error, at func(int64) place) error {
	wrong, ok := errors.AsType[*report.Error](err)
	if !ok {
		if _, said := errors.AsType[interface {
			error
			Message() (string, map[string]any)
		}](err); said {
			return err // of the repairer
		}
		return File{Name: r.file}.fault(err)
	}
	switch wrong.Code { //nolint:exhaustive // the others have a place
	case report.CodePartial, report.CodeNoHeader, report.CodeTooLong:
		return ofFile(r.file, wrong)
	}
	p := place{r.lead + wrong.Line, wrong.Column}
	if wrong.Line == 0 {
		p = at(wrong.Byte)
	}
	return errs.Wrap(errs.Invalid, wrong, "source.report", "File", r.file, "Line", p.line, "Column", p.column, "Problem", wrong)
}

func (r *reportReader) readAll(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var u report.User
		switch err := r.rows.Read(&u); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := r.row(&u); err != nil {
			return err
		}
	}
}

// row takes a row: a cloud account, or a person without one.
func (r *reportReader) row(u *report.User) error {
	at := r.place()
	if hasLostCharacter(u) {
		return errs.New(errs.Invalid, "source.lost_character", "File", r.file, "Line", at.line, "Column", at.column)
	}
	row := licensing.ReportRow{
		ServerAccounts: u.ServerUsers, ServerEmails: u.ServerEmails,
		SubscriptionEmail: u.SubscriptionEmail, InvitationEmail: u.InvitationEmail,
	}
	if u.CloudUser && u.Login != "" {
		row.Login = u.Login
		if err := r.account(u, at); err != nil {
			return err
		}
	} else if err := r.withoutLogin(&row, u, at); err != nil {
		return err
	}
	r.All.add(row)
	return nil
}

// withoutLogin takes the row of a person without a cloud account: a login can
// only be the one a subscription is assigned to (rule R9), and a server account
// that stands in an earlier such row says that a page was fetched twice. Rows of
// invitations may be equal.
func (r *reportReader) withoutLogin(row *licensing.ReportRow, u *report.User, at place) error {
	switch {
	case !row.SubscriptionEmail.IsZero():
		row.SubscriptionLogin = u.Login
	case len(row.ServerAccounts) == 0:
		row.Detail = detail(u)
	}
	for _, id := range textSet(u.ServerUsers, licensing.HostID.String) {
		if !r.servers.addText(id) {
			return errs.New(errs.Invalid, "source.report_id_twice", "File", r.file, "Line", at.line, "Column", at.column, "ID", shown(id))
		}
	}
	return nil
}

// account takes the cloud account of a row.
func (r *reportReader) account(u *report.User, at place) error {
	key := strings.ToLower(u.Login)
	if first, twice := r.logins[key]; twice {
		return errs.New(errs.Invalid, "source.report_login_twice", "File", r.file,
			"Line", at.line, "Column", at.column, "Login", shown(u.Login), "Other", first.String(), "OtherLine", first.line)
	}
	r.logins[key] = at
	if r.out.report.Profiles == "" {
		r.out.report.Profiles = profilesOf(u)
	}
	a, states := accountOf(u)
	r.Accounts.add(a)
	r.states.add(states)
	for _, e := range u.VerifiedDomainEmails {
		if domain := domainOf(e); domain != "" {
			r.domains[domain] = true
		}
	}
	if u.SubscriptionUser && u.SubscriptionEmail.IsZero() {
		// A subscription whose address the report does not give.
		r.out.Subscriptions = append(r.out.Subscriptions, licensing.Subscription{Login: u.Login})
	}
	return nil
}

func (r *reportReader) finish() {
	summary := r.rows.Summary()
	r.settle()
	rep := r.out.report
	rep.Rows, r.out.Accounts, r.out.states = r.All.all(), r.Accounts.all(), r.states.all()
	rep.Consumed, rep.Missing = max(summary.Consumed, summary.Rows), summary.Missing
	if summary.Purchased > 0 {
		r.out.enterprise.Purchased = summary.Purchased
		r.out.state(topPurchased)
	}
	for domain := range r.domains {
		r.out.reportDomains = append(r.out.reportDomains, domain)
	}
	warn := func(key string, args ...any) {
		r.out.warnings = append(r.out.warnings, warning(key, append([]any{"File", r.file}, args...)...))
	}
	if rep.Missing > 0 {
		warn("source.warn_partial", "Count", rep.Missing, "Got", summary.Rows, "Want", summary.Consumed)
	}
	if summary.TotalsChanged || summary.Rows > summary.Consumed {
		warn("source.warn_pages_moved", "Got", summary.Rows, "Want", summary.Consumed)
	}
	if len(rep.Rows) == 0 {
		warn("source.warn_cloud_empty")
	}
	if rep.Date.IsZero() {
		warn("source.warn_no_date")
	}
}
