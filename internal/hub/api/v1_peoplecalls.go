package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

func (v *v1) peopleCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/people", Name: "list-people", Access: reads(), Tag: "People",
			Summary: "People, in one order for all lists",
			Text:    "By login, then those without one. Behind a place with after, which search and filters need; or by number with page, without them. Link leads on through the same result, whatever changes meanwhile.",
			Run:     answers(v.people),
		},
		{
			Method: http.MethodGet, Path: own + "/people/{person}", Name: "get-person", Access: reads(), Tag: "People",
			Summary: "A person with the reason of every account",
			Text:    "Addresses that GitHub's report would not show are masked. near_misses goes through the whole cloud side and takes a moment.",
			Run:     answers(v.person),
		},
		{
			Method: http.MethodPost, Path: own + "/people/{person}/reveal", Name: "reveal-person", Access: admins(), Tag: "People",
			Summary: "A person with all addresses whole",
			Text:    "That somebody asked is in the audit log.",
			Run:     answers(v.reveal),
		},
		{
			Method: http.MethodGet, Path: own + "/consumed-licenses.csv", Name: "consumed-licenses-csv", Access: reads(), Tag: "People",
			Summary: "Consumed licenses as GitHub's CSV", Text: "One row per consumed license, all of one result.",
			Plain: consumedLicensesCSV(v.hub), Describe: describeCSV,
		},
	}
}

// listed is a result whose people can be listed, 0 the current one.
func (v *v1) listed(ctx context.Context, number int64) (*hub.Result, error) {
	enterprise := askerOf(ctx).About.Number
	if number == 0 {
		return v.hub.Current(ctx, enterprise)
	}
	return v.hub.Listed(ctx, enterprise, number)
}

// reads notes who reads whole addresses of a result.
func (v *v1) reads(ctx context.Context, result int64) error {
	who := askerOf(ctx)
	return v.hub.ReadPeople(ctx, who.About.Number, who.Token, who.Name, result)
}

type peopleInput struct {
	InEnterprise
	Paged

	Page         int64  `query:"page" minimum:"0" maximum:"100000000" doc:"Page by number, from 1; not with after, search or filters, but license=any."`
	Result       int64  `query:"result" minimum:"0" doc:"With page: number of the result, as Link has it; absent: the current one."`
	After        string `query:"after" maxLength:"4096" doc:"People behind this place, as Link has it."`
	Search       string `query:"q" maxLength:"255" doc:"Part of a login, a name, an address that GitHub's report shows, or HOST:ID; case does not matter."`
	Deployment   string `query:"deployment" enum:"cloud,server,both,none,with_cloud,with_server" doc:"Where they have accounts: with_cloud and with_server whatever else they have."`
	Organization string `query:"organization" maxLength:"255" doc:"Members of this organization."`
	Role         string `query:"role" maxLength:"100" doc:"Those with this role in the enterprise."`
	Instance     string `query:"instance" maxLength:"255" doc:"Those with an account on this server instance, by host name."`
	Only         string `query:"only" maxLength:"255" doc:"Those whom this server instance alone accounts for, by host name: without it they would consume no license."`
	Anyway       string `query:"anyway" maxLength:"255" doc:"Those with an account on this server instance who would consume a license without it, by host name."`
	Reason       string `query:"reason" enum:"github,identity,verified,invitation,server_address,no_address,subscription,tie" doc:"Those with an account, invitation or subscription that is theirs for this reason."`
	Unsure       string `query:"unsure" enum:"undecided,invited,nothing" doc:"Those whom the range of the total is about: undecided, known from server instances alone, may be somebody in the cloud; invited may stand there twice; nothing can be compared by nothing."`
	Unlisted     bool   `query:"unlisted" doc:"Without those who stand on the worklist of near misses: there is somebody to ask about them already."`
	Accounts     int    `query:"accounts" minimum:"0" doc:"Those with at least so many accounts."`
	Sort         string `query:"sort" enum:"name,-name" default:"name" doc:"By login, then those without one; with - from the end."`
	License      string `query:"license" maxLength:"100" enum:"any,none,Enterprise,Visual Studio subscription" doc:"Those who consume a license of this type, of any, or none."`
}

type peopleOutput struct {
	Linked

	Body struct {
		Result int64           `json:"result" doc:"Number of the result they are of."`
		People []PersonSummary `json:"people" nullable:"false" doc:"People, in order."`
	}
}

func (v *v1) people(ctx context.Context, in *peopleInput) (*peopleOutput, error) {
	if in.Page > 0 {
		return v.numberedPage(ctx, in)
	}
	query := hub.Query{
		Text: in.Search, Deployment: in.Deployment, Organization: in.Organization, Role: in.Role, License: in.License,
		Instance: in.Instance, Only: in.Only, Anyway: in.Anyway, Reason: in.Reason, Unsure: in.Unsure, Unlisted: in.Unlisted,
		Accounts: in.Accounts, Reverse: in.Sort == "-name",
	}
	found, err := v.hub.Search(ctx, askerOf(ctx).About.Number, query, in.After, in.PerPage)
	if err != nil {
		return nil, err
	}
	if err := v.reads(ctx, found.Result.Number); err != nil {
		return nil, err
	}
	out := peoplePage(found.Result, found.People)
	if found.Next != "" {
		out.Linked = nextPage(ctx, "after", found.Next)
	}
	return out, nil
}

