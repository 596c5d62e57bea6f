package ui

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

func (u *UI) cloudSideRoutes() []web.Route {
	load := deed(inCloudSide.pattern(""), "load-cloud-side", u.loadCloud)
	load.MaxBody = u.spool.Most() + maxFields*maxField
	return []web.Route{
		view(inCloudSide.pattern(""), "cloud-side", u.cloudSide),
		load,
		deed(inCloudSide.pattern("/undo"), "undo-cloud-side", u.undoCloud),
		deed(inCloudSide.pattern("/github-figure"), "note-github-figure", u.noteFigure),
		deed(inCloudSide.pattern("/try"), "try-policy", u.tryPolicy),
		deed(inCloudSide.pattern("/policy"), "change-policy", u.changePolicy),
	}
}

// cloudSidePage is Cloud side: what is loaded, and how it is counted.
type cloudSidePage struct {
	frame
	*hub.CloudSide

	Snapshots []hub.Snapshot
	// Refusals are why what a form asked for was not done; nil: it was.
	Refusals []string
	// Place is where a refused file belongs; empty: here, or nobody can say.
	Place hub.Place
	// Done is what a form did; empty: nothing.
	Done string
	// InTheWay is the upload that a new list has to wait for; empty: none.
	InTheWay string
	// Policy is what the form about counting says.
	Policy policyForm
	// Result is what counts, made with what is loaded or about to be made; nil:
	// nothing was counted yet.
	Result *hub.Result
	// Trial is what Policy would do, when somebody asked.
	Trial *hub.Trial
}

func (u *UI) cloudSide(w http.ResponseWriter, r *http.Request) error {
	return u.showCloudSide(w, r, nil)
}

func (u *UI) newCloudSide(r *http.Request) (*cloudSidePage, error) {
	p := &cloudSidePage{frame: u.settingsFrame(r, inCloudSide)}
	var err error
	if p.CloudSide, err = u.hub.CloudSide(r.Context(), p.About.Number); err != nil {
		return nil, err
	}
	p.Policy = policyOf(&p.Settings)
	if p.Pending != nil {
		p.InTheWay = p.Pending.ID
	}
	if p.Result, err = u.hub.Current(r.Context(), p.About.Number); errs.KindOf(err) == errs.NotFound {
		p.Result, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	p.Snapshots, err = u.hub.Snapshots(r.Context(), p.About.Number, hub.CloudSource, maxSnapshots)
	return p, err
}

// showCloudSide shows the page, with why a form was refused.
func (u *UI) showCloudSide(w http.ResponseWriter, r *http.Request, refusal error) error {
	p, err := u.newCloudSide(r)
	if err != nil {
		return err
	}
	p.Done = p.done(r, "figure", "figure_forgotten", "policy")
	if refusal != nil {
		p.Refusals, p.Place = p.problems(refusal), placeOf(refusal)
		if other := hub.InTheWay(refusal); other != "" {
			p.InTheWay = other
		}
	}
	if p.Result != nil && len(p.Result.Unmatched) > 0 {
		if err := u.reads(r.Context(), p.Result.Number); err != nil {
			return err
		}
	}
	return page.Show(w, r, statusAfter(refusal), cloudSideContent(p))
}

// loadCloud takes in the cloud side, and leads to its preview.
func (u *UI) loadCloud(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	upload, err := u.takeCloud(r, v)
	if err != nil {
		return u.settled(w, r, inCloudSide, "", err, u.showCloudSide)
	}
	return u.back(w, r, "uploads", upload.ID)
}

func (u *UI) takeCloud(r *http.Request, v visit) (*hub.Upload, error) {
	stay, err := u.spool.Enter(spool.Guest{Name: v.ID, Enterprise: v.About.Number})
	if err != nil {
		return nil, err
	}
	defer stay.Leave()
	form, err := u.readUsage(r, stay)
	if err == nil {
		err = stay.Turn(r.Context())
	}
	if err == nil {
		err = u.stillOwner(r)
	}
	if err != nil {
		return nil, err
	}
	made, err := madeAt(form.values["made"])
	if err != nil {
		return nil, err
	}
	var files []source.File
	for _, f := range form.files {
		files = append(files, f.Named(f.name, made))
	}
	ctx := context.WithoutCancel(r.Context()) // as with usage: all of it or none
	return u.hub.LoadCloud(ctx, v.About.Number, files, form.values["allow_partial"] != "", form.arrival(v))
}

// madeForm is how a browser writes a day and a time.
const madeForm = "2006-01-02T15:04"

// madeAt is when files were made that do not say so themselves, UTC; zero:
// nobody said.
func madeAt(typed string) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(madeForm, typed)
	if err != nil {
		return time.Time{}, errs.Wrap(errs.Invalid, err, "pagesettings.load.bad_made")
	}
	return at, nil
}

