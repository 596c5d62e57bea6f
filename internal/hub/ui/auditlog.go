package ui

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

func (u *UI) auditLogRoutes() []web.Route {
	return []web.Route{
		watched(inAuditLog.pattern(""), "audit-log", u.auditLog),
		watched(inAuditLog.pattern(".jsonl"), "audit-log-export", u.exportAuditLog),
	}
}

// auditLogPage is Audit log: who did what, the newest first.
type auditLogPage struct {
	frame

	Entries []signin.Entry
	Asked   auditQuestion
	// More is the path of the page behind this one; empty at the end.
	More string
	// Verdict says whether the log is whole; nil: nobody looked, because it is
	// long and nobody asked.
	Verdict *signin.Verdict
	Refusal string
}

// auditQuestion is what somebody looks for in the log.
type auditQuestion struct{ About, Action, Since, Until string }

// entriesPerPage is how many entries a page shows, and verifiedUnasked how long
// a log is at most that is verified whenever its page is shown.
const (
	entriesPerPage  = 50
	verifiedUnasked = 20_000
)

func auditQuestionOf(r *http.Request) auditQuestion {
	q := r.URL.Query()
	return auditQuestion{q.Get("about"), q.Get("action"), q.Get("since"), q.Get("until")}
}

// filter is the question for the desk. Days are whole, in UTC.
func (q *auditQuestion) filter() (signin.Filter, error) {
	f := signin.Filter{Action: signin.Action(q.Action), About: q.About}
	for _, day := range []struct {
		text string
		at   *time.Time
		more int
	}{{q.Since, &f.Since, 0}, {q.Until, &f.Until, 1}} {
		if day.text == "" {
			continue
		}
		at, err := time.Parse(time.DateOnly, day.text)
		if err != nil {
			return f, errs.Wrap(errs.Invalid, err, "pagesettings.audit.no_day")
		}
		*day.at = at.AddDate(0, 0, day.more)
	}
	return f, nil
}

func (u *UI) auditLog(w http.ResponseWriter, r *http.Request) error {
	p := auditLogPage{frame: u.settingsFrame(r, inAuditLog), Asked: auditQuestionOf(r)}
	filter, refusal := p.Asked.filter()
	if refusal != nil {
		p.Refusal = p.Error(refusal)
		return page.Show(w, r, statusAfter(refusal), auditLogContent(&p))
	}
	var err error
	before := pathNumber(r.URL.Query().Get("before"))
	if p.Entries, err = u.desk.Entries(r.Context(), p.About.Number, before, entriesPerPage, filter); err != nil {
		return err
	}
	if len(p.Entries) == entriesPerPage {
		p.More = p.To(p.path(inAuditLog.parts()...)) + "?" + p.Asked.query("before", strconv.FormatInt(p.Entries[len(p.Entries)-1].Number, 10))
	}
	if p.Verdict, err = u.verdict(r, p.About.Number); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, auditLogContent(&p))
}

// verdict verifies the log when somebody asks, or when it is short.
func (u *UI) verdict(r *http.Request, enterprise int64) (*signin.Verdict, error) {
	newest, err := u.desk.Entries(r.Context(), enterprise, 0, 1, signin.Filter{})
	if err != nil {
		return nil, err
	}
	if r.URL.Query().Get("verify") == "" && len(newest) > 0 && newest[0].Number > verifiedUnasked {
		return nil, nil //nolint:nilnil // nobody looked
	}
	found, err := u.desk.Verify(r.Context(), enterprise)
	return &found, err
}

// query is the question as a query, with one more value.
func (q *auditQuestion) query(name, value string) string {
	out := url.Values{}
	for key, text := range map[string]string{"about": q.About, "action": q.Action, "since": q.Since, "until": q.Until, name: value} {
		if text != "" {
			out.Set(key, text)
		}
	}
	return out.Encode()
}

// exportAuditLog answers with the whole log, one JSON object a line.
func (u *UI) exportAuditLog(w http.ResponseWriter, r *http.Request) error {
	v, f := visitOf(r.Context()), u.look.Frame(r)
	h := w.Header()
	h.Set("Content-Type", "application/jsonl")
	h.Set("Content-Disposition", `attachment; filename="audit-log-`+v.About.Slug+"-"+f.At.UTC().Format("20060102")+`.jsonl"`)
	return u.desk.WriteEntries(r.Context(), v.About.Number, w)
}

// auditActions are what the log may say, by name.
func auditActions() []string {
	all := hub.AuditActions()
	for _, a := range signin.Actions() {
		all = append(all, string(a))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// meaning is an action as a sentence.
func (p *auditLogPage) meaning(action string) string { return p.T("audit." + action) }

// details are those of an entry as JSON.
func details(e *signin.Entry) string {
	text, err := json.Marshal(e.Details)
	if err != nil || len(e.Details) == 0 {
		return ""
	}
	return string(text)
}
