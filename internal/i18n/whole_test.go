package i18n_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/oneseat/oneseat/internal/i18n"
)

var update = flag.Bool("update", false, "mend the spaces of French texts")

// englishOnly are the areas that no page shows, and why each is in English.
func englishOnly() map[string]string {
	return map[string]string{
		"agentcommands": "tables and sentences of the agent's commands, with their help and settings",
		"api":           "answers of the APIs, which are for programs and their authors",
		"backup":        "what backup and restore say on the hub's machine",
		"calls":         "how the command line is called wrongly",
		"client":        "what commands say of a hub that they cannot reach",
		"commands":      "tables and sentences of commands",
		"demo":          "what the demo says in a terminal",
		"help":          "--help",
		"place":         "directories and files of the hub's machine",
		"settings":      "settings of the hub's machine",
	}
}

// areas gives the texts of a language by area and key.
func areas(t *testing.T, tag string) map[string]map[string]json.RawMessage {
	t.Helper()
	names, err := filepath.Glob(tag + "/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files of %s (%v)", tag, err)
	}
	all := map[string]map[string]json.RawMessage{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = mustMembers(t, name, text)
	}
	return all
}

// others are the languages beside English.
func others(t *testing.T) []string {
	t.Helper()
	all, err := i18n.Languages()
	if err != nil || len(all) < 3 {
		t.Fatalf("%d languages, %v", len(all), err)
	}
	var tags []string
	for _, c := range all[1:] {
		tags = append(tags, c.Language())
	}
	return tags
}

// TestEveryLanguageHasEverySentenceOfPages: the same keys, the same arguments,
// and the plural forms that the language has.
func TestEveryLanguageHasEverySentenceOfPages(t *testing.T) {
	t.Parallel()
	english := areas(t, "en")
	for area, why := range englishOnly() {
		if len(english[area]) == 0 || why == "" {
			t.Errorf("%s is listed as English alone, and is not there or has no reason", area)
		}
	}
	for _, tag := range others(t) {
		own := map[string]json.RawMessage{}
		for _, texts := range areas(t, tag) {
			maps.Copy(own, texts)
		}
		for area, texts := range english {
			if englishOnly()[area] != "" {
				continue
			}
			for key, text := range texts {
				wantSame(t, tag, key, text, own[key])
				delete(own, key)
			}
		}
		for key := range own {
			t.Errorf("%s has %s, which no page shows", tag, key)
		}
	}
}

// wantSame holds a translation against its English text.
func wantSame(t *testing.T, tag, key string, english, own json.RawMessage) {
	t.Helper()
	if own == nil {
		t.Errorf("%s lacks %s: %s", tag, key, english)
		return
	}
	want, got := names(english), names(own)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %s shows %v, in English %v", tag, key, got, want)
	}
	needed := categories(language.MustParse(tag))
	forms := slices.Sorted(maps.Keys(formsOf(own)))
	if len(formsOf(english)) > 1 && !slices.Equal(forms, needed) {
		t.Errorf("%s: %s has the forms %v, and the language %v", tag, key, forms, needed)
	}
	for form, text := range formsOf(own) {
		if !slices.Contains(needed, form) || strings.TrimSpace(text) == "" {
			t.Errorf("%s: %s: the form %s is empty, or not one of the language", tag, key, form)
		}
	}
}

// names are the arguments of all forms of a text, each once.
func names(text json.RawMessage) []string {
	all := regexp.MustCompile(`\.([A-Z][A-Za-z0-9]*)`)
	var found []string
	for _, action := range regexp.MustCompile(`\{\{[^}]*\}\}`).FindAllString(string(text), -1) {
		for _, m := range all.FindAllStringSubmatch(action, -1) {
			if m[1] != "Count" { // a form may leave it out
				found = append(found, m[1])
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// formsOf are the plural forms of a text; a text without any is "other".
func formsOf(text json.RawMessage) map[string]string {
	forms := map[string]string{}
	if json.Unmarshal(text, &forms) == nil {
		return forms
	}
	var other string
	_ = json.Unmarshal(text, &other) // another test demands one of the two
	return map[string]string{"other": other}
}

// categories are the plural forms that whole numbers of a language have. The one
// of millions, as in "un million de", is of numbers in words: pages write digits.
func categories(tag language.Tag) []string {
	words := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
	found := map[string]bool{"other": true}
	for n := range 1000 {
		found[words[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// TestBigNumbersStayInTheLanguage: millions have a form of their own in some,
// which falls back to the one of other numbers and not to English.
func TestBigNumbersStayInTheLanguage(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 999, 1_000_000, 2_000_000, 1_000_000_000} {
		for tag, word := range map[string]string{"en": "minute", "fr": "il y a", "ja": "分前"} {
			if got := mustNew(t, tag).T("page.minutes_ago", "Count", n); !strings.Contains(got, word) {
				t.Errorf("%d in %s: %q", n, tag, got)
			}
		}
	}
}

// TestALanguageIsOneFile: one more file is one more language, with every
// sentence; nothing else knows which languages there are.
func TestALanguageIsOneFile(t *testing.T) {
	t.Parallel()
	files, all := fstest.MapFS{}, map[string]string{}
	for _, tag := range append(others(t), "en") {
		for area, texts := range areas(t, tag) {
			text, err := json.Marshal(texts)
			if err != nil {
				t.Fatal(err)
			}
			files[tag+"/"+area+".json"] = &fstest.MapFile{Data: text}
			for key := range texts {
				all[key] = "Auf Deutsch: " + key
			}
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	files["de/all.json"] = &fstest.MapFile{Data: text}
	german, err := i18n.NewFrom(files, "de, en;q=0.5")
	if err != nil || german.Language() != "de" || german.Number(12345) != "12.345" {
		t.Fatalf("no German: %v", err)
	}
	for key, want := range all {
		if got := german.T(key, "Count", 1); got != want {
			t.Fatalf("%s: got %q", key, got)
		}
	}
	for _, tag := range append(others(t), "de") {
		if mustScan(t).literals[tag] {
			t.Errorf("a source names the language %q: what differs between languages stands in the catalogue", tag)
		}
	}
}

// TestFrenchSpacesDoNotBreak: before : ; ? ! % and », and behind «. With -update
// the files are mended.
func TestFrenchSpacesDoNotBreak(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("fr/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files (%v)", err)
	}
	breaks := regexp.MustCompile(` ([:;?!%»])|« `)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !breaks.Match(text) {
			continue
		}
		if !*update {
			t.Errorf("%s: %q: a line may break there; go test ./internal/i18n -update mends it", name, breaks.Find(text))
			continue
		}
		mended := breaks.ReplaceAllStringFunc(string(text), func(s string) string { return strings.Replace(s, " ", "\u00a0", 1) })
		if err := os.WriteFile(name, []byte(mended), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