// undoCloud previews going back to what was loaded before.
func (u *UI) undoCloud(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r.Context())
	upload, err := u.hub.Undo(r.Context(), v.About.Number, hub.CloudSource, pathNumber(r.PostFormValue("snapshot")), r.PostFormValue("reason"),
		hub.Arrival{Actor: v.Actor.Name})
	if err != nil {
		return u.settled(w, r, inCloudSide, "", err, u.showCloudSide)
	}
	return u.back(w, r, "uploads", upload.ID)
}

// noteFigure notes what GitHub shows, or forgets it.
func (u *UI) noteFigure(w http.ResponseWriter, r *http.Request) error {
	v, figure, said := visitOf(r.Context()), (*hub.GitHubFigure)(nil), "figure_forgotten"
	if r.PostFormValue("forget") == "" {
		day, err := time.Parse(time.DateOnly, r.PostFormValue("date"))
		if err != nil {
			return u.settled(w, r, inCloudSide, "", errs.Wrap(errs.Invalid, err, "pagesettings.figure.no_date"), u.showCloudSide)
		}
		figure = &hub.GitHubFigure{Licenses: int(pathNumber(r.PostFormValue("licenses"))), Date: day}
		said = "figure"
	}
	_, err := u.hub.SetGitHubFigure(r.Context(), v.About.Number, figure, v.Actor.Name)
	return u.settled(w, r, inCloudSide, said, err, u.showCloudSide)
}

// policyForm is what the form about counting says. Empty values leave it to the
// cloud side.
type policyForm struct {
	Billing, ManagedUsers string // "volume", "metered"; "yes", "no"
	Joins, Subscribers    string // "use", "ignore"; "free", "consume"
}

func policyOf(s *hub.Settings) policyForm {
	f := policyForm{Billing: s.Billing, Joins: "use", Subscribers: "free"}
	if s.ManagedUsers != nil {
		f.ManagedUsers = map[bool]string{true: "yes", false: "no"}[*s.ManagedUsers]
	}
	if s.IgnoreGitHubJoins {
		f.Joins = "ignore"
	}
	if s.ConsumeUnlinkedSubscribers {
		f.Subscribers = "consume"
	}
	return f
}

func policyFormOf(r *http.Request) policyForm {
	return policyForm{r.PostFormValue("billing"), r.PostFormValue("managed_users"), r.PostFormValue("joins"), r.PostFormValue("subscribers")}
}

// into changes settings to what the form says.
func (f policyForm) into(s *hub.Settings) {
	s.Billing, s.ManagedUsers = f.Billing, nil
	if f.ManagedUsers != "" {
		s.ManagedUsers = new(f.ManagedUsers == "yes")
	}
	s.IgnoreGitHubJoins, s.ConsumeUnlinkedSubscribers = f.Joins == "ignore", f.Subscribers == "consume"
}

// tryPolicy shows what another way of counting would do.
func (u *UI) tryPolicy(w http.ResponseWriter, r *http.Request) error {
	v, form := visitOf(r.Context()), policyFormOf(r)
	trial, err := u.hub.TrySettings(r.Context(), v.About.Number, v.Actor.Name, form.into)
	if err != nil {
		return u.settled(w, r, inCloudSide, "", err, u.showCloudSide)
	}
	p, err := u.newCloudSide(r)
	if err != nil {
		return err
	}
	p.Policy, p.Trial = form, trial
	return page.Show(w, r, http.StatusOK, cloudSideContent(p))
}

// changePolicy makes another way of counting hold; the recount follows.
func (u *UI) changePolicy(w http.ResponseWriter, r *http.Request) error {
	v, form := visitOf(r.Context()), policyFormOf(r)
	_, err := u.hub.ChangeSettings(r.Context(), v.About.Number, v.Actor.Name, func(_ *string, s *hub.Settings) { form.into(s) })
	return u.settled(w, r, inCloudSide, "policy", err, u.showCloudSide)
}

// field is a question of the form about counting, with its answers.
type field struct {
	Name, Chosen string
	Values       []string
}

// Fields are the form about counting.
func (f policyForm) Fields() []field {
	return []field{
		{"billing", f.Billing, []string{"", "volume", "metered"}},
		{"managed_users", f.ManagedUsers, []string{"", "yes", "no"}},
		{"joins", f.Joins, []string{"use", "ignore"}},
		{"subscribers", f.Subscribers, []string{"free", "consume"}},
	}
}