// numberedPage is a page by number, of everybody or of who consumes.
func (v *v1) numberedPage(ctx context.Context, in *peopleInput) (*peopleOutput, error) {
	if err := in.alone(); err != nil {
		return nil, err
	}
	r, err := v.listed(ctx, in.Result)
	if err != nil {
		return nil, err
	}
	list, total := hub.AllPeople, r.People
	if in.License == hub.LicenseAny {
		list, total = hub.Consumed, int64(r.Statement.Licenses)
	}
	perPage := int64(in.PerPage)
	people, err := v.hub.People(ctx, askerOf(ctx).About.Number, r.Number, list, (in.Page-1)*perPage, in.PerPage)
	if err != nil {
		return nil, err
	}
	if err := v.reads(ctx, r.Number); err != nil {
		return nil, err
	}
	out := peoplePage(r, people)
	if in.Page*perPage < total {
		out.Linked = nextPage(ctx, "page", strconv.FormatInt(in.Page+1, 10), "result", strconv.FormatInt(r.Number, 10))
	}
	return out, nil
}

// alone refuses what does not go with a page by number.
func (in *peopleInput) alone() error {
	license := in.License
	if license == hub.LicenseAny {
		license = ""
	}
	var wrong []web.Field
	for _, filter := range []struct{ Name, Value string }{
		{"after", in.After},
		{"q", in.Search},
		{"deployment", in.Deployment},
		{"organization", in.Organization},
		{"role", in.Role},
		{"license", license},
		{"instance", in.Instance},
		{"only", in.Only},
		{"anyway", in.Anyway},
		{"reason", in.Reason},
		{"unsure", in.Unsure},
		{"unlisted", strings.TrimPrefix(strconv.FormatBool(in.Unlisted), "false")},
		{"sort", strings.TrimPrefix(in.Sort, "name")},
		{"accounts", strings.TrimLeft(strconv.Itoa(in.Accounts), "0")},
	} {
		if filter.Value != "" {
			wrong = append(wrong, web.Field{Name: filter.Name, Err: errs.New(errs.Invalid, "api.not_with_page")})
		}
	}
	return web.Invalid(wrong...)
}

func peoplePage(r *hub.Result, people []*hub.Person) *peopleOutput {
	out := &peopleOutput{}
	out.Body.Result = r.Number
	out.Body.People = each(people, func(p *hub.Person) PersonSummary { return summary(r, p) })
	return out
}

// OfPerson is the part of paths below a person.
type OfPerson struct {
	InEnterprise

	Person string `path:"person" maxLength:"64" doc:"Id of the person." example:"9f86d081884c7d659a2feaa0c55ad015"`
	Result int64  `query:"result" minimum:"0" doc:"Number of a result from the last 90 days; absent: the current one."`
}

type personQuery struct {
	OfPerson

	NearMisses bool `query:"near_misses" doc:"Look for cloud accounts that a server account almost joined: for the first five of a person without a cloud account."`
}

type personOutput struct{ Body Person }

func (v *v1) person(ctx context.Context, in *personQuery) (*personOutput, error) {
	r, err := v.listed(ctx, in.Result)
	if err != nil {
		return nil, err
	}
	p, err := v.hub.Person(ctx, askerOf(ctx).About.Number, r.Number, in.Person)
	if err != nil {
		return nil, err
	}
	if err := v.reads(ctx, r.Number); err != nil {
		return nil, err
	}
	eyes := eyesOn(r, &p.Person)
	out := &personOutput{eyes.person(r, p)}
	if in.NearMisses {
		out.Body.NearMisses, err = v.nearMisses(ctx, eyes, r, p)
	}
	return out, err
}

// maxMissed is how many server accounts of a person near misses are looked for:
// those of one person without a cloud account have the same address.
const maxMissed = 5

func (v *v1) nearMisses(ctx context.Context, eyes eyes, r *hub.Result, p *hub.Person) ([]PersonNearMiss, error) {
	var out []PersonNearMiss
	servers := p.Person.Servers
	for _, a := range servers[:min(len(servers), maxMissed)] {
		found, err := v.hub.NearMisses(ctx, askerOf(ctx).About.Number, r.Number, p.ID, a.HostID)
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			out = append(out, PersonNearMiss{
				Account: a.String(), Kind: nearMissKind(m.Kind), Login: m.Login, Mine: eyes.asserted(m.Mine), Theirs: eyes.missed(&m.NearMiss),
			})
		}
	}
	return out, nil
}

func nearMissKind(kind licensing.NearMissKind) string {
	switch kind {
	case licensing.MissUnverified:
		return "unverified"
	case licensing.MissSecondary:
		return "secondary"
	default:
		return "other_domain"
	}
}

func (v *v1) reveal(ctx context.Context, in *OfPerson) (*personOutput, error) {
	r, err := v.listed(ctx, in.Result)
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	p, err := v.hub.Reveal(ctx, who.About.Number, r.Number, in.Person, who.Name)
	if err != nil {
		return nil, err
	}
	eyes := eyesOn(r, &p.Person)
	eyes.Eyes = eyes.Opened()
	return &personOutput{eyes.person(r, p)}, nil
}
