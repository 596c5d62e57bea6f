package ui_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/signin"
)

// written is a file with a text.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const reportHeader = "github_com_login,github_com_name,enterprise_server_user_ids,github_com_user,enterprise_server_user,visual_studio_subscription_user," +
	"license_type,github_com_profile,github_com_member_roles,github_com_enterprise_roles,github_com_verified_domain_emails,github_com_saml_name_id," +
	"github_com_orgs_with_pending_invites,github_com_two_factor_auth,github_com_two_factor_auth_required_by_date,github_com_advanced_security_license_user," +
	"enterprise_server_primary_emails,visual_studio_license_status,visual_studio_subscription_email,total_user_accounts\n"

// reportRow is a member with a verified address in GitHub's report.
func reportRow(login string) string {
	return strings.ReplaceAll("%,,,true,false,false,Enterprise,https://github.com/%,eng:Member,Member,%@acme.example,,,,,false,,,,1\n", "%", login)
}

// TestFilesOfOneDayAreAskedFor: a list and a report of the same day that differ
// are refused with what to do in a browser, every problem named; saying when
// the report was downloaded settles it.
func TestFilesOfOneDayAreAskedFor(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner, day := k.as(signin.RoleOwner), at().UTC().Format("2006-01-02")
		list := written(t, "list.json", `{"format":"oneseat-cloud-list/1","as_of":"`+day+`T00:01:00Z","enterprise":{"slug":"acme"},"verified_domains":["acme.example"],`+
			`"users":[{"login":"dana","emails":[{"email":"dana@acme.example"}]},{"login":"yusuf","emails":[{"email":"yusuf@acme.example"}]}]}`)
		rep := written(t, "consumed_licenses-acme-"+day+".csv", reportHeader+reportRow("dana")+reportRow("yusuf"))
		refused := owner.send(in("cloud"), list, rep)
		if refused.status != http.StatusConflict {
			t.Fatalf("got %d", refused.status)
		}
		for _, part := range []string{"2 problems were found", "emails of dana", "emails of yusuf", "one of them says no time", "in the field under the files"} {
			refused.has(t, "[data-test=refusal]", part)
		}
		if text := refused.Find("[data-test=refusal]").Text(); strings.Contains(text, "--cloud") {
			t.Errorf("the page names an option of the command line: %s", text)
		}
		next := owner.sendMade(in("cloud"), day+"T00:02", list, rep)
		if next.status != http.StatusSeeOther {
			t.Fatalf("with the time: %d %s", next.status, next.Find("[data-test=refusal]").Text())
		}
	})
}

// TestWhatFallsAwayIsSaid: whoever loads GitHub's report alone, after a list and
// a report, is told what is lost and what to do; what goes back says to what,
// and has its files; a list of uploads tells them apart.
func TestWhatFallsAwayIsSaid(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		list := written(t, "list.json", `{"format":"oneseat-cloud-list/1","as_of":"2026-11-19T00:01:00Z","enterprise":{"slug":"acme","total_seats_purchased":20},"users":[{"login":"dana"}]}`)
		rep := written(t, "consumed_licenses-acme-20261119T000200Z.csv", reportHeader+reportRow("dana"))
		both := owner.send(in("cloud"), list, rep)
		if owner.post(both.location + "/apply"); both.status != http.StatusSeeOther {
			t.Fatalf("both: %d", both.status)
		}
		k.recount()
		owner.mustGet(both.location).has(t, "[data-test=counted]", "the count that followed has it")
		owner.mustGet(in("cloud")).has(t, "[data-test=report-age]", "2026")
		owner.mustGet("/enterprises/acme/uploads").has(t, "[data-test=of]", "list.json, consumed_licenses-acme-20261119T000200Z.csv")

		alone := owner.send(in("cloud"), rep)
		preview := owner.mustGet(alone.location)
		preview.has(t, "[data-test=falls]", "load both files together")
		preview.has(t, "[data-test=falls]", "how many licenses were bought")
		if preview.Find("[data-test=apply]").HasClass("Button--primary") {
			t.Error("applying what loses a list is the calm default")
		}
		owner.post(alone.location + "/apply")
		k.recount()
		seq, _ := owner.mustGet(in("cloud")).Find("form[action$=undo] input[name=snapshot]").First().Attr("value")
		back := owner.post(in("cloud/undo"), "snapshot", seq, "reason", "the list was missing")
		gone := owner.mustGet(back.location)
		gone.has(t, "h1", "Going back: Cloud side")
		if gone.Find("[data-test=falls]").Length() > 0 {
			t.Error("going back to both loses something")
		}
		accounts := gone.Find(".facts dt").FilterFunction(func(_ int, dt *goquery.Selection) bool { return dt.Text() == "Accounts" }).Next().Text()
		if accounts != "1" { // and not the row of GitHub's report beside it
			t.Errorf("going back to one account and a row of a report, and it says %q accounts", accounts)
		}
		owner.post(back.location + "/apply")
		owner.mustGet(in("cloud")).has(t, "[data-test=loaded] .file", "list.json")
	})
}
