package ui_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

// in is a path of the settings.
func in(page string) string { return "/enterprises/acme/settings/" + page }

// wantDone demands that a form was answered with the page again.
func (b browser) wantDone(what string, a answer) {
	b.t.Helper()
	if a.status != http.StatusSeeOther || !strings.Contains(a.location, "?done=") {
		b.t.Errorf("%s: %d %s %s", what, a.status, a.location, a.Find("[data-test=refusal]").Text())
		return
	}
	b.mustGet(a.location).has(b.t, "[data-test=done]", ".")
}

func TestOwnersInviteChangeAndRemovePeople(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner := k.as(signin.RoleOwner)
		made := owner.post(in("roles"), "name", "Jun", "email", "jun@acme.example", "role", "auditor")
		made.has(k.t, "[data-test=copy]", k.url+"/join/osl_")
		if made.status != http.StatusOK || made.header.Get("Cache-Control") != "no-store" {
			k.t.Errorf("a link: %d, %q", made.status, made.header.Get("Cache-Control"))
		}
		again := owner.post(in("roles"), "name", "Jun", "email", "jun@acme.example", "role", "auditor")
		again.has(k.t, "[data-test=refusal]", "taken")
		if again.status != http.StatusConflict || again.Find("#name").AttrOr("value", "") != "Jun" {
			k.t.Errorf("the same name again: %d", again.status)
		}
		list := owner.mustGet(in("roles"))
		list.has(k.t, "[data-test=person]:contains('mona')", "You")
		list.has(k.t, "[data-test=person]:contains('Jun')", "Invited")
		form := list.Find("[data-test=person]:contains('Jun') form").First().AttrOr("action", "")
		owner.wantDone("another role", owner.post(form, "role", "billing_manager"))
		owner.mustGet(in("roles")).has(k.t, "[data-test=person]:contains('Jun')", "Billing manager")
		path := strings.TrimSuffix(form, "role")
		owner.post(path+"link").has(k.t, "[data-test=copy]", "/join/osl_")
		owner.post(path+"remove").has(k.t, "[data-test=refusal]", "ticked")
		owner.wantDone("removing", owner.post(path+"remove", "confirm", "yes"))
		if n := owner.mustGet(in("roles")).Find("[data-test=person]").Length(); n != 1 {
			k.t.Errorf("%d people are left", n)
		}
		if text := k.as(signin.RoleAuditor).mustGet(in("roles")).text; strings.Contains(text, "mona@acme.example") || !strings.Contains(text, "m…@acme.example") {
			k.t.Error("an auditor sees a whole address, or none")
		}
	})
}

func TestOwnersMakeAndRevokeTokens(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		made := owner.post(in("tokens"), "name", "nightly", "scope", "read:enterprise", "expiry", "30")
		secret := made.Find("[data-test=copy]").Text()
		if actor, err := k.desk.Authenticate(k.t.Context(), secret); err != nil || actor.Enterprise != k.acme.Number || !actor.May(signin.ReadEnterprise) {
			k.t.Errorf("the token %d: %v %v", made.status, actor, err)
		}
		for _, wrong := range [][]string{
			{"name", "x", "scope", "upload", "expiry", "30"}, {"name", "x", "scope", "upload", "instance", "99"}, {"name", "", "scope", "read:enterprise"}, {"name", "x"},
		} {
			if a := owner.post(in("tokens"), wrong...); a.status != http.StatusUnprocessableEntity || a.Find("[data-test=refusal]").Length() != 1 {
				k.t.Errorf("%q: %d", wrong, a.status)
			}
		}
		list := owner.mustGet(in("tokens"))
		instance := list.Find("#instance option:contains('ghes-1')").AttrOr("value", "")
		owner.post(in("tokens"), "name", "agent", "scope", "upload", "instance", instance, "expiry", "0").has(k.t, "[data-test=copy]", "ost_")
		k.as(signin.RoleAuditor).mustGet(in("tokens")).has(k.t, "[data-test=token]:contains('agent')", "ghes-1.acme.example")
		form := list.Find("[data-test=token]:contains('nightly') form").AttrOr("action", "")
		owner.post(form).has(k.t, "[data-test=refusal]", "ticked")
		owner.wantDone("revoking", owner.post(form, "confirm", "yes"))
		if _, err := k.desk.Authenticate(k.t.Context(), secret); err == nil {
			k.t.Error("a revoked token lets in")
		}
	})
}

