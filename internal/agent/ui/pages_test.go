package ui_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/usagefile"
)

func TestLicenseSaysWhatIsConsumedAndWhereFrom(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner := k.as(signin.RoleOwner)
	empty := owner.get("/")
	empty.has(http.StatusOK, "[data-test=steps] li:first-child", "Read the source").has(http.StatusOK, "[data-test=steps] li:nth-child(2)", "enable Connect")
	if k.as(signin.RoleAuditor).get("/").Find("[data-test=steps]").Length() != 0 {
		t.Error("somebody who can do nothing is told what to do")
	}
	empty.has(http.StatusOK, "[data-test=consumed]", "–").has(http.StatusOK, "main", "not enrolled").has(http.StatusOK, "[data-test=last]", "never read")
	k.seed()
	owner.post("/seats", "seats", "250").done("/?done=seats")
	p := owner.get("/?done=seats")
	p.has(200, "[data-test=done]", "noted").has(200, "[data-test=total]", "250").has(200, "[data-test=consumed]", "3").has(200, "[data-test=available]", "247")
	p.has(200, "[data-test=steps] li:first-child", "3 users were read").has(200, "main", "as an owner noted it").has(200, "main", "of 4 users").has(200, "[data-test=last]", "it counts")
	owner.post("/seats", "seats", "many").has(http.StatusUnprocessableEntity, "[data-test=refusal]", "Write digits")
}

func TestWhatIsHeldIsDecidedAbout(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner := k.as(signin.RoleOwner)
	k.seed()
	k.write(header + user("1", "mona", "mona@acme.example"))
	owner.post("/collect").done("/?done=collect")
	held := owner.get("/").has(200, "[data-test=held]", "half of them").has(200, "[data-test=consumed]", "3")
	path, _ := held.Find("[data-test=held] form[action$=discard]").Attr("action")
	k.as(signin.RoleAuditor).post(path).has(http.StatusForbidden, "main", "Only owners")
	owner.post(path).done("/?done=discard")
	owner.post(path).has(http.StatusConflict, "[data-test=refusal]", "")
	k.write(header + user("9", "mona", "mona@acme.example"))
	owner.post("/collect").done("/?done=collect")
	path, _ = owner.get("/").Find("[data-test=held] form[action$=confirm]").Attr("action")
	owner.post(path).done("/?done=confirm")
	owner.get("/").has(200, "[data-test=consumed]", "1")
}

func TestARefusedSourceSaysWhy(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner := k.as(signin.RoleOwner)
	k.seed()
	k.write("<html>sign in")
	owner.post("/collect").done("/?done=collect")
	owner.get("/").has(200, "[data-test=failed]", "not taken").has(200, "[data-test=consumed]", "3").has(200, "[data-test=failed]", "What was read before goes on counting")
	owner.get("/snapshots").has(200, "[data-test=reading]", "Not taken")
}

// TestAFirstSourceThatIsRefused: nothing goes on counting, since nothing was read.
func TestAFirstSourceThatIsRefused(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner := k.as(signin.RoleOwner)
	k.write("<html>sign in")
	owner.post("/collect").done("/?done=collect")
	page := owner.get("/").has(200, "[data-test=failed]", "Nothing was read yet")
	if text := page.Find("main").Text(); strings.Contains(text, "goes on counting") {
		t.Errorf("something goes on counting: %s", text)
	}
}

// TestTheFirstRunIsOfTheEnabling: a run that came because license sync was enabled
// does not say that the schedule brought it; later ones do.
func TestTheFirstRunIsOfTheEnabling(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	var why []string
	k.as(signin.RoleOwner).get("/dev/pages/license-huge-over").Find("[data-test=run] [data-test=cause]").Each(func(_ int, s *goquery.Selection) {
		why = append(why, s.Text())
	})
	want := []string{"Sync now", "schedule", "the users changed", "Sync now on the hub", "Sync now", "License sync was enabled", "the users changed", "Sync now on the hub"}
	if !slices.Equal(why, want) {
		t.Errorf("got %q, want %q", why, want)
	}
}

// TestWhatWaitsForAnOwnerComesFirst: while a reading waits, or an owner has to say
// what happened to the agent, no lesser news stands beside it.
func TestWhatWaitsForAnOwnerComesFirst(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner := k.as(signin.RoleOwner)
	k.seed()
	k.write(header + user("1", "mona", "mona@acme.example"))
	owner.post("/collect").done("/?done=collect")
	k.write("<html>sign in")
	owner.post("/collect").done("/?done=collect")
	page := owner.get("/").has(200, "[data-test=held]", "half of them")
	if page.Find("[data-test=failed]").Length() > 0 {
		t.Error("a reading that failed stands beside one that waits")
	}
}

