package ui

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// personPage is a person: their accounts, and why these are one person.
type personPage struct {
	frame

	Result *hub.Result
	Person *hub.Person
	Line   personLine
	// Eyes are those of the visitor; Revealed says that they see everything.
	Eyes     hub.Eyes
	Revealed bool
	// Misses are near misses by server account, when they were asked for.
	Misses      []miss
	MissesAsked bool
	// Marks are the lines of Counted more than once? about the person.
	// and, on that of a cloud account, about whoever is nearest to it.
	Marks []workLine
	// Pairs are invitations that may be the same as the person's.
	Pairs []pairLink
	// Past says that Result is not the current one; Now is the id of who the
	// person is in that, empty: nobody.
	Past bool
	Now  string
}

// self is the page itself, with the result that it is of.
func (p *personPage) self(parts ...string) templ.SafeURL {
	path := p.link(append([]string{"people", p.Person.ID}, parts...)...) + "?"
	if p.Past {
		path += "result=" + templ.SafeURL(p.id(p.Result.Number)) + "&"
	}
	return path
}

// WhatTo says whether the person stands alone somewhere, so that the lists of
// who is counted more than once may have something to do about them.
func (p *personPage) WhatTo() bool {
	return p.Person.Person.Consumes && (p.Person.Person.Cloud < 0 || p.Person.Person.Beside != "")
}

// miss is a cloud account that a server account almost joined.
type miss struct {
	Account, Login, Person, Sentence string
}

// maxMissed is how many server accounts of a person near misses are looked for:
// those of one person without a cloud account have the same address.
const maxMissed = 5

func (u *UI) person(w http.ResponseWriter, r *http.Request) error {
	p, err := u.personPage(r)
	if errs.KindOf(err) == errs.NotFound && p != nil && !p.Past {
		to, moved := u.movedTo(r.Context(), &p.frame, r.PathValue("person"))
		if moved == nil && to != "" {
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		}
	}
	if err != nil {
		return err
	}
	if r.URL.Query().Get("near_misses") != "" {
		if err := u.nearMisses(r, p); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, personContent(p))
}