// send sends files with the form of a path.
func (b browser) send(path string, files ...string) answer {
	b.t.Helper()
	return b.sendMade(path, "", files...)
}

// sendMade is send, and says when files were made that do not say so.
func (b browser) sendMade(path, made string, files ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			b.t.Fatal(err)
		}
		part, err := form.CreateFormFile("file", filepath.Base(name))
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = part.Write(text)
	}
	_ = form.WriteField("made", made)
	_ = form.Close()
	return b.do(http.MethodPost, path, form.FormDataContentType(), &body)
}

// TestATokenOfAnUnknownLifeIsRefused: what is none of the choices is no token
// that never ends.
func TestATokenOfAnUnknownLifeIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner := k.as(signin.RoleOwner)
		for _, expiry := range []string{"", "-5", "7", "forever", "99999999999999999999"} {
			made := owner.post(in("tokens"), "name", "x", "scope", "read:enterprise", "expiry", expiry)
			if made.has(k.t, "[data-test=refusal]", "."); made.status != http.StatusUnprocessableEntity {
				k.t.Errorf("%q: %d", expiry, made.status)
			}
		}
	})
}

func TestTheCloudSideIsLoadedLookedAtAndUndone(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner := k.as(signin.RoleOwner)
		owner.mustGet(in("cloud")).has(k.t, ".blankslate h3", "Nothing was loaded yet")
		a := owner.send(in("cloud"), examples+"cloud.json", examples+"consumed_licenses-acme-20261119T080000Z.csv")
		if a.status != http.StatusSeeOther || !strings.Contains(a.location, "/uploads/") {
			k.t.Fatalf("loading: %d %s", a.status, a.Find("[data-test=refusal]").Text())
		}
		owner.mustGet(in("cloud")).has(k.t, ".flash-warn a", "See what it would change")
		owner.send(in("cloud"), examples+"cloud.json").has(k.t, "[data-test=refusal]", "waits")
		owner.post(a.location + "/apply")
		k.recount()
		page := owner.mustGet(in("cloud"))
		page.has(k.t, "[data-test=loaded]", "acme.example")
		page.has(k.t, "[data-test=loaded]", "cloud.json")
		page.has(k.t, "[data-test=figure]", "from GitHub's report of 19 Nov 2026")
		next := owner.send(in("cloud"), examples+"cloud.json")
		owner.post(next.location + "/apply")
		k.recount()
		undone := owner.post(in("cloud/undo"), "snapshot", "1", "reason", "the report was missing")
		if undone.status != http.StatusSeeOther {
			k.t.Errorf("going back: %d %s", undone.status, undone.Find("[data-test=refusal]").Text())
		}
		if text := k.as(signin.RoleAuditor).mustGet(in("cloud")).Find("main form").Length(); text != 0 {
			k.t.Error("an auditor is offered forms")
		}
	})
}

// TestWhatAFormerOwnerHasOnItsWayIsNotTakenIn: they may have stopped being one
// while the files came.
func TestWhatAFormerOwnerHasOnItsWayIsNotTakenIn(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		for _, path := range []string{in("cloud"), "/enterprises/acme/usage"} {
			k.left.Store(false)
			if a := k.as(leaving).send(path, examples+"cloud.json"); a.status != http.StatusForbidden {
				k.t.Errorf("%s: %d %s", path, a.status, a.location)
			}
		}
	})
}

func TestPolicyIsTriedBeforeItHolds(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner, before := k.as(signin.RoleOwner), mustCurrent(k)
		fields := []string{"billing", "", "managed_users", "", "joins", "ignore", "subscribers", "consume"}
		tried := owner.post(in("cloud/try"), fields...)
		tried.has(k.t, "[data-test=effect] tr:last-child", "Licenses consumed")
		if now := mustCurrent(k); now.Number != before.Number || now.Policy != before.Policy {
			k.t.Error("trying changed something")
		}
		then := tried.Find("[data-test=effect] tr:last-child td").Eq(2).Text()
		owner.wantDone("counting so", owner.post(in("cloud/policy"), fields...))
		r := k.recount()
		if r.Policy.UseGitHubJoins || r.Policy.UnlinkedSubscribers != "consume" || then != strconv.Itoa(r.Statement.Licenses) {
			k.t.Errorf("%+v: %d licenses, promised %s", r.Policy, r.Statement.Licenses, then)
		}
		owner.wantDone("noting a figure", owner.post(in("cloud/github-figure"), "licenses", "31", "date", "2026-11-18"))
		for _, wrong := range [][]string{{"licenses", "31", "date", "someday"}, {"licenses", "31", "date", "2027-01-01"}, {"licenses", "-1", "date", "2026-11-18"}} {
			if a := owner.post(in("cloud/github-figure"), wrong...); a.status != http.StatusUnprocessableEntity {
				k.t.Errorf("%q: %d", wrong, a.status)
			}
		}
		owner.wantDone("forgetting it", owner.post(in("cloud/github-figure"), "forget", "yes"))
		if a := owner.post(in("cloud/try"), "billing", "barter"); a.status != http.StatusUnprocessableEntity {
			k.t.Errorf("a billing that is none: %d", a.status)
		}
	})
}

