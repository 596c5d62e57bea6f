package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/demo"
)

// TestPeopleAtAnAgent is what people and attackers do on the pages of an agent,
// with the real program and a real browser. The parts build on each other.
func TestPeopleAtAnAgent(t *testing.T) { //nolint:tparallel // the parts build on each other
	t.Parallel()
	s := newAnnex(t)
	sam := &siteOwner{s.stranger(t), s}
	for _, part := range []struct {
		name string
		run  func(sam *siteOwner)
	}{
		{"the first owner by the link of init", (*siteOwner).comesIn},
		{"the source is read", (*siteOwner).reads},
		{"licenses are noted", (*siteOwner).notesLicenses},
		{"the agent is enrolled", (*siteOwner).enrols},
		{"a usage file is exported", (*siteOwner).exports},
		{"users are found", (*siteOwner).findsUsers},
		{"half of the users are gone", (*siteOwner).decides},
		{"the past is exported", (*siteOwner).exportsThePast},
		{"a role that reads", (*siteOwner).hasAReader},
		{"strangers", (*siteOwner).hasStrangers},
		{"other sites", (*siteOwner).isAttacked},
		{"languages", (*siteOwner).speaks},
		{"what was done", (*siteOwner).looksBack},
		{"out", (*siteOwner).leaves},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(&siteOwner{sam.in(t), s}) }) && part.name == "the first owner by the link of init" {
			return
		}
	}
}

// annex is an agent as people find it, beside a hub that gives an enrolment file.
type annex struct {
	*office

	source      string // file
	report      string // of the demo, which the source is at first
	enrolment   string // file
	fingerprint string // as the hub shows it
}

