package licensingtest

import (
	"errors"
	"fmt"

	"github.com/oneseat/oneseat/licensing"
)

// Check refuses an enterprise that no reader would hand over, so that no test
// asks what the rules say of the impossible.
func Check(side *licensing.CloudSide, instances []Instance) error {
	if err := checkInstances(instances); err != nil {
		return err
	}
	reported, err := checkAccounts(side.Accounts)
	if err != nil {
		return err
	}
	for i := range side.Invitations {
		if err := checkInvitation(&side.Invitations[i]); err != nil {
			return fmt.Errorf("invitation %d: %w", i, err)
		}
	}
	for i, subscription := range side.Subscriptions {
		if subscription.Email.IsZero() && subscription.Login == "" {
			return fmt.Errorf("subscription %d: neither address nor login", i)
		}
	}
	if side.Report == nil {
		if len(reported) > 0 {
			return errors.New("reported accounts without a report")
		}
		return nil
	}
	if err := checkReport(side.Report, reported); err != nil {
		return err
	}
	return checkReportedAccounts(side.Report, instances)
}

func checkInstances(instances []Instance) error {
	hosts := map[string]bool{}
	for _, instance := range instances {
		host := licensing.NormalHost(instance.Host)
		if host == "" || hosts[host] {
			return fmt.Errorf("host %q: empty or twice", host)
		}
		hosts[host] = true
		ids := map[string]bool{}
		for _, account := range instance.Accounts {
			if account.UserID == "" || ids[account.UserID] {
				return fmt.Errorf("host %q: user id %q: empty or twice", host, account.UserID)
			}
			ids[account.UserID] = true
		}
	}
	return nil
}

// checkAccounts gives the logins that are reported.
func checkAccounts(accounts []licensing.CloudAccount) (reported map[string]bool, err error) {
	reported, logins := map[string]bool{}, map[string]bool{}
	for i := range accounts {
		login := lower(accounts[i].Login)
		if login == "" || logins[login] {
			return nil, fmt.Errorf("login %q: empty or twice", login)
		}
		logins[login] = true
		if accounts[i].Reported {
			reported[login] = true
		}
		for _, organization := range accounts[i].Organizations {
			if organization.Role != "Owner" && organization.Role != "Member" {
				return nil, fmt.Errorf("login %q: role %q", login, organization.Role)
			}
		}
	}
	return reported, nil
}

func checkInvitation(invitation *licensing.Invitation) error {
	if keyOf(invitation.Email.Address()) == "" {
		return errors.New("no address")
	}
	repository := invitation.Repository != ""
	if repository == (invitation.Organization != "") {
		return errors.New("not exactly one of organization and repository")
	}
	if repository != (invitation.Kind == licensing.InviteOutsideCollaborator) {
		return errors.New("kind does not fit")
	}
	return nil
}

// checkReport wants one row per reported account, ids with normal hosts, and
// as many rows as the report says.
func checkReport(report *licensing.GitHubReport, reported map[string]bool) error {
	if report.Consumed != len(report.Rows)+report.Missing || report.Missing < 0 {
		return fmt.Errorf("report of %d with %d rows and %d missing", report.Consumed, len(report.Rows), report.Missing)
	}
	rows := map[string]bool{}
	for i := range report.Rows {
		row := &report.Rows[i]
		if login := lower(row.Login); login != "" {
			if rows[login] || !reported[login] {
				return fmt.Errorf("row %d: login %q: twice or of no reported account", i, login)
			}
			rows[login] = true
		}
		for _, id := range row.ServerAccounts {
			if id.ID == "" || id.Host == "" || id.Host != licensing.NormalHost(id.Host) {
				return fmt.Errorf("row %d: server account %q", i, id)
			}
		}
	}
	if len(rows) != len(reported) {
		return fmt.Errorf("%d reported accounts, %d rows of theirs", len(reported), len(rows))
	}
	return nil
}

// checkReportedAccounts wants an account known from the report alone in one
// row, or in rows with logins only (R10): of several people without login it
// could be nobody's in particular.
func checkReportedAccounts(report *licensing.GitHubReport, instances []Instance) error {
	loaded := map[string]bool{}
	for _, instance := range instances {
		loaded[licensing.NormalHost(instance.Host)] = true
	}
	rows, alone := map[licensing.HostID]int{}, map[licensing.HostID]bool{}
	for i := range report.Rows {
		row := &report.Rows[i]
		for _, id := range row.ServerAccounts {
			rows[id]++
			alone[id] = alone[id] || row.Login == ""
			if !loaded[id.Host] && alone[id] && rows[id] > 1 {
				return fmt.Errorf("row %d: server account %q of a host without snapshot: in another row too", i, id)
			}
		}
	}
	return nil
}