// TestPolicyEffectsAreAsTheySay, on accounts that the sentences are about and on
// some that they are not: a subscription of nobody and one of somebody, an
// invitation that the list alone names and one in GitHub's report, an account
// that only GitHub's word joins and one with an address of its own.
func TestPolicyEffectsAreAsTheySay(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		list := `{"format":"oneseat-cloud-list/1","as_of":"2026-11-19T00:01:00Z","enterprise":{"slug":"acme"},"verified_domains":["acme.example"],"users":[
			{"login":"ada","emails":[{"email":"ada@acme.example","verified":true}],"organizations":[{"login":"eng","role":"Member"}]}],
			"invitations":[{"email":"new@acme.example","organization":"eng","kind":"member","source":"scim"}],
			"visual_studio_subscriptions":[{"subscription_id":"VSS-1","login":"ada"},{"subscription_id":"VSS-7","email":"vera@acme.example"}]}`
		rows := "ada,,ghes-1.acme.example:1,true,true,false,Enterprise,https://github.com/ada,eng:Member,Member,ada@acme.example,,,,,false,,,,2\n" +
			",,,false,false,false,Enterprise,,,Pending invitation,,,eng,,,false,,,,0\n"
		k.load(written(t, "cloud.json", list), written(t, "consumed_licenses-acme-20261119T000200Z.csv", reportHeader+rows))
		k.report("ghes-1.acme.example", written(t, "one.csv", usersOf("1", "ada@home.example", "2", "ada@acme.example")))
		owner := k.as(signin.RoleOwner)
		effect := func(name, value, sentence string) string {
			t.Helper()
			fields := map[string]string{"billing": "", "managed_users": "", "joins": "use", "subscribers": "free"}
			fields[name] = value
			tried := owner.post(in("cloud/try"), "billing", fields["billing"], "managed_users", fields["managed_users"], "joins", fields["joins"], "subscribers", fields["subscribers"])
			tried.has(t, "[data-test=concerns]", sentence)
			return tried.Find("[data-test=effect] tr:last-child td").Eq(3).Text()
		}
		for _, one := range []struct{ name, value, sentence, change string }{
			{"subscribers", "consume", "only subscriptions that belong to nobody known here", "+1"}, // VSS-7 and not VSS-1
			{"billing", "metered", "only invitations that the cloud list alone names", "−1"},        // new@ and not the report's
			{"managed_users", "yes", "only invitations that the cloud list alone names", "−1"},
			{"joins", "ignore", "only server accounts that nothing but GitHub's word joins", "+1"}, // account 1 and not 2
		} {
			if got := effect(one.name, one.value, one.sentence); got != one.change {
				t.Errorf("%s %s: %s licenses, want %s", one.name, one.value, got, one.change)
			}
		}
	})
}

func TestSettingsAreForWhomTheyAre(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		billing, auditor := k.as(signin.RoleBillingManager), k.as(signin.RoleAuditor)
		if a := auditor.get("/enterprises/acme/settings"); a.location != in("cloud") {
			k.t.Errorf("settings lead to %s", a.location)
		}
		for _, page := range []string{"tokens", "sign-in", "audit-log", "audit-log.jsonl"} {
			if a := billing.get(in(page)); a.status != http.StatusForbidden {
				k.t.Errorf("a billing manager on %s: %d", page, a.status)
			}
			if a := auditor.mustGet(in(page)); page != "audit-log.jsonl" {
				a.has(k.t, ".side", "Tokens")
			}
		}
		if billing.mustGet(in("cloud")).Find(".side a[href$='/tokens']").Length() != 0 {
			k.t.Error("the menu shows a billing manager what they may not see")
		}
		for _, deed := range []string{
			"cloud", "cloud/undo", "cloud/try", "cloud/policy", "cloud/github-figure", "roles", "roles/x/link", "roles/x/role", "roles/x/remove", "tokens", "tokens/x/revoke",
			"instances", "keys/rotate", "keys/retire", "keys/recipients", "retention/find", "retention/export", "retention/erase", "sign-in/enforce",
			"sign-in/release", "sign-in/sessions",
		} {
			if a := auditor.post(in(deed), "confirm", "yes"); a.status != http.StatusForbidden {
				k.t.Errorf("an auditor posts to %s: %d", deed, a.status)
			}
		}
	})
}

func TestKeysAreReplacedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner := k.as(signin.RoleOwner)
		page := owner.mustGet(in("keys"))
		page.is(k.t, "[data-test=key] [data-test=copy]", k.to.String())
		page.has(k.t, "[data-test=key-file]", "acme.key")
		if a := k.as(signin.RoleAuditor).mustGet(in("keys")); a.Find("[data-test=key-file]").Length() != 0 || strings.Contains(a.text, "acme.key") {
			k.t.Error("an auditor is told where the private key lies")
		}
		if a := owner.mustGet(in("keys/recipient.txt")); strings.TrimSpace(a.text) != k.to.String() {
			k.t.Errorf("the download says %q", a.text)
		}
		owner.post(in("keys/rotate")).has(k.t, "[data-test=refusal]", "ticked")
		owner.wantDone("rotating", owner.post(in("keys/rotate"), "confirm", "yes"))
		page = owner.mustGet(in("keys"))
		if n := page.Find("[data-test=key]").Length(); n != 2 || strings.Contains(page.text, "AGE-SECRET") {
			k.t.Errorf("%d keys after one rotation", n)
		}
		page.has(k.t, "[data-test=key]:contains('Older')", k.to.String())
		owner.wantDone("retiring", owner.post(in("keys/retire"), "confirm", "yes", "recipient", k.to.String()))
		owner.wantDone("a further recipient", owner.post(in("keys/recipients"), "recipient", k.to.String()))
		owner.mustGet(in("keys")).has(k.t, "[data-test=recipient]", k.to.String())
		owner.wantDone("no further recipient", owner.post(in("keys/recipients"), "recipient", k.to.String(), "forget", "yes"))
		if a := owner.post(in("keys/recipients"), "recipient", "AGE-SECRET-KEY-1"); a.status != http.StatusUnprocessableEntity {
			k.t.Errorf("a recipient that is none: %d", a.status)
		}
	})
}

func TestWhatIsKeptOfSomebodyIsShownExportedAndErased(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		owner.mustGet(in("retention")).has(k.t, ".narrow", "90 days")
		owner.post(in("retention/find"), "address", "nobody").has(k.t, "[data-test=refusal]", "address")
		owner.post(in("retention/find"), "address", "nobody@nowhere.example").has(k.t, "[data-test=held]", "Nothing is kept")
		owner.post(in("retention/find"), "address", "bruno.kessler@acme.example").has(k.t, "[data-test=held]", "ghes-1.acme.example: 1 entry")
		out := owner.post(in("retention/export"), "address", "bruno.kessler@acme.example")
		if out.status != http.StatusOK || !strings.HasPrefix(out.header.Get("Content-Disposition"), "attachment") || !strings.Contains(out.text, "bruno.kessler@acme.example") {
			k.t.Errorf("export: %d %s", out.status, out.header.Get("Content-Disposition"))
		}
		owner.post(in("retention/erase"), "address", "bruno.kessler@acme.example").has(k.t, "[data-test=refusal]", "ticked")
		owner.post(in("retention/erase"), "address", "bruno.kessler@acme.example", "confirm", "yes").has(k.t, "[data-test=held]", "Counts now")
		log := owner.mustGet(in("audit-log"))
		log.has(k.t, "[data-test=entry]", "What is kept of an address was erased.")
		if strings.Contains(log.text, "bruno.kessler@") {
			k.t.Error("the audit log shows a whole address")
		}
	})
}

