package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

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
	// Refusal is why the search was refused.
	Refusal string
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

func (u *UI) people(w http.ResponseWriter, r *http.Request) error {
	p := peoplePage{frame: u.frame(r, inPeople, "")}
	p.Title = p.T("ui.nav.people")
	q := r.URL.Query()
	p.Query = hub.Query{
		Text: q.Get("q"), Deployment: q.Get("deployment"), Organization: q.Get("organization"), Role: q.Get("role"), License: q.Get("license"),
	}
	status := http.StatusOK
	found, err := u.hub.Search(r.Context(), p.About.Number, p.Query, q.Get("after"), peoplePerPage)
	switch {
	case err == nil:
		if err := u.reads(r.Context(), found.Result.Number); err != nil {
			return err
		}
		p.found(found)
	case errs.KindOf(err) == errs.NotFound: // nothing was counted yet
	case refused(err):
		p.Refusal, status = p.Error(err), web.StatusOf(err)
	default:
		return err
	}
	return page.Show(w, r, status, peopleContent(&p))
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
	for key, text := range map[string]string{
		"q": p.Query.Text, "deployment": p.Query.Deployment, "organization": p.Query.Organization, "role": p.Query.Role,
		"license": p.Query.License, name: value,
	} {
		if text != "" {
			out.Set(key, text)
		}
	}
	return out.Encode()
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
	if nameless(&p.Person) {
		line.Name = f.T("ui.people.nameless")
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
	return p.choices("deployment", p.Query.Deployment, "cloud", "server", "both", "none")
}

// Licenses are the choices by license.
func (p *peoplePage) Licenses() []choice {
	return p.choices("license", p.Query.License, hub.LicenseAny, string(licensing.LicenseEnterprise), string(licensing.LicenseVisualStudio), hub.LicenseNone)
}

// Roles are the choices by role in the enterprise.
func (p *peoplePage) Roles() []choice {
	return p.choices("people_role", p.Query.Role, report.RoleOwner, report.RoleMember, report.RoleOutside, report.RoleBillingManager, report.RolePending)
}
