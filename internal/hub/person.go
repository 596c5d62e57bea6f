package hub

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/unicode/norm"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// Person is a person of a result, with the reason of every account.
type Person struct {
	ID string
	// Name is what to call them: login, else the first address, HOST:ID or
	// invited address. It may be an address.
	Name licensing.Email
	// Person is as it was counted, but without its anchor; Cloud is 0 when
	// Account is theirs.
	Person licensing.Person
	// Account is the cloud account, nil when there is none.
	Account *licensing.CloudAccount
	// Unsure is why they may be one with somebody else, one of [UnsureKinds];
	// empty: nothing of the range is about them.
	Unsure string
}

// personFrom reads a person back.
func personFrom(stored *store.StoredPerson) (*Person, error) {
	var d personDocument
	if err := json.Unmarshal([]byte(stored.Document), &d); err != nil {
		return nil, fmt.Errorf("document of person %s: %w", stored.ID, err)
	}
	p := &Person{ID: stored.ID.String(), Unsure: d.Unsure, Person: licensing.Person{
		Cloud: -1, Consumes: d.Consumes, License: licensing.LicenseType(d.License), Beside: d.Beside,
	}}
	if d.Cloud != nil {
		a, err := store.DecodeCloudAccount(string(d.Cloud))
		if err != nil {
			return nil, err
		}
		p.Account, p.Person.Cloud, p.Person.Login = &a, 0, a.Login
	}
	for i := range d.Servers {
		p.Person.Servers = append(p.Person.Servers, d.placed(&d.Servers[i]))
	}
	if d.OnlyHere && len(p.Person.Servers) > 0 {
		p.Person.OnlyHost = p.Person.Servers[0].Host
	}
	for _, text := range d.ReportEmails {
		p.Person.ReportEmails = append(p.Person.ReportEmails, licensing.NewEmail(text))
	}
	if err := d.beside(&p.Person); err != nil {
		return nil, err
	}
	p.Name = nameOf(&p.Person, d.Anchor)
	return p, nil
}

// placed reads a server account.
func (d *personDocument) placed(a *placedDocument) licensing.PlacedAccount {
	address := ""
	if text, ok := strings.CutPrefix(d.Anchor, anchoredAddress); ok {
		address = text
	}
	if a.Email != nil {
		address = *a.Email
	}
	return licensing.PlacedAccount{
		HostID: licensing.HostID{Host: a.Host, ID: a.ID}, Email: licensing.NewEmail(address),
		AdvancedSecurity: a.Security, Reason: a.Reason.reason(address),
	}
}

// beside reads what is no account.
func (d *personDocument) beside(p *licensing.Person) error {
	for _, v := range d.Invitations {
		inv, err := store.DecodeInvitation(string(v.Invitation))
		if err != nil {
			return err
		}
		p.Invitations = append(p.Invitations, licensing.PlacedInvitation{
			Invitation: inv, Consumes: v.Consumes, Row: rowOf(v.FromReport), Reason: v.Reason.reason(""),
		})
	}
	for _, v := range d.Subscriptions {
		sub, err := store.DecodeSubscription(string(v.Subscription))
		if err != nil {
			return err
		}
		p.Subscriptions = append(p.Subscriptions, licensing.PlacedSubscription{
			Subscription: sub, Row: rowOf(v.FromReport), Reason: v.Reason.reason(""),
		})
	}
	return nil
}

// rowOf is 0 for what came from some row of GitHub's report, -1 for what came
// from a list: the numbers of rows are not kept.
func rowOf(fromReport bool) int {
	if fromReport {
		return 0
	}
	return -1
}

// nameOf is what to call a person.
func nameOf(p *licensing.Person, anchor string) licensing.Email {
	if p.Login != "" {
		return licensing.NewEmail(p.Login)
	}
	if emails := p.PrimaryEmails(); len(emails) > 0 {
		return emails[0]
	}
	if len(p.Servers) > 0 {
		return licensing.NewEmail(p.Servers[0].String())
	}
	for i := range p.Invitations {
		if email := p.Invitations[i].Email; !email.IsZero() && p.Beside != "" {
			return licensing.NewEmail(email.String()) // a cloud account's address
		} else if !email.IsZero() {
			return email
		}
	}
	if text, nameless := strings.CutPrefix(anchor, anchoredInvitation); nameless {
		return licensing.NewEmail("invitation " + namelessNumber(text))
	}
	_, text, _ := strings.Cut(anchor, ":")
	return licensing.NewEmail(text)
}

// peopleOf gives the rows of counted people; rows of the report come from the
// cloud account of each alone.
type peopleOf struct {
	c     *counted
	rows  *report.Builder
	shown *report.Shown
	Side  licensing.CloudSide
	text  documentWriter
}

