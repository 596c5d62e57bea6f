package licensingtest

import (
	"fmt"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// addReport loads a part of the cloud side from a report of GitHub's. It says
// what a report can say, not what is true: rows join what our rules would
// not, name users who are gone and hosts that have no snapshot.
func (m *maker) addReport(side *licensing.CloudSide, instances []Instance) {
	report := &licensing.GitHubReport{Date: At()}
	for i := range side.Accounts {
		if m.chance(70) {
			side.Accounts[i].Reported = true
			report.Rows = append(report.Rows, m.cloudRow(&side.Accounts[i], instances))
		}
	}
	unloaded := 0
	for range m.IntN(len(side.Accounts) + 2) {
		report.Rows = append(report.Rows, m.serverRow(instances, &unloaded))
	}
	for range m.IntN(4) {
		row := licensing.ReportRow{SubscriptionEmail: m.address()}
		if m.chance(30) && len(side.Accounts) > 0 {
			row.SubscriptionLogin = side.Accounts[m.IntN(len(side.Accounts))].Login
		}
		report.Rows = append(report.Rows, row)
	}
	for range m.IntN(5) {
		report.Rows = append(report.Rows, m.invitationRow())
	}
	report.Rows = shuffled(m.Rand, report.Rows)
	if m.chance(20) {
		report.Missing = 1 + m.IntN(3)
	}
	report.Consumed = len(report.Rows) + report.Missing
	side.Report = report
}

// cloudRow is the row of a cloud account.
func (m *maker) cloudRow(account *licensing.CloudAccount, instances []Instance) licensing.ReportRow {
	row := licensing.ReportRow{Login: account.Login}
	if m.chance(20) {
		row.Login = strings.ToUpper(row.Login)
	}
	for range m.few() {
		row.ServerAccounts = append(row.ServerAccounts, m.hostID(instances))
	}
	for range m.few() {
		row.ServerEmails = append(row.ServerEmails, m.value())
	}
	if m.chance(10) {
		row.SubscriptionEmail = m.address()
	}
	return row
}

// serverRow is the row of somebody without a cloud account. A user of a host
// without a snapshot stands in one such row at most.
func (m *maker) serverRow(instances []Instance, unloaded *int) licensing.ReportRow {
	var row licensing.ReportRow
	for range 1 + m.few() {
		id := m.hostID(instances)
		if id.Host == unloadedHost {
			*unloaded++
			id.ID = fmt.Sprint("s", *unloaded)
		}
		row.ServerAccounts = append(row.ServerAccounts, id)
	}
	for range m.IntN(3) {
		row.ServerEmails = append(row.ServerEmails, m.value())
	}
	if m.chance(15) {
		row.SubscriptionEmail = m.address()
	}
	return row
}

// unloadedHost has no snapshot in any enterprise.
const unloadedHost = "never.acme.example"

// hostID is a user of an instance, one who is gone from there, or one of a
// host without a snapshot.
func (m *maker) hostID(instances []Instance) licensing.HostID {
	i := m.IntN(len(instances))
	id := licensing.HostID{Host: m.hosts[i], ID: "gone"}
	switch accounts := instances[i].Accounts; {
	case m.chance(20):
		return licensing.HostID{Host: unloadedHost, ID: fmt.Sprint(m.IntN(8))}
	case m.chance(10) || len(accounts) == 0:
		return id
	default:
		id.ID = accounts[m.IntN(len(accounts))].UserID
		return id
	}
}

// invitationRow names an address only when the report is one of ours.
func (m *maker) invitationRow() licensing.ReportRow {
	row := licensing.ReportRow{Detail: m.oneOf("Pending invitation", "Pending outside collaborator invitation")}
	if m.chance(40) {
		row.InvitationEmail = m.address()
	}
	return row
}
