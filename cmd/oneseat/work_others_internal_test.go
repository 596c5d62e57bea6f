package main

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/signin"
)

// waits leaves what somebody has to decide about: a preview, and an instance
// that nobody knows.
func waits(mona *hands) {
	for _, file := range []string{mona.c.lessMain, mona.c.unknown} {
		mona.add(file)
		mona.shows("[data-test=discard]", 1)
		mona.c.waiting = append(mona.c.waiting, mona.at())
	}
}

// everyPage gives a path for each page, by name.
func (h *hands) everyPage() map[string]string {
	h.t.Helper()
	pages := map[string]string{"preview": h.c.waiting[0], "held": h.c.waiting[1]}
	first := func(path, selector string) string {
		h.open(halden + path)
		return browsertest.Value[string](h.Tab, "document.querySelector(`"+selector+"`).pathname")
	}
	pages["instance"] = first("/instances", "[data-test=instance] a")
	pages["person"] = first("/people?q=tosman-halden", "[data-test=person] a")
	pages["alone"] = first("/people?q=dana.whitlock@lumen.example", "[data-test=person] a")
	for _, name := range []string{
		"licensing", "instances", "usage", "uploads", "people", "counted-more-than-once", "settings/cloud", "settings/instances", "settings/keys",
		"settings/licenses", "settings/roles", "settings/tokens", "settings/retention", "settings/sign-in", "settings/audit-log",
	} {
		pages[strings.ReplaceAll(name, "/", "-")] = halden + "/" + name
	}
	return pages
}

// marking is the form of a line of a list to work through, of which there is one
// for each person.
var marking = regexp.MustCompile(`^(.*/counted-more-than-once/[^/]+)/[^/]+$`)

// mayNot: what owners have before them, each form on each page, is neither shown
// to others nor done for them. Of a list's lines the first stands for all.
func mayNot(mona *hands) {
	pages := mona.everyPage()
	deeds, lists := map[string]bool{}, map[string]bool{}
	for _, path := range pages {
		mona.open(path)
		mona.onlyText()
		mona.WantSound(path)
		for _, action := range browsertest.Value[[]string](mona.Tab, `[...document.querySelectorAll("main form[method=post]")].map(f => f.getAttribute("action"))`) {
			if line := marking.FindStringSubmatch(action); line != nil && lists[line[1]] {
				continue
			} else if line != nil {
				lists[line[1]] = true
			}
			deeds[action] = true
		}
	}
	if len(deeds) < 25 {
		mona.t.Errorf("owners have only %d forms: %v", len(deeds), deeds)
	}
	all := &everything{mona, pages, slices.Sorted(maps.Keys(deeds))}
	for _, role := range []signin.Role{signin.RoleBillingManager, signin.RoleAuditor} {
		mona.t.Run(string(role), func(t *testing.T) { all.reads(t, role) })
	}
	mona.t.Run("stranger", all.isStrange)
	mona.t.Run("attacker", all.attacks)
	for _, name := range []string{"preview", "held"} {
		mona.open(pages[name])
		mona.shows(`[data-test=discard]`, 1)
	}
}

// everything is what an owner sees and can do.
type everything struct {
	mona  *hands
	pages map[string]string
	deeds []string
}

// attempt is what a request got, as the page at hand makes it.
type attempt struct {
	Path   string
	Status int
	Landed string // path, after redirects
	Forms  int    // that change something
	Links  []string
	Text   string
}

func (a *attempt) String() string { return fmt.Sprintf("%s: %d at %s", a.Path, a.Status, a.Landed) }

// ask tries paths, some in one go: a page has a minute to answer.
func (p *person) ask(method string, paths []string) []attempt {
	p.t.Helper()
	var all []attempt
	for some := range slices.Chunk(paths, 10) {
		all = append(all, p.askSome(method, some)...)
	}
	return all
}

func (p *person) askSome(method string, paths []string) []attempt {
	p.t.Helper()
	list := "[`" + strings.Join(paths, "`,`") + "`]"
	return browsertest.Value[[]attempt](p.Tab, `(async () => {
		const all = [];
		for (const path of `+list+`) {
			const r = await fetch(path, {method: "`+method+`", body: "`+method+`" === "POST" ? new URLSearchParams({confirm: "yes", reason: "mischief"}) : undefined});
			const page = new DOMParser().parseFromString(await r.text(), "text/html");
			all.push({Path: path, Status: r.status, Landed: new URL(r.url).pathname, Text: page.body.textContent,
				Forms: page.querySelectorAll("main form[method=post]").length, Links: [...page.links].map(a => a.getAttribute("href"))});
		}
		return all;
	})()`)
}

// whole is an address that nobody masked.
var whole = regexp.MustCompile(`[\w.+-]+@[\w.-]+\.example`)