func newPeopleOf(c *counted) *peopleOf {
	p := &peopleOf{c: c}
	p.Side = licensing.CloudSide{
		VerifiedDomains: c.meta.VerifiedDomains,
		Accounts:        make([]licensing.CloudAccount, 1),
	}
	p.rows = report.NewBuilder(&p.Side, c.policy)
	p.shown = report.NewShown(c.meta.VerifiedDomains, c.policy.ManagedUsers)
	return p
}

// at is the person at a place of the result, ready for the store.
func (p *peopleOf) at(place int, id store.PersonID) (store.Person, error) {
	person := p.c.result.At(place)
	cloud := ""
	if person.Cloud >= 0 {
		cloud = p.c.accounts[person.Cloud]
		var err error
		if p.Side.Accounts[0], err = store.DecodeCloudAccount(cloud); err != nil {
			return store.Person{}, err
		}
	}
	document, err := p.text.write(&person, cloud, p.shownPlaces(&person), p.c.result.Unsure(place))
	if err != nil {
		return store.Person{}, err
	}
	accounts := int64(person.Accounts())
	deployment, name := DeploymentOf(&person), nameOf(&person, person.Anchor.ID())
	if person.Cloud >= 0 {
		person.Cloud = 0 // in the side of one
	}
	row := p.rows.User(&person)
	return store.Person{
		ID: id, SortKey: sortKey(&person), Search: searchText(&row, &person, name), Deployment: deployment,
		License: string(person.License), Consumes: person.Consumes, Accounts: accounts,
		Organizations: lines(organizations(p, &person)), Roles: lines(row.EnterpriseRoles), Document: string(document),
	}, nil
}

// shownPlaces are the places of a cloud account's addresses that everybody who
// sees people may see.
func (p *peopleOf) shownPlaces(person *licensing.Person) []int {
	if person.Cloud < 0 {
		return nil
	}
	var out []int
	for i, e := range p.Side.Accounts[0].Emails {
		if p.shown.Shows(e) {
			out = append(out, i)
		}
	}
	return out
}

func organizations(p *peopleOf, person *licensing.Person) []string {
	if person.Cloud < 0 {
		return nil
	}
	var out []string
	for _, m := range p.Side.Accounts[0].Organizations {
		out = append(out, strings.ToLower(m.Login))
	}
	return out
}

// lines is a list with a line feed around each.
func lines(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "\n" + strings.Join(list, "\n") + "\n"
}

// DeploymentOf says where a person has accounts, in the words that a [Query] is
// filtered by: cloud, server, both or none.
func DeploymentOf(p *licensing.Person) string {
	switch {
	case p.Cloud >= 0 && len(p.Servers) > 0:
		return "both"
	case p.Cloud >= 0:
		return "cloud"
	case len(p.Servers) > 0:
		return "server"
	default:
		return "none"
	}
}

// sortKey orders people as every list does: by login, those without one last,
// by first server address, first server id and invited address.
func sortKey(p *licensing.Person) string {
	if p.Login != "" {
		return "0" + strings.ToLower(p.Login)
	}
	var email, id, invited string
	if emails := p.PrimaryEmails(); len(emails) > 0 {
		email = emails[0].Address()
	}
	if len(p.Servers) > 0 {
		id = p.Servers[0].String()
	}
	if len(p.Invitations) > 0 {
		invited = p.Invitations[0].Email.Address()
	}
	return printableKey("1" + email + "\x01" + id + "\x01" + invited)
}

// searchText is what a person can be found by, folded, a text a line: what
// closed eyes see too, [store.Masks], and the addresses. Of a cloud account's
// addresses only those that GitHub's report would show are in it.
func searchText(row *report.User, p *licensing.Person, name licensing.Email) string {
	var seen, addresses []string
	if strings.Contains(name.Address(), "@") { // as [Eyes.Reported]
		addresses = append(addresses, name.Address())
	} else {
		seen = append(seen, name.Address())
	}
	seen = append(seen, row.Name)
	for i := range p.Servers {
		seen = append(seen, p.Servers[i].String())
	}
	for _, e := range slices.Concat(row.VerifiedDomainEmails, row.ServerEmails) {
		addresses = append(addresses, e.Address())
	}
	text := strings.Join(distinct(seen), "\n") + store.Masks + strings.Join(distinct(addresses), "\n")
	return printableKey(Fold(text))
}

// distinct leaves out what is empty or stands next to its equal: the first
// address is most people's name and their only one.
func distinct(texts []string) []string {
	texts = slices.DeleteFunc(texts, func(text string) bool { return text == "" })
	return slices.Compact(texts)
}

// Fold is the form in which texts are searched: without case, and the same
// however their letters were typed, é as one character or as two.
func Fold(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// printableKey leaves out NUL, which PostgreSQL keeps in no text.
func printableKey(text string) string { return strings.ReplaceAll(text, "\x00", "") }
