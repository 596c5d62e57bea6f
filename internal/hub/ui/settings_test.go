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
	_ = form.Close()
	return b.do(http.MethodPost, path, form.FormDataContentType(), &body)
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

func TestSettingsAreForWhomTheyAre(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		billing, auditor := k.as(signin.RoleBillingManager), k.as(signin.RoleAuditor)
		if a := auditor.get("/enterprises/acme/settings"); a.location != in("cloud") {
			k.t.Errorf("settings lead to %s", a.location)
		}
		for _, page := range []string{"tokens"} {
			if a := billing.get(in(page)); a.status != http.StatusForbidden {
				k.t.Errorf("a billing manager on %s: %d", page, a.status)
			}
			auditor.mustGet(in(page)).has(k.t, ".side", "Tokens")
		}
		if billing.mustGet(in("cloud")).Find(".side a[href$='/tokens']").Length() != 0 {
			k.t.Error("the menu shows a billing manager what they may not see")
		}
		for _, deed := range []string{
			"cloud", "cloud/undo", "cloud/try", "cloud/policy", "cloud/github-figure", "roles", "roles/x/link", "roles/x/role", "roles/x/remove", "tokens", "tokens/x/revoke",
		} {
			if a := auditor.post(in(deed), "confirm", "yes"); a.status != http.StatusForbidden {
				k.t.Errorf("an auditor posts to %s: %d", deed, a.status)
			}
		}
	})
}
