package main

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/demo"
)

// TestPeopleAtWork is what the people of an enterprise do on its pages, with the
// real program and a real browser, each in their own way: an owner with a mouse,
// one with the keys alone, in French, and one whose browser runs no scripts, in
// Japanese; and what those meet who may not.
func TestPeopleAtWork(t *testing.T) { //nolint:tparallel // the parts build on each other
	t.Parallel()
	c := newCompany(t)
	mona := c.stranger(t)
	mona.join(c.link)
	for _, part := range []struct {
		name string
		run  func(*hands)
	}{
		{"the cloud side", loadCloudSide},
		{"main path with a mouse, in English", mouseInEnglish},
		{"main path with keys alone, in French", keysInFrench},
		{"main path without scripts, in Japanese", noScriptsInJapanese},
		{"what is refused leaves the last good state", refusedFiles},
		{"back to an earlier list, and forward", undoes},
		{"an instance goes, and comes back", removes},
		{"people are looked for", searches},
		{"a person", looksAtPeople},
		{"lists to work through", worksThroughLists},
		{"the report", downloads},
		{"on paper", prints},
		{"what waits", waits},
		{"settings: licenses", buysLicenses},
		{"settings: roles", givesRoles},
		{"settings: tokens", makesTokens},
		{"settings: keys", turnsKeys},
		{"settings: one person", forgetsSomebody},
		{"settings: cloud side, instances", changesCounting},
		{"settings: sign-in", enforcesSignIn},
		{"settings: audit log", readsTheLog},
		{"whoever may not", mayNot},
		{"pictures", pictures},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(c.mouse(mona.in(t))) }) && part.name == "the cloud side" {
			return
		}
	}
}

// loadCloudSide: previewed, discarded, previewed again, applied.
func loadCloudSide(mona *hands) {
	at := halden + "/settings/cloud"
	load := func() {
		mona.open(at)
		mona.choose("#cloud", mona.c.cloud)
		mona.follow(`form[action$="/settings/cloud"] [type=submit]`)
	}
	load()
	then := mona.number("[data-test=then]")
	mona.onlyText()
	mona.follow("[data-test=discard]")
	mona.shows("[data-test=apply]", 0)
	mona.open(halden + "/licensing")
	mona.shows("[data-test=consumed]", 0)
	load()
	mona.follow("[data-test=apply]")
	mona.hasApplied()
	mona.consumed(then)
	mona.open(at)
	mona.shows("[data-test=loaded]", 1)
}

// mainPath is the way from an instance's usage file to the people whom it adds:
// from the licenses, by one usage file, to somebody whom it concerns.
func (h *hands) mainPath(file, fingerprint, somebody string) {
	h.t.Helper()
	h.wants("h1", "ui.licensing.title")
	h.follow(`main a[href$="/usage"]`)
	h.wants("h1", "ui.usage.add")
	h.choose("#usage", file)
	h.follow(`form[action$="/usage"] [type=submit]`)
	if fingerprint != "" {
		h.wants("#confirm", "ui.confirm.title")
		h.write("#fingerprint", fingerprint)
		h.follow(`form[action$="/confirm"] [type=submit]`)
	}
	h.wants("#preview", "ui.preview.title")
	then := h.number("[data-test=then]")
	h.follow("[data-test=apply]")
	h.hasApplied()
	h.follow(".flash-success a")
	h.consumed(then)
	h.wants("h1", "ui.licensing.title")
	h.follow(`.site-tabs a[href$="/people"]`)
	h.wants("h1", "ui.nav.people")
	h.write("#q", somebody)
	h.found()
	h.follow("[data-test=person] a")
	h.shows("[data-test=server-account]", 1)
	h.wants("#servers", "ui.person.servers")
	h.follow(`nav a[href$="/counted-more-than-once"]`)
	h.wants("h1", "work.title")
	h.WantSound(h.says.Language())
}

// found waits until a search that was typed found one person.
func (h *hands) found() {
	h.t.Helper()
	if h.many(".scripts") == 0 {
		h.follow(`form[role=search] [type=submit]`)
	}
	h.Do(chromedp.WaitVisible(`[data-test=person]:only-child`))
}

func mouseInEnglish(mona *hands) {
	mona.open(halden + "/licensing")
	mona.mainPath(mona.c.main, mona.c.fingerprints[demo.Main], "amara.diallo@halden.example")
}

// keysInFrench signs in, skips what stands before the page, and goes the main
// path.
func keysInFrench(mona *hands) {
	h := mona.c.keyboard(mona.elsewhere()).speaking("fr")
	h.open("/sign-in")
	h.write("#login", "Mona")
	h.write("#password", password)
	h.write("#code", h.code())
	h.follow(`form[action="/sign-in"] [type=submit]`)
	h.TabTo(".skip-link")
	h.Press("\r")
	if at := browsertest.Value[string](h.Tab, "document.activeElement.id"); at != "content" {
		h.t.Errorf("the skip link leads to %q", at)
	}
	h.mainPath(mona.c.acquired, mona.c.fingerprints[demo.Acquired], "dana.whitlock@lumen.example")
}

