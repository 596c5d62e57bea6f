package i18n_test

import (
	"strings"
	"testing"
)

// TestANameTurnsNoSentence: what is written from right to left stands isolated,
// and what would turn the letters behind it is gone.
func TestANameTurnsNoSentence(t *testing.T) {
	t.Parallel()
	c := mustNew(t, "en")
	for name, test := range map[string]struct{ given, shown string }{
		"latin":                     {"mona", "mona"},
		"accents and kanji":         {"Zoë 森", "Zoë 森"},
		"hebrew":                    {"ליאור", "\u2068ליאור\u2069"},
		"arabic":                    {"ليلى", "\u2068ليلى\u2069"},
		"an override":               {"\u202egnp.exe", "\u2068gnp.exe\u2069"},
		"an isolate that is closed": {"by \u2068ליאור\u2069", "\u2068by \u2068ליאור\u2069\u2069"},
		"one left open":             {"\u2067mona", "\u2068mona\u2069"},
		"one closed too early":      {"mona\u2069\u2067", "\u2068mona\u2069"},
	} {
		want := strings.Replace(c.T("error.unexplained", "Text", "HERE"), "HERE", test.shown, 1)
		if got := c.T("error.unexplained", "Text", test.given); got != want {
			t.Errorf("%s: %+q, want %+q", name, got, want)
		}
	}
}
