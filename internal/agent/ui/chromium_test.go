package ui_test

import (
	"maps"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestPagesInChromium looks at every page and every story: in English light and
// dark, wide and narrow, in other languages wide and narrow.
func TestPagesInChromium(t *testing.T) {
	t.Parallel()
	k := newKit(t, nil)
	k.seed()
	k.enrol()
	if a := k.as(signin.RoleOwner).post("/export", "note", "CHG-4711"); a.status != 200 {
		t.Fatalf("export: %d", a.status)
	}
	k.standing = signin.RoleOwner
	pages := map[string]string{
		"license": "/", "export": "/export", "snapshots": "/snapshots", "users": "/users", "user": "/users/1", "enrolment": "/enrolment",
		"audit-log": "/audit-log", "help": "/help/sync-license-usage",
	}
	maps.Copy(pages, k.everyStory())
	browser := browsertest.Start(t)
	for _, language := range []string{"en", "fr", "ja"} {
		b := browser.Another()
		violations := b.Violations()
		b.Look(language, "light", 1280)
		for name, path := range pages {
			b.Open(k.url + path)
			if language == "en" {
				b.WantEverywhere("agent-" + name)
			} else {
				b.WantRoom("agent-" + name + "-" + language)
			}
		}
		if got := violations(); len(got) > 0 {
			t.Errorf("the policy was violated: %v", got)
		}
	}
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
