package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// WantSound demands that the page asks nobody else for anything, scrolls in one
// direction, has its styles, that no text on it is cut off and nothing leads
// nowhere.
func (b *Tab) WantSound(what string) {
	b.t.Helper()
	if wide := Value[int](b, `document.documentElement.scrollWidth - window.innerWidth`); wide > 0 {
		b.t.Errorf("%s is %d pixels too wide", what, wide)
	}
	if foreign := Value[[]string](b, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin))`); len(foreign) > 0 {
		b.t.Errorf("%s asks for %v", what, foreign)
	}
	if cut := b.CutOff(); len(cut) > 0 {
		b.t.Errorf("%s cuts off %q", what, cut)
	}
	if sheets := Value[int](b, `[...document.styleSheets].filter(s => s.cssRules.length > 10).length`); sheets != 2 {
		b.t.Errorf("%s has %d sheets of styles, want 2", what, sheets)
	}
	if empty := Value[int](b, `[...document.querySelectorAll("a:not([href]), img:not([alt]), button:empty, a:empty")].length`); empty > 0 {
		b.t.Errorf("%s has %d elements that lead nowhere or say nothing", what, empty)
	}
}

// CutOff are the texts that their box hides a part of, which nobody can scroll
// to. What is for screen readers alone is hidden on purpose.
func (b *Tab) CutOff() []string {
	b.t.Helper()
	return Value[[]string](b, `[...document.querySelectorAll("body *")].filter(e => {
		const style = getComputedStyle(e), hides = v => v === "hidden" || v === "clip";
		return e.checkVisibility() && style.clipPath === "none" && !e.closest("svg, .sr-only") && e.textContent.trim() !== "" &&
			(hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1 || hides(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
	}).map(e => e.localName + ": " + e.textContent.trim().slice(0, 60))`)
}

// Violations gathers what pages of this tab do against their own policy, from
// now on; what it gives, gives them.
func (b *Tab) Violations() func() []string {
	b.t.Helper()
	b.Do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			document.addEventListener("securitypolicyviolation", (e) => {
				const all = JSON.parse(localStorage.getItem("violations") || "[]");
				localStorage.setItem("violations", JSON.stringify([...all, location.pathname + " " + e.violatedDirective + " " + e.blockedURI]));
			});`})
		return chromedp.Void{}, err
	})
	return func() []string { return Value[[]string](b, `JSON.parse(localStorage.getItem("violations") || "[]")`) }
}

// WantAccessible demands that there are no Barriers.
func (b *Tab) WantAccessible(what string) {
	b.t.Helper()
	b.wantNone(what, b.Barriers())
}

// WantContrast demands that there are no Barriers by those rules of axe-core
// that look at colours. They are all that another scheme of colours can break.
func (b *Tab) WantContrast(what string) {
	b.t.Helper()
	b.wantNone(what, b.barriers(`resultTypes: ["violations"], runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}`))
}

func (b *Tab) wantNone(what string, barriers []string) {
	b.t.Helper()
	if len(barriers) > 0 {
		b.t.Errorf("%s:\n  %s", what, strings.Join(barriers, "\n  "))
	}
}

// Barriers are what axe-core finds in the page, by all its rules of WCAG to
// level AA and its best practices: the rule, the element, and what is wrong.
func (b *Tab) Barriers() []string {
	b.t.Helper()
	return b.barriers(`resultTypes: ["violations"]`)
}

func (b *Tab) barriers(options string) []string {
	b.t.Helper()
	if !Value[bool](b, `"axe" in window`) {
		Value[bool](b, b.axe()+"; true")
	}
	return Value[[]string](b, `axe.run(document, {`+options+`}).then(r => r.violations.flatMap(v => v.nodes.map(n =>
		v.id + ": " + n.target.join(" ") + ": " + [...n.any, ...n.all, ...n.none].map(c => c.message).join("; "))))`)
}

// axe is the script of npm's axe-core.
func (b *Tab) axe() string {
	b.t.Helper()
	_, here, _, _ := runtime.Caller(0)
	directory := filepath.Join(filepath.Dir(here), "testdata", "axe")
	script, err := os.ReadFile(filepath.Join(directory, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		missing(b.t, "ONESEAT_REQUIRE_NODE", "npm's packages are not installed: run npm ci in "+directory)
	}
	return string(script)
}

// WantEverywhere demands that the page is sound and accessible, light and dark,
// wide and narrow. Its pictures are kept by Shoot.
//
// Axe-core takes a third of a second for a look at a page, most of the time of
// such a test, so each of its rules runs where it can find something else:
// those of colours in every look, all others wide and narrow, in light.
func (b *Tab) WantEverywhere(what string) {
	b.t.Helper()
	for _, width := range []int64{1280, 390} {
		b.WantAccessible(b.wantSoundIn(what, "light", width))
		b.WantContrast(b.wantSoundIn(what, "dark", width))
	}
}

// WantRoom is for a page that was looked at everywhere in another language. What
// differs is how long words are: it has to be sound, wide and narrow.
func (b *Tab) WantRoom(what string) {
	b.t.Helper()
	for _, width := range []int64{1280, 390} {
		b.wantSoundIn(what, "light", width)
	}
}

// wantSoundIn demands that the page is sound in a scheme and a width, and gives
// what it is called there.
func (b *Tab) wantSoundIn(what, scheme string, width int64) string {
	b.t.Helper()
	b.Appear(scheme, width)
	name := fmt.Sprintf("%s-%s-%d", what, scheme, width)
	b.WantSound(name)
	b.Shoot(name)
	return name
}
