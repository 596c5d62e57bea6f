package source_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// bothOrders reads the files in either order, which must not matter.
func bothOrders(t *testing.T, files ...source.File) (*source.Cloud, error) {
	t.Helper()
	cloud, err := source.ReadCloud(t.Context(), files, source.CloudOptions{})
	reversed := slices.Clone(files)
	slices.Reverse(reversed)
	again, errAgain := source.ReadCloud(t.Context(), reversed, source.CloudOptions{})
	switch {
	case (err == nil) != (errAgain == nil):
		t.Fatalf("the order matters: %v, reversed %v", err, errAgain)
	case err != nil:
		if err.Error() != errAgain.Error() {
			t.Errorf("the order matters: %v, reversed %v", err, errAgain)
		}
		return nil, err
	}
	if diff := cmp.Diff(cloud.Side, again.Side, emailsAsTheyAre()); diff != "" {
		t.Errorf("the order matters (-one +other):\n%s", diff)
	}
	return cloud, nil
}

// on is a cloud list of a day with one user.
func on(day, user string) source.File {
	asOf := ""
	if day != "" {
		asOf = `"as_of":"` + day + `T00:00:00Z",`
	}
	return file("list-"+day+".json", `{"format":"oneseat-cloud-list/1",`+asOf+`"enterprise":{"slug":"acme"},"verified_domains":["acme.example"],"users":[`+user+`]}`)
}

// reported is a report of a day.
func reported(t *testing.T, day string, users ...report.User) source.File {
	t.Helper()
	name := "consumed_licenses-acme.csv"
	if day != "" {
		name = "consumed_licenses-acme-" + day + ".csv"
	}
	return file(name, asCSV(t, report.CSVOptions{}, users...))
}

func TestListsAreMergedByLoginAndField(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		older, new string
		want       licensing.CloudAccount
	}{
		{
			"the later one wins, field by field",
			`{"login":"mona","id":"1","name":"Old","suspended":true,"two_factor":false,"organizations":[{"login":"eng","role":"Owner"}]}`,
			`{"login":"MONA","name":"New","suspended":false,"outside_collaborator":["eng/app"]}`,
			licensing.CloudAccount{
				Login: "mona", ID: "1", Name: "New", TwoFactor: new(false),
				Organizations: []licensing.Membership{{Login: "eng", Role: "Owner"}}, OutsideCollaborator: []string{"eng/app"},
			},
		},
		{
			"an empty list is a word too",
			`{"login":"mona","emails":[{"email":"a@acme.example"}],"enterprise_roles":["Owner"],"pending_organizations":["eng"]}`,
			`{"login":"mona","emails":[],"enterprise_roles":[],"pending_organizations":[],"two_factor":null}`,
			licensing.CloudAccount{Login: "mona"},
		},
		{
			"identities",
			`{"login":"mona","saml_identities":[{"name_id":"old"}],"scim_identities":[{"user_name":"old"}]}`,
			`{"login":"mona","saml_identities":[{"name_id":"new"}],"scim_identities":[{"user_name":"new"}]}`,
			licensing.CloudAccount{Login: "mona", SAML: []licensing.SAMLIdentity{{NameID: email("new")}}, SCIM: []licensing.SCIMIdentity{{UserName: email("new")}}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cloud, err := bothOrders(t, on("2026-11-01", test.older), on("2026-11-02", test.new))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]licensing.CloudAccount{test.want}, cloud.Side.Accounts, emailsAsTheyAre()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := cloud.Side.AsOf.Day(); got != 2 {
				t.Errorf("as of day %d, want 2", got)
			}
		})
	}
}

