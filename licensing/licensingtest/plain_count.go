package licensingtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// open is C4's "open": came through SCIM, has no date, or is at most 7 × 24
// hours old.
func (p *plain) open(invitation *licensing.Invitation) bool {
	if invitation.Failed {
		return false
	}
	return invitation.SCIM || invitation.CreatedAt.IsZero() ||
		p.policy.At.Sub(invitation.CreatedAt) <= 7*24*time.Hour
}

// invitationConsumes is C4 for an open invitation.
func (p *plain) invitationConsumes(invitation *licensing.Invitation) bool {
	if invitation.Kind == licensing.InviteMember {
		return p.organizationInvitationsConsume()
	}
	return !p.policy.ManagedUsers
}

func (p *plain) organizationInvitationsConsume() bool {
	return !p.policy.ManagedUsers && p.policy.Billing != licensing.Metered
}

// consumesOnItsOwn is C1 without the invitations that R8 gives. An account in
// a loaded report consumes whatever else is said of it.
func (p *plain) consumesOnItsOwn(account *licensing.CloudAccount) bool {
	if account.Reported {
		return true
	}
	if account.Suspended {
		return false
	}
	return len(account.Organizations) > 0 || len(account.OutsideCollaborator) > 0 ||
		len(account.PendingOrganizations) > 0 && p.organizationInvitationsConsume()
}

// consumingPeople decides C5 and C6 for everybody and sorts what each has.
func (p *plain) consumingPeople() []*PlainPerson {
	people := make([]*PlainPerson, 0, len(p.people))
	for _, person := range p.people {
		sortPerson(person)
		if p.consumes(person, person.Servers) {
			person.Consumes = true
			person.License = p.licenseOf(person)
		}
		people = append(people, person)
	}
	slices.SortFunc(people, func(a, b *PlainPerson) int { return cmp.Compare(a.Anchor.ID(), b.Anchor.ID()) })
	return people
}

// consumes is C5 for a person with these server accounts.
func (p *plain) consumes(person *PlainPerson, servers []PlainAccount) bool {
	if len(servers) > 0 { // C3
		return true
	}
	if person.Anchor.Kind == licensing.AnchorSubscription { // C7
		return true
	}
	invited := slices.ContainsFunc(person.Invitations, func(i PlainInvitation) bool { return i.Consumes })
	if person.Login == "" {
		return invited // C4
	}
	account := p.login[person.Login]
	if p.own[account] { // C1
		return true
	}
	return !p.side.Accounts[account].Suspended && (invited || len(person.Subscriptions) > 0) // C1, C6
}

// licenseOf is C6 and the metered part of C7.
func (p *plain) licenseOf(person *PlainPerson) licensing.LicenseType {
	bundled := person.Login != "" || p.policy.Billing != licensing.Metered
	matched := person.Anchor.Kind != licensing.AnchorSubscription && len(person.Subscriptions) > 0
	if matched && bundled {
		return licensing.LicenseVisualStudio
	}
	return licensing.LicenseEnterprise
}

func sortPerson(person *PlainPerson) {
	slices.SortFunc(person.Servers, func(a, b PlainAccount) int {
		return cmp.Compare(a.HostID.String(), b.HostID.String())
	})
	slices.Sort(person.Rows)
}

// statementOf adds up people.
func statementOf(people []*PlainPerson) licensing.Statement {
	var s licensing.Statement
	for _, person := range people {
		n := person.Accounts()
		s.Accounts += n
		s.ServerAccounts += len(person.Servers)
		s.CloudAccounts += n - len(person.Servers)
		switch {
		case !person.Consumes:
			s.NotConsuming += n
			continue
		case n == 0:
			s.InvitedOnly++
		default:
			s.Joined += n - 1
		}
		s.Licenses++
		if person.License == licensing.LicenseVisualStudio {
			s.VisualStudio++
		}
	}
	return s
}

// instancesOf is the statement of each loaded instance.
func (p *plain) instancesOf(people []*PlainPerson) []licensing.InstanceStatement {
	statements := map[string]*licensing.InstanceStatement{}
	for host := range p.loaded {
		statements[host] = &licensing.InstanceStatement{Host: host}
	}
	for _, person := range people {
		for _, host := range hostsOf(person) {
			s := statements[host]
			if s == nil { // known from the report alone: only the person is told
				s = &licensing.InstanceStatement{Host: host}
			}
			p.addInstance(s, person)
		}
	}
	var list []licensing.InstanceStatement
	for _, s := range statements {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b licensing.InstanceStatement) int { return cmp.Compare(a.Host, b.Host) })
	return list
}

func (p *plain) addInstance(s *licensing.InstanceStatement, person *PlainPerson) {
	var elsewhere []PlainAccount
	for _, account := range person.Servers {
		if account.HostID.Host != s.Host {
			elsewhere = append(elsewhere, account)
		}
	}
	here := len(person.Servers) - len(elsewhere)
	s.Accounts += here
	s.Repeated += here - 1
	if p.consumes(person, elsewhere) {
		s.ConsumeWithout++
	} else {
		s.OnlyHere++
		person.OnlyHost = s.Host
	}
}

func hostsOf(person *PlainPerson) []string {
	var hosts []string
	for _, account := range person.Servers {
		if !slices.Contains(hosts, account.HostID.Host) {
			hosts = append(hosts, account.HostID.Host)
		}
	}
	return hosts
}
