package ui

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

func (u *UI) peopleRoutes() []web.Route {
	return []web.Route{
		view(account+"/people", "people", u.people),
		view(account+"/people.csv", "people-csv", u.peopleCSV),
		view(account+"/people/{person}", "person", u.person),
		deed(account+"/people/{person}/reveal", "reveal", u.reveal),
	}
}

// peoplePage is People: whoever was counted, found by text and filters.
type peoplePage struct {
	frame

	Result *hub.Result // nil: nothing was counted yet
	Query  hub.Query
	People []personLine
	// More is where the next page is; empty at the end.
	More string
	// Total is how many people the search finds; not Counted: at least so many,
	// or nobody knows.
	Total   int64
	Counted bool
	// Refusal is why the search was refused.
	Refusal string
	// First says that this is the first page; Hosts are the instances to choose
	// from.
	First bool
	Hosts []string
}

// personLine is a person of a list, as the visitor sees them.
type personLine struct {
	ID, Name, FullName, Deployment string
	License                        string
	Accounts                       int
	Organizations, Emails, Roles   []string
	Servers                        []string
}

// peoplePerPage is how many people a page shows.
const peoplePerPage = 50

// maxHosts is how many instances there are to choose from.
const maxHosts = 500

func (u *UI) people(w http.ResponseWriter, r *http.Request) error {
	p := peoplePage{frame: u.frame(r, inPeople, "")}
	p.Title = p.T("ui.nav.people")
	var err error
	if p.Hosts, err = u.hosts(r.Context(), p.About.Number); err != nil {
		return err
	}
	after := r.URL.Query().Get("after")
	p.Query, p.First = queryOf(r), after == ""
	status := http.StatusOK
	found, err := u.hub.Search(r.Context(), p.About.Number, p.sought(p.Query), after, peoplePerPage)
	switch {
	case err == nil:
		if err := u.reads(r.Context(), found.Result.Number); err != nil {
			return err
		}
		p.found(found)
		if err := u.total(r.Context(), &p); err != nil {
			return err
		}
	case errs.KindOf(err) == errs.NotFound: // nothing was counted yet
	case refused(err) || errs.KindOf(err) == errs.Unavailable && p.Query.Only+p.Query.Anyway != "": // until a recount ends
		p.Refusal, status = p.Error(err), web.StatusOf(err)
	default:
		return err
	}
	return page.Show(w, r, status, peopleContent(&p))
}

// total counts whom the search finds, where no result knows it.
func (u *UI) total(ctx context.Context, p *peoplePage) (err error) {
	if p.First && p.More == "" {
		p.Total, p.Counted = int64(len(p.People)), true
		return nil
	}
	if p.known() == "" {
		p.Total, p.Counted, err = u.hub.CountFound(ctx, p.About.Number, p.Result.Number, p.sought(p.Query))
	}
	return err
}

// queryOf is the search that a request asks for. Whoever sees masks finds
// nobody by an address.
func queryOf(r *http.Request) hub.Query {
	q := r.URL.Query()
	accounts, _ := strconv.Atoi(q.Get("accounts"))
	return hub.Query{
		Masked: !visitOf(r.Context()).owner(),
		Text:   q.Get("q"), Deployment: q.Get("deployment"), Organization: q.Get("organization"), Role: q.Get("role"), License: q.Get("license"),
		Instance: q.Get("instance"), Only: q.Get("only"), Anyway: q.Get("anyway"), Reason: q.Get("reason"), Unsure: q.Get("unsure"), Accounts: max(0, accounts), Reverse: q.Get("sort") == "-name",
		Unlisted: q.Get("unlisted") != "",
	}
}

