package i18n_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/licensing"
)

func mustNew(t *testing.T, lang string) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewFallsBackToEnglish(t *testing.T) {
	t.Parallel()
	want := mustNew(t, "en").T("error.unexplained", "Text", "x")
	for _, lang := range []string{"", "C.UTF-8", "en-GB", "xx", "not a tag!", "tlh;q=0.9, en;q=0.1"} {
		if got := mustNew(t, lang).T("error.unexplained", "Text", "x"); got != want {
			t.Errorf("New(%q): got %q, want %q", lang, got, want)
		}
	}
}

func TestMissingKeyIsShown(t *testing.T) {
	t.Parallel()
	if got := mustNew(t, "en").T("no.such.key", "Count", 2); got != "no.such.key" {
		t.Errorf("got %q", got)
	}
}

func TestNumberGroupsThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := mustNew(t, "en").Number(n); got != want {
			t.Errorf("Number(%d): got %q, want %q", n, got, want)
		}
	}
}

func TestErrorShowsTheOutermostSentence(t *testing.T) {
	t.Parallel()
	c := mustNew(t, "en")
	inner := errs.New(errs.Invalid, "error.unexplained", "Text", "inner")
	outer := errs.Wrap(errs.Conflict, inner, "error.unexplained", "Text", "outer")
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"no sentence", io.ErrUnexpectedEOF, "unexpected EOF"},
		{"own", inner, "inner"},
		{"wrapped by fmt", fmt.Errorf("read the file: %w", outer), "outer"},
		{"joined", errors.Join(io.EOF, inner), "inner"},
		{
			"an error as argument is its sentence",
			errs.New(errs.Invalid, "error.unexplained", "Text", inner),
			c.T("error.unexplained", "Text", "inner"),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got, want := c.Error(test.err), c.T("error.unexplained", "Text", test.want); got != want {
				t.Errorf("\n got %q\nwant %q", got, want)
			}
		})
	}
}

func TestSentencesMaskAddresses(t *testing.T) {
	t.Parallel()
	got := mustNew(t, "en").T("error.unexplained", "Text", licensing.NewEmail("mona.secret@acme.example"))
	if strings.Contains(got, "secret") || !strings.Contains(got, "m…@acme.example") {
		t.Errorf("got %q", got)
	}
}

// TestAnArgumentStaysWithinItsSentence, whatever ends lines where.
func TestAnArgumentStaysWithinItsSentence(t *testing.T) {
	t.Parallel()
	got := mustNew(t, "en").T("client.refused", "Sentence", "a\r\nb\nc\u2028d\u0085e\vf")
	if got != "a  b c d e f" {
		t.Errorf("got %q", got)
	}
}

func TestCatalogueIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	c := mustNew(t, "en")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for n := range 100 {
				if c.Number(n*1000) == "" || c.T("error.unexplained", "Text", n) == "" {
					t.Error("empty text")
				}
			}
		})
	}
	wg.Wait()
}

func TestLanguagesAndPlurals(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"en/a.json": {Data: []byte(`{"a.people": {"one": "{{.Count}} person", "other": "{{number .Count}} people"}, "a.only": "only English"}`)},
		"en/b.json": {Data: []byte(`{"b.plain": "{{.Count}} in one form"}`)},
		"fr/a.json": {Data: []byte(`{"a.people": {"one": "{{.Count}} personne", "other": "{{number .Count}} personnes"}}`)},
	}
	tests := []struct {
		lang, key string
		count     int
		want      string
	}{
		{"en", "a.people", 1, "1 person"},
		{"en", "a.people", 0, "0 people"},
		{"en", "a.people", 12345, "12,345 people"},
		{"en", "b.plain", 1, "1 in one form"},
		{"fr-CA", "a.people", 0, "0 personne"},
		{"fr, en;q=0.5", "a.people", 12345, "12\u00a0345 personnes"},
		{"fr", "a.only", 1, "only English"},
		{"ja", "a.people", 2, "2 people"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s %s %d", test.lang, test.key, test.count), func(t *testing.T) {
			t.Parallel()
			c, err := i18n.NewFrom(files, test.lang)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.T(test.key, "Count", test.count); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestBrokenFilesAreNamed(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"en/broken.json":    `{"a.b": "text"`,
		"en/mixed.json":     `{"a.b": {"one": "x", "unknown": "y"}}`,
		"not_tag_/a.json":   `{}`,
		"zz-zzzzz-9/a.json": `{}`,
	} {
		_, err := i18n.NewFrom(fstest.MapFS{name: {Data: []byte(text)}}, "en")
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, want an error that names the file", name, err)
		}
	}
}

// TestADayIsWrittenAsTheLanguageDoes: refusals are kept with a day as 2026-11-20.
func TestADayIsWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{"en": "on 20 Nov 2026.", "fr": "le 20 nov. 2026.", "ja": "2026年11月20日"} {
		c, err := i18n.New(language)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.T("connect.revoked", "Date", "2026-11-20"); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q in it", language, got, want)
		}
		if got := c.T("connect.revoked", "Date", "some day"); !strings.Contains(got, "some day") {
			t.Errorf("%s: what is no day is lost: %q", language, got)
		}
	}
}