func (u *UI) personPage(r *http.Request) (*personPage, error) {
	p := &personPage{frame: u.frame(r, inPeople, "")}
	result, err := u.hub.Current(r.Context(), p.About.Number)
	current := result
	if err == nil && r.URL.Query().Has("result") {
		if number := pathNumber(r.URL.Query().Get("result")); number != result.Number {
			result, err = u.hub.Listed(r.Context(), p.About.Number, number)
			p.Past = true
		}
	}
	if err != nil {
		return nil, err
	}
	if p.Person, err = u.hub.Person(r.Context(), p.About.Number, result.Number, r.PathValue("person")); err != nil {
		return p, err
	}
	if err := u.reads(r.Context(), result.Number); err != nil {
		return nil, err
	}
	if !p.Past {
		found, err := u.hub.WorkOf(r.Context(), p.About.Number, p.Person.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range found.Lines {
			p.Marks = append(p.Marks, p.workLine(found.Work, l))
		}
	}
	if p.Past {
		if p.Now, err = u.nowOf(r.Context(), p.About.Number, current, p.Person); err != nil {
			return nil, err
		}
	}
	p.Result, p.Eyes = result, p.eyes(result, p.Person)
	p.know()
	p.Line = p.line(result, p.Person)
	p.Title = p.Line.Name
	return p, u.pairs(r.Context(), p)
}

// know opens the eyes for what the lines about the person say.
func (p *personPage) know() {
	for i := range p.Marks {
		for _, m := range p.Marks[i].Misses {
			if !m.Invitation && strings.EqualFold(m.Login, p.Person.Person.Login) {
				p.Eyes = p.Eyes.Knowing(m.Mine)
			}
		}
	}
}

// reveal shows a person with whole addresses, to an owner, who then stands in
// the audit log.
func (u *UI) reveal(w http.ResponseWriter, r *http.Request) error {
	p, err := u.personPage(r)
	if err != nil {
		return err
	}
	if p.Person, err = u.hub.Reveal(r.Context(), p.About.Number, p.Result.Number, p.Person.ID, p.Actor.Name); err != nil {
		return err
	}
	p.Eyes, p.Revealed = p.Eyes.Opened(), true
	return page.Show(w, r, http.StatusOK, personContent(p))
}

func (u *UI) nearMisses(r *http.Request, p *personPage) error {
	p.MissesAsked = true
	servers := p.Person.Person.Servers
	for _, a := range servers[:min(len(servers), maxMissed)] {
		found, err := u.hub.NearMisses(r.Context(), p.About.Number, p.Result.Number, p.Person.ID, a.HostID)
		if err != nil {
			return err
		}
		for _, m := range found {
			p.Misses = append(p.Misses, p.miss(&a, &m))
		}
	}
	return nil
}

func (p *personPage) miss(a *licensing.PlacedAccount, m *hub.NearMiss) miss {
	mine, _ := p.Eyes.Asserted(m.Mine)
	theirs, _ := p.Eyes.Missed(&m.NearMiss)
	key := "ui.miss.other_domain"
	switch m.Kind {
	case licensing.MissUnverified:
		key = "ui.miss.unverified"
	case licensing.MissSecondary:
		key = "ui.miss.secondary"
	case licensing.MissOtherDomain:
	}
	return miss{Account: a.String(), Login: m.Login, Person: m.Person, Sentence: p.T(key, "Login", m.Login, "Mine", mine, "Theirs", theirs, "Account", a.String())}
}

// MissesOffered says that near misses can be asked for: somebody on server
// instances alone.
func (p *personPage) MissesOffered() bool {
	return p.Person.Person.Cloud < 0 && len(p.Person.Person.Servers) > 0 && !p.MissesAsked
}

// Masked says that some address of the person is masked, and so could be
// revealed.
func (p *personPage) Masked() bool {
	if p.Person.Account == nil || p.Revealed {
		return false
	}
	for _, e := range p.Emails() {
		if e.Hidden {
			return true
		}
	}
	return false
}

// shownEmail is an address of a cloud account.
type shownEmail struct {
	Text              string
	Hidden            bool
	Primary, Verified bool
	// Said is where an identity provider says it: "NameID"; empty for an
	// address of the account's own.
	Said string
}

// Emails are the addresses of the cloud account, and what identity providers
// say of it.
func (p *personPage) Emails() []shownEmail {
	var list []shownEmail
	a := p.Person.Account
	for _, e := range a.Emails {
		text, hidden := p.Eyes.See(e)
		list = append(list, shownEmail{Text: text, Hidden: hidden, Primary: e.Primary, Verified: e.Verified})
	}
	said := func(where string, value licensing.Email) {
		if !value.IsZero() {
			text, hidden := p.Eyes.Asserted(value)
			list = append(list, shownEmail{Text: text, Hidden: hidden, Said: where})
		}
	}
	for i := range a.SAML {
		for _, claim := range a.SAML[i].Attributes {
			said(strings.TrimSpace(claim.Name), claim.Value)
		}
		said(licensing.AttrNameID.String(), a.SAML[i].NameID)
	}
	for i := range a.SCIM {
		said(licensing.AttrUserName.String(), a.SCIM[i].UserName)
		for _, email := range a.SCIM[i].Emails {
			said(licensing.AttrEmails.String(), email)
		}
	}
	return list
}

// Verdict says in a sentence what the person costs.
func (p *personPage) Verdict() string {
	switch n := p.Person.Person.Accounts(); {
	case p.Person.Person.Beside != "":
		return p.T("ui.person.beside", "Login", p.Person.Person.Beside)
	case !p.Person.Person.Consumes:
		return p.T("ui.person.none")
	case n == 0:
		return p.T("ui.person.invited")
	default:
		return p.T("ui.person.one", "Count", n)
	}
}

// why is a reason in plain words, with the number of the rule that decided.
type why struct{ Sentence, Rule string }

// ServerWhy says why a server account is this person's.
func (p *personPage) ServerWhy(a *licensing.PlacedAccount) []why {
	var list []why
	because := func(rule licensing.Rule, key string, args ...any) {
		list = append(list, why{p.T(key, args...), rule.String()})
	}
	login := p.Person.Person.Login
	switch reason := a.Reason; reason.Rule {
	case licensing.R0:
		key := "ui.why.R0_address"
		if reason.Attribute == licensing.AttrReportID {
			key = "ui.why.R0_id"
		}
		because(licensing.R0, key, "Login", login, "Date", p.dateOr(reason))
	case licensing.R3:
		because(licensing.R3, "ui.why.R3", "Login", login, "Attribute", reason.Attribute.String())
	case licensing.R4:
		because(licensing.R4, "ui.why.R4", "Login", login)
	case licensing.R5:
		because(licensing.R5, "ui.why.R5")
	case licensing.R6:
		because(licensing.R6, "ui.why.R6", "Count", len(p.Person.Person.Servers)-1)
	case licensing.R7:
		because(licensing.R7, "ui.why.R7")
	case licensing.R1, licensing.R2, licensing.R8, licensing.R9, licensing.R10:
		// no server account is placed by these
	}
	if a.Reason.Tie {
		because(licensing.R10, "ui.why.R10", "Login", login)
	}
	if a.Reason.FromReport {
		list = append(list, why{p.T("ui.why.from_report", "Host", a.Host), ""})
	}
	return list
}

// CloudWhy says why the cloud account consumes, or does not, by itself (C1,
// C2); nothing where invitations decide.
func (p *personPage) CloudWhy() why {
	switch a := p.Person.Account; {
	case a.Reported && a.Suspended:
		return why{p.T("ui.why.C1_reported"), "C1"}
	case a.Suspended:
		return why{p.T("ui.why.C2_suspended"), "C2"}
	case len(a.Organizations) > 0:
		return why{p.T("ui.why.C1_member", "Organizations", strings.Join(p.Line.Organizations, ", ")), "C1"}
	case len(a.OutsideCollaborator) > 0:
		return why{p.T("ui.why.C1_outside", "Repositories", strings.Join(a.OutsideCollaborator, ", ")), "C1"}
	case a.Reported:
		return why{p.T("ui.why.C1_reported_only", "Servers", len(p.Person.Person.Servers) > 0), "C1"}
	case len(a.PendingOrganizations) > 0 && p.Person.Person.Consumes && len(p.Person.Person.Servers) == 0:
		return why{p.T("ui.why.C4_open"), "C4"}
	case len(a.PendingOrganizations)+len(p.Person.Person.Invitations) > 0:
		return why{}
	case slices.Contains(p.Line.Roles, report.RoleOwner):
		return why{p.T("ui.why.C2_owner"), "C2"}
	default:
		return why{p.T("ui.why.C2_none"), "C2"}
	}
}

// ServersWhy says that the server accounts consume (C3), and whether the cloud
// account does by itself too.
func (p *personPage) ServersWhy() why {
	person := &p.Person.Person
	if !person.Consumes || len(person.Servers) == 0 {
		return why{}
	}
	if a := p.Person.Account; a != nil && !a.Suspended && len(a.Organizations)+len(a.OutsideCollaborator) > 0 {
		return why{p.T("ui.why.C3_too"), "C3"}
	}
	return why{p.T("ui.why.C3"), "C3"}
}

// InvitationConsumes says whether an invitation takes a license (C4), where
// nothing else of the person does.
func (p *personPage) InvitationConsumes(i *licensing.PlacedInvitation) why {
	switch person := &p.Person.Person; {
	case person.Cloud >= 0 && person.Consumes || len(person.Servers) > 0:
		return why{}
	case i.Consumes:
		return why{p.T("ui.why.C4_open"), "C4"}
	default:
		return why{p.T("ui.why.C4_closed"), "C4"}
	}
}

// MaskedWhy says why an address is masked; empty address: why some are.
func (p *personPage) MaskedWhy(e shownEmail) string {
	switch {
	case !p.owner():
		return p.T("ui.person.masked_role")
	case e.Text != "" && e.Said == "" && !e.Verified:
		return p.T("ui.person.masked_unverified")
	default:
		return p.T("ui.person.masked")
	}
}

// NoAddress says that no server account of a person has an address to compare.
func (p *personPage) NoAddress() bool {
	servers := p.Person.Person.Servers
	return len(servers) > 0 && servers[0].Reason.Rule == licensing.R7
}

func (p *personPage) dateOr(reason licensing.Reason) string {
	if reason.Source.IsZero() {
		return p.T("ui.why.no_date")
	}
	return p.Date(reason.Source)
}

// Conflicts are the ties that decided something about the person.
func (p *personPage) Conflicts() []hub.Conflict {
	var list []hub.Conflict
	for _, c := range p.Result.Conflicts {
		if p.Person.Person.Login != "" && strings.EqualFold(c.Chosen, p.Person.Person.Login) {
			list = append(list, c)
		}
	}
	return list
}

// roles are roles of the enterprise in the reader's language.
func roles(f *frame, names []string) string {
	shown := each(names, func(name string) string {
		key := "ui.people_role." + strings.ReplaceAll(strings.ToLower(name), " ", "_")
		if text := f.T(key); text != key {
			return text
		}
		return name
	})
	return strings.Join(shown, ", ")
}

func licenseName(f *frame, license string) string {
	return f.T("ui.license." + strings.ReplaceAll(strings.ToLower(license), " ", "_"))
}

func invitedTo(i *licensing.PlacedInvitation) string { return cmp.Or(i.Repository, i.Organization) }

// others are the candidates that were not chosen.
func others(candidates []string) []string { return candidates[min(1, len(candidates)):] }
