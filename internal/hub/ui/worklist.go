package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// inWorklist is the area of Counted more than once?
const inWorklist area = "counted-more-than-once"

func (u *UI) worklistRoutes() []web.Route {
	at := account + "/counted-more-than-once"
	return []web.Route{
		view(at, "worklist", u.worklist),
		view(at+"/{list}/lines.csv", "worklist-csv", u.worklistCSV),
		view(at+"/{list}/lines.txt", "worklist-text", u.worklistText),
		deed(at+"/{list}/{person}", "worklist-mark", u.worklistMark),
	}
}

// worklistPage is Counted more than once?: one of the four lists.
type worklistPage struct {
	frame

	Query hub.WorkQuery
	*hub.Work
	Instances []hub.Source
	Lines     []workLine
	// After is where this page begins; empty: it is the first one. More is where
	// the next page is; empty at the end.
	After, More string
	// Refusal is why the list was refused.
	Refusal string
	// Marked is whose line was marked just now; empty: nobody's.
	Marked string
}

// workLine is a line of a list, as the visitor sees it.
type workLine struct {
	*hub.WorkLine

	ID, Name string
	Advice   []workAdvice
	// Note is what an owner noted, as the visitor sees it.
	Note string
	// Letters are what to write to whoever can put it right, a text for each of
	// them; the page shows them to owners alone.
	Letters []workLetter
	// Worth is what putting the line right is worth.
	Worth string
	// WorthWhy explains it; empty: it says it itself.
	WorthWhy string
	// Said is what an owner said of it; empty: nobody did.
	Said string
	// Still: it was said to be done, and stands after a later count.
	Still bool
}

// workAdvice is why somebody stands there and what to do.
type workAdvice struct {
	Why, What, Where, Who, Or, Then phrase
	// Usage says that Then needs server usage, and not the cloud list.
	Usage bool
}

// workLetter is a text to send, and to whom.
type workLetter struct {
	To   phrase
	Text string
}

// phrase is a sentence in which somebody's login leads to their page.
type phrase struct {
	// Text is the whole sentence.
	Text string
	// Parts are what stands around the login; one: the sentence has none.
	Parts []string
	// Login is the login, and Person whose it is.
	Login, Person string
}

// linesPerPage is how many lines a page shows.
const linesPerPage = 30

func (u *UI) worklist(w http.ResponseWriter, r *http.Request) error {
	p := worklistPage{frame: u.frame(r, inWorklist, ""), Work: &hub.Work{}}
	p.Title = p.T("work.title")
	given := r.URL.Query()
	p.Query, p.After, p.Marked = workQuery(given), given.Get("after"), given.Get("marked")
	sources, err := u.hub.Sources(r.Context(), p.About.Number)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if s.Number != hub.CloudSource && s.State == hub.InstanceActive {
			p.Instances = append(p.Instances, s)
		}
	}
	status := http.StatusOK
	found, err := u.hub.Worklist(r.Context(), p.About.Number, p.Query, p.After, linesPerPage)
	switch {
	case err == nil:
		if err := u.foundLines(r, &p, found); err != nil {
			return err
		}
	case refused(err):
		p.Refusal, status = p.Error(err), web.StatusOf(err)
		if p.Work, err = u.hub.Work(r.Context(), p.About.Number); err != nil {
			return err
		}
	default:
		return err
	}
	return page.Show(w, r, status, worklistContent(&p))
}

// workQuery reads which lines are asked for; the list of near misses is where
// work begins.
func workQuery(q url.Values) hub.WorkQuery {
	instance, _ := strconv.ParseInt(q.Get("instance"), 10, 64)
	out := hub.WorkQuery{List: hub.WorkList(q.Get("list")), Instance: max(0, instance), State: hub.WorkState(q.Get("state"))}
	if out.List == "" {
		out.List = hub.WorkNear
	}
	return out
}

func (u *UI) foundLines(r *http.Request, p *worklistPage, found *hub.WorkPage) error {
	p.Work = found.Work
	for _, l := range found.Lines {
		p.Lines = append(p.Lines, p.workLine(found.Work, l))
	}
	if found.Next != "" {
		p.More = p.at(p.Query, "after", found.Next)
	}
	if len(p.Lines) == 0 {
		return nil
	}
	return u.reads(r.Context(), found.Result.Number)
}