// hosts are the instances that people can be looked for on.
func (u *UI) hosts(ctx context.Context, enterprise int64) ([]string, error) {
	sources, err := u.hub.Sources(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	var hosts []string
	for i := range sources {
		if s := &sources[i]; s.Number != hub.CloudSource && s.Seq > 0 && len(hosts) < maxHosts {
			hosts = append(hosts, s.HostName)
		}
	}
	return hosts, nil
}

// peopleCSV answers with everybody whom a search finds, as rows of GitHub's
// report. Who consumes no license has no license type.
func (u *UI) peopleCSV(w http.ResponseWriter, r *http.Request) error {
	f := frame{Frame: u.look.Frame(r), visit: visitOf(r.Context())}
	v, query := f.visit, f.sought(queryOf(r))
	found, err := u.hub.Search(r.Context(), v.About.Number, query, "", hub.MaxPage)
	if err != nil {
		return err
	}
	if err := u.reads(r.Context(), found.Result.Number); err != nil {
		return err
	}
	d := download{v, found.Result, func() ([]*hub.Person, error) {
		people := found.People
		if found.People = nil; found.Next == "" || people == nil {
			return people, nil
		}
		found, err = u.hub.Search(r.Context(), v.About.Number, query, found.Next, hub.MaxPage)
		return people, err
	}}
	return d.answer(w, "people-"+v.About.Slug+"-"+found.Result.AsOf.UTC().Format("20060102T150405Z")+".csv", csvOptions(r))
}

func (p *peoplePage) found(found *hub.Found) {
	p.Result = found.Result
	for _, one := range found.People {
		p.People = append(p.People, p.line(found.Result, one))
	}
	if found.Next != "" {
		p.More = p.To(p.path("people")) + "?" + p.query("after", found.Next)
	}
}

// query is the search of the page as a query, with one more value.
func (p *peoplePage) query(name, value string) string {
	out := url.Values{}
	accounts, sort, unlisted := "", "", ""
	if p.Query.Unlisted {
		unlisted = "1"
	}
	if p.Query.Accounts > 0 {
		accounts = strconv.Itoa(p.Query.Accounts)
	}
	if p.Query.Reverse {
		sort = "-name"
	}
	for key, text := range map[string]string{
		"q": p.Query.Text, "deployment": p.Query.Deployment, "organization": p.Query.Organization, "role": p.Query.Role,
		"license": p.Query.License, "instance": p.Query.Instance, "only": p.Query.Only, "anyway": p.Query.Anyway, "reason": p.Query.Reason, "unsure": p.Query.Unsure, "accounts": accounts, "sort": sort, "unlisted": unlisted,
	} {
		if text != "" {
			out.Set(key, text)
		}
	}
	out.Set(name, value)
	if value == "" {
		out.Del(name)
	}
	return out.Encode()
}

// sorted leads to the same people in the other order.
func (p *peoplePage) sorted() templ.SafeURL {
	order := "-name"
	if p.Query.Reverse {
		order = ""
	}
	return p.link("people") + "?" + templ.SafeURL(p.query("sort", order))
}

// csv leads to everybody whom the search finds, as a file.
func (p *peoplePage) csv() templ.SafeURL {
	return p.link("people.csv") + "?" + templ.SafeURL(p.query("for", "spreadsheets"))
}

// Told says how many people there are: exactly, or that there are more than
// anybody counts.
func (p *peoplePage) Told() string {
	switch known := p.known(); {
	case known != "":
		return known
	case p.Counted:
		return p.T("pagelicensing.people.found", "Count", int(p.Total))
	case p.Total > 0:
		return p.T("pagelicensing.people.beyond", "Count", int(p.Total))
	default:
		return p.T("pagelicensing.people.more", "Count", len(p.People))
	}
}

// known says how many people there are where the result knows it.
func (p *peoplePage) known() string {
	only := p.Query
	only.Reverse, only.Masked = false, false
	r := p.Result
	switch {
	case only == hub.Query{}:
		return p.T("pagelicensing.people.all", "Count", int(r.People))
	case only == hub.Query{License: hub.LicenseAny}:
		return p.T("pagelicensing.people.consume", "Count", r.Statement.Licenses, "People", p.Number(int(r.People)))
	case only == hub.Query{License: hub.LicenseNone}:
		return p.T("pagelicensing.people.consume_none", "Count", int(r.People)-r.Statement.Licenses, "People", p.Number(int(r.People)))
	case only == hub.Query{License: string(licensing.LicenseVisualStudio)}:
		return p.T("pagelicensing.people.found", "Count", r.Statement.VisualStudio)
	case only == hub.Query{License: string(licensing.LicenseEnterprise)}:
		return p.T("pagelicensing.people.found", "Count", r.Statement.Licenses-r.Statement.VisualStudio)
	case only == hub.Query{Unsure: hub.UnsureUndecided} && r.Visibility.Hidden:
		return p.T("pagelicensing.people.found", "Count", r.Visibility.Undecided)
	case only == hub.Query{Only: only.Only}, only == hub.Query{Anyway: only.Anyway}:
		return p.knownOn(only.Only, only.Anyway)
	default:
		return ""
	}
}

// knownOn says how many people one instance alone accounts for, or has beside
// them, as its statement does; empty: it has none.
func (p *peoplePage) knownOn(only, anyway string) string {
	part := partOf(p.Result, only+anyway)
	switch {
	case part == nil:
		return ""
	case only != "":
		return p.T("pagelicensing.people.found", "Count", part.OnlyHere)
	default:
		return p.T("pagelicensing.people.found", "Count", part.ConsumeWithout)
	}
}

// Kind says which people these are, where a filter needs words; empty: none
// does.
func (p *peoplePage) Kind() string {
	switch {
	case p.Query.Unlisted:
		return p.T("pagelicensing.people.unlisted_why")
	case p.Query.Unsure != "":
		return p.T("pagelicensing.unsure." + p.Query.Unsure)
	case p.Query.Only != "":
		return p.T("pagelicensing.people.only_why", "Host", p.Query.Only)
	case p.Query.Anyway != "":
		return p.T("pagelicensing.people.anyway_why", "Host", p.Query.Anyway)
	default:
		return ""
	}
}

// line shows a person in a line.
func (f *frame) line(r *hub.Result, p *hub.Person) personLine {
	row, eyes := r.Row(p), f.eyes(r, p)
	line := personLine{
		ID: p.ID, Name: eyes.Reported(p.Name), FullName: row.Name, Deployment: hub.DeploymentOf(&p.Person), License: string(row.LicenseType),
		Accounts: row.Accounts, Roles: row.EnterpriseRoles,
	}
	for _, email := range slices.Concat(row.VerifiedDomainEmails, row.ServerEmails) {
		if text := eyes.Reported(email); !slices.Contains(line.Emails, text) && text != line.Name {
			line.Emails = append(line.Emails, text)
		}
	}
	if number, is := hub.NamelessNumber(p.Name); is {
		line.Name = f.T("ui.people.nameless", "Number", number)
	}
	if p.Account != nil {
		for _, m := range p.Account.Organizations {
			line.Organizations = append(line.Organizations, m.Login)
		}
	}
	for i := range p.Person.Servers {
		if host := p.Person.Servers[i].Host; !slices.Contains(line.Servers, host) {
			line.Servers = append(line.Servers, host)
		}
	}
	return line
}

// nameless says that somebody is known as an invitation of GitHub's report
// alone, which names nobody.
func nameless(p *licensing.Person) bool {
	if p.Cloud >= 0 || len(p.Servers) > 0 || len(p.Subscriptions) > 0 || len(p.Invitations) == 0 {
		return false
	}
	return !slices.ContainsFunc(p.Invitations, func(i licensing.PlacedInvitation) bool { return !i.Email.IsZero() })
}

// choice is one of a filter's.
type choice struct {
	Value, Text string
	Chosen      bool
}

// choices are the values of a filter, with everybody first.
func (p *peoplePage) choices(filter, chosen string, values ...string) []choice {
	list := []choice{{Value: "", Text: p.T("ui.people.all")}}
	for _, v := range values {
		key := "ui." + filter + "." + strings.ReplaceAll(strings.ToLower(v), " ", "_")
		list = append(list, choice{Value: v, Text: p.T(key), Chosen: v == chosen})
	}
	return list
}

// Deployments, Licenses and Roles are the filters' choices.
func (p *peoplePage) Deployments() []choice {
	return p.choices("deployment", p.Query.Deployment, "cloud", "server", "both", hub.WithCloud, hub.WithServer, "none")
}

// Reasons are the choices by reason.
func (p *peoplePage) Reasons() []choice {
	return p.choices("reason_kind", p.Query.Reason, hub.ReasonKinds()...)
}

// Unsures are the choices by what the range of the total is about.
func (p *peoplePage) Unsures() []choice {
	return p.choices("unsure", p.Query.Unsure, hub.UnsureKinds()...)
}

// Instances are the choices by instance.
func (p *peoplePage) Instances(chosen string) []choice {
	list := []choice{{Value: "", Text: p.T("ui.people.all")}}
	hosts := p.Hosts
	if chosen != "" && !slices.Contains(hosts, chosen) {
		hosts = append([]string{chosen}, hosts...)
	}
	for _, host := range hosts {
		list = append(list, choice{Value: host, Text: host, Chosen: host == chosen})
	}
	return list
}

// Licenses are the choices by license.
func (p *peoplePage) Licenses() []choice {
	return p.choices("license", p.Query.License, hub.LicenseAny, string(licensing.LicenseEnterprise), string(licensing.LicenseVisualStudio), hub.LicenseNone)
}

// Roles are the choices by role in the enterprise.
func (p *peoplePage) Roles() []choice {
	return p.choices("people_role", p.Query.Role, report.RoleOwner, report.RoleMember, report.RoleOutside, report.RoleBillingManager, report.RolePending)
}
