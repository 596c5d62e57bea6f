package help_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/help"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

// sides are the roles that show help.
func sides() []help.Role { return []help.Role{help.Cloud, help.Server} }

// languages are those of the catalogue.
func languages(t *testing.T) []string {
	t.Helper()
	all, err := i18n.Languages()
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, c := range all {
		tags = append(tags, c.Language())
	}
	return tags
}

// site is help on loopback.
type site struct {
	t   *testing.T
	url string
}

// mustServe serves the pages of a role. Without places nobody is signed in.
func mustServe(t *testing.T, role help.Role, places map[help.Place]string) *site {
	t.Helper()
	look, err := page.New(func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	app, err := web.New(web.Config{Logger: slog.New(slog.DiscardHandler), Catalogue: catalogue, Limits: web.Limits{PerCaller: 1 << 20, PerAddress: 1 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	pages := help.New(help.Config{Role: role, Around: func(r *http.Request) (help.Around, error) {
		return help.Around{Frame: look.Frame(r), Places: places}, nil
	}})
	mux := http.NewServeMux()
	app.Mount(mux, look.Routes()...)
	app.Mount(mux, pages.Routes()...)
	server := httptest.NewServer(app.Handler(mux))
	t.Cleanup(server.Close)
	return &site{t, server.URL}
}

// get is a page in a language, with its status.
func (s *site) get(path, language string) (*goquery.Document, int) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", language)
	res, err := (&http.Client{}).Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() {
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return doc, res.StatusCode
}

// pages are all of a site by path, help's first page and its topics.
func (s *site) pages(language string) map[string]*goquery.Document {
	s.t.Helper()
	first, status := s.get("/help", language)
	if status != http.StatusOK {
		s.t.Fatalf("/help: %d", status)
	}
	all := map[string]*goquery.Document{"/help": first}
	first.Find("[data-test=topics] a").Each(func(_ int, a *goquery.Selection) {
		path := a.AttrOr("href", "")
		if all[path], status = s.get(path, language); status != http.StatusOK {
			s.t.Errorf("%s: %d", path, status)
		}
	})
	if len(all) != 12 {
		s.t.Fatalf("%d pages, want help's first and eleven topics", len(all))
	}
	return all
}
