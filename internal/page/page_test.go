package page_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

func mustLook(t *testing.T) *page.Look {
	t.Helper()
	look, err := page.New(at)
	if err != nil {
		t.Fatal(err)
	}
	return look
}

func TestFilesAreKeptForEverAndCompressed(t *testing.T) {
	t.Parallel()
	look := mustLook(t)
	var document strings.Builder
	frame := look.Frame(httptest.NewRequest(http.MethodGet, "/", nil))
	if err := frame.Document().Render(t.Context(), &document); err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(document.String(), `href="/assets/primer.`)
	hash, _, _ := strings.Cut(after, `"`)
	if !found {
		t.Fatalf("no styles in %s", document.String())
	}
	catalogue, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	app, err := web.New(web.Config{Logger: slog.New(slog.DiscardHandler), Catalogue: catalogue})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	app.Mount(mux, look.Routes()...)
	server := httptest.NewServer(app.Handler(mux))
	defer server.Close()
	want, err := os.ReadFile("static/primer.css")
	if err != nil {
		t.Fatal(err)
	}
	res, body := mustGet(t, server.URL+"/assets/primer."+hash) //nolint:bodyclose // mustGet closes it; the client asks for gzip and undoes it
	if res.StatusCode != http.StatusOK || body != string(want) || !res.Uncompressed {
		t.Errorf("the styles: %d, %d bytes, uncompressed here: %v", res.StatusCode, len(body), res.Uncompressed)
	}
	if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("kept for: %q", got)
	}
	//nolint:bodyclose // mustGet closes it
	if res, _ := mustGet(t, server.URL+"/assets/primer.0000000000000000.css"); res.StatusCode != http.StatusNotFound {
		t.Errorf("another hash: %d", res.StatusCode)
	}
}

func mustGet(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestLocalPathLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/enterprises/acme/people?q=a": "/enterprises/acme/people?q=a", "": "/", "https://evil.example/": "/", "//evil.example": "/",
		`/\evil.example`: "/", "/a\r\nSet-Cookie: x=y": "/", "\t//evil.example": "/", "people": "/",
	} {
		if got := page.LocalPath(path); got != want {
			t.Errorf("%q leads to %q, want %q", path, got, want)
		}
	}
}

// TestTheFirstOfAMonthIsOrdinalInFrench, as nobody would write otherwise.
func TestTheFirstOfAMonthIsOrdinalInFrench(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Language", "fr")
	reader := mustLook(t).Reader(r)
	for day, want := range map[int]string{1: "1er août 2026", 2: "2 août 2026", 31: "31 août 2026"} {
		if got := reader.Date(time.Date(2026, 8, day, 0, 0, 0, 0, time.UTC)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestReadersReadTimesAndNumbersInTheirLanguage(t *testing.T) {
	t.Parallel()
	look := mustLook(t)
	for language, want := range map[string][4]string{
		"en": {"29 Oct 2026", "29 Oct 2026, 08:05 UTC", "22 days ago", "+1,234"},
		"fr": {"29 oct. 2026", "29 oct. 2026 à 08:05 UTC", "il y a 22 jours", "+1\u00a0234"},
		"ja": {"2026年10月29日", "2026年10月29日 08:05 UTC", "22 日前", "+1,234"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", language)
		reader, when := look.Reader(r), time.Date(2026, 10, 29, 8, 5, 0, 0, time.UTC)
		if got := [4]string{reader.Date(when), reader.Time(when), reader.Ago(when), reader.Signed(1234)}; got != want {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}

// TestNobodyIsCalledTwice: the first owner's name is what they are.
func TestNobodyIsCalledTwice(t *testing.T) {
	t.Parallel()
	frame := mustLook(t).Frame(httptest.NewRequest(http.MethodGet, "/", nil))
	for actor, want := range map[string]string{"owner owner": "owner", "auditor auditor": "auditor", "job": "OneSeat itself"} {
		if got := frame.By(actor); got != want {
			t.Errorf("%q is called %q, want %q", actor, got, want)
		}
	}
}
