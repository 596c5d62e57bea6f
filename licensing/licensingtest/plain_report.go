package licensingtest

import (
	"fmt"
	"slices"

	"github.com/oneseat/oneseat/licensing"
)

// reportValues are what GitHub's report decided: emails and ids are those of
// rows with a login (R0), servers and decided the HOST:IDs, with their rows,
// and the keys of rows that have server accounts and no login.
type reportValues struct {
	emails  accounts
	ids     accounts
	servers map[string][]int
	decided map[string]bool
}

func (p *plain) rows() []licensing.ReportRow {
	if p.side.Report == nil {
		return nil
	}
	return p.side.Report.Rows
}

func (p *plain) readReport() {
	p.report = reportValues{emails: accounts{}, ids: accounts{}, servers: map[string][]int{}, decided: map[string]bool{}}
	for i, row := range p.rows() {
		if row.Login == "" {
			p.readServerRow(i, &row)
			continue
		}
		account := p.login[lower(row.Login)]
		for _, address := range row.ServerEmails {
			p.report.emails.add(keyOf(address.Address()), account)
		}
		for _, id := range row.ServerAccounts {
			p.report.ids.add(id.String(), account)
		}
	}
}

func (p *plain) readServerRow(i int, row *licensing.ReportRow) {
	if len(row.ServerAccounts) == 0 {
		return
	}
	for _, id := range row.ServerAccounts {
		p.report.servers[id.String()] = append(p.report.servers[id.String()], i)
	}
	for _, address := range row.ServerEmails {
		if key := keyOf(address.Address()); key != "" {
			p.report.decided[key] = true
		}
	}
}

// findReported is R0 for a key.
func (p *plain) findReported(key string) (hit, bool) {
	found := p.report.emails[key]
	if !p.policy.UseGitHubJoins || key == "" || len(found) == 0 {
		return hit{}, false
	}
	return p.choose(key, licensing.AttrReportEmail, found), true
}

// findReportedID is R0 for a HOST:ID.
func (p *plain) findReportedID(id string) (hit, bool) {
	found := p.report.ids[id]
	if !p.policy.UseGitHubJoins || len(found) == 0 {
		return hit{}, false
	}
	return p.choose("", licensing.AttrReportID, found), true
}

// placeReported makes an account of every HOST:ID whose host has no loaded
// snapshot: it belongs to the person of its row.
func (p *plain) placeReported() {
	done := map[licensing.HostID]bool{}
	for _, row := range p.rows() {
		for _, id := range row.ServerAccounts {
			if p.loaded[id.Host] || done[id] {
				continue
			}
			done[id] = true
			anchor, reason := p.placeReportedAccount(id)
			reason.FromReport = true
			person := p.person(anchor)
			person.Servers = append(person.Servers, PlainAccount{HostID: id, Reason: reason})
		}
	}
}

// placeReportedAccount places an account known from the report alone. GitHub
// joined one of a row with a login, whatever the switch of R0 says: there is
// nothing else to know it by. One of a row without login has the key of its
// row; of several rows the smallest anchor.
func (p *plain) placeReportedAccount(id licensing.HostID) (PlainAnchor, PlainReason) {
	if found := p.report.ids[id.String()]; len(found) > 0 {
		reported := p.choose("", licensing.AttrReportID, found)
		return p.placeHit(id.String(), reported, PlainReason{Rule: licensing.R0})
	}
	key, first := p.rowKey(id)
	if key == "" {
		return anchorOf(licensing.AnchorHostID, first), PlainReason{Rule: licensing.R7}
	}
	if found, ok := p.findReported(key); ok {
		return p.placeHit(key, found, PlainReason{Rule: licensing.R0})
	}
	return p.placeKey(key)
}

// rowKey is the smallest key of the rows without login that hold a HOST:ID,
// and the smallest HOST:ID of theirs that has no snapshot.
func (p *plain) rowKey(id licensing.HostID) (key, first string) {
	first = id.String()
	for _, i := range p.report.servers[id.String()] {
		for _, address := range p.rows()[i].ServerEmails {
			key = smaller(key, keyOf(address.Address()))
		}
		for _, other := range p.rows()[i].ServerAccounts {
			if !p.loaded[other.Host] {
				first = smaller(first, other.String())
			}
		}
	}
	return key, first
}

// smaller is the smaller of two texts, "" being none.
func smaller(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// rowSubscription and rowInvitation say what a row without accounts is.
func rowSubscription(row *licensing.ReportRow) bool { return !row.SubscriptionEmail.IsZero() }

func rowInvitation(row *licensing.ReportRow) bool {
	return row.Login == "" && len(row.ServerAccounts) == 0 && !rowSubscription(row)
}

// placeRows says which rows stand for which people: a row stands for whoever
// has its cloud account, its server accounts, its invitation or its
// subscription here.
func (p *plain) placeRows() {
	holders := map[string]*PlainPerson{}
	for _, person := range p.people {
		if person.Login != "" {
			holders["login "+person.Login] = person
		}
		for _, account := range person.Servers {
			holders["account "+account.HostID.String()] = person
		}
		for _, invitation := range person.Invitations {
			holders[rowName(invitation.Row)] = person
		}
		for _, subscription := range person.Subscriptions {
			holders[rowName(subscription.Row)] = person
		}
	}
	for i, row := range p.rows() {
		names := []string{"login " + lower(row.Login), rowName(i)}
		for _, id := range row.ServerAccounts {
			names = append(names, "account "+id.String())
		}
		for _, name := range names {
			if person := holders[name]; person != nil && !slices.Contains(person.Rows, i) {
				person.Rows = append(person.Rows, i)
			}
		}
	}
}

func rowName(row int) string { return fmt.Sprintf("row %d", row) }
