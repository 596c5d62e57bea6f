package ui_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/signin"
)

// tab is a real browser on the pages of a kit.
type tab struct {
	*browsertest.Tab
	*kit
}

// mustTab starts a browser, for an owner.
func mustTab(k *kit) *tab {
	k.t.Helper()
	k.standing = signin.RoleOwner
	return &tab{browsertest.Start(k.t), k}
}

// another is a further tab of the same browser.
func (b *tab) another() *tab {
	b.t.Helper()
	return &tab{b.Another(), b.kit}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.Open(b.url + path)
}

// TestPagesInChromium looks at every page and every story: in English light and
// dark, wide and narrow, in other languages wide and narrow.
func TestPagesInChromium(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		pages := k.everyPage()
		maps.Copy(pages, k.everyStory())
		browser := mustTab(k)
		for _, language := range []string{"en", "fr", "ja"} {
			b := browser.another()
			violations := b.Violations()
			b.Look(language, "light", 1280)
			for name, path := range pages {
				b.open(path)
				if language == "en" {
					b.WantEverywhere(name + "-en")
					continue
				}
				b.WantRoom(name + "-" + language)
				if !strings.HasPrefix(path, "/dev/") {
					b.WantAccessible(name + "-" + language)
				}
			}
			if got := violations(); len(got) > 0 {
				t.Errorf("the policy was violated: %v", got)
			}
		}
	})
}

// TestPictures makes those of every page and story in every language, light and
// dark, wide and narrow, for people to look at.
func TestPictures(t *testing.T) {
	t.Parallel()
	if browsertest.Pictures() == "" {
		t.Skip("ONESEAT_SCREENSHOTS names no directory to keep pictures in")
	}
	each(t, func(k *kit) {
		k.seed()
		pages := k.everyPage()
		maps.Copy(pages, k.everyStory())
		for name, path := range pages {
			pages[name] = k.url + path
		}
		mustTab(k).ShootPages(pages, "en", "fr", "ja")
	})
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
		"help": "/help/troubleshooting", "licensing": at + "/licensing", "changes": at + "/licensing/changes/1", "instances": at + "/instances", "instance": first("/instances", "[data-test=instance] a"),
		"usage": at + "/usage", "uploads": at + "/uploads", "held": held, "preview": preview,
		"purchased": at + "/settings/licenses",
		"worklist":  at + "/counted-more-than-once", "worklist-members": at + "/counted-more-than-once?list=members",
		"worklist-fixed": at + "/counted-more-than-once?list=fixed",
		"people":         at + "/people", "person": first("/people?deployment=both", "[data-test=person] a"),
		"person-alone":   first("/people?deployment=server", "[data-test=person] a") + "?near_misses=1",
		"settings-cloud": in("cloud"), "settings-instances": in("instances"), "settings-keys": in("keys"), "settings-roles": in("roles"),
		"settings-tokens": in("tokens"), "settings-retention": in("retention"), "settings-sign-in": in("sign-in"), "settings-audit-log": in("audit-log"),
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
		b.Look("en", "light", 1280)
		git := newAgent(1, "git.acme.example")
		b.open("/enterprises/acme/licensing")
		b.Do(chromedp.Click(`a[href$="/usage"]`), chromedp.WaitVisible(`label.drop`))
		b.drop("usage.json", []byte("this is no usage file"))
		b.Do(chromedp.WaitVisible(`[data-test=refusal]`))
		b.drop("usage.json", k.export(git, people{"1": "bruno.kessler@acme.example", "2": "new@acme.example"}))
		b.Do(
			chromedp.WaitVisible(`[data-test=fingerprint]`), chromedp.SendKeys(`#fingerprint`, git.fingerprint()),
			chromedp.Click(`form[action$=confirm] button`), chromedp.WaitVisible(`[data-test=apply]`),
		)
		if got, err := chromedp.Run(b.Context, chromedp.Text(`[data-test=delta]`)); err != nil || got != "+1" {
			t.Errorf("the preview says %q, %v", got, err)
		}
		b.Do(chromedp.Click(`[data-test=apply]`), chromedp.WaitVisible(`.flash-success`))
		k.recount()
		b.open("/enterprises/acme/licensing")
		if got := browsertest.Value[string](b.Tab, `document.querySelector("[data-test=instance]").textContent`); !strings.Contains(got, "git.acme.example") {
			t.Errorf("the instance is not listed: %q", got)
		}
	})
}

// drop drops a file on the first zone and sends its form.
func (b *tab) drop(name string, file []byte) {
	b.t.Helper()
	browsertest.Value[bool](b.Tab, fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%q), c => c.charCodeAt(0));
		const data = new DataTransfer();
		data.items.add(new File([bytes], %q, {type: "application/json"}));
		document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
		return document.querySelector("[data-drop].drop-chosen") !== null;
	})()`, base64.StdEncoding.EncodeToString(file), name))
	b.Do(chromedp.WaitVisible(`.drop-chosen`), chromedp.Click(`form[data-progress] button[type=submit]`))
}

// TestPeopleAreSearchedInChromium: typing is enough.
func TestPeopleAreSearchedInChromium(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.seed()
		b := mustTab(k)
		b.Look("en", "light", 1280)
		b.open("/enterprises/acme/people")
		b.Do(chromedp.SendKeys(`#q`, "no-such-person"), chromedp.WaitVisible(`#people .blankslate`))
		// A search of the first letters may have come first.
		browsertest.Value[bool](b.Tab, `new Promise(so => { const look = () => location.search.includes("q=no-such-person&") ? so(true) : setTimeout(look, 50); look() })`)
	})
}