// at is the page with a query, and more names with their values; those without
// a value are left out.
func (f *frame) at(q hub.WorkQuery, more ...string) string {
	values := url.Values{"list": {string(q.List)}}
	if q.Instance != 0 {
		values.Set("instance", strconv.FormatInt(q.Instance, 10))
	}
	if q.State != "" {
		values.Set("state", string(q.State))
	}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			values.Set(more[i], more[i+1])
		}
	}
	return f.To(f.path("counted-more-than-once")) + "?" + values.Encode()
}

// workLine shows a line.
func (f *frame) workLine(w *hub.Work, l *hub.WorkLine) workLine {
	eyes := f.eyes(w.Result, l.Person)
	worth := w.Worth(l)
	out := workLine{WorkLine: l, ID: l.Person.ID, Name: eyes.Reported(l.Person.Name), Note: f.noted(l.Note), Worth: f.worth(l, worth)}
	if l.List != hub.WorkGone && (worth == hub.WorthKeeps || worth == hub.WorthMayKeep) {
		out.WorthWhy = f.T("work.keeps_why")
	}
	people := peopleOf(l)
	for _, a := range w.Advice(l, eyes) {
		out.Advice = append(out.Advice, workAdvice{
			f.phrase(a.Why, people), f.phrase(a.What, people), f.phrase(a.Where, people), f.phrase(a.Who, people),
			f.phrase(a.Or, people), f.phrase(a.Then, people), a.ThenUsage,
		})
		if !a.Letter.Why.IsZero() && (len(out.Letters) == 0 || l.List == hub.WorkFixed) {
			out.Letters = append(out.Letters, workLetter{f.phrase(a.Letter.To, people), f.letter(a.Letter)})
		}
	}
	switch {
	case l.Actor == "":
	case l.Was != "":
		out.Said = f.T("work.said_was", "State", f.T("work.state."+string(l.Was)), "Actor", f.By(l.Actor), "Date", f.Time(l.StatedAt))
	case l.List != hub.WorkGone:
		out.Said = f.T("work.said", "State", f.T("work.state."+string(l.State)), "Actor", f.By(l.Actor), "Date", f.Time(l.StatedAt))
	}
	out.Still = l.State == hub.WorkDone && l.List != hub.WorkGone && l.List != hub.WorkMembers && w.MadeAt.After(l.StatedAt)
	return out
}

// noted is a text that an owner typed, as the visitor sees it.
func (f *frame) noted(text string) string {
	if f.owner() {
		return text
	}
	return signin.Masked(text)
}

// peopleOf are those whom a line names by login.
func peopleOf(l *hub.WorkLine) map[string]string {
	people := map[string]string{}
	if login := l.Person.Person.Login; login != "" {
		people[login] = l.Person.ID
	}
	for i := range l.Misses {
		people[l.Misses[i].Login] = l.Misses[i].Person
	}
	return people
}

// loginMark stands in a sentence where the login comes: nobody writes it.
const loginMark = "\ue000"

// phrase is a sentence with the login in it led to its person's page.
func (f *frame) phrase(s hub.Sentence, people map[string]string) phrase {
	out := phrase{Text: f.sentence(s)}
	out.Parts = []string{out.Text}
	args := slices.Clone(s.Args)
	for i := 0; i+1 < len(args); i += 2 {
		login, _ := args[i+1].(string)
		if args[i] == "Login" && people[login] != "" {
			out.Login, out.Person, args[i+1] = login, people[login], loginMark
		}
	}
	if out.Login != "" {
		out.Parts = strings.Split(f.sentence(hub.Sentence{Key: s.Key, Args: args, Date: s.Date}), loginMark)
	}
	return out
}

// letter is a text for one person: what they are asked to do, why, and whom to
// ask.
func (f *frame) letter(l hub.Letter) string {
	ask := f.T("work.letter.ask", "Name", f.Name, "Enterprise", f.About.Name)
	return strings.Join([]string{f.sentence(l.Hello), f.sentence(l.Why), f.sentence(l.Please), ask}, "\n\n") + "\n"
}

// sentence is one of the hub's in the reader's language.
func (f *frame) sentence(s hub.Sentence) string {
	if s.IsZero() {
		return ""
	}
	args := s.Args
	if !s.Date.IsZero() {
		args = append([]any{"Date", f.Date(s.Date)}, args...)
	}
	return f.T(s.Key, args...)
}

// lineID names the line of a person on the page.
func lineID(person string) string { return "line-" + person }

