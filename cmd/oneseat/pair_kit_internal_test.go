package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/faulttest"
)

// acme is where the pages of the enterprise of README's commands begin.
const acme = "/enterprises/acme"

// pair is a hub and an agent as somebody has them who typed the commands of README
// and of docs/agent.md, and nothing else: both on one machine, and nobody came in.
type pair struct {
	t         *testing.T
	hub, site *office
	wire      *faulttest.Proxy // before the hub, whose address stays when it is started again
	serving   *running         // the hub
	source    string           // file
	report    []byte           // that is there at first
}

// newPair makes both and starts them.
func newPair(t *testing.T) *pair {
	t.Helper()
	files, err := demo.Make(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	pr := &pair{t: t, wire: faulttest.Start(t, ""), source: filepath.Join(dir, "all_users.csv"), report: files.Reports[demo.Main]}
	pr.write(pr.report)
	browser := browsertest.Start(t)
	pr.hub = &office{t: t, data: filepath.Join(dir, "hub"), browser: browser, url: "http://" + pr.wire.Address()}
	pr.hub.link = pr.hub.linkIn(pr.hub.run("hub", "init", "--enterprise", "acme"))
	pr.startHub()
	pr.site = &office{t: t, data: pr.hub.data, browser: browser, env: []string{"ONESEAT_AGENT_DATA=" + filepath.Join(dir, "agent")}}
	settings := []string{"--host-name", demo.Main, "--source", pr.source}
	pr.site.link = pr.site.linkIn(pr.site.run(append([]string{"agent", "init"}, settings...)...))
	pr.site.url = pr.site.serve(pr.site.command(append([]string{"agent", "--listen", "127.0.0.1:0"}, settings...)...)).String()
	return pr
}

// startHub starts the hub, again perhaps; stopHub ends it.
func (pr *pair) startHub() {
	pr.t.Helper()
	r, at := launch(pr.t, pr.hub.command("hub", "--listen", "127.0.0.1:0"))
	pr.t.Cleanup(func() { _ = r.end(os.Interrupt) }) // it may have ended
	pr.serving = r
	pr.wire.Lead(at)
}

func (pr *pair) stopHub() {
	pr.t.Helper()
	if err := pr.serving.end(os.Interrupt); err != nil {
		pr.t.Fatal(err)
	}
}

// write puts a report in the place of the source.
func (pr *pair) write(report []byte) {
	pr.t.Helper()
	next := pr.source + ".next"
	if err := os.WriteFile(next, report, 0o600); err != nil {
		pr.t.Fatal(err)
	}
	if err := os.Rename(next, pr.source); err != nil {
		pr.t.Fatal(err)
	}
}

// without is the report without its last lines.
func (pr *pair) without(lines int) []byte {
	all := bytes.SplitAfter(pr.report, []byte("\n"))
	return bytes.Join(all[:len(all)-1-lines], nil)
}

// both are the owners of both sides: one person at one browser, with a tab for
// each.
type both struct {
	*pair

	t         *testing.T
	mona, sam *hands
}

// come makes them; they come in later.
func (pr *pair) come(t *testing.T) *both {
	t.Helper()
	mona := pr.hub.stranger(t)
	return &both{pr, t, handsOf(mona), handsOf(&person{mona.Another(), &belongings{}, pr.site, t})}
}

// in are both in a subtest, which keeps pictures of what they see when it fails.
func (b *both) in(t *testing.T) *both {
	t.Helper()
	now := &both{b.pair, t, handsOf(b.mona.in(t)), handsOf(b.sam.in(t))}
	t.Cleanup(func() {
		if t.Failed() {
			now.sam.Shoot("pair-failed-agent")
			now.mona.Shoot("pair-failed-hub")
		}
	})
	return now
}

// handsOf are those of somebody who has a mouse and speaks English.
func handsOf(p *person) *hands { return (&company{office: p.o}).mouse(p) }

// keysOf are those of somebody who has no mouse.
func keysOf(p *person, language string) *hands {
	return (&company{office: p.o}).keyboard(p).speaking(language)
}

// silent is the same person in a tab that runs no scripts.
func (h *hands) silent(language string) *hands {
	h.t.Helper()
	p := &person{h.Another(), h.belongings, h.o, h.t}
	p.Without()
	return handsOf(p).speaking(language)
}

// comes opens a page again and again until an element of it says a sentence.
func (h *hands) comes(path, selector, key string, args ...any) {
	h.t.Helper()
	want := h.says.T(key, args...)
	h.until(path, selector+" with "+want, func() bool { return strings.Contains(h.text(selector), want) })
}

// until opens a page again and again until something is true of it.
func (h *hands) until(path, what string, is func() bool) {
	h.t.Helper()
	for end := time.Now().Add(patient); ; time.Sleep(time.Second) {
		h.open(path)
		if is() {
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("%s never has %s: %s", path, what, h.text("main"))
		}
	}
}

// tick clicks on what leads nowhere.
func (h *hands) tick(selector string) {
	h.t.Helper()
	h.Do(chromedp.Click(selector))
}

// seen demands of the page at hand that everybody can use it, and keeps a picture.
func (h *hands) seen(name string) {
	h.t.Helper()
	h.WantSound(name)
	h.WantAccessible(name)
	h.Shoot("pair-" + name)
}

// instance opens the page of the instance, the only one there is.
func (b *both) instance() string {
	b.t.Helper()
	b.mona.open(acme + "/instances")
	b.mona.follow("[data-test=instance] a")
	return b.mona.at()
}

// asks enables Connect on the agent, and gives the code that it shows.
func (b *both) asks() string {
	b.t.Helper()
	b.sam.open("/connect")
	b.sam.write("#hub", b.hub.url)
	b.sam.follow(`form[action="/connect"] [type=submit]`)
	return b.code()
}

// code is the one that the agent's page shows. That page loads itself anew: what
// else is wanted of it is taken at once.
func (b *both) code() string {
	b.t.Helper()
	b.sam.wants("[data-test=pairing]", "pageconnect.type")
	code := b.sam.text("[data-test=code]")
	if len(code) != len("BCDF-GHJK") {
		b.t.Fatalf("the code is %q: %s", code, b.sam.text("main"))
	}
	return code
}

// types gives a code to the hub.
func (b *both) types(code string) {
	b.t.Helper()
	b.mona.open(acme + "/connect")
	b.mona.write("#code", code)
	b.mona.follow(`form[action$="/connect"] [type=submit]`)
}

// pairs is the way from an agent that is not connected to one that is.
func (b *both) pairs() {
	b.t.Helper()
	b.types(b.asks())
	b.mona.wants("h1", "pagehubconnect.approve.title", "Host", demo.Main)
	b.mona.wants("[data-test=approving]", "pagehubconnect.approve.then")
	b.mona.follow("[data-test=approve]")
	b.mona.wants("[data-test=done]", "pagesettings.done.agent_approved")
	b.sam.comes("/connect", "[data-test=connected] h2", "pageconnect.connected")
}

// syncs presses Sync now on the agent, and waits for what comes of it.
func (b *both) syncs(outcome string) {
	b.t.Helper()
	b.sam.open("/")
	before := b.sam.many("[data-test=run]")
	b.sam.follow(`form[action="/sync"] [type=submit]`)
	want := b.sam.says.T(outcome)
	b.sam.until("/", want, func() bool {
		return b.sam.many("[data-test=run]") > before && strings.Contains(b.sam.text("[data-test=run] .Label"), want)
	})
}

// totals waits until the hub's total is the number of licenses that the agent's
// page says, and gives it.
func (b *both) totals() int {
	b.t.Helper()
	b.sam.open("/")
	want := b.sam.number("[data-test=consumed]")
	b.mona.until(acme+"/licensing", b.sam.text("[data-test=consumed]"), func() bool {
		return b.mona.many("[data-test=consumed]") > 0 && b.mona.number("[data-test=consumed]") == want
	})
	return want
}
