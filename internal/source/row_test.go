package source_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/report"
)

// cloudOf reads one report as JSON, named with a date.
func cloudOf(t *testing.T, users ...report.User) (*source.Cloud, error) {
	t.Helper()
	text := asJSON(t, report.Totals{Consumed: len(users)}, users...)
	return source.ReadCloud(t.Context(), []source.File{file("consumed-2026-11-19.json", text)}, source.CloudOptions{})
}

func TestLinksToProfilesSayWhereAnEnterpriseLives(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]string{
		"https://acme.ghe.com/mona": "https://acme.ghe.com/",
		"https://github.com/Mona":   "https://github.com/",
		"https://acme.ghe.com/":     "",
		"mona":                      "",
		"":                          "",
	} {
		cloud, err := cloudOf(t, report.User{Login: "mona", CloudUser: true, Profile: profile})
		if err != nil {
			t.Fatal(err)
		}
		if got := cloud.Side.Report.Profiles; got != want {
			t.Errorf("%q: got %q, want %q", profile, got, want)
		}
	}
}

func TestASubscriptionKeepsTheLoginOfARowWithoutCloudAccount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		user report.User
		want string
	}{
		{"its subscription", report.User{Login: "octo", SubscriptionUser: true, SubscriptionEmail: email("octo@a.example")}, "octo"},
		{"a cloud account has a login of its own", report.User{Login: "octo", CloudUser: true, SubscriptionEmail: email("octo@a.example")}, ""},
		{"no subscription", report.User{Login: "octo", EnterpriseRoles: []string{report.RolePending}}, ""},
	}
	for _, test := range tests {
		cloud, err := cloudOf(t, test.user)
		if err != nil {
			t.Fatal(err)
		}
		if got := cloud.Side.Report.Rows[0].SubscriptionLogin; got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestAServerAccountInTwoRowsOfPeopleWithoutLoginIsRefused(t *testing.T) {
	t.Parallel()
	row := func(ids ...string) report.User {
		u := report.User{EnterpriseRoles: []string{report.RolePending}}
		for _, id := range ids {
			u.ServerUsers = append(u.ServerUsers, licensing.HostID{Host: "ghes.acme.example", ID: id})
		}
		return u
	}
	for name, users := range map[string][]report.User{
		"a page fetched twice": {row("1"), row("2"), row("1"), row("2")},
		"one of several":       {row("1", "2"), row("2", "3")},
		"ids that are texts":   {row("x"), row("y"), row("x")},
	} {
		_, err := cloudOf(t, users...)
		if err == nil || refusals(t, err)[0].key != "source.report_id_twice" {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if !strings.Contains(err.Error(), "Line=") || !strings.Contains(err.Error(), "ghes.acme.example:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := row("1")
	other.ServerUsers[0].Host = "other.example"
	for name, users := range map[string][]report.User{
		"equal invitations":   {row(), row(), row()},
		"another instance":    {row("1"), other},
		"one row, twice":      {row("1", "1")},
		"with a login beside": {row("1"), {Login: "mona", CloudUser: true, ServerUsers: row("2").ServerUsers}},
	} {
		if _, err := cloudOf(t, users...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