// MarkedElsewhere says that the line that was marked just now is not on this
// page any more.
func (p *worklistPage) MarkedElsewhere() bool {
	return p.Marked != "" && !slices.ContainsFunc(p.Lines, func(l workLine) bool { return l.ID == p.Marked })
}

// worklistMark says how far somebody is with a line, and leads back to the line.
func (u *UI) worklistMark(w http.ResponseWriter, r *http.Request) error {
	f := frame{Frame: u.look.Frame(r), visit: visitOf(r.Context())}
	list, person := hub.WorkList(r.PathValue("list")), r.PathValue("person")
	mark := hub.WorkMark{State: hub.WorkState(r.PostFormValue("mark")), Note: r.PostFormValue("note")}
	if err := u.hub.MarkWork(r.Context(), f.About.Number, list, person, mark, f.Actor.Name); err != nil {
		return err
	}
	q := workQuery(r.PostForm)
	q.List = list
	to := f.at(q, "after", r.PostFormValue("after"), "marked", person) + "#" + lineID(person)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// Shown are the lists as tabs.
func (p *worklistPage) Shown() []hub.WorkList { return hub.WorkLists() }

// worth is what putting a line right is worth, in words.
func (f *frame) worth(l *hub.WorkLine, worth hub.WorkWorth) string {
	saves := int(l.Saves)
	switch l.List {
	case hub.WorkGone:
		return f.T("work.saved", "Count", saves)
	case hub.WorkMembers:
		saves = 1
	case hub.WorkNear, hub.WorkFixed:
	}
	switch worth {
	case hub.WorthMayKeep:
		return f.T("work.may_keep", "Count", saves)
	case hub.WorthKeeps:
		return f.T("work.keeps", "Count", saves)
	case hub.WorthMaySave:
		return f.T("work.may_save", "Count", saves)
	default:
		return f.T("work.saves", "Count", saves)
	}
}

// LoginOf is the login that a line is about: that of the member, or the one
// behind the ≈.
func (l *workLine) LoginOf() string {
	if near := l.Near(); near != nil {
		return near.Login
	}
	return l.Person.Person.Login
}

// Near is the cloud account that a line is nearest to; nil: the line is about
// none.
func (l *workLine) Near() *hub.WorkMiss {
	if l.List != hub.WorkNear || len(l.Misses) == 0 {
		return nil
	}
	return &l.Misses[0]
}

// InstanceChoices and StateChoices are the filters' choices.
func (p *worklistPage) InstanceChoices() []choice {
	out := []choice{{Text: p.T("work.any")}}
	for _, s := range p.Instances {
		out = append(out, choice{strconv.FormatInt(s.Number, 10), s.HostName, s.Number == p.Query.Instance})
	}
	return out
}

// StateChoices are the choices by state, with how many lines are in each.
func (p *worklistPage) StateChoices() []choice {
	out := []choice{{Text: p.T("work.state.any")}}
	for _, s := range hub.WorkStates() {
		out = append(out, choice{string(s), p.stateText(s), s == p.Query.State})
	}
	return out
}

func (p *worklistPage) stateText(s hub.WorkState) string { return p.T("work.state." + string(s)) }

// Filtered says that the page shows a part of the list.
func (p *worklistPage) Filtered() bool { return p.Query.Instance != 0 || p.Query.State != "" }

// Nobody says that no list has anything to do.
func (p *worklistPage) Nobody() bool {
	return p.Work.Lines(hub.WorkMembers, 0, "")+p.Work.Lines(hub.WorkNear, 0, "")+p.Work.Lines(hub.WorkFixed, 0, "") == 0
}

// aloneCSV leads to everybody who is known from an instance, has no account in
// the cloud and is not on the list of near misses, as a file.
func (p *worklistPage) aloneCSV(host string) templ.SafeURL {
	query := url.Values{"deployment": {"server"}, "instance": {host}, "unlisted": {"1"}, "for": {"spreadsheets"}}
	return p.link("people.csv") + "?" + templ.SafeURL(query.Encode())
}

// download is where the list can be had as a file of a kind.
func (p *worklistPage) download(kind string) string {
	q := url.Values{}
	if p.Query.Instance != 0 {
		q.Set("instance", strconv.FormatInt(p.Query.Instance, 10))
	}
	if p.Query.State != "" {
		q.Set("state", string(p.Query.State))
	}
	path := p.To(p.path("counted-more-than-once", string(p.Query.List), "lines."+kind))
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
