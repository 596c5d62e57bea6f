package site_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/entry"
)

// TestSignInPagesInChromium looks at every state of the pages where people come
// in, in every language.
func TestSignInPagesInChromium(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	listed, err := goquery.NewDocumentFromReader(strings.NewReader(k.ask(http.MethodGet, "/dev/pages", "").text))
	must(t, err)
	browser := browsertest.Start(t)
	for _, language := range []string{"en", "fr", "ja"} {
		b := browser.Another()
		violations := b.Violations()
		b.Look(language, "light", 1280)
		for _, story := range entry.Stories() {
			path := "/dev/pages/" + story.Name
			if listed.Find(`a[href="`+path+`"]`).Length() != 1 {
				t.Errorf("%s is not in the storybook", story.Name)
			}
			b.Open(k.URL + path)
			if language == "en" {
				b.WantEverywhere(story.Name + "-en")
			} else {
				b.WantRoom(story.Name + "-" + language)
			}
		}
		if got := violations(); len(got) > 0 {
			t.Errorf("the policy was violated: %v", got)
		}
	}
}
