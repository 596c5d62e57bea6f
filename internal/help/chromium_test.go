package help_test

import (
	"path"
	"testing"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/help"
)

// TestHelpInChromium looks at every page in every language; at the longest of
// each kind light and dark, wide and narrow.
func TestHelpInChromium(t *testing.T) {
	t.Parallel()
	s := mustServe(t, help.Cloud, map[help.Place]string{help.PlaceUsage: "/", help.PlacePeople: "/", help.PlaceLicensing: "/"})
	browser := browsertest.Start(t)
	for _, language := range languages(t) {
		b := browser.Another()
		violations := b.Violations()
		b.Look(language, "light", 1280)
		for at := range s.pages(language) {
			name := "help-" + path.Base(at) + "-" + language
			b.Open(s.url + at)
			if at == "/help" || at == help.Path(help.MatchingRules, "") {
				b.WantEverywhere(name)
				continue
			}
			b.Appear("dark", 390)
			b.WantSound(name)
			b.Shoot(name)
		}
		if got := violations(); len(got) > 0 {
			t.Errorf("the policy was violated: %v", got)
		}
	}
}