// answerName is what a page calls a value of a field.
func (p *cloudSidePage) answerName(f field, value string) string {
	if value == "" {
		return p.T("pagesettings.policy."+f.Name+".loaded", "Value", p.loaded(f.Name))
	}
	return p.T("pagesettings.policy." + f.Name + "." + value)
}

// answerWhy is what a value of a field does.
func (p *cloudSidePage) answerWhy(f field, value string) string {
	if value == "" {
		return ""
	}
	return p.T("pagesettings.policy_why." + f.Name + "." + value)
}

// loaded is what the cloud side says about a field.
func (p *cloudSidePage) loaded(name string) string {
	l := p.Loaded
	switch {
	case l == nil:
		return p.T("pagesettings.cloud.nothing_said")
	case name == "billing" && l.Metered:
		return p.T("pagesettings.policy.billing.metered")
	case name == "billing":
		return p.T("pagesettings.policy.billing.volume")
	case l.ManagedUsers:
		return p.T("pagesettings.policy.managed_users.yes")
	default:
		return p.T("pagesettings.policy.managed_users.no")
	}
}

// Counts is how much was loaded, in words.
func (p *cloudSidePage) Counts() []string {
	c := p.Loaded.CloudCounts
	if c == (hub.CloudCounts{}) {
		return []string{p.T("pagesettings.cloud.entries", "Count", int(p.Snapshot.Items))}
	}
	words := []string{p.T("pagesettings.cloud.accounts", "Count", c.Accounts)}
	add := func(key string, n int) {
		if n > 0 {
			words = append(words, p.T(key, "Count", n))
		}
	}
	add("pagesettings.cloud.invitations", c.Invitations)
	add("pagesettings.cloud.subscriptions", c.Subscriptions)
	add("pagesettings.cloud.rows", c.Rows)
	return words
}

// Subscribed says how many people take a license by a Visual Studio
// subscription; empty: there are no subscriptions.
func (p *cloudSidePage) Subscribed() string {
	if p.Result == nil || p.Loaded.Subscriptions == 0 && p.Result.Statement.VisualStudio == 0 {
		return ""
	}
	return p.T("pagesettings.cloud.subscribed", "Count", p.Result.Statement.VisualStudio)
}

// SubscribedDiffers says that Subscribed is another number than that of the
// subscriptions among the entries.
func (p *cloudSidePage) SubscribedDiffers() bool {
	return p.Loaded.Subscriptions > 0 && p.Loaded.Subscriptions != p.Result.Statement.VisualStudio
}

// Unmatched says which subscriptions belong to nobody, and what to do.
func (p *cloudSidePage) Unmatched() string {
	for _, w := range p.Result.Warnings {
		if w.Code == licensing.WarnUnmatched {
			key, args := w.Message()
			return refusalText(&p.frame, &hub.Refusal{Key: key, Args: args})
		}
	}
	return ""
}

// At is when the page is of.
func (p *cloudSidePage) At() time.Time { return p.CloudSide.At }

// day is a date, or that there is none.
func (f *frame) day(t time.Time) string {
	if t.IsZero() {
		return f.T("ui.why.no_date")
	}
	return f.Date(t)
}

// effect is a line of what another way of counting does.
type effect struct {
	Text      string
	Now, Then int
}

// Effects are the lines of a trial.
func (p *cloudSidePage) Effects() []effect {
	now, then := p.Trial.Now, p.Trial
	return []effect{
		{p.T("pagesettings.effect.people"), int(now.People), then.People},
		{p.T("pagesettings.effect.joined"), now.Statement.Joined, then.Statement.Joined},
		{p.T("pagesettings.effect.not_consuming"), now.Statement.NotConsuming, then.Statement.NotConsuming},
		{p.T("pagesettings.effect.licenses"), now.Statement.Licenses, then.Statement.Licenses},
	}
}

// Concerns says whom another way of counting concerns, and why others stay as
// they are, for each answer that differs.
func (p *cloudSidePage) Concerns() []string {
	var list []string
	was, report := policyOf(&p.Settings), p.Loaded != nil && p.Loaded.Report != nil
	if (p.Policy.Billing != was.Billing || p.Policy.ManagedUsers != was.ManagedUsers) && report {
		list = append(list, p.T("pagesettings.effect.invitations", "Date", p.day(p.Loaded.Report.Date)))
	}
	if p.Policy.Joins != was.Joins && report {
		list = append(list, p.T("pagesettings.effect.joins"))
	}
	if p.Policy.Subscribers != was.Subscribers {
		list = append(list, p.T("pagesettings.effect.subscribers"))
	}
	return list
}
