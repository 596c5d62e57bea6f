package ui_test

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

func TestLicensingShowsTheResultOfTheHub(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		empty := k.as(signin.RoleOwner).mustGet("/enterprises/acme/licensing")
		empty.has(k.t, ".blankslate h2", "Nothing was counted yet")
		k.seed()
		r, err := k.hub.Current(k.t.Context(), k.acme.Number)
		if err != nil {
			k.t.Fatal(err)
		}
		a := k.as(signin.RoleOwner).mustGet("/enterprises/acme/licensing")
		a.is(k.t, "[data-test=purchased]", strconv.Itoa(r.Purchased))
		a.is(k.t, "[data-test=consumed]", strconv.Itoa(r.Statement.Licenses))
		a.has(k.t, "[data-test=range]", strconv.Itoa(r.Visibility.High))
		a.is(k.t, "[data-test=figure]", strconv.Itoa(r.Reconciliation.Figure))
		a.has(k.t, ".sum-total td", strconv.Itoa(r.Statement.Licenses))
		if n := a.Find("[data-test=instance]").Length(); n != 2 {
			k.t.Errorf("%d instances, want 2", n)
		}
		a.has(k.t, "[data-test=difference]", "after what came: ghes-2.acme.example")
		a.has(k.t, ".site-footer", "This figure is OneSeat's. The bill moves when an instance syncs with GitHub, or an account changes there.")
	})
}

func TestUsageIsAddedConfirmedPreviewedAndApplied(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.load(examples + "cloud.json")
		owner := k.as(signin.RoleOwner)
		git := newAgent(1, "git.acme.example")
		added := owner.add("usage.json", k.export(git, people{"1": "bruno.kessler@acme.example", "2": "new@acme.example"}))
		if added.status != http.StatusSeeOther {
			k.t.Fatalf("adding usage: %d %s", added.status, added.Find("[data-test=refusal]").Text())
		}
		held := owner.mustGet(added.location)
		held.is(k.t, "[data-test=fingerprint]", git.fingerprint())
		wrong := owner.post(added.location+"/confirm", "fingerprint", newAgent(2, "").fingerprint())
		if wrong.status != http.StatusUnprocessableEntity {
			k.t.Errorf("a wrong fingerprint: %d", wrong.status)
		}
		wrong.has(k.t, "[data-test=refusal]", "not the fingerprint")
		if a := owner.post(added.location+"/confirm", "fingerprint", git.fingerprint()); a.status != http.StatusSeeOther {
			k.t.Fatalf("confirming: %d %s", a.status, a.Find("main").Text())
		}
		preview := owner.mustGet(added.location)
		preview.is(k.t, "[data-test=delta]", "+1")
		preview.has(k.t, "[data-test=change-appeared]", "new@acme.example")
		if a := owner.post(added.location + "/apply"); a.status != http.StatusSeeOther {
			k.t.Fatalf("applying: %d %s", a.status, a.Find("main").Text())
		}
		k.recount()
		owner.mustGet(added.location).is(k.t, "[data-test=state]", "Applied")
		owner.mustGet("/enterprises/acme/uploads").has(k.t, "[data-test=upload]", "git.acme.example")
		k.wantUndoAndRemoval(owner, git)
	})
}

// wantUndoAndRemoval: a newer file is applied, taken back, and the instance
// removed, each by its preview.
func (k *kit) wantUndoAndRemoval(owner browser, git *agent) {
	k.t.Helper()
	next := owner.add("usage.json", k.export(git, people{"1": "bruno.kessler@acme.example"}))
	owner.mustGet(next.location).has(k.t, "[data-test=change-vanished]", "new@acme.example")
	owner.post(next.location + "/apply")
	k.recount()
	instance := owner.mustGet("/enterprises/acme/instances")
	path, _ := instance.Find("[data-test=instance] a").First().Attr("href")
	history := owner.mustGet(path)
	seq, _ := history.Find("form[action$=undo] input[name=snapshot]").First().Attr("value")
	undone := owner.post(path+"/undo", "snapshot", seq, "reason", "the file was short")
	if undone.status != http.StatusSeeOther {
		k.t.Fatalf("undo: %d %s", undone.status, undone.Find("main").Text())
	}
	owner.mustGet(undone.location).is(k.t, "[data-test=delta]", "+1")
	if a := owner.post(undone.location + "/discard"); a.status != http.StatusSeeOther {
		k.t.Fatalf("discard: %d", a.status)
	}
	owner.mustGet(undone.location).is(k.t, "[data-test=state]", "Discarded")
	owner.post(path+"/remove", "reason", "").has(k.t, "[data-test=refusal]", "needs a reason")
	if log := owner.mustGet("/enterprises/acme/settings/audit-log").text; !strings.Contains(log, "the file was short") {
		k.t.Error("the audit log does not say why somebody goes back")
	}
	if a := owner.post(path+"/remove", "reason", "shut down"); a.status != http.StatusSeeOther {
		k.t.Errorf("remove: %d %s", a.status, a.Find("main").Text())
	}
}

