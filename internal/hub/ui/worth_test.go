package ui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/signin"
)

// usersOf is a server's report of users, id and address in turn.
func usersOf(idsAndEmails ...string) string {
	out := "created_at,id,login,email,role,suspended?,last_logged_ip,repos,ssh_keys,org_memberships,dormant?,last_active,raw_login,2fa_enabled?\n"
	for i := 0; i < len(idsAndEmails); i += 2 {
		out += "2022-03-12T08:00:00Z," + idsAndEmails[i] + ",u" + idsAndEmails[i] + "," + idsAndEmails[i+1] +
			",user,false,192.0.2.11,1,2,1,false,2026-11-19T16:20:00Z,\"\"\"u\"\"\",true\n"
	}
	return out
}

// TestLinesThatSaveTodayComeFirst: then those that may, then those that keep a
// license from being added; each says so, in the CSV too. Who is marked as done
// is open on no surface that counts open lines.
func TestLinesThatSaveTodayComeFirst(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		user := func(login, verified, other string) string {
			emails := `{"email":"` + verified + `","verified":true}`
			if other != "" {
				emails += `,{"email":"` + other + `","verified":false}`
			}
			return `{"login":"` + login + `","emails":[` + emails + `],"organizations":[{"login":"eng","role":"Member"}]}`
		}
		list := `{"format":"oneseat-cloud-list/1","as_of":"2026-11-19T00:01:00Z","enterprise":{"slug":"acme"},"verified_domains":["acme.example","optics.example"],"users":[` +
			strings.Join([]string{
				user("ada", "ada@acme.example", "ada@away.example"), user("ben", "ben@acme.example", "ben@away.example"), user("cleo", "cleo@acme.example", ""),
				user("dora", "dora@acme.example", ""), user("jun", "jun@home.example", ""),
			}, ",") + `]}`
		k.load(written(t, "cloud.json", list), written(t, "consumed_licenses-acme-20261119T000200Z.csv", reportHeader+reportRow("ada")+
			`,,ghes-1.acme.example:77,false,true,false,Enterprise,,,,,,,,,false,known@acme.example,,,1`+"\n"))
		// ghes-1 is known to GitHub, ghes-9 is not: on each one sure line, and one by name alone.
		k.report("ghes-1.acme.example", written(t, "one.csv", usersOf("1", "ben@away.example", "2", "dora@optics.example", "77", "known@acme.example")))
		k.report("ghes-9.acme.example", written(t, "nine.csv", usersOf("1", "ada@away.example", "2", "cleo@optics.example")))
		if err := k.hub.MakeWorklists(t.Context(), k.acme.Number); err != nil {
			t.Fatal(err)
		}
		owner := k.as(signin.RoleOwner)
		worth := owner.mustGet(worklistPath).Find("[data-test=worth]").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		want := []string{"saves 1 license", "may save 1 license", "keeps 1 license from being added", "may keep 1 license from being added"}
		if !slices.Equal(worth, want) {
			t.Errorf("the lines are worth %q, want %q", worth, want)
		}
		csv := owner.mustGet(worklistPath + "/near/lines.csv").text
		for i, place := 0, -1; i < len(want); i++ {
			at := strings.Index(csv, ","+want[i]+",")
			if at <= place {
				t.Errorf("%q is not in the CSV, or not in its place", want[i])
			}
			place = at
		}
		for _, login := range []string{"ada", "ben", "cleo", "dora"} { // lines are found from the cloud's side too
			link := owner.mustGet(worklistPath).Find("[data-test=near]").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Text() == login })
			owner.mustGet(link.AttrOr("href", "")).has(t, "[data-test=twin]", "example")
		}
		owner.mustGet(worklistPath+"?list=members").has(t, "[data-test=worth]", "may save 1 license")
	})
}
