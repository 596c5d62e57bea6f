package main

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
)

// serverOnlyTable lists people whom only server instances account for, and
// which cloud account each of them almost joined: what could be saved.
func (s *session) serverOnlyTable(c *counted, v *survey) {
	if v.ServerOnly == 0 {
		return
	}
	t := terminal.Table{Indent: 2, Columns: []terminal.Column{
		{Head: s.T("match.head.person")}, {Head: s.T("match.head.server_accounts")}, {Head: s.T("match.head.almost")},
	}}
	people := slices.Concat(v.Almost, v.Others)
	people = people[:min(len(people), maxPeopleRows)]
	for i := range people {
		t.Rows = append(t.Rows, s.serverOnlyRow(c, &people[i]))
	}
	if len(v.Almost) == 0 {
		t.DropLast()
	}
	s.out.Heading(s.T("match.server_only", "Count", v.ServerOnly))
	s.out.Table(t)
	s.more(v.ServerOnly - len(people))
}

func (s *session) serverOnlyRow(c *counted, p *licensing.Person) []terminal.Cell {
	name := s.T("match.no_address")
	if emails := p.PrimaryEmails(); len(emails) > 0 {
		name = emails[0].Address()
	}
	return []terminal.Cell{terminal.Text(name), terminal.List(accountNames(p), 0), terminal.List(c.almost(p), 0)}
}

func accountNames(p *licensing.Person) []string {
	names := make([]string, len(p.Servers))
	for i := range p.Servers {
		names[i] = p.Servers[i].String()
	}
	return names
}

// almost gives the logins of cloud accounts that a person's server accounts
// almost joined, judged by the addresses they offered.
func (c *counted) almost(p *licensing.Person) []string {
	if len(c.side.Accounts) > maxAlmost {
		return nil
	}
	var logins []string
	for i := range p.Servers {
		a := licensing.ServerAccount{UserID: p.Servers[i].ID, Emails: []licensing.ServerEmail{{Email: p.Servers[i].Email, Primary: true}}}
		for _, miss := range c.nearMisses(&a) {
			if !slices.Contains(logins, miss.Login) {
				logins = append(logins, miss.Login)
			}
		}
	}
	return logins
}

func (c *counted) nearMisses(a *licensing.ServerAccount) []licensing.NearMiss {
	accounts := func(yield func(*licensing.CloudAccount) bool) {
		for i := range c.side.Accounts {
			if !yield(&c.side.Accounts[i]) {
				return
			}
		}
	}
	return c.index.NearMisses(a, accounts, c.side.VerifiedDomains)
}

// severalTable lists the people with the most accounts: robots, shared
// addresses and heroes.
func (s *session) severalTable(c *counted, v *survey) {
	if len(v.Several) == 0 {
		return
	}
	t := terminal.Table{Indent: 2, Columns: []terminal.Column{
		{Head: s.T("match.head.person")}, {Head: s.T("match.head.accounts"), Right: true, Fixed: true}, {Head: s.T("match.head.server_accounts")},
	}}
	for i := range v.Several {
		p := &v.Several[i]
		t.Rows = append(t.Rows, []terminal.Cell{terminal.Text(c.name(p)), s.figure(p.Accounts()), terminal.List(accountNames(p), 0)})
	}
	s.out.Heading(s.T("match.several"))
	s.out.Table(t)
}

// conflictTable lists ties: what was decided, and what else it could have been.
func (s *session) conflictTable(all []licensing.Conflict) {
	if len(all) == 0 {
		return
	}
	t := terminal.Table{Indent: 2, Columns: []terminal.Column{
		{Head: s.T("match.head.value")}, {Head: s.T("match.head.found_as")}, {Head: s.T("match.head.given_to")}, {Head: s.T("match.head.also")},
	}}
	shown := all[:min(len(all), maxConflictRows)]
	for _, k := range shown {
		t.Rows = append(t.Rows, []terminal.Cell{
			terminal.Text(k.Value.Address()), terminal.Text(attributeName(k.Attribute)),
			terminal.Text(k.Chosen), terminal.List(k.Candidates[1:], 0),
		})
	}
	s.out.Heading(s.T("match.conflicts", "Count", len(all)))
	s.out.Table(t)
	s.more(len(all) - len(shown))
}

// attributeName is an attribute without what is the same in all claims.
func attributeName(a licensing.Attribute) string {
	text := a.String()
	return text[strings.LastIndexByte(text, '/')+1:]
}

// warningList are the sentences of what is worth telling and changes nothing.
func (s *session) warningList(list []string) {
	if len(list) == 0 {
		return
	}
	s.out.Heading(s.T("match.warnings", "Count", len(list)))
	var items []terminal.Definition
	for _, sentence := range list {
		items = append(items, terminal.Definition{Term: "•", Text: sentence})
	}
	s.out.Definitions(2, items)
}