func TestListsThatDifferOnOneDayAreRefused(t *testing.T) {
	t.Parallel()
	full := `{"login":"mona","id":"1","name":"A","suspended":true,"two_factor":false,"emails":[{"email":"a@acme.example"}],` +
		`"saml_identities":[{"name_id":"a"}],"scim_identities":[{"user_name":"a"}],"organizations":[{"login":"eng","role":"Owner"}],` +
		`"enterprise_roles":["Owner"],"outside_collaborator":["eng/app"],"pending_organizations":["eng"]}`
	for field, other := range map[string]string{
		"id": `"2"`, "name": `"B"`, "suspended": `false`, "two_factor": `true`, "emails": `[]`,
		"saml_identities": `[{"name_id":"a","attributes":[{"name":"x","value":"y"}]}]`, "scim_identities": `[{"user_name":"a","emails":["x"]}]`,
		"organizations": `[{"login":"eng","role":"Member"}]`, "enterprise_roles": `[]`, "outside_collaborator": `[]`, "pending_organizations": `["x"]`,
	} {
		for _, days := range [][2]string{{"2026-11-01", "2026-11-01"}, {"", ""}, {"", "2026-11-01"}} {
			one, two := on(days[0], full), on(days[1], `{"login":"Mona","`+field+`":`+other+`}`)
			one.Name, two.Name = "one.json", "two.json"
			_, err := bothOrders(t, one, two)
			if err == nil {
				t.Errorf("%s on %v: accepted", field, days)
				continue
			}
			if got := refusals(t, err); got[0].key != "source.merge_account" {
				t.Errorf("%s on %v: got %v", field, days, got)
			}
			for _, said := range []string{"one.json", "two.json", "Field=" + field, "Login=mona"} {
				if !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(said)) {
					t.Errorf("%s on %v: %q is not said: %v", field, days, said, err)
				}
			}
		}
	}
	if _, err := bothOrders(t, on("2026-11-01", full), on("", full)); err != nil {
		t.Errorf("equal lists: %v", err)
	}
}

func TestListsOfSetsCompareAsSets(t *testing.T) {
	t.Parallel()
	_, err := bothOrders(t,
		on("2026-11-01", `{"login":"mona","emails":[{"email":"a@acme.example"},{"email":"b@acme.example"}],"organizations":[{"login":"a","role":"Owner"},{"login":"b","role":"Owner"}]}`),
		on("", `{"login":"mona","emails":[{"email":"b@acme.example"},{"email":"a@acme.example"}],"organizations":[{"login":"B","role":"Owner"},{"login":"a","role":"Owner"}]}`))
	if err != nil {
		t.Error(err)
	}
}

func TestWhatStandsBesideTheAccountsIsMerged(t *testing.T) {
	t.Parallel()
	head := `{"format":"oneseat-cloud-list/1","as_of":"2026-11-0%T00:00:00Z","enterprise":{"slug":"acme"`
	older := file("older.json", strings.Replace(head, "%", "1", 1)+`,"name":"Old","total_seats_purchased":5,"billing":"metered","managed_users":true},`+
		`"verified_domains":["old.example"],"invitations":[{"email":"old@acme.example","organization":"eng"}],"visual_studio_subscriptions":[{"login":"old"}]}`)
	newer := file("newer.json", strings.Replace(head, "%", "2", 1)+`,"name":"New","billing":"volume"},"invitations":[]}`)
	cloud, err := bothOrders(t, older, newer)
	if err != nil {
		t.Fatal(err)
	}
	side := cloud.Side
	if want := (licensing.Enterprise{Slug: "acme", Name: "New", Purchased: 5, ManagedUsers: true}); side.Enterprise != want {
		t.Errorf("enterprise: got %+v, want %+v", side.Enterprise, want)
	}
	if !slices.Equal(side.VerifiedDomains, []string{"old.example"}) || len(side.Invitations) != 0 || len(side.Subscriptions) != 1 {
		t.Errorf("got %+v", side)
	}
	for field, other := range map[string]string{
		"enterprise.name":                  `"enterprise":{"slug":"ACME","name":"X"}`,
		"enterprise.total_seats_purchased": `"enterprise":{"slug":"acme","total_seats_purchased":6}`,
		"enterprise.billing":               `"enterprise":{"slug":"acme","billing":"volume"}`,
		"enterprise.managed_users":         `"enterprise":{"slug":"acme","managed_users":false}`,
		"verified_domains":                 `"enterprise":{"slug":"acme"},"verified_domains":[]`,
		"invitations":                      `"enterprise":{"slug":"acme"},"invitations":[]`,
		"visual_studio_subscriptions":      `"enterprise":{"slug":"acme"},"visual_studio_subscriptions":[]`,
	} {
		_, err := bothOrders(t, older, file("other.json", `{"format":"oneseat-cloud-list/1",`+other+`}`))
		if err == nil || refusals(t, err)[0].key != "source.merge_differs" || !strings.Contains(err.Error(), "Field="+field) {
			t.Errorf("%s: got %v", field, err)
		}
	}
	_, err = bothOrders(t, older, file("other.json", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"umbrella"}}`))
	if err == nil || refusals(t, err)[0].key != "source.merge_enterprise" {
		t.Errorf("another enterprise: got %v", err)
	}
}

// TestReportsOfTwoEnterprises: the name of a report's file says of which it is.
func TestReportsOfTwoEnterprises(t *testing.T) {
	t.Parallel()
	mona := report.User{Login: "mona", CloudUser: true}
	acme := file("consumed_licenses-acme-20261119T080000Z.csv", asCSV(t, report.CSVOptions{}, mona))
	other := file("consumed_licenses-umbrella-20261120T080000Z.csv", asCSV(t, report.CSVOptions{}, mona))
	list := file("list.json", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"ACME"}}`)
	for name, pair := range map[string][2]source.File{"two reports": {acme, other}, "a list and a report": {list, other}} {
		_, err := bothOrders(t, pair[0], pair[1])
		if err == nil || refusals(t, err)[0].key != "source.merge_enterprise" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := bothOrders(t, acme, list); err != nil {
		t.Errorf("of one enterprise: %v", err)
	}
}

