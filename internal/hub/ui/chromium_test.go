package ui_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/signin"
)

// patience is how long a test waits for a browser on a busy machine.
const patience = 4 * time.Minute

// tab is a real browser on the pages of a kit.
type tab struct {
	*kit

	ctx context.Context //nolint:containedctx // what chromedp calls a tab
}

// mustTab starts Chromium. Where there is none the test is skipped; with
// CI=true or ONESEAT_REQUIRE_CHROMIUM=1 it fails.
func mustTab(k *kit) *tab {
	k.t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("ONESEAT_REQUIRE_CHROMIUM") == "1" {
			k.t.Fatal("no chromium here: install Debian's package chromium")
		}
		k.t.Skip("no chromium here: install Debian's package chromium")
	}
	ctx, stop := context.WithTimeout(k.t.Context(), patience)
	k.t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true), chromedp.UserDataDir(k.t.TempDir()),
	))
	k.t.Cleanup(end)
	k.standing = signin.RoleOwner
	return &tab{k, ctx}
}

// another is a further tab of the same browser.
func (b *tab) another() *tab {
	b.t.Helper()
	b.do() // the browser is there
	ctx, end := chromedp.NewContext(b.ctx)
	b.t.Cleanup(end)
	return &tab{b.kit, ctx}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// look sets what the browser says of its reader.
func (b *tab) look(language, scheme string, width int64) {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
		return chromedp.Void{}, err
	})
	b.appear(scheme, width)
}

// appear sets how wide the page is, and whether the system likes it dark.
func (b *tab) appear(scheme string, width int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900), func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
			},
		})
		return chromedp.Void{}, err
	})
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url+path), chromedp.WaitVisible("main#content"))
}

func value[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// shoot keeps a picture of the whole page in ONESEAT_SCREENSHOTS, for people to
// look at.
func (b *tab) shoot(name string) {
	b.t.Helper()
	directory := os.Getenv("ONESEAT_SCREENSHOTS")
	if directory == "" {
		return
	}
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, name+".png"), shot, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// wantSound: the page asks nobody else for anything, scrolls in one direction,
// and breaks no rule of its own policy.
func (b *tab) wantSound(what string) {
	b.t.Helper()
	if wide := value[int](b, `document.documentElement.scrollWidth - window.innerWidth`); wide > 0 {
		b.t.Errorf("%s is %d pixels too wide", what, wide)
	}
	if foreign := value[[]string](b, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin))`); len(foreign) > 0 {
		b.t.Errorf("%s asks for %v", what, foreign)
	}
	if bare := value[int](b, `[...document.styleSheets].filter(s => s.cssRules.length > 10).length`); bare != 2 {
		b.t.Errorf("%s has %d sheets of styles, want 2", what, bare)
	}
	if missing := value[int](b, `[...document.querySelectorAll("a:not([href]), img:not([alt]), button:empty, a:empty")].length`); missing > 0 {
		b.t.Errorf("%s has %d elements that lead nowhere or say nothing", what, missing)
	}
}

// TestPagesInChromium looks at every page in every language, light and dark,
// wide and narrow.
func TestPagesInChromium(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		pages := k.everyPage()
		maps.Copy(pages, k.everyStory())
		browser := mustTab(k)
		for _, language := range []string{"en", "fr", "ja"} {
			b := browser.another()
			violations := b.violations()
			b.look(language, "light", 1280)
			for name, path := range pages {
				if language != "en" && strings.HasPrefix(path, "/dev/") {
					continue
				}
				b.open(path)
				b.wantEverywhere(name + "-" + language)
			}
			if got := violations(); len(got) > 0 {
				t.Errorf("the policy was violated: %v", got)
			}
		}
	})
}

// wantEverywhere: the page is sound, light and dark, wide and narrow.
func (b *tab) wantEverywhere(what string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 390} {
			b.appear(scheme, width)
			b.wantSound(fmt.Sprintf("%s %s %d", what, scheme, width))
			b.shoot(fmt.Sprintf("%s-%s-%d", what, scheme, width))
		}
	}
}

// violations gathers what pages did against their own policy.
func (b *tab) violations() func() []string {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
			document.addEventListener("securitypolicyviolation", (e) => {
				const all = JSON.parse(localStorage.getItem("violations") || "[]");
				localStorage.setItem("violations", JSON.stringify([...all, location.pathname + " " + e.violatedDirective + " " + e.blockedURI]));
			});`})
		return chromedp.Void{}, err
	})
	return func() []string { return value[[]string](b, `JSON.parse(localStorage.getItem("violations") || "[]")`) }
}

