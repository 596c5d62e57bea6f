package licensingtest

import (
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// GitHubReportOf is the cloud side as GitHub's consumed-license report would
// give it of an enterprise whose truth is known: a row for everybody who
// consumes by what GitHub knows, which is the cloud side and the instances
// synced at GitHub. It hides what GitHub hides: cloud accounts that consume
// nothing, the addresses of invitations, and, unless the users are managed,
// addresses outside verified domains, unverified ones and every identity but
// one NameID. The order of the rows is that of the people.
func GitHubReportOf(side *licensing.CloudSide, instances []Instance, policy licensing.Policy, syncedHosts []string, date time.Time) *licensing.CloudSide {
	synced := syncedOf(instances, syncedHosts)
	g := gitHub{side: side, managed: policy.ManagedUsers, domains: map[string]bool{}, offered: map[licensing.HostID]licensing.Email{}}
	for _, domain := range side.VerifiedDomains {
		g.domains[plainDomain(domain)] = true
	}
	g.readOffered(synced)
	shown := &licensing.CloudSide{
		Enterprise: side.Enterprise, AsOf: date, VerifiedDomains: side.VerifiedDomains,
		Report: &licensing.GitHubReport{Date: date},
	}
	for _, person := range Plain(side, policy, synced).People {
		if person.Consumes {
			shown.Report.Rows = append(shown.Report.Rows, g.row(person))
		}
		if person.Consumes && person.Login != "" {
			shown.Accounts = append(shown.Accounts, g.account(person.Login))
		}
	}
	shown.Report.Consumed = len(shown.Report.Rows)
	return shown
}

func syncedOf(instances []Instance, hosts []string) []Instance {
	var synced []Instance
	for _, instance := range instances {
		if slices.Contains(hosts, licensing.NormalHost(instance.Host)) {
			synced = append(synced, instance)
		}
	}
	return synced
}

// gitHub is what GitHub knows and what it shows of it.
type gitHub struct {
	side    *licensing.CloudSide
	managed bool            // of managed users every address is shown
	domains map[string]bool // verified
	offered map[licensing.HostID]licensing.Email
}

// readOffered notes the address each server account offers as its primary one.
func (g *gitHub) readOffered(instances []Instance) {
	for _, instance := range instances {
		host := licensing.NormalHost(instance.Host)
		for i := range instance.Accounts {
			account := &instance.Accounts[i]
			key := serverKey(account)
			for _, address := range account.Emails {
				if key != "" && keyOf(address.Email.Address()) == key {
					g.offered[licensing.HostID{Host: host, ID: account.UserID}] = address.Email
				}
			}
		}
	}
}

func (g *gitHub) row(person *PlainPerson) licensing.ReportRow {
	row := licensing.ReportRow{Login: person.Login}
	for _, account := range person.Servers {
		row.ServerAccounts = append(row.ServerAccounts, account.HostID)
		if address, ok := g.offered[account.HostID]; ok && !slices.Contains(row.ServerEmails, address) {
			row.ServerEmails = append(row.ServerEmails, address)
		}
	}
	for _, subscription := range person.Subscriptions {
		row.SubscriptionEmail = subscriptionEmail(&subscription.Subscription)
	}
	if person.Login == "" && len(person.Servers) == 0 {
		row.Detail = "Pending invitation"
	}
	return row
}

// subscriptionEmail is never empty at GitHub, which knows an address also of
// subscriptions that were assigned by hand.
func subscriptionEmail(s *licensing.Subscription) licensing.Email {
	if s.Email.IsZero() {
		return licensing.NewEmail(s.ID + "@subscriptions.example")
	}
	return s.Email
}

// account is what the report shows of a cloud account.
func (g *gitHub) account(login string) licensing.CloudAccount {
	i := slices.IndexFunc(g.side.Accounts, func(a licensing.CloudAccount) bool { return lower(a.Login) == login })
	known := &g.side.Accounts[i]
	shown := licensing.CloudAccount{
		Login: known.Login, Name: known.Name, TwoFactor: known.TwoFactor, Reported: true,
		Organizations: known.Organizations, EnterpriseRoles: known.EnterpriseRoles,
		OutsideCollaborator: known.OutsideCollaborator, PendingOrganizations: known.PendingOrganizations,
	}
	if g.managed {
		shown.Emails, shown.SAML, shown.SCIM = known.Emails, known.SAML, known.SCIM
		return shown
	}
	for _, address := range known.Emails {
		if address.Verified && g.shows(address.Email) {
			shown.Emails = append(shown.Emails, address)
		}
	}
	for _, identity := range known.SAML {
		if !identity.NameID.IsZero() {
			shown.SAML = []licensing.SAMLIdentity{{NameID: identity.NameID}}
			break
		}
	}
	return shown
}

// shows says that an address is inside a verified domain.
func (g *gitHub) shows(address licensing.Email) bool {
	_, domain, _ := strings.Cut(keyOf(address.Address()), "@")
	return g.domains[domain]
}