func TestTheAuditLogIsSearchedPagedAndExported(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
		for i := range 60 {
			owner.post(in("tokens"), "name", "t"+strconv.Itoa(i), "scope", "read:enterprise", "expiry", "30")
		}
		first := auditor.mustGet(in("audit-log"))
		first.has(k.t, "[data-test=whole]", "The log is whole")
		if n := first.Find("[data-test=entry]").Length(); n != 50 {
			k.t.Errorf("%d entries on the first page", n)
		}
		next, _ := first.Find(".more a").Attr("href")
		auditor.mustGet(next).has(k.t, "[data-test=entry]", "business.create")
		for query, want := range map[string]int{
			"?about=T59": 1, "?action=business.create": 1, "?about=nobody": 0, "?since=2026-11-21": 0, "?until=2026-11-19": 0, "?about=t59&since=2026-11-20&until=2026-11-20": 1,
		} {
			if n := auditor.mustGet(in("audit-log") + query).Find("[data-test=entry]").Length(); n != want {
				k.t.Errorf("%s: %d entries, want %d", query, n, want)
			}
		}
		if a := auditor.get(in("audit-log") + "?since=x"); a.status != http.StatusUnprocessableEntity {
			k.t.Errorf("a day that is none: %d", a.status)
		}
		all, err := k.desk.Entries(k.t.Context(), k.acme.Number, 0, 1, signin.Filter{})
		if err != nil {
			k.t.Fatal(err)
		}
		out := auditor.mustGet(in("audit-log.jsonl"))
		if lines := strings.Count(out.text, "\n"); int64(lines) != all[0].Number || !strings.Contains(out.header.Get("Content-Disposition"), "audit-log-acme-20261120.jsonl") {
			k.t.Errorf("%d lines of %d, %s", lines, all[0].Number, out.header.Get("Content-Disposition"))
		}
	})
}

// TestTheAuditLogNamesWhatItIsAbout: a person, a file and its instance, when a
// count was, and never a whole address.
func TestTheAuditLogNamesWhatItIsAbout(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
		form := owner.mustGet(worklistPath).Find("[data-test=line] form").First()
		owner.post(form.AttrOr("action", ""), "mark", "asked")
		log := auditor.mustGet(in("audit-log"))
		marked := log.Find("[data-test=entry]").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.Contains(s.Text(), hub.AuditWork) })
		if name := marked.Find("a").Text(); !strings.Contains(name, "…@") && !strings.Contains(name, "ghes-") {
			t.Errorf("a line about %q was marked", name)
		}
		for _, want := range []string{"ghes-1-all_users.csv · ghes-1.acme.example", "Count of 20 Nov 2026"} {
			if !strings.Contains(log.Find("main").Text(), want) {
				t.Errorf("the log does not say %q", want)
			}
		}
		for _, address := range []string{"bruno.kessler@", "mona@"} {
			if strings.Contains(log.text, address) {
				t.Errorf("the log says %s", address)
			}
		}
	})
}

func TestSignInAndInstanceSettings(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		page := owner.mustGet(in("sign-in"))
		page.has(k.t, "[data-test=single]", "password and an authenticator app")
		page.has(k.t, ".narrow", "at least 12 characters")
		owner.post(in("sign-in/enforce"), "break_glass", k.mona.ID).has(k.t, "[data-test=refusal]", "ticked")
		owner.post(in("sign-in/enforce"), "break_glass", k.mona.ID, "confirm", "yes").has(k.t, "[data-test=refusal]", "provider")
		if a := owner.post(in("sign-in/sessions"), "person", k.mona.ID, "session", "none"); a.status != http.StatusNotFound {
			k.t.Errorf("a session that is none: %d", a.status)
		}
		if n := owner.mustGet(in("instances")).Find("[data-test=known]").Length(); n != 2 {
			k.t.Errorf("%d known instances", n)
		}
		owner.wantDone("leaving out", owner.post(in("instances"), "never_signed_in", "leave_out"))
		if e, err := k.hub.Enterprise(k.t.Context(), "acme"); err != nil || !e.Settings.LeaveOutNeverSignedIn {
			k.t.Errorf("%+v %v", e, err)
		}
	})
}

// TestAFigureBesideAReport: while GitHub's report is loaded, a figure that somebody
// notes is shown with why it is not the one that is compared with.
func TestAFigureBesideAReport(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		owner.wantDone("noting a figure", owner.post(in("cloud/github-figure"), "licenses", "386", "date", "2026-11-18"))
		owner.mustGet(in("cloud")).has(t, "[data-test=figure-beside]", "386 licenses on 18 Nov 2026 were noted by hand")
		owner.wantDone("forgetting it", owner.post(in("cloud/github-figure"), "forget", "yes"))
		forgotten := owner.mustGet(in("cloud") + "?done=figure_forgotten")
		forgotten.has(t, "[data-test=done]", "was forgotten")
		if forgotten.Find("[data-test=figure-beside]").Length() != 0 {
			t.Error("a forgotten figure is shown")
		}
	})
}