// reads: the pages are there without forms and with masks, but for those that are
// for others; and nothing can be done.
func (e *everything) reads(t *testing.T, role signin.Role) {
	t.Helper()
	c := e.mona.c
	reader := c.stranger(t)
	reader.join(c.linkIn(c.run("hub", "owner", "add", "reads as "+string(role), "--role", string(role))))
	hidden := []string{halden + "/usage"}
	if role == signin.RoleBillingManager {
		hidden = append(hidden, halden+"/settings/tokens", halden+"/settings/sign-in", halden+"/settings/audit-log")
	}
	reader.open(halden + "/licensing")
	for _, page := range reader.ask(http.MethodGet, slices.Sorted(maps.Values(e.pages))) {
		if refused := page.Status != http.StatusOK; refused != slices.Contains(hidden, page.Path) {
			t.Errorf("%s answers with %d", page.Path, page.Status)
		}
		if page.Forms != 0 {
			t.Errorf("%s has %d forms", page.Path, page.Forms)
		}
		if leak := whole.FindString(page.Text); leak != "" {
			t.Errorf("%s shows %s", page.Path, leak)
		}
		for _, path := range hidden {
			if slices.Contains(page.Links, path) {
				t.Errorf("%s leads to %s", page.Path, path)
			}
		}
	}
	for _, got := range reader.ask("POST", e.deeds) {
		if got.Status != http.StatusForbidden {
			t.Error(&got)
		}
	}
	reader.open(halden + "/licensing")
	if _, report := reader.download(`a[href$="/consumed_licenses.csv"]`); whole.Match(report) {
		t.Errorf("the report shows %s", whole.Find(report))
	}
}

// isStrange: whoever is not signed in gets to where one does, and no further.
func (e *everything) isStrange(t *testing.T) {
	nobody := e.mona.c.stranger(t)
	nobody.open("/sign-in")
	for _, got := range nobody.ask("GET", slices.Sorted(maps.Values(e.pages))) {
		if got.Landed != "/sign-in" {
			t.Error(&got)
		}
	}
	for _, got := range nobody.ask("POST", e.deeds) {
		if got.Landed != "/sign-in" && got.Status != http.StatusUnauthorized {
			t.Error(&got)
		}
	}
}

// attacks: an owner of another enterprise, and a site that Mona visits.
func (e *everything) attacks(t *testing.T) {
	c := e.mona.c
	c.run("hub", "init", "--enterprise", "globex", "--name", "Globex")
	eve := c.stranger(t)
	eve.join(c.linkIn(c.run("hub", "owner", "add", "Eve", "--enterprise", "globex")))
	eve.open("/enterprises/globex/licensing")
	for method, paths := range map[string][]string{http.MethodGet: slices.Sorted(maps.Values(e.pages)), http.MethodPost: e.deeds} {
		for _, got := range eve.ask(method, paths) {
			if got.Status != http.StatusNotFound {
				t.Errorf("%s %s", method, &got)
			}
		}
	}
	mona := e.mona.in(t)
	for _, path := range e.deeds {
		if !strings.HasSuffix(path, "/apply") && !strings.HasSuffix(path, "/rotate") && !strings.HasSuffix(path, "/roles") {
			continue
		}
		mona.Do(chromedp.Navigate(elsewhereServer(t, fmt.Sprintf(`<form method=post action="%s"><input name=confirm value=yes><button>x</button></form>`, c.url+path))),
			chromedp.Click("button"), chromedp.WaitVisible("main#content"))
		if at := mona.at(); at != path || mona.many(".blankslate h1") != 1 {
			t.Errorf("a form from elsewhere to %s: %s at %s", path, mona.text("h1"), at)
		}
	}
	mona.Do(chromedp.Navigate(elsewhereServer(t, `<iframe src="`+c.url+halden+`/licensing"></iframe>`)), chromedp.WaitReady("iframe"))
	for _, frame := range mona.Frames() {
		if strings.HasPrefix(frame, c.url) {
			t.Errorf("another site shows %s inside of its own page", frame)
		}
	}
	browsertest.Value[bool](mona.Tab, "Promise.allSettled([`"+c.url+strings.Join(e.deeds, "`,`"+c.url)+"`].map(a => fetch(a, {method: `POST`, mode: `no-cors`, credentials: `include`, body: new URLSearchParams({confirm: `yes`})}))).then(() => true)")
	mona.open(halden + "/licensing")
	for _, back := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`} {
		browsertest.Value[bool](mona.Tab, "document.querySelector(`.site-language [name=back]`).value = String.raw`"+back+"`, true")
		mona.leads(func() { mona.Do(chromedp.SetValue("#language", "en")) }) // the page submits it
		if at := mona.at(); !strings.HasPrefix(at, halden) {
			t.Errorf("choosing a language leads to %s", at)
		}
	}
}