// everyPage gives a path for each page, by name.
func (k *kit) everyPage() map[string]string {
	k.t.Helper()
	owner, at := k.as(signin.RoleOwner), "/enterprises/acme"
	first := func(page, selector string) string {
		path, ok := owner.mustGet(at + page).Find(selector).First().Attr("href")
		if !ok {
			k.t.Fatalf("no %s on %s", selector, page)
		}
		return path
	}
	held := owner.add("usage.json", k.export(newAgent(3, "ghes-3.acme.example"), people{"7": "new@acme.example"})).location
	preview := owner.add("all_users.csv", []byte("id,login,email,suspended?\n1,bruno,bruno.kessler@acme.example,false\n2,eva,eva@acme.example,false\n"),
		"kind", "report", "host", "ghes-2.acme.example").location
	return map[string]string{
		"licensing": at + "/licensing", "instances": at + "/instances", "instance": first("/instances", "[data-test=instance] a"),
		"usage": at + "/usage", "uploads": at + "/uploads", "held": held, "preview": preview,
		"people": at + "/people", "person": first("/people?deployment=both", "[data-test=person] a"),
		"person-alone": first("/people?deployment=server", "[data-test=person] a") + "?near_misses=1",
	}
}

// everyStory gives a path for each page of the storybook, by name.
func (k *kit) everyStory() map[string]string {
	k.t.Helper()
	paths := map[string]string{}
	k.as(signin.RoleOwner).mustGet("/dev/pages").Find("[data-test=stories] a").Each(func(_ int, link *goquery.Selection) {
		paths["story-"+link.Text()] = link.AttrOr("href", "")
	})
	return paths
}

// TestUsageIsDroppedInChromium: a file is dropped, looked at and applied by
// hand and mouse.
func TestUsageIsDroppedInChromium(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.load(examples + "cloud.json")
		b := mustTab(k)
		b.look("en", "light", 1280)
		git := newAgent(1, "git.acme.example")
		b.open("/enterprises/acme/licensing")
		b.do(chromedp.Click(`a[href$="/usage"]`), chromedp.WaitVisible(`label.drop`))
		b.drop("usage.json", []byte("this is no usage file"))
		b.do(chromedp.WaitVisible(`[data-test=refusal]`))
		b.drop("usage.json", k.export(git, people{"1": "bruno.kessler@acme.example", "2": "new@acme.example"}))
		b.do(
			chromedp.WaitVisible(`[data-test=fingerprint]`), chromedp.SendKeys(`#fingerprint`, git.fingerprint()),
			chromedp.Click(`form[action$=confirm] button`), chromedp.WaitVisible(`[data-test=apply]`),
		)
		if got, err := chromedp.Run(b.ctx, chromedp.Text(`[data-test=delta]`)); err != nil || got != "+1" {
			t.Errorf("the preview says %q, %v", got, err)
		}
		b.do(chromedp.Click(`[data-test=apply]`), chromedp.WaitVisible(`.flash-success`))
		k.recount()
		b.open("/enterprises/acme/licensing")
		if got := value[string](b, `document.querySelector("[data-test=instance]").textContent`); !strings.Contains(got, "git.acme.example") {
			t.Errorf("the instance is not listed: %q", got)
		}
	})
}

// drop drops a file on the first zone and sends its form.
func (b *tab) drop(name string, file []byte) {
	b.t.Helper()
	value[bool](b, fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%q), c => c.charCodeAt(0));
		const data = new DataTransfer();
		data.items.add(new File([bytes], %q, {type: "application/json"}));
		document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
		return document.querySelector("[data-drop].drop-chosen") !== null;
	})()`, base64.StdEncoding.EncodeToString(file), name))
	b.do(chromedp.WaitVisible(`.drop-chosen`), chromedp.Click(`form[data-progress] button[type=submit]`))
}

// TestPeopleAreSearchedInChromium: typing is enough.
func TestPeopleAreSearchedInChromium(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		b := mustTab(k)
		b.look("en", "light", 1280)
		b.open("/enterprises/acme/people")
		b.do(chromedp.SendKeys(`#q`, "no-such-person"), chromedp.WaitVisible(`#people .blankslate`))
		if got := value[string](b, `location.search`); !strings.Contains(got, "q=no-such-person") {
			t.Errorf("the address does not say what was searched: %q", got)
		}
	})
}
