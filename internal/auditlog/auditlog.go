package auditlog

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// Log shows the audit log. It is safe for concurrent use.
type Log struct {
	desk    *signin.Desk
	actions []string
	around  func(*http.Request) Around
}

// Around is whose log a request is about, and what stands around it.
type Around struct {
	// Frame begins the page, with its title.
	Frame page.Frame
	// Enterprise is whose log it is.
	Enterprise int64
	// Path is that of the page, and with ".jsonl" behind it that of the file.
	Path string
	// Name is the enterprise's in the name of the file.
	Name string
	// About says in words what an entry is about, and the path of its page, empty
	// where there is none; no words: the entry says it itself. Nil: of no entry.
	About func(*signin.Entry) (words, path string)
}

// New makes the page of a desk's log. Actions are what a role records beside what
// a desk does.
func New(desk *signin.Desk, actions []string, around func(*http.Request) Around) *Log {
	return &Log{desk, allActions(actions), around}
}

// allActions are what the log may say, by name.
func allActions(of []string) []string {
	all := slices.Clone(of)
	for _, a := range signin.Actions() {
		all = append(all, string(a))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// logPage is Audit log: who did what, the newest first.
type logPage struct {
	page.Frame

	Path    string
	Actions []string
	Entries []signin.Entry
	Asked   question
	// More is the path of the page behind this one; empty at the end.
	More string
	// Verdict says whether the log is whole; nil: nobody looked, because it is
	// long and nobody asked.
	Verdict *signin.Verdict
	Refusal string

	about func(*signin.Entry) (words, path string)
}

// question is what somebody looks for in the log.
type question struct{ About, Action, Since, Until string }

// entriesPerPage is how many entries a page shows, and verifiedUnasked how long
// a log is at most that is verified whenever its page is shown.
const (
	entriesPerPage  = 50
	verifiedUnasked = 20_000
)

func questionOf(r *http.Request) question {
	q := r.URL.Query()
	return question{q.Get("about"), q.Get("action"), q.Get("since"), q.Get("until")}
}

// filter is the question for the desk. Days are whole, in UTC.
func (q *question) filter() (signin.Filter, error) {
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

// Show answers with the page.
func (l *Log) Show(w http.ResponseWriter, r *http.Request) error {
	around := l.around(r)
	p := logPage{Frame: around.Frame, Path: around.Path, Actions: l.actions, Asked: questionOf(r), about: around.About}
	filter, refusal := p.Asked.filter()
	if refusal != nil {
		p.Refusal = p.Error(refusal)
		return page.Show(w, r, web.StatusOf(refusal), content(&p))
	}
	var err error
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if p.Entries, err = l.desk.Entries(r.Context(), around.Enterprise, max(0, before), entriesPerPage, filter); err != nil {
		return err
	}
	if len(p.Entries) == entriesPerPage {
		p.More = p.To(p.Path) + "?" + p.Asked.query("before", strconv.FormatInt(p.Entries[len(p.Entries)-1].Number, 10))
	}
	if p.Verdict, err = l.verdict(r, around.Enterprise); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, content(&p))
}

// verdict verifies the log when somebody asks, or when it is short.
func (l *Log) verdict(r *http.Request, enterprise int64) (*signin.Verdict, error) {
	newest, err := l.desk.Entries(r.Context(), enterprise, 0, 1, signin.Filter{})
	if err != nil {
		return nil, err
	}
	if r.URL.Query().Get("verify") == "" && len(newest) > 0 && newest[0].Number > verifiedUnasked {
		return nil, nil //nolint:nilnil // nobody looked
	}
	found, err := l.desk.Verify(r.Context(), enterprise)
	return &found, err
}

// query is the question as a query, with one more value.
func (q *question) query(name, value string) string {
	out := url.Values{}
	for key, text := range map[string]string{"about": q.About, "action": q.Action, "since": q.Since, "until": q.Until, name: value} {
		if text != "" {
			out.Set(key, text)
		}
	}
	return out.Encode()
}

// Export answers with the whole log, one JSON object a line.
func (l *Log) Export(w http.ResponseWriter, r *http.Request) error {
	around := l.around(r)
	h := w.Header()
	h.Set("Content-Type", "application/jsonl")
	h.Set("Content-Disposition", `attachment; filename="audit-log-`+around.Name+"-"+around.Frame.At.UTC().Format("20060102")+`.jsonl"`)
	return l.desk.WriteEntries(r.Context(), around.Enterprise, w)
}

// words are what an entry is about, and the path of its page.
func (p *logPage) words(e *signin.Entry) (words, path string) {
	if p.about == nil || e.Target == "" {
		return "", ""
	}
	return p.about(e)
}

// who is whom an entry is about, or what: the log calls everybody with a role
// "owner NAME" there, whatever the role is.
func (p *logPage) who(target string) string {
	if name, is := strings.CutPrefix(target, "owner "); is {
		return name
	}
	return p.By(target)
}

// meaning is an action as a sentence.
func (p *logPage) meaning(action string) string { return p.T("audit." + action) }

// details are those of an entry as JSON.
func details(e *signin.Entry) string {
	text, err := json.Marshal(e.Details)
	if err != nil || len(e.Details) == 0 {
		return ""
	}
	return string(text)
}