func TestEnrollingNeedsAComparedFingerprint(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner := k.as(signin.RoleOwner)
	owner.send([]byte("hello")).has(http.StatusUnprocessableEntity, "[data-test=refusal]", "An owner of the enterprise downloads one")
	owner.post("/enrolment").has(http.StatusUnprocessableEntity, "[data-test=refusal]", "No enrolment file")
	chosen := owner.send(k.enrolmentFile()).has(200, "[data-test=chosen]", "Acme Instruments").has(200, "[data-test=in-force]", "not enrolled")
	document, _ := chosen.Find("input[name=document]").Attr("value")
	owner.post("/enrolment/apply", "document", document).has(http.StatusUnprocessableEntity, "[data-test=refusal]", "Tick it")
	owner.post("/enrolment/apply", "document", "e30=", "confirm", "yes").has(http.StatusUnprocessableEntity, "[data-test=refusal]", "no enrolment file")
	owner.post("/enrolment/apply", "document", document, "confirm", "yes").done("/enrolment?done=enrol")
	owner.get("/enrolment").has(200, "[data-test=in-force]", "hub.acme.example").has(200, "[data-test=recipient]", k.key.Recipient().Fingerprint().Short())
	again := owner.send(k.enrolmentFile()).has(200, "[data-test=chosen]", "nothing to compare")
	if again.Find("input[name=confirm]").Length() != 0 {
		t.Error("a known key is to be compared")
	}
	owner.get("/audit-log").has(200, "main", "oneseat.enrolment_refuse").has(200, "main", "oneseat.enrolment_apply")
	owner.post("/enrolment/leave").has(http.StatusUnprocessableEntity, "[data-test=refusal]", "Tick it")
	owner.post("/enrolment/leave", "confirm", "yes").done("/enrolment?done=leave")
}

func TestWhatLeavesIsSaidBeforeItLeaves(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
	owner.get("/export").has(200, ".blankslate", "nothing to export")
	k.seed()
	owner.get("/export").has(200, "[data-test=blocked]", "not enrolled")
	owner.post("/export").has(http.StatusConflict, "[data-test=refusal]", "not enrolled")
	k.enrol()
	p := owner.get("/export").has(200, "[data-test=field]", "mona@acme.example").has(200, "[data-test=stay]", "Suspended").has(200, "[data-test=sealed]", "The enterprise alone")
	if p.Find("form[action='/export']").Length() != 1 || p.Find("[data-test=field]").Length() != 3 {
		t.Errorf("no form, or other fields: %s", p.Find("main").Text())
	}
	read := auditor.get("/export").has(200, "[data-test=field]", "m…@acme.example")
	if read.Find("form[action='/export']").Length() != 0 || strings.Contains(read.text, "mona@acme.example") {
		t.Error("an auditor exports, or sees an address")
	}
	auditor.post("/export").has(http.StatusForbidden, "main", "Only owners")
	file := owner.post("/export", "note", "CHG-4711")
	if file.status != http.StatusOK || !strings.Contains(file.header.Get("Content-Disposition"), "ghes-1.acme.example-usage-1.json") {
		t.Fatalf("got %d %v", file.status, file.header)
	}
	v, err := usagefile.OpenVerified(bytes.NewReader([]byte(file.text)), usagefile.Options{Identities: []*usagefile.Identity{k.key}})
	must(t, err)
	if r := v.Receipt(); r.Users != 3 || r.Header.Snapshot.Note != "CHG-4711" || !r.Header.Sealed() {
		t.Errorf("got %+v", r)
	}
	owner.get("/snapshots").has(200, "[data-test=made]", "CHG-4711").has(200, "[data-test=snapshot]", "Export")
	owner.get("/export?day=2026-11-20").has(200, "[data-test=snapshot]", "number 1")
	owner.get("/export?day=2026-01-01").has(http.StatusNotFound, "[data-test=refusal]", "no snapshot yet")
	owner.get("/export?day=soon").has(http.StatusUnprocessableEntity, "[data-test=refusal]", "no day")
	owner.get("/export?sequence=7").has(200, ".blankslate", "no snapshot 7")
}

func TestInClearIsSaid(t *testing.T) {
	t.Parallel()
	k := newKit(t, func(c *agent.Config) { c.Cleartext = true })
	k.seed()
	k.as(signin.RoleOwner).get("/export").has(200, "[data-test=sealed]", "in clear")
}

func TestUsersAreFound(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	owner, auditor := k.as(signin.RoleOwner), k.as(signin.RoleAuditor)
	owner.get("/users").has(200, ".blankslate", "Nobody is known yet")
	k.seed()
	for query, want := range map[string]int{"": 4, "?show=active": 3, "?show=suspended": 1, "?show=duplicate": 2, "?show=without_address": 1, "?q=theo": 1, "?q=nobody": 0} {
		if got := owner.get("/users" + query).Find("[data-test=user]").Length(); got != want {
			t.Errorf("%s: got %d users, want %d", query, got, want)
		}
	}
	owner.get("/users?show=moon").has(http.StatusUnprocessableEntity, "[data-test=refusal]", "moon")
	owner.get("/users").has(200, "[data-test=user]", "mona@acme.example").has(200, "select[name=show]", "Duplicate address (2)")
	if a := auditor.get("/users"); strings.Contains(strings.ToLower(a.text), "mona@acme.example") {
		t.Error("an auditor sees an address")
	}
	owner.get("/users/1").has(200, "main", "mona-two")
	owner.get("/users/4").has(200, "[data-test=leaves]", "suspended user consumes no license")
	owner.get("/users/77").has(http.StatusNotFound, "main", "77")
}

func TestStrangersSignInFirst(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	stranger := browser{kit: k}
	for _, path := range []string{"/", "/export", "/users", "/snapshots", "/enrolment", "/audit-log"} {
		stranger.get(path).done("/sign-in?next=")
	}
	stranger.post("/collect").has(http.StatusUnauthorized, "h1", "Sign in")
	stranger.get("/help").has(200, "main", "")
	k.as(signin.RoleBillingManager).get("/").has(http.StatusForbidden, "main", "Only owners")
	k.as(signin.RoleOwner).get("/nowhere").has(http.StatusNotFound, "h1", "Not found")
}
