package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

func TestBuilder(t *testing.T) {
	t.Parallel()
	side := &licensing.CloudSide{
		VerifiedDomains: []string{"Acme.Example", "bücher.example"},
		Accounts: []licensing.CloudAccount{{
			Login: "mona", Name: "Mona L", TwoFactor: new(true),
			Emails: []licensing.CloudEmail{
				{Email: licensing.NewEmail("mona@home.example"), Verified: true},
				{Email: licensing.NewEmail("new@acme.example")},
				{Email: licensing.NewEmail("Mona@acme.example."), Verified: true},
				{Email: licensing.NewEmail("mona@BÜCHER.example"), Verified: true},
			},
			SAML: []licensing.SAMLIdentity{
				{Organization: "eng", NameID: licensing.NewEmail("a")},
				{NameID: licensing.NewEmail("z@acme.example")},
				{NameID: licensing.NewEmail("y@acme.example")},
				{},
			},
			Organizations:        []licensing.Membership{{Login: "sales", Role: "Member"}, {Login: "eng", Role: "Owner"}},
			OutsideCollaborator:  []string{"tools/app"},
			EnterpriseRoles:      []string{report.RoleOwner, report.RoleMember},
			PendingOrganizations: []string{"zeta", "art"},
		}},
	}
	one, two := licensing.HostID{Host: "a.example", ID: "9"}, licensing.HostID{Host: "b.example", ID: "1"}
	person := &licensing.Person{
		Cloud: 0, Login: "mona", Consumes: true, License: licensing.LicenseVisualStudio,
		Servers: []licensing.PlacedAccount{
			{HostID: one, Email: licensing.NewEmail("m@x.example"), AdvancedSecurity: true},
			{HostID: two, Email: licensing.NewEmail("M@x.example")},
		},
		Invitations: []licensing.PlacedInvitation{
			{Invitation: licensing.Invitation{Email: licensing.NewEmail("mona@home.example"), Repository: "eng/x", Kind: licensing.InviteOutsideCollaborator}},
			{Invitation: licensing.Invitation{Email: licensing.NewEmail("mona@home.example"), Organization: "art"}},
		},
		Subscriptions: []licensing.PlacedSubscription{
			{Subscription: licensing.Subscription{Login: "mona"}},
			{Subscription: licensing.Subscription{Email: licensing.NewEmail("vs@acme.example")}},
		},
	}
	want := report.User{
		Login: "mona", Name: "Mona L", CloudUser: true, ServerUser: new(true), SubscriptionUser: true,
		ServerUsers: []licensing.HostID{one, two}, LicenseType: licensing.LicenseVisualStudio,
		Profile:              "https://github.com/mona",
		MemberRoles:          []string{"eng:Owner", "sales:Member", "tools/app:Collaborator"},
		EnterpriseRoles:      []string{report.RoleMember, report.RoleOutside, report.RoleOwner, report.RolePending, report.RolePendingOutside},
		VerifiedDomainEmails: emails("Mona@acme.example.", "mona@BÜCHER.example"), SAMLNameID: licensing.NewEmail("y@acme.example"),
		PendingOrganizations: []string{"art", "zeta"}, TwoFactor: new(true),
		ServerEmails: emails("M@x.example", "m@x.example"), AdvancedSecurityServers: []string{"a.example:9"},
		SubscriptionStatus: report.StatusMatched, SubscriptionEmail: licensing.NewEmail("vs@acme.example"), Accounts: 3,
	}
	if diff := cmp.Diff(want, report.NewBuilder(side, licensing.Policy{}).User(person), same()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if side.Accounts[0].EnterpriseRoles[0] != report.RoleOwner || side.Accounts[0].PendingOrganizations[0] != "zeta" {
		t.Error("the cloud side was changed")
	}
}

func TestBuilderWithoutCloudAccount(t *testing.T) {
	t.Parallel()
	invited := licensing.PlacedInvitation{Invitation: licensing.Invitation{Email: licensing.NewEmail("b@acme.example"), Organization: "eng"}}
	earlier := licensing.PlacedInvitation{Invitation: licensing.Invitation{Email: licensing.NewEmail("B@acme.example"), Organization: "eng"}}
	server := licensing.PlacedAccount{HostID: licensing.HostID{Host: "a.example", ID: "9"}}
	tests := []struct {
		name   string
		person licensing.Person
		want   report.User
	}{
		{
			"server alone",
			licensing.Person{Servers: []licensing.PlacedAccount{server}, Invitations: []licensing.PlacedInvitation{invited}, ReportEmails: emails("r@acme.example")},
			report.User{
				ServerUser: new(true), ServerUsers: []licensing.HostID{server.HostID}, Accounts: 1,
				EnterpriseRoles: []string{report.RolePending}, PendingOrganizations: []string{"eng"}, ServerEmails: emails("r@acme.example"),
			},
		},
		{
			"invited alone",
			licensing.Person{Invitations: []licensing.PlacedInvitation{invited, earlier}},
			report.User{
				ServerUser: new(false), EnterpriseRoles: []string{report.RolePending}, PendingOrganizations: []string{"eng"},
				InvitationEmail: licensing.NewEmail("B@acme.example"),
			},
		},
		{
			"beside a cloud account that hides the address",
			licensing.Person{Beside: "mona", Invitations: []licensing.PlacedInvitation{invited}},
			report.User{ServerUser: new(false), EnterpriseRoles: []string{report.RolePending}, PendingOrganizations: []string{"eng"}},
		},
		{
			"subscribed alone",
			licensing.Person{Subscriptions: []licensing.PlacedSubscription{{Subscription: licensing.Subscription{Email: licensing.NewEmail("v@acme.example")}}}},
			report.User{ServerUser: new(false), SubscriptionUser: true, SubscriptionEmail: licensing.NewEmail("v@acme.example")},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.person.Cloud, test.person.License, test.want.LicenseType = -1, licensing.LicenseEnterprise, licensing.LicenseEnterprise
			got := report.NewBuilder(&licensing.CloudSide{}, licensing.Policy{}).User(&test.person)
			if diff := cmp.Diff(test.want, got, same(), emptyLists()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestManagedUsersShowEveryVerifiedAddress(t *testing.T) {
	t.Parallel()
	side := &licensing.CloudSide{
		Accounts: []licensing.CloudAccount{{Login: "mona_acme", Emails: []licensing.CloudEmail{
			{Email: licensing.NewEmail("mona@acme.example"), Verified: true}, {Email: licensing.NewEmail("x@acme.example")},
		}}},
	}
	for managed, want := range map[bool][]licensing.Email{true: emails("mona@acme.example"), false: nil} {
		// The policy decides, whatever the cloud side says of itself.
		side.Enterprise.ManagedUsers = !managed
		got := report.NewBuilder(side, licensing.Policy{ManagedUsers: managed}).User(&licensing.Person{})
		if diff := cmp.Diff(want, got.VerifiedDomainEmails, same()); diff != "" {
			t.Errorf("managed %v (-want +got):\n%s", managed, diff)
		}
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		email                   string
		verified                bool
		shows, managed, isThere bool
	}{
		{"a@acme.example", true, true, true, true},
		{"a@acme.example", false, false, false, true},
		{"a@ACME.example.", true, true, true, true},
		{"a@home.example", true, false, true, false},
		{"a@home.example", false, false, false, false},
		{"a@sub.acme.example", true, false, true, false},
		{"no address", true, false, true, false},
	}
	open, managed := report.NewShown([]string{"Acme.example"}, false), report.NewShown([]string{"Acme.example"}, true)
	for _, test := range tests {
		e := licensing.CloudEmail{Email: licensing.NewEmail(test.email), Verified: test.verified}
		if open.Shows(e) != test.shows || managed.Shows(e) != test.managed || open.Inside(e.Email) != test.isThere {
			t.Errorf("%s, verified %v: got %v, %v, %v", test.email, test.verified, open.Shows(e), managed.Shows(e), open.Inside(e.Email))
		}
	}
}

func TestLinksToProfilesAreThoseOfTheReport(t *testing.T) {
	t.Parallel()
	side := licensing.CloudSide{Accounts: []licensing.CloudAccount{{Login: "mona"}}}
	for want, rep := range map[string]*licensing.GitHubReport{
		"https://github.com/mona":   nil,
		"https://acme.ghe.com/mona": {Profiles: "https://acme.ghe.com/"},
		"":                          {},
	} {
		side.Report = rep
		if got := report.NewBuilder(&side, licensing.Policy{}).User(&licensing.Person{}); got.Profile != want {
			t.Errorf("got %q, want %q", got.Profile, want)
		}
	}
}