// TestListsAndReportsAreMerged: what a report shows in its own way.
// TestASubscriptionStandsOnce: a report says of mona and tom no more than that
// they have one, and a list says which mona's is.
func TestASubscriptionStandsOnce(t *testing.T) {
	t.Parallel()
	listed := file("list.json", `{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"},"visual_studio_subscriptions":[{"subscription_id":"1","login":"Mona"}]}`)
	cloud, err := bothOrders(t, listed, reported(t, "20261120",
		report.User{Login: "mona", CloudUser: true, SubscriptionUser: true, LicenseType: licensing.LicenseVisualStudio},
		report.User{Login: "tom", CloudUser: true, SubscriptionUser: true, LicenseType: licensing.LicenseVisualStudio}))
	if err != nil {
		t.Fatal(err)
	}
	if want := []licensing.Subscription{{ID: "1", Login: "Mona"}, {Login: "tom"}}; !slices.Equal(cloud.Side.Subscriptions, want) {
		t.Errorf("subscriptions %v, want %v", cloud.Side.Subscriptions, want)
	}
}

func TestListsAndReportsAreMerged(t *testing.T) {
	t.Parallel()
	verified := func(addresses ...string) []licensing.CloudEmail {
		var all []licensing.CloudEmail
		for _, a := range addresses {
			all = append(all, licensing.CloudEmail{Email: email(a), Verified: true})
		}
		return all
	}
	list := `{"login":"mona","id":"1","emails":[{"email":"a@acme.example","verified":true},{"email":"m@home.example","verified":true},{"email":"u@acme.example"}],` +
		`"saml_identities":[{"name_id":"a@acme.example","attributes":[{"name":"emails","value":"x@acme.example"}]},{"organization":"eng","name_id":"e"}],` +
		`"enterprise_roles":["Billing manager"],"organizations":[{"login":"eng","role":"Member"}],"outside_collaborator":["eng/app"]}`
	saml := []licensing.SAMLIdentity{
		{NameID: email("a@acme.example"), Attributes: []licensing.SAMLAttribute{{Name: "emails", Value: email("x@acme.example")}}},
		{Organization: "eng", NameID: email("e")},
	}
	agreeing := report.User{
		Login: "Mona", CloudUser: true, MemberRoles: []string{"eng:Member"}, EnterpriseRoles: []string{"Member", "Outside collaborator"},
		VerifiedDomainEmails: []licensing.Email{email("A@acme.example")}, SAMLNameID: email("e"), TwoFactor: new(true),
	}
	differing := report.User{
		Login: "Mona", CloudUser: true, MemberRoles: []string{"eng:Member"}, EnterpriseRoles: []string{"Owner", "Member"},
		VerifiedDomainEmails: []licensing.Email{email("u@acme.example"), email("n@acme.example")}, SAMLNameID: email("new"),
	}
	base := licensing.CloudAccount{
		Login: "mona", ID: "1", Reported: true, OutsideCollaborator: []string{"eng/app"}, SAML: saml,
		EnterpriseRoles: []string{"Billing manager"}, Organizations: []licensing.Membership{{Login: "eng", Role: "Member"}},
		Emails: append(verified("a@acme.example", "m@home.example"), licensing.CloudEmail{Email: email("u@acme.example")}),
	}
	agreed := base
	agreed.TwoFactor = new(true)
	amended := base
	amended.Emails = verified("m@home.example", "u@acme.example", "n@acme.example")
	amended.SAML = []licensing.SAMLIdentity{saml[1], {NameID: email("new")}}
	amended.EnterpriseRoles = []string{"Billing manager", "Owner", "Member"}
	tests := []struct {
		name             string
		listDay, repDay  string
		user             report.User
		want             licensing.CloudAccount
		refusedBecauseOf string
	}{
		{"they agree, report newer", "2026-11-01", "2026-11-02", agreeing, agreed, ""},
		{"they agree, list newer", "2026-11-03", "2026-11-02", agreeing, agreed, ""},
		{"they agree on one day", "2026-11-02", "2026-11-02", agreeing, agreed, ""},
		{"they agree without a date", "", "", agreeing, agreed, ""},
		{"the report is newer", "2026-11-01", "2026-11-02", differing, amended, ""},
		{"the list is newer", "2026-11-03", "2026-11-02", differing, base, ""},
		{"nobody knows", "2026-11-02", "", differing, base, "emails"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cloud, err := bothOrders(t, on(test.listDay, list), reported(t, test.repDay, test.user))
			if test.refusedBecauseOf != "" {
				if err == nil || !strings.Contains(err.Error(), "Field="+test.refusedBecauseOf) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := cloud.Side.Accounts[0]
			got.Login = strings.ToLower(got.Login)
			if diff := cmp.Diff(test.want, got, emailsAsTheyAre()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSeveralReports(t *testing.T) {
	t.Parallel()
	a, b := report.User{Login: "a", CloudUser: true}, report.User{Login: "b", CloudUser: true, Name: "B"}
	robot := report.User{ServerUsers: []licensing.HostID{{Host: "ghes.acme.example", ID: "9"}}}
	other := report.User{ServerUsers: []licensing.HostID{{Host: "ghes.acme.example", ID: "10"}}}
	t.Run("the newest gives rows and figure", func(t *testing.T) {
		t.Parallel()
		cloud, err := bothOrders(t, reported(t, "2026-11-01", a, b, robot, other), reported(t, "2026-11-02", a, robot))
		if err != nil {
			t.Fatal(err)
		}
		side := cloud.Side
		if side.Report.Consumed != 2 || len(side.Report.Rows) != 2 || side.Report.Date.Day() != 2 || len(side.Accounts) != 2 {
			t.Errorf("got %+v, accounts %+v", side.Report, side.Accounts)
		}
		for _, account := range side.Accounts {
			if !account.Reported {
				t.Errorf("%s is not reported", account.Login)
			}
		}
		if diff := cmp.Diff(map[string]any{"source.warn_only_older": 1}, warnings(cloud.Warnings)); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	})
	t.Run("the same twice", func(t *testing.T) {
		t.Parallel()
		second := reported(t, "2026-11-01", robot, a)
		second.Name = "copy-2026-11-01.csv"
		if _, err := bothOrders(t, reported(t, "2026-11-01", a, robot), second); err != nil {
			t.Error(err)
		}
	})
	t.Run("of one day and different", func(t *testing.T) {
		t.Parallel()
		_, err := bothOrders(t, reported(t, "2026-11-01", a, robot), reported(t, "2026-11-01", a))
		if err == nil || refusals(t, err)[0].key != "source.merge_differs" {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnAccountInAReportConsumesWhateverAListSays(t *testing.T) {
	t.Parallel()
	cloud, err := bothOrders(t, on("2026-11-05", `{"login":"a","suspended":true,"organizations":[]}`), reported(t, "2026-11-01", report.User{Login: "A", CloudUser: true}))
	if err != nil {
		t.Fatal(err)
	}
	if got := cloud.Side.Accounts; len(got) != 1 || !got[0].Reported || !got[0].Suspended {
		t.Errorf("got %+v", got)
	}
}

func TestTooManyFiles(t *testing.T) {
	t.Parallel()
	_, err := source.ReadCloud(t.Context(), make([]source.File, 1000), source.CloudOptions{})
	if got := refusals(t, err); got[0].key != "source.too_many_files" {
		t.Errorf("got %v", got)
	}
}
