package help_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/help"
)

// TestEveryPageIsWholeInEveryLanguage: no key stands where a text should, every
// section has an anchor and stands in the table of contents, and every link
// leads somewhere.
func TestEveryPageIsWholeInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, role := range sides() {
		s := mustServe(t, role, nil)
		for _, language := range languages(t) {
			pages := s.pages(language)
			for path, doc := range pages {
				if text := doc.Find("body").Text(); strings.Contains(text, "pagehelp.") || strings.Contains(text, "**") {
					t.Errorf("%s %s %s shows a key or a mark:\n%s", role, language, path, text)
				}
				if got := doc.Find("html").AttrOr("lang", ""); got != language {
					t.Errorf("%s in %s is in %q", path, language, got)
				}
				if doc.Find("nav.side a[aria-current]").Length() != min(1, len(path)-len("/help")) {
					t.Errorf("%s is not where the navigation says", path)
				}
				wantLinks(t, pages, path)
			}
		}
	}
}

// wantLinks demands that the links of a page lead to pages and sections of help,
// and that its contents are its sections.
func wantLinks(t *testing.T, pages map[string]*goquery.Document, path string) {
	t.Helper()
	pages[path].Find("main a, nav.side a").Each(func(_ int, a *goquery.Selection) {
		to, section, _ := strings.Cut(a.AttrOr("href", ""), "#")
		if to == "" {
			to = path
		}
		doc, ok := pages[to]
		if !ok || section != "" && doc.Find(`section[id="`+section+`"]`).Length() != 1 {
			t.Errorf("%s leads to %s#%s, which is not there", path, to, section)
		}
	})
	contents := pages[path].Find("[data-test=contents] a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
	sections := pages[path].Find("section").Map(func(_ int, s *goquery.Selection) string { return "#" + s.AttrOr("id", "") })
	if !slices.Equal(contents, sections) {
		t.Errorf("%s: contents %v, sections %v", path, contents, sections)
	}
}

// TestEveryTextIsShown, on one side or the other.
func TestEveryTextIsShown(t *testing.T) {
	t.Parallel()
	shown := ""
	for _, role := range sides() {
		for _, doc := range mustServe(t, role, nil).pages("en") {
			shown += words(doc.Find("main").Text()) + "\n"
		}
	}
	for key, text := range texts(t, "en") {
		if key == "pagehelp.anchor" || key == "pagehelp.none" {
			continue
		}
		if !strings.Contains(shown, words(unmarked(text))) {
			t.Errorf("%s stands on no page: %s", key, text)
		}
	}
}

// TestMarksAreTheSameInEveryLanguage: what is typed and where links lead.
func TestMarksAreTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	fixed := regexp.MustCompile("`[^`]+`|\\]\\([^)]+\\)")
	english := texts(t, "en")
	for _, language := range languages(t)[1:] {
		other := texts(t, language)
		for key, text := range english {
			want, got := fixed.FindAllString(text, -1), fixed.FindAllString(other[key], -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s in %s has %v, want %v", key, language, got, want)
			}
			if got, want := strings.Count(other[key], "**"), strings.Count(text, "**"); got != want {
				t.Errorf("%s in %s has %d marks of labels, want %d", key, language, got, want)
			}
		}
	}
}

// TestEveryKeyOfACloudListIsExplained: the example is that of
// docs/cloud-list.md, and whatever that names a key is named here.
func TestEveryKeyOfACloudListIsExplained(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/cloud-list.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(doc), "```json\n")
	example, tables, _ := strings.Cut(example, "\n```")
	rows := regexp.MustCompile("(?m)^\\| (`[^|]+`) \\|").FindAllStringSubmatch(tables, -1)
	for _, language := range languages(t) {
		all := texts(t, language)
		if all["pagehelp.cloud-side.keys.file1"] != example || len(rows) < 30 {
			t.Errorf("the example in %s is not that of docs/cloud-list.md, which has %d keys", language, len(rows))
		}
		said := ""
		for key, text := range all {
			if strings.HasPrefix(key, "pagehelp.cloud-side.") {
				said += text
			}
		}
		for _, row := range rows {
			for key := range strings.SplitSeq(row[1], ", ") {
				if !strings.Contains(said, key) {
					t.Errorf("%s is not explained in %s", key, language)
				}
			}
		}
	}
}

// texts are those of help in a language, by key.
func texts(t *testing.T, language string) map[string]string {
	t.Helper()
	file, err := os.ReadFile("../i18n/" + language + "/pagehelp.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	if err := json.Unmarshal(file, &all); err != nil || len(all) == 0 {
		t.Fatalf("%d texts, %v", len(all), err)
	}
	return all
}

func words(text string) string { return strings.Join(strings.Fields(text), " ") }

func unmarked(text string) string {
	text = regexp.MustCompile(`\[([^\]]+)\]\([^)]+\)`).ReplaceAllString(text, "$1")
	return strings.NewReplacer("**", "", "`", "").Replace(text)
}

// TestPlacesAreLinkedForThoseWhoHaveThem and are names for everybody else.
func TestPlacesAreLinkedForThoseWhoHaveThem(t *testing.T) {
	t.Parallel()
	path := help.Path(help.SyncLicenseUsage, "")
	alone, _ := mustServe(t, help.Cloud, nil).get(path, "en")
	signedIn, _ := mustServe(t, help.Cloud, map[help.Place]string{help.PlaceUsage: "/enterprises/acme/usage"}).get(path, "en")
	const link = `main a[href="/enterprises/acme/usage"]`
	if alone.Find(link).Length() != 0 || signedIn.Find(link).Text() != "Add server usage" {
		t.Errorf("alone %d, signed in %q", alone.Find(link).Length(), signedIn.Find(link).Text())
	}
	if !strings.Contains(alone.Find("#manually").Text(), "press Add server usage.") {
		t.Errorf("the name is gone: %s", alone.Find("#manually").Text())
	}
}

// TestEachSideReadsItsOwn steps.
func TestEachSideReadsItsOwn(t *testing.T) {
	t.Parallel()
	for role, want := range map[help.Role]string{help.Cloud: "press Apply", help.Server: "press Export license usage"} {
		doc, _ := mustServe(t, role, nil).get(help.Path(help.SyncLicenseUsage, "manually"), "en")
		if text := words(doc.Find("section#manually ol").Text()); !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("%s reads %q", role, text)
		}
	}
}

func TestAnUnknownTopicIsNotThere(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/help/nothing", "/help/<script>", "/help/about-licenses/x", "/help/"} {
		if _, status := mustServe(t, help.Cloud, nil).get(path, "en"); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}
