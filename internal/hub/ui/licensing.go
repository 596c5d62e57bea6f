package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

func (u *UI) licensingRoutes() []web.Route {
	return append(
		u.purchasedRoutes(),
		view(account+"/licensing", "licensing", u.licensing),
		view(account+"/licensing/changes/{result}", "changes", u.changed),
		view(account+"/licensing/consumed_licenses.csv", "report", u.report),
	)
}

// licensingPage is Enterprise licensing: how many licenses there are, how many
// are consumed and why that is the number.
type licensingPage struct {
	frame
	*hub.Overview

	// Terms open the reconciliation, those that are not 0.
	Terms []term
	// History is what changed the total last.
	History []historyLine
	// Work is how many people may be counted more than once.
	Work *hub.Work
}

// Counted says that something counts: a preview that was discarded leaves a
// total of nothing, which is none.
func (p *licensingPage) Counted() bool {
	counts := func(s hub.SourceState) bool { return s.Snapshot != nil }
	return p.Result != nil && (p.Result.Statement.Licenses > 0 || counts(p.Cloud) || slices.ContainsFunc(p.Instances, counts))
}

// term is a term of the reconciliation with whom it is about.
type term struct {
	Key      string // of its sentence
	Licenses int    // with the sign it has in the sum
	Items    []termItem
	More     int // further clusters that are not shown
}

type termItem struct {
	Cause string // key of its sentence
	Count int
	There []string
	Here  []personLink
	More  int // further people that are not shown
}

// personLink names a person of a result.
type personLink struct{ ID, Name string }

// How many clusters of a term, and how many people of a cluster, are shown.
const (
	maxTermItems  = 20
	maxTermPeople = 20
)

func (u *UI) licensing(w http.ResponseWriter, r *http.Request) error {
	f := u.frame(r, inLicensing, "")
	f.Title = f.T("ui.licensing.title")
	now, err := u.hub.Overview(r.Context(), f.About.Number)
	if err != nil {
		return err
	}
	p := licensingPage{frame: f, Overview: now}
	if p.Work, err = u.hub.Work(r.Context(), f.About.Number); err != nil {
		return err
	}
	if now.Result != nil && now.Result.Reconciliation != nil {
		if p.Terms, err = u.terms(r, &f, now.Result); err != nil {
			return err
		}
	}
	if p.History, err = u.history(r.Context(), &f); err != nil {
		return err
	}
	if now.Result != nil && len(p.Terms)+len(p.History)+len(now.Result.Unmatched) > 0 {
		if err := u.reads(r.Context(), now.Result.Number); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, licensingContent(&p))
}

// terms are the terms of a result's reconciliation that are not 0, in the order
// of the sum.
func (u *UI) terms(r *http.Request, f *frame, result *hub.Result) ([]term, error) {
	rc := result.Reconciliation
	all := []term{
		{Key: licensing.TermMoreThere.String(), Licenses: -rc.MoreThere},
		{Key: "unexplained", Licenses: -rc.Unexplained},
		{Key: licensing.TermSeveralHere.String(), Licenses: rc.SeveralHere},
		{Key: licensing.TermOnlyHere.String(), Licenses: rc.OnlyHere},
		{Key: licensing.TermOnlyThere.String(), Licenses: -rc.OnlyThere},
	}
	var shown []term
	for _, t := range all {
		if t.Licenses == 0 {
			continue
		}
		if err := u.openTerm(r, f, result, &t); err != nil {
			return nil, err
		}
		shown = append(shown, t)
	}
	return shown, nil
}

// openTerm adds the clusters that make up a term.
func (u *UI) openTerm(r *http.Request, f *frame, result *hub.Result, t *term) error {
	for _, item := range result.Reconciliation.Items {
		if item.Term != t.Key {
			continue
		}
		if len(t.Items) == maxTermItems {
			t.More++
			continue
		}
		shown := termItem{Cause: item.Cause, Count: item.Count}
		for _, name := range item.There[:min(len(item.There), maxTermPeople)] {
			shown.There = append(shown.There, f.name(name))
		}
		for _, id := range item.Here[:min(len(item.Here), maxTermPeople)] {
			link, err := u.personLink(r, f, result, id)
			if err != nil {
				return err
			}
			shown.Here = append(shown.Here, link)
		}
		shown.More = max(0, len(item.There)-maxTermPeople) + max(0, len(item.Here)-maxTermPeople)
		t.Items = append(t.Items, shown)
	}
	return nil
}

func (u *UI) personLink(r *http.Request, f *frame, result *hub.Result, id string) (personLink, error) {
	p, err := u.hub.Person(r.Context(), f.About.Number, result.Number, id)
	if err != nil {
		return personLink{}, err
	}
	return personLink{ID: p.ID, Name: f.name(p.Name)}, nil
}

// name is what the visitor sees of what somebody is called by.
func (f *frame) name(name licensing.Email) string {
	if number, is := hub.NamelessNumber(name); is {
		return f.T("ui.people.nameless", "Number", number)
	}
	if f.owner() {
		return hub.Eyes{}.Reported(name)
	}
	return hub.ClosedEyes().Reported(name)
}

// Sources are the cloud side and the instances that count.
func (p *licensingPage) Sources() []hub.SourceState {
	all := []hub.SourceState{p.Cloud}
	for _, s := range p.Instances {
		if s.Snapshot != nil {
			all = append(all, s)
		}
	}
	return all
}

// Concerned is how many people rest on old data: an upper bound where several
// sources are old.
func (p *licensingPage) Concerned() int {
	n := 0
	for _, s := range p.Stale() {
		n += s.People
	}
	return n
}