// newAnnex makes an agent and starts it.
func newAnnex(t *testing.T) *annex {
	t.Helper()
	files, err := demo.Make(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := &annex{
		office: &office{t: t, data: filepath.Join(dir, "hub")}, source: filepath.Join(dir, "all_users.csv"), report: string(files.Reports[demo.Main]),
		enrolment: filepath.Join(dir, "acme-enrolment.json"),
	}
	s.env = []string{"ONESEAT_AGENT_DATA=" + filepath.Join(dir, "agent"), "ONESEAT_AGENT_HOST_NAME=" + demo.Main, "ONESEAT_AGENT_SOURCE=" + s.source}
	s.run("hub", "init", "--enterprise", "acme", "--name", "Acme Instruments", "--owner", "Mona")
	s.fingerprint = fingerprint.FindString(s.run("hub", "enrolment", "--enterprise", "acme", "--output", s.enrolment))
	s.browser = browsertest.Start(t)
	s.link = s.linkIn(s.run("agent", "init", "--owner", "Sam"))
	s.url = s.serve(s.command("agent", "--listen", "127.0.0.1:0")).String()
	return s
}

// write puts a report in the place of the source.
func (s *annex) write(report string) {
	s.t.Helper()
	next := s.source + ".next"
	if err := os.WriteFile(next, []byte(report), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Rename(next, s.source); err != nil {
		s.t.Fatal(err)
	}
}

// siteOwner is Sam, an owner of the agent, in a subtest.
type siteOwner struct {
	*person

	site *annex
}

func (p *siteOwner) comesIn() {
	p.join(p.site.link)
	p.click(`a[href="/"]`)
	p.wantAt("/", "the source was not read yet")
	p.wantAt("/", "What to do next")
	if who := p.text(".site-who"); !strings.Contains(who, "Sam") || !strings.Contains(who, "Owner") {
		p.t.Errorf("the header says %q", who)
	}
	p.open("/export")
	p.wantAt("/export", "There is nothing to export")
}

// readNow asks for the source to be read, and waits for what the page says came of
// it.
func (p *siteOwner) readNow(want string) {
	p.t.Helper()
	p.open("/")
	p.click(`form[action="/collect"] button`)
	p.wantAt("/?done=collect", "The source is being read")
	deadline := time.Now().Add(patient)
	for !strings.Contains(p.text("[data-test=last]"), want) {
		if time.Now().After(deadline) {
			p.t.Fatalf("no %q: %s", want, p.text("main"))
		}
		time.Sleep(100 * time.Millisecond)
		p.open("/")
	}
}

// reads: a source that is not there, and then is.
func (p *siteOwner) reads() {
	p.readNow("Not taken")
	if why := p.text("[data-test=failed]"); !strings.Contains(why, "is not there") {
		p.t.Errorf("why: %s", why)
	}
	p.site.write(p.site.report)
	p.readNow("it counts")
	if consumed := p.text("[data-test=consumed]"); consumed == "–" || consumed == "0" {
		p.t.Errorf("%s licenses are consumed", consumed)
	}
}

func (p *siteOwner) notesLicenses() {
	p.open("/")
	p.Do(chromedp.Click(`details:has(form[action="/seats"]) summary`), chromedp.WaitVisible("#seats"))
	p.fill(`form[action="/seats"] button`, "#seats", "500")
	p.wantAt("/?done=seats", "The number of licenses was noted.")
	if total := p.text("[data-test=total]"); total != "500" {
		p.t.Errorf("the total is %s", total)
	}
}

// enrols: not without a file, nor with one that was changed; and after the
// fingerprint was compared.
func (p *siteOwner) enrols() {
	p.open("/export")
	p.wantAt("/export", "not enrolled")
	p.click(`[data-test=blocked] a`)
	p.wantAt("/enrolment", "not enrolled")
	text, err := os.ReadFile(p.site.enrolment)
	if err != nil {
		p.t.Fatal(err)
	}
	forged := filepath.Join(p.t.TempDir(), "forged.json")
	if err := os.WriteFile(forged, []byte(strings.Replace(string(text), "Acme", "Evil", 1)), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.choose(forged)
	if refusal := p.text("[data-test=refusal]"); !strings.Contains(refusal, "was changed") {
		p.t.Errorf("a forged file: %s", refusal)
	}
	p.choose(p.site.enrolment)
	if shown := p.text("[data-test=compare]"); shown != p.site.fingerprint {
		p.t.Errorf("compared with %q, and the hub shows %q", shown, p.site.fingerprint)
	}
	p.Do(chromedp.Click(`form[action="/enrolment/apply"] button`)) // the box is not ticked
	if at := p.at(); at != "/enrolment" {
		p.t.Errorf("enrolled without comparing: %s", at)
	}
	p.Do(chromedp.Click("#compared"))
	p.click(`form[action="/enrolment/apply"] button`)
	p.wantAt("/enrolment?done=enrol", "Acme Instruments")
}

// choose gives a file to the form of Enrolment.
func (p *siteOwner) choose(file string) {
	p.t.Helper()
	p.open("/enrolment")
	p.Do(chromedp.SetUploadFiles("#file", []string{file}))
	p.click(`form[action="/enrolment"] button`)
}

// exports: what the page said is what the file says to whoever looks into it.
func (p *siteOwner) exports() {
	p.open("/")
	p.click(`[data-test=export]`)
	p.wantAt("/export", "sealed to its key")
	shown := browsertest.Value[[]string](p.Tab, `[...document.querySelectorAll("[data-test=field]")].map(r => r.cells[0].querySelector(".mono").textContent + " " + r.cells[2].textContent.replaceAll(",", ""))`)
	header := p.text("details dl")
	p.Do(chromedp.SendKeys("#note", "CHG-4711"))
	file := p.Download(chromedp.Click(`form[action="/export"] button`))
	found := p.inspected(file)
	if filepath.Base(file) != demo.Main+"-usage-1.json" || !found.Verified || !found.Opened || found.HostName != demo.Main || found.Note != "CHG-4711" {
		p.t.Errorf("%s: %+v", file, found)
	}
	for _, one := range []string{found.HostName, found.ServerID, found.Digest} {
		if one == "" || !strings.Contains(header, one) {
			p.t.Errorf("the page does not show %q: %s", one, header)
		}
	}
	if len(shown) != 3 || shown[0] != fmt.Sprint("user_id ", found.UserCount) {
		p.t.Errorf("the page shows %q, the file has %d users", shown, found.UserCount)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(text), "@halden") || len(found.Recipients) != 1 {
		p.t.Errorf("the file is not sealed: %v, to %q", err, found.Recipients)
	}
}

// inspected is what the enterprise sees in a usage file.
func (p *siteOwner) inspected(file string) (found inspectionDocument) {
	p.t.Helper()
	text := p.o.run("inspect", file, "--identity", filepath.Join(p.o.data, "keys", "acme.key"), "--format", "json")
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		p.t.Fatal(err)
	}
	return found
}

// findsUsers: while typing, by filter, and by what somebody is called who would
// rather be a script.
func (p *siteOwner) findsUsers() {
	const script = `<img src=x onerror="document.title='taken'">`
	p.site.write(p.site.report + `2020-03-12T08:00:00Z,99001,"` + strings.ReplaceAll(script, `"`, `""`) + `",evil@halden.example,user,false,192.0.2.2,2,2,1,false,2026-11-01T08:00:00Z,,false` + "\n")
	p.readNow("it counts")
	p.open("/users")
	p.Do(chromedp.SendKeys("#q", "99001"), chromedp.WaitNotPresent(`[data-test=user]:nth-child(2)`), chromedp.WaitVisible(`a[href="/users/99001"]`))
	if shown := p.text("[data-test=user] bdi"); shown != script {
		p.t.Errorf("the login is shown as %q", shown)
	}
	if title := browsertest.Value[string](p.Tab, "document.title"); title == "taken" || browsertest.Value[int](p.Tab, `document.querySelectorAll("main img").length`) != 0 {
		p.t.Error("a login ran as a script")
	}
	p.click(`a[href="/users/99001"]`)
	p.wantAt("/users/99001", "evil@halden.example")
	p.open("/users?show=suspended")
	if first := p.text("[data-test=user]"); !strings.Contains(first, "A suspended user consumes no license") {
		p.t.Errorf("suspended: %s", first)
	}
}

// decides: a report that lost half of its users is discarded, then confirmed.
func (p *siteOwner) decides() {
	before := p.consumed()
	lines := strings.SplitAfter(p.site.report, "\n")
	p.site.write(strings.Join(lines[:len(lines)/3], ""))
	p.readNow("Waits for a decision")
	p.wantAt("/", "half of them or more are gone")
	if now := p.consumed(); now != before {
		p.t.Errorf("%s count before anybody decided, want %s", now, before)
	}
	p.click(`form[action$="/discard"] button`)
	p.wantAt("/?done=discard", "Discarded")
	p.readNow("Waits for a decision")
	p.click(`form[action$="/confirm"] button`)
	p.wantAt("/?done=confirm", "these users count")
	if now := p.consumed(); now == before {
		p.t.Errorf("%s count still", now)
	}
	p.site.write(p.site.report)
	p.readNow("it counts")
}

func (p *siteOwner) consumed() string {
	p.t.Helper()
	p.open("/")
	return p.text("[data-test=consumed]")
}

// exportsThePast: as of the end of a day, and one snapshot of many.
func (p *siteOwner) exportsThePast() {
	p.open("/snapshots")
	p.Do(chromedp.SetValue("#day", "2020-01-01"))
	p.click(`form[action="/export"] button`)
	p.wantAt("/export?day=2020-01-01", "no snapshot yet at the end of 1 Jan 2020")
	p.open("/snapshots")
	p.Do(chromedp.SetValue("#day", time.Now().UTC().Format(time.DateOnly)))
	p.click(`form[action="/export"] button`)
	if shown := p.text("[data-test=snapshot]"); !strings.Contains(shown, "number 4") {
		p.t.Errorf("as of today: %s", shown)
	}
	p.open("/snapshots")
	p.click(`a[href="/export?sequence=1"]`)
	if found := p.inspected(p.Download(chromedp.Click(`form[action="/export"] button`))); !found.Verified || found.Sequence != 1 {
		p.t.Errorf("the first snapshot: %+v", found)
	}
}

// agentPages are what everybody who is signed in can look at.
func agentPages() []string {
	return []string{"/", "/export", "/users", "/users/99", "/snapshots", "/enrolment", "/audit-log"}
}

// emailLike is an address that nobody masked.
var emailLike = regexp.MustCompile(`[A-Za-z0-9.-]{2,}@[a-z.]+example`)

// hasAReader: masks, and nothing that changes anything.
func (p *siteOwner) hasAReader() {
	reader := p.o.stranger(p.t)
	reader.join(p.o.linkIn(p.o.run("agent", "owner", "add", "Rea", "--role", "auditor")))
	for _, path := range agentPages() {
		reader.open(path)
		shown := reader.text("main")
		if strings.Contains(shown, ".example") && emailLike.MatchString(shown) || browsertest.Value[int](reader.Tab, `document.querySelectorAll("main form[method=post]").length`) != 0 {
			reader.t.Errorf("an auditor on %s: %s", path, emailLike.FindString(shown))
		}
	}
	for _, path := range []string{"/collect", "/export", "/seats", "/resume", "/renew", "/enrolment", "/enrolment/apply", "/enrolment/leave", "/readings/1/confirm", "/readings/1/discard"} {
		if status := reader.asks("POST", path); status != 403 {
			reader.t.Errorf("an auditor sends %s: %d", path, status)
		}
	}
	p.o.run("agent", "owner", "remove", "Rea")
	reader.open("/users")
	reader.wantAt("/sign-in?next="+url.QueryEscape("/users"), "Password")
}

// hasStrangers: whoever is not signed in is asked to, and learns nothing; after
// that they are where they wanted to be, here.
func (p *siteOwner) hasStrangers() {
	stranger := p.o.stranger(p.t)
	for _, path := range agentPages() {
		stranger.open(path)
		stranger.wantAt("/sign-in?next="+url.QueryEscape(path), "Password")
	}
	if status := stranger.asks("POST", "/export"); status != 401 {
		p.t.Errorf("a stranger exports: %d", status)
	}
	stranger.open(p.site.link)
	stranger.wantAt(p.site.link, "This link is of no use")
	other := p.elsewhere()
	other.open("/sign-in?next=" + url.QueryEscape("https://evil.example/"))
	other.signIn("Sam", password, other.recovery())
	other.wantAt("/", "User licenses")
}

// isAttacked: forms of other sites, and pages inside of theirs.
func (p *siteOwner) isAttacked() {
	for _, path := range []string{"/export", "/renew", "/enrolment/leave"} {
		p.Do(chromedp.Navigate(elsewhereServer(p.t, `<form method=post action="`+p.o.url+path+`"><input name=confirm value=yes><button>x</button></form>`)),
			chromedp.Click("button"), chromedp.WaitVisible("main#content"))
		if at := p.at(); at != path || p.text("h1") != "Not allowed" {
			p.t.Errorf("a form from elsewhere to %s: %s at %s", path, p.text("h1"), at)
		}
	}
	p.open("/")
	for _, path := range []string{"/", "/export", "/sign-in"} {
		if may := browsertest.Value[string](p.Tab, `fetch("`+path+`").then(r => r.headers.get("x-frame-options") + " " + r.headers.get("content-security-policy"))`); !strings.HasPrefix(may, "deny ") || !strings.Contains(may, "frame-ancestors 'none'") {
			p.t.Errorf("%s may be shown inside of other pages: %s", path, may)
		}
	}
	p.open("/enrolment")
	p.wantAt("/enrolment", "Acme Instruments") // nothing of it happened
}

// speaks: every page in every language, wide and narrow.
func (p *siteOwner) speaks() {
	violations := p.Violations()
	for language, title := range map[string]string{"en": "License", "fr": "Licence", "ja": "ライセンス"} {
		p.Look(language, "light", 390)
		for _, path := range agentPages() {
			p.open(path)
			if h1 := p.text("h1"); h1 == "" || path == "/" && !strings.Contains(h1, title) {
				p.t.Errorf("%s in %s is called %q", path, language, h1)
			}
			p.WantSound(path + " in " + language)
			p.Shoot("real-agent" + strings.ReplaceAll(path, "/", "-") + "-" + language)
		}
	}
	p.Look("en", "light", 1280)
	if got := violations(); len(got) > 0 {
		p.t.Errorf("the policy was violated: %v", got)
	}
}

// looksBack: all of that stands in the audit log.
func (p *siteOwner) looksBack() {
	p.open("/audit-log")
	log := strings.Join(browsertest.Value[[]string](p.Tab, `[...document.querySelectorAll("main table tbody tr")].map(r => r.textContent)`), "\n") // the choices of the filter name every action
	for _, action := range []string{
		"oneseat.source_refuse", "oneseat.source_hold", "oneseat.source_discard", "oneseat.source_confirm", "oneseat.snapshot_take", "oneseat.seats_set",
		"oneseat.enrolment_refuse", "oneseat.enrolment_apply", "oneseat.usage_export",
	} {
		if !strings.Contains(log, action) {
			p.t.Errorf("there is no entry %s", action)
		}
	}
}

func (p *siteOwner) leaves() {
	p.open("/account")
	p.click(`form[action="/sign-out"] button`)
	p.wantAt("/sign-in", "Password")
	p.open("/users")
	p.wantAt("/sign-in?next="+url.QueryEscape("/users"), "Password")
}