func noScriptsInJapanese(mona *hands) {
	p := mona.elsewhere()
	p.Without()
	h := mona.c.mouse(p).speaking("ja")
	h.open("/sign-in")
	h.signIn("Mona", password, h.code())
	h.shows(".scripts", 0)
	h.mainPath(mona.c.lessMain, "", "dana.whitlock@lumen.example")
	h.Do(chromedp.SetValue("#language", "fr"))
	h.follow(".site-language button")
	h.speaking("fr").wants("h1", "work.title")
}

// add brings a usage file, in the place of one that waits.
func (h *hands) add(file string) {
	h.t.Helper()
	h.open(halden + "/usage")
	if h.many("[name=supersede]") > 0 {
		h.Do(chromedp.Click("[name=supersede]"))
	}
	h.choose("#usage", file)
	h.follow(`form[action$="/usage"] [type=submit]`)
}

// refusedFiles: each is refused with a sentence, and the total stays.
func refusedFiles(mona *hands) {
	c := mona.c
	mona.open(halden + "/licensing")
	before := mona.number("[data-test=consumed]")
	whole, err := os.ReadFile(c.main)
	if err != nil {
		mona.t.Fatal(err)
	}
	for name, content := range map[string]string{
		evil + ".json": "this is no usage file", "cut.json": string(whole[:len(whole)/2]), "changed.json": strings.Replace(string(whole), demo.Main, "git.else.example", 1),
		"empty.json": "",
	} {
		mona.add(c.keep(name, []byte(content)))
		mona.refusal()
		mona.onlyText()
	}
	mona.open(halden + "/settings/cloud")
	mona.choose("#cloud", c.keep("no-cloud.json", []byte(`{"format":"oneseat-cloud-list/1"`)))
	mona.follow(`form[action$="/settings/cloud"] [type=submit]`)
	mona.refusal()
	mona.shows("[data-test=loaded]", 1)
	mona.consumed(before)
}

// instance opens the page of an instance.
func (h *hands) instance(host string) {
	h.t.Helper()
	h.open(halden + "/instances")
	h.leads(func() { h.Do(chromedp.Click(`//main//a[contains(., "` + host + `")]`)) })
}

// goBack previews the first list of those that are shown and do not count.
func (h *hands) goBack(reason string) {
	h.t.Helper()
	h.Do(chromedp.Click(`details:has(form[action$="/undo"]) summary`), chromedp.WaitVisible(`form[action$="/undo"] [name=reason]`))
	h.write(`form[action$="/undo"] [name=reason]`, reason)
	h.follow(`form[action$="/undo"] [type=submit]`)
}

// undoes: what was there before the last list is previewed, discarded, previewed
// again and applied, with a reason; and then the last list again.
func undoes(mona *hands) {
	preview := func() int {
		mona.instance(demo.Main)
		mona.goBack(evil)
		mona.onlyText()
		return mona.number("[data-test=then]")
	}
	mona.open(halden + "/licensing")
	less := mona.number("[data-test=consumed]")
	more := preview()
	if more <= less {
		mona.t.Errorf("going back leads from %d to %d", less, more)
	}
	mona.follow("[data-test=discard]")
	mona.consumed(less)
	preview()
	mona.follow("[data-test=apply]")
	mona.consumed(more)
}

// removes: an instance is removed, with a reason and a preview, and comes back:
// from where it was removed, and once more by its own file, as one that nobody
// knows.
func removes(mona *hands) {
	mona.open(halden + "/licensing")
	with := mona.number("[data-test=consumed]")
	remove := func() {
		mona.instance(demo.Acquired)
		mona.write("#reason", evil)
		mona.follow(`form[action$="/remove"] [type=submit]`)
		without := mona.number("[data-test=then]")
		mona.follow("[data-test=apply]")
		mona.onlyText()
		removal := mona.at()
		if mona.consumed(without); without >= with {
			mona.t.Errorf("removing leads from %d to %d", with, without)
		}
		mona.open(removal)
	}
	remove()
	mona.goBack("bought again")
	mona.follow("[data-test=apply]")
	mona.consumed(with)
	remove()
	mona.add(mona.c.acquired)
	mona.write("#fingerprint", "0000 0000 0000 0000")
	mona.follow(`form[action$="/confirm"] [type=submit]`)
	mona.refusal()
	mona.write("#fingerprint", mona.c.fingerprints[demo.Acquired])
	mona.follow(`form[action$="/confirm"] [type=submit]`)
	mona.follow("[data-test=apply]")
	mona.consumed(with)
}

// pictures are of every page, for people to look at.
func pictures(mona *hands) {
	if browsertest.Pictures() == "" {
		mona.t.Skip("ONESEAT_SCREENSHOTS names no directory to keep pictures in")
	}
	for _, language := range []string{"en", "fr", "ja"} {
		mona.speaking(language)
		for name, path := range mona.everyPage() {
			mona.open(path)
			mona.ShootEverywhere("demo-" + name + "-" + language)
		}
	}
}