// sumLine is a line of the statement.
type sumLine struct {
	Text, Why string
	Value     string
	Total     bool
	// Path is the list of whom the line is about; empty: there is none.
	Path templ.SafeURL
}

// Statement is the sum that leads from accounts to licenses, in words, each
// with its people.
func (p *licensingPage) Statement() []sumLine {
	s := p.Result.Statement
	return []sumLine{
		{Text: p.T("ui.sum.cloud"), Value: p.Number(s.CloudAccounts), Path: p.who("deployment", hub.WithCloud)},
		{Text: p.T("ui.sum.server"), Value: p.Signed(s.ServerAccounts), Path: p.who("deployment", hub.WithServer)},
		{Text: p.T("ui.sum.invited"), Why: p.T("ui.sum.invited_why"), Value: p.Signed(s.InvitedOnly), Path: p.who("deployment", "none", "license", hub.LicenseAny)},
		{Text: p.T("ui.sum.none"), Why: p.T("ui.sum.none_why"), Value: p.Signed(-s.NotConsuming), Path: p.who("license", hub.LicenseNone)},
		{Text: p.T("ui.sum.joined"), Why: p.T("ui.sum.joined_why"), Value: p.Signed(-s.Joined), Path: p.who("accounts", "2", "license", hub.LicenseAny)},
		{Text: p.T("ui.sum.licenses"), Value: p.Number(s.Licenses), Total: true, Path: p.who("license", hub.LicenseAny)},
	}
}

// who is the list of People that filters find, name and value in turn.
func (f *frame) who(filters ...string) templ.SafeURL {
	query := url.Values{}
	for i := 0; i+1 < len(filters); i += 2 {
		query.Set(filters[i], filters[i+1])
	}
	return f.link("people") + "?" + templ.SafeURL(query.Encode())
}

// typeLine is what is bought and consumed of a license type.
type typeLine struct {
	Type                string
	Purchased, Consumed int
	// Known says that somebody noted how many of the type were bought.
	Known bool
}

// Types are the license types, each with what of it was bought where contract
// lines tell.
func (p *licensingPage) Types() []typeLine {
	s, bought, known := p.Result.Statement, p.Result.Purchase, p.split()
	return []typeLine{
		{string(licensing.LicenseEnterprise), bought.Seats - bought.VisualStudio, s.Licenses - s.VisualStudio, known},
		{string(licensing.LicenseVisualStudio), bought.VisualStudio, s.VisualStudio, known},
	}
}

// split says that what was bought is known by license type: contract lines name
// each type that anybody consumes. Where they name one of two, their number may
// as well be the sum, and nothing is short of the other.
func (p *licensingPage) split() bool {
	s, bought := p.Result.Statement, p.Result.Purchase
	return bought.Source == hub.BoughtByContract &&
		(bought.VisualStudio > 0 || s.VisualStudio == 0) &&
		(bought.Seats > bought.VisualStudio || s.Licenses == s.VisualStudio)
}

// whyNoSplit is the key of why nothing is said by license type.
func (p *licensingPage) whyNoSplit() string {
	if p.Result.Purchase.Source == hub.BoughtByContract {
		return "pagelicensing.types.one_named"
	}
	return "pagelicensing.types.no_split"
}

// Listed is how far the number that was loaded is from what counts as bought;
// nothing where that is what counts or nothing was loaded.
func (p *licensingPage) Listed() string {
	bought := p.Result.Purchase
	if bought.Listed == 0 || bought.Source == hub.BoughtByList {
		return ""
	}
	return p.T("pagelicensing.licensing.listed", "Number", p.Number(bought.Listed), "Signed", p.Signed(bought.Listed-bought.Seats))
}

// narrowing is something that would narrow the range, and the people whom it is
// about.
type narrowing struct {
	Sentence string
	// Path is the list of them; empty: there is none.
	Path templ.SafeURL
}

// Narrow says what would narrow the range, most useful first.
func (p *licensingPage) Narrow() []narrowing {
	v := p.Result.Visibility
	if v.Low == v.High {
		return nil
	}
	var list []narrowing
	add := func(count int, key string, path templ.SafeURL) {
		if count > 0 {
			list = append(list, narrowing{p.T(key, "Count", count), path})
		}
	}
	if v.Hidden {
		key := "ui.narrow.undecided"
		if v.ByNothing == 0 {
			key = "ui.narrow.undecided_known"
		}
		add(v.Undecided, key, p.who("unsure", hub.UnsureUndecided))
	}
	if hosts := unknownHosts(p.Result); len(hosts) > 0 {
		path := p.link("instances")
		if len(hosts) == 1 {
			path = p.who("instance", hosts[0])
		}
		list = append(list, narrowing{p.T("pagelicensing.narrow.unknown", "Hosts", strings.Join(hosts, ", ")), path})
	}
	add(v.Doubled, "ui.narrow.doubled", p.who("unsure", hub.UnsureInvited))
	add(v.Missing, "ui.narrow.missing", "")
	add(v.ByNothing, "ui.narrow.nothing", p.who("unsure", hub.UnsureNothing))
	return list
}

// Available is what is left of what was bought; below 0 when more is consumed.
func (p *licensingPage) Available() int { return p.Result.Purchased - p.Result.Statement.Licenses }

// available is Available as it is written.
func (p *licensingPage) available() string { return p.left(p.Available()) }

// left is a number of licenses that are left, with its sign when it is none.
func (p *licensingPage) left(n int) string {
	if n < 0 {
		return p.Signed(n)
	}
	return p.Number(n)
}

// share is a part of a whole as the length of a bar in percent.
func share(part, whole int) string {
	if whole <= 0 {
		return "0%"
	}
	return percent(100 * float64(part) / float64(whole))
}