func TestAFileThatIsRefusedIsRefusedInWords(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		owner := k.as(signin.RoleOwner)
		for name, file := range map[string][]byte{"nothing": {}, "no JSON": []byte("hello"), "script": []byte("<script>alert(1)</script>")} {
			a := owner.add("<script>x</script>.json", file)
			if a.status < 400 || a.status > 499 || a.Find("[data-test=refusal]").Text() == "" || strings.Contains(a.text, "<script>x") {
				k.t.Errorf("%s: %d %s", name, a.status, a.Find("main").Text())
			}
		}
		a := owner.add("all_users.csv", []byte("id,login,email,suspended?\n1,bruno,bruno.kessler@acme.example,false\n"), "kind", "report", "host", "ghes-9.acme.example")
		if a.status != http.StatusSeeOther {
			k.t.Errorf("a report by hand: %d %s", a.status, a.Find("[data-test=refusal]").Text())
		}
		again := owner.add("all_users.csv", []byte("id,login,email,suspended?\n2,chidi,chidi@acme.example,false\n"), "kind", "report", "host", "ghes-9.acme.example")
		if again.status != http.StatusConflict || again.Find("input[name=supersede]").Length() != 1 {
			k.t.Errorf("a second one: %d %s", again.status, again.Find("main").Text())
		}
	})
}

func TestPeopleAreFoundAndExplained(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		all := owner.mustGet("/enterprises/acme/people").Find("[data-test=person]").Length()
		some := owner.mustGet("/enterprises/acme/people?deployment=both")
		if n := some.Find("[data-test=person]").Length(); n == 0 || n >= all {
			k.t.Errorf("%d of %d people are in both", n, all)
		}
		owner.mustGet("/enterprises/acme/people?q=nobody-of-that-name").has(k.t, ".blankslate", "Nobody fits")
		if a := owner.get("/enterprises/acme/people?deployment=moon"); a.status != http.StatusUnprocessableEntity || a.Find("[data-test=refusal]").Length() != 1 {
			k.t.Errorf("a filter that is none: %d", a.status)
		}
		path, _ := some.Find("[data-test=person] a").First().Attr("href")
		one := owner.mustGet(path)
		one.has(k.t, "[data-test=verdict]", "consumes one license")
		if one.Find("[data-test=server-account] .reason .rule-number").Length() == 0 {
			k.t.Errorf("no reason with its rule: %s", one.Find("main").Text())
		}
		k.wantNearMisses(owner)
	})
}

// wantNearMisses: everybody on a server instance alone can be asked about.
func (k *kit) wantNearMisses(owner browser) {
	k.t.Helper()
	missed := 0
	owner.mustGet("/enterprises/acme/people?deployment=server").Find("[data-test=person] a").Each(func(_ int, link *goquery.Selection) {
		path, _ := link.Attr("href")
		missed += owner.mustGet(path + "?near_misses=1").Find("[data-test=miss]").Length()
	})
	if missed == 0 {
		k.t.Error("the examples have near misses, and no page shows one")
	}
}

func TestReadersSeeMasksAndOwnersReveal(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
		person := owner.mustGet("/enterprises/acme/people?q=ada-acme").Find("[data-test=person] a")
		path, _ := person.First().Attr("href")
		if text := owner.mustGet(path).text; strings.Contains(text, "ada@home.example") {
			k.t.Error("a private address stands on the page unrevealed")
		}
		revealed := owner.post(path + "/reveal")
		if revealed.status != http.StatusOK || !strings.Contains(revealed.text, "ada@home.example") {
			k.t.Errorf("revealing: %d", revealed.status)
		}
		if a := auditor.post(path + "/reveal"); a.status != http.StatusForbidden {
			k.t.Errorf("an auditor reveals: %d", a.status)
		}
		for _, page := range []string{"/people", "/licensing", "/instances", "/uploads", "/licensing/consumed_licenses.csv", strings.TrimPrefix(path, "/enterprises/acme")} {
			if text := auditor.mustGet("/enterprises/acme" + page).text; strings.Contains(text, "kessler@acme.example") || strings.Contains(text, "ada.lind@") {
				k.t.Errorf("an auditor sees a whole address on %s", page)
			}
		}
	})
}

func TestTheReportHasARowPerLicense(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		r := mustCurrent(k)
		names := map[string]bool{}
		for query, begin := range map[string]string{
			"": "github_com_login,", "?for=spreadsheets": "\ufeffgithub_com_login,", "?generation=C": "", "?generation=C&for=spreadsheets": "\ufeff",
		} {
			a := k.as(signin.RoleBillingManager).mustGet("/enterprises/acme/licensing/consumed_licenses.csv" + query)
			if rows := strings.Count(a.text, "\r\n") - 1; rows != r.Statement.Licenses || !strings.HasPrefix(a.text, begin) {
				k.t.Errorf("%q: %d rows beginning %.30q, want %d", query, rows, a.text, r.Statement.Licenses)
			}
			names[a.header.Get("Content-Disposition")] = true
		}
		if len(names) != 4 {
			k.t.Errorf("forms of the report have the same name: %v", slices.Collect(maps.Keys(names)))
		}
	})
}

func TestATotalWithoutTheCloudSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.report("ghes-1.acme.example", examples+"ghes-1-all_users.csv")
		for role, links := range map[signin.Role]int{signin.RoleOwner: 1, signin.RoleAuditor: 0} {
			shown := k.as(role).mustGet("/enterprises/acme/licensing").Find("[data-test=range]")
			if !strings.Contains(shown.Text(), "nothing of the cloud is loaded") || shown.Find(`a[href="/enterprises/acme/settings/cloud"]`).Length() != links {
				k.t.Errorf("%s reads %q", role, shown.Text())
			}
		}
		k.load(examples + "cloud.json")
		if text := k.as(signin.RoleOwner).mustGet("/enterprises/acme/licensing").Find("[data-test=range]").Text(); strings.Contains(text, "nothing of the cloud") {
			k.t.Errorf("with the cloud: %q", text)
		}
	})
}

func mustCurrent(k *kit) *hub.Result {
	k.t.Helper()
	r, err := k.hub.Current(k.t.Context(), k.acme.Number)
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

func TestWhoMayNotIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		stranger, auditor := browser{kit: k, language: "en"}, k.as(signin.RoleAuditor)
		for path, want := range map[string]int{"/": 401, "/enterprises/acme/licensing": 401, "/enterprises/nobody/people": 401} {
			if a := stranger.get(path); a.status != want || !strings.Contains(a.Find("h1").Text(), "Sign in") {
				k.t.Errorf("a stranger on %s: %d %s", path, a.status, a.Find("h1").Text())
			}
		}
		for _, path := range []string{"/enterprises/other/licensing", "/enterprises/nobody/licensing", "/nothing", "/enterprises/acme/people/none", "/enterprises/acme/uploads/none", "/enterprises/acme/instances/x"} {
			if a := auditor.get(path); a.status != http.StatusNotFound || a.Find("main h1").Length() != 1 {
				k.t.Errorf("%s: %d", path, a.status)
			}
		}
		for _, path := range []string{"/usage", "/uploads/x/apply", "/uploads/x/discard", "/uploads/x/confirm", "/instances/1/remove", "/instances/1/undo"} {
			if a := auditor.post("/enterprises/acme" + path); a.status != http.StatusForbidden {
				k.t.Errorf("an auditor posts to %s: %d", path, a.status)
			}
		}
		if a := auditor.get("/"); a.status != http.StatusSeeOther || a.location != "/enterprises/acme/licensing" {
			k.t.Errorf("home leads to %d %s", a.status, a.location)
		}
	})
}

func TestForeignFormsAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.url+"/enterprises/acme/instances/1/remove", strings.NewReader("reason=x"))
		if err != nil {
			k.t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "role", Value: "owner"})
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		res, err := (&http.Client{}).Do(r)
		if err != nil {
			k.t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		if res.StatusCode != http.StatusForbidden {
			k.t.Errorf("a form of another site: %d", res.StatusCode)
		}
	})
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		owner := k.as(signin.RoleOwner)
		for language, want := range map[string]string{"fr-CA,fr;q=0.9": "Licences d’entreprise", "ja": "エンタープライズのライセンス", "xx": "Enterprise licensing"} {
			a := owner.in(language).mustGet("/enterprises/acme/licensing")
			a.has(k.t, "h1", want)
		}
		chosen := owner.in("ja").post("/language", "language", "fr", "back", "//evil.example/")
		if chosen.status != http.StatusSeeOther || chosen.location != "/" || !strings.Contains(chosen.header.Get("Set-Cookie"), "oneseat_language=fr") {
			k.t.Errorf("choosing: %d %q %q", chosen.status, chosen.location, chosen.header.Get("Set-Cookie"))
		}
	})
}

// TestStories: every page shows in every state, language and role, with names
// as text.
func TestStories(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		stories := browser{kit: k, language: "en"}.mustGet("/dev/pages").Find("[data-test=stories] a")
		if stories.Length() < 10 {
			t.Fatalf("%d stories", stories.Length())
		}
		stories.Each(func(_ int, link *goquery.Selection) {
			path, _ := link.Attr("href")
			for _, query := range []string{"", "?role=auditor"} {
				for _, language := range []string{"en", "fr", "ja"} {
					a := browser{kit: k, language: language}.mustGet(path + query)
					if strings.Contains(a.text, "<script>alert") || strings.Contains(a.text, ">ui.") {
						t.Errorf("%s in %s shows a script, or a key", path, language)
					}
					if a.Find("svg.octicon").Length() == 0 {
						t.Errorf("%s in %s has no icon", path, language)
					}
					if query != "" && (a.Find("main form[method=post]").Length() > 0 && !strings.Contains(path, "usage") || strings.Contains(a.text, "mona@acme")) {
						t.Errorf("%s offers an auditor to change things, or shows an address", path)
					}
				}
			}
		})
	})
}
