package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/i18n"
)

// halden is where the pages of the demo's enterprise begin.
const halden = "/enterprises/" + demo.Slug

// evil is a text that must stay one, wherever it is typed and shown.
const evil = `<img src=x onerror="window.taken=1">`

// company is the demo's enterprise, whose files are brought to a hub by hand.
type company struct {
	*office

	cloud, main, lessMain, acquired, unknown string // files
	fingerprints                             map[string]string
	waiting                                  []string // paths of uploads that somebody has to decide about
}

// newCompany writes the files that its people bring: cloud lists and sealed
// usage files.
func newCompany(t *testing.T) *company {
	t.Helper()
	c := &company{office: newOffice(t, demo.Slug, demo.Name), fingerprints: map[string]string{}}
	files, err := demo.Make(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c.cloud = c.keep("cloud.json", bytes.Replace(files.CloudList, []byte("Inés Barroso"), []byte(strings.ReplaceAll(evil, `"`, `\"`)), 1))
	report := files.Reports[demo.Main]
	c.main = c.export(demo.Main, "main-1.json", report)
	c.lessMain = c.export(demo.Main, "main-2.json", report[:bytes.LastIndexByte(report[:len(report)/2], '\n')+1])
	c.acquired = c.export(demo.Acquired, "acquired.json", files.Reports[demo.Acquired])
	c.unknown = c.export("unknown.halden.example", "unknown.json", []byte("id,email\n1,nobody@halden.example\n"))
	return c
}

// keep writes a file that somebody has.
func (c *company) keep(name string, content []byte) string {
	c.t.Helper()
	path := filepath.Join(filepath.Dir(c.data), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		c.t.Fatal(err)
	}
	return path
}

// export makes the usage file of an instance from its report.
func (c *company) export(host, name string, report []byte) string {
	c.t.Helper()
	state, output := filepath.Join(filepath.Dir(c.data), host), filepath.Join(filepath.Dir(c.data), name)
	if c.fingerprints[host] == "" {
		c.fingerprints[host] = fingerprint.FindString(c.run("keys", "instance", "--state", state))
	}
	c.run("export", "--state", state, "--source", c.keep(host+".csv", report), "--host-name", host, "--recipient", c.sealTo, "--output", output)
	return output
}

// hands are how somebody works on pages, in a language.
type hands struct {
	*person

	c      *company
	says   *i18n.Catalogue
	follow func(selector string) // what leads to another page
	write  func(selector, text string)
	choose func(selector, path string)
}

// mouse is a person whose hands are on mouse and keys.
func (c *company) mouse(p *person) *hands {
	h := &hands{person: p, c: c, follow: p.click, choose: func(selector, path string) { p.Choose(selector, path) }}
	h.write = func(selector, text string) {
		p.t.Helper()
		p.Do(chromedp.WaitVisible(selector))
		browsertest.Value[string](p.Tab, "document.querySelector(`"+selector+"`).value = ``")
		p.Do(chromedp.SendKeys(selector, text))
	}
	return h.speaking("en")
}

// keyboard is a person who has no mouse.
func (c *company) keyboard(p *person) *hands {
	h := c.mouse(p)
	h.follow = func(selector string) { p.t.Helper(); p.TabTo(selector); p.leads(func() { p.Press("\r") }) }
	h.write = func(selector, text string) { p.t.Helper(); p.TabTo(selector); p.Press(text) }
	h.choose = func(selector, path string) { p.t.Helper(); p.TabTo(selector); p.ChooseByKey(path) }
	return h
}

// speaking is the same person in another language.
func (h *hands) speaking(language string) *hands {
	h.t.Helper()
	says, err := i18n.New(language)
	if err != nil {
		h.t.Fatal(err)
	}
	h.says = says
	h.Look(language, "light", 1280)
	return h
}

// wants demands that the page speaks the person's language and says a sentence
// in an element.
func (h *hands) wants(selector, key string, args ...any) {
	h.t.Helper()
	language := browsertest.Value[string](h.Tab, `document.documentElement.lang`)
	if want, got := h.says.T(key, args...), h.text(selector); language != h.says.Language() || !strings.Contains(got, want) {
		h.t.Errorf("%s, %s in %s says %q, want %q", h.at(), selector, language, got, want)
	}
}

// hasApplied demands that an upload's page says that it was applied, with the
// recount still to come or done already.
func (h *hands) hasApplied() {
	h.t.Helper()
	said := h.text(".flash-success")
	if !strings.Contains(said, h.says.T("ui.upload.applied")) && !strings.Contains(said, h.says.T("ui.upload.counted")) {
		h.t.Errorf("%s says %q of what was applied", h.at(), said)
	}
}

// shows demands that there are so many elements.
func (p *person) shows(selector string, want int) {
	p.t.Helper()
	if got := p.many(selector); got != want {
		p.t.Errorf("%s shows %s %d times, want %d: %s", p.at(), selector, got, want, p.text("main"))
	}
}

func (p *person) many(selector string) int {
	p.t.Helper()
	return browsertest.Value[int](p.Tab, "document.querySelectorAll(`"+selector+"`).length")
}

// number is the one that an element shows.
func (p *person) number(selector string) int {
	p.t.Helper()
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, p.text(selector))
	n, err := strconv.Atoi(digits)
	if err != nil {
		p.t.Fatalf("%s: %s shows no number: %q", p.at(), selector, p.text(selector))
	}
	return n
}

// download clicks on what makes the browser keep a file: its name and content.
func (p *person) download(selector string) (name string, content []byte) {
	p.t.Helper()
	path := p.Download(chromedp.Click(selector))
	content, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	return filepath.Base(path), content
}

// consumed opens the licenses until they show a total: the recount follows what
// was applied, in a moment.
func (p *person) consumed(want int) {
	p.t.Helper()
	for end := time.Now().Add(patient); ; {
		p.open(halden + "/licensing")
		if p.many("[data-test=consumed]") > 0 && p.number("[data-test=consumed]") == want {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("the total is not %d: %s", want, p.text("main"))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// refusal demands that a form was refused with a sentence.
func (p *person) refusal() {
	p.t.Helper()
	if strings.TrimSpace(p.text("[data-test=refusal], .flash-error")) == "" {
		p.t.Errorf("%s was not refused: %s", p.at(), p.text("main"))
	}
}

// onlyText demands that nothing that somebody typed became more than text.
func (p *person) onlyText() {
	p.t.Helper()
	if p.many("[onerror], main img") != 0 || browsertest.Value[bool](p.Tab, `"taken" in window`) {
		p.t.Errorf("%s runs what somebody typed", p.at())
	}
}
