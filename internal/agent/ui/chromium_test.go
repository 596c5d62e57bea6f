package ui_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestPagesInChromium looks at every page and every story: in English light and
// dark, wide and narrow, in other languages wide and narrow.
func TestPagesInChromium(t *testing.T) {
	t.Parallel()
	pages := everyPage(t)
	browser := browsertest.Start(t)
	for _, language := range []string{"en", "fr", "ja"} {
		b := browser.Another()
		violations := b.Violations()
		b.Look(language, "light", 1280)
		for name, address := range pages {
			b.Open(address)
			if language == "en" {
				b.WantEverywhere(name + "-en")
			} else {
				b.WantRoom(name + "-" + language)
			}
			if got := violations(); len(got) > 0 {
				t.Errorf("%s: the policy was violated: %v", name, got)
			}
		}
	}
}

// TestPictures makes those of every page and story in every language, light and
// dark, wide and narrow, for people to look at.
func TestPictures(t *testing.T) {
	t.Parallel()
	if browsertest.Pictures() == "" {
		t.Skip("ONESEAT_SCREENSHOTS names no directory to keep pictures in")
	}
	browsertest.Start(t).ShootPages(everyPage(t), "en", "fr", "ja")
}

// everyPage gives the address of each page and story, by name: of an agent that
// exported a usage file, and of one that was begun a moment ago.
func everyPage(t *testing.T) map[string]string {
	t.Helper()
	k := newKit(t, nil)
	k.seed()
	k.enrol()
	if a := k.as(signin.RoleOwner).post("/export", "note", "CHG-4711"); a.status != 200 {
		t.Fatalf("export: %d", a.status)
	}
	k.standing = signin.RoleOwner
	fresh := newKit(t, nil)
	fresh.standing = signin.RoleOwner
	pages := map[string]string{}
	for name, path := range map[string]string{
		"license": "/", "export": "/export", "snapshots": "/snapshots", "users": "/users", "user": "/users/1", "enrolment": "/enrolment",
		"connect": "/connect", "audit-log": "/audit-log", "help": "/help/sync-license-usage",
	} {
		pages["agent-"+name] = k.url + path
		if name != "user" && name != "help" {
			pages["agent-fresh-"+name] = fresh.url + path
		}
	}
	for name, path := range k.everyStory() {
		pages["agent-"+name] = k.url + path
	}
	return pages
}

// everyStory gives a path for each page of the storybook, by name.
func (k *kit) everyStory() map[string]string {
	k.t.Helper()
	paths := map[string]string{}
	k.as(signin.RoleOwner).get("/dev/pages").Find("[data-test=stories] a").Each(func(_ int, link *goquery.Selection) {
		paths["story-"+link.Text()] = link.AttrOr("href", "")
	})
	if len(paths) == 0 {
		k.t.Fatal("no stories")
	}
	return paths
}
