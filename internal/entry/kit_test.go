package entry_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/entry"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/signin/oidc/oidctest"
	"github.com/oneseat/oneseat/internal/signin/totp"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

const good = "rain over mossy roofs"

// kit is the pages behind a real server with TLS, and a clock that a test sets.
type kit struct {
	*httptest.Server

	t           *testing.T
	desk        *signin.Desk
	forger      *oidctest.Forger
	enterprises []entry.Enterprise
	elapsed     atomic.Int64
}

var morning = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func (k *kit) now() time.Time { return morning.Add(time.Duration(k.elapsed.Load())) }

// newKit makes a kit over SQLite: what the pages ask is tested on each engine.
func newKit(t *testing.T) *kit {
	t.Helper()
	db := dbtest.SQLiteAlone(t, nil, signin.Migrate)
	k := &kit{t: t, enterprises: []entry.Enterprise{{Number: 1, Slug: "acme", Name: "Acme Instruments"}}, forger: oidctest.Forge(t)}
	k.desk = signin.New(db, k.now)
	k.forger.Now = k.now
	provider, err := oidc.New(k.forger.Config())
	must(t, err)
	look, err := page.New(k.now)
	must(t, err)
	pages := entry.New(entry.Config{
		Desk: k.desk, Door: signin.NewDoor(k.desk, signin.DoorConfig{Provider: provider}), Look: look,
		Enterprises: func(context.Context) ([]entry.Enterprise, error) { return k.enterprises, nil },
	})
	catalogue, err := i18n.New("en")
	must(t, err)
	app, err := web.New(web.Config{
		Logger: slog.New(slog.DiscardHandler), Catalogue: catalogue, Now: k.now,
		Authorize: func(r *http.Request, _ web.Route) (*http.Request, error) {
			_, err := pages.Guest(r)
			return r, err
		},
	})
	must(t, err)
	mux := http.NewServeMux()
	app.Mount(mux, look.Routes()...)
	app.Mount(mux, append(pages.Routes(), web.Route{
		Method: http.MethodGet, Pattern: "/{$}", Name: "home", Style: web.StylePage, Access: []string{"owner"},
		Handler: func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(w, "<h1>Home</h1>")
			return err
		},
	})...)
	k.Server = httptest.NewTLSServer(app.Handler(mux))
	t.Cleanup(k.Close)
	return k
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// mustInvite gives the path that a one-time link opens.
func (k *kit) mustInvite(name string) string {
	k.t.Helper()
	secret, _, err := k.desk.AddOwner(k.t.Context(), signin.CommandLine(1), signin.NewOwner{
		Enterprise: 1, Name: name, Email: licensing.NewEmail(strings.ToLower(name) + "@acme.example"), Role: signin.RoleOwner,
	})
	must(k.t, err)
	return "/join/" + secret.Text()
}

// browser asks for pages, keeps cookies and follows to pages of the server.
type browser struct {
	*kit

	client   *http.Client
	language string
}

func (k *kit) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(k.t, err)
	client := &http.Client{Jar: jar, Transport: k.Client().Transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if "https://"+r.URL.Host != k.URL {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return &browser{k, client, "en"}
}

// answer is a page with its status, and where it was found.
type answer struct {
	*goquery.Document

	status int
	path   string
	header http.Header
}

func (b *browser) do(r *http.Request) answer {
	b.t.Helper()
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	r.Header.Set("Accept-Language", b.language)
	response, err := b.client.Do(r)
	must(b.t, err)
	defer response.Body.Close() //nolint:errcheck // it was read
	document, err := goquery.NewDocumentFromReader(response.Body)
	must(b.t, err)
	return answer{document, response.StatusCode, response.Request.URL.RequestURI(), response.Header}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.URL+path, http.NoBody)
	must(b.t, err)
	return b.do(r)
}

// send fills in the form of a page that goes to a path, and sends it.
func (b *browser) send(on answer, path string, values map[string]string) answer {
	b.t.Helper()
	form := on.Find(`form[action="` + path + `"]`).First()
	if form.Length() == 0 {
		form = on.Find(`form:has([formaction="` + path + `"])`).First()
	}
	if form.Length() == 0 {
		b.t.Fatalf("%s has no form to %s: %s", on.path, path, on.Text())
	}
	body := url.Values{}
	form.Find("input[name]").Each(func(_ int, s *goquery.Selection) { body.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	for name, value := range values {
		if !body.Has(name) {
			b.t.Fatalf("%s has no field %s", on.path, name)
		}
		body.Set(name, value)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.URL+path, strings.NewReader(body.Encode()))
	must(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// mustJoin takes a link as a person does, and gives their app and codes.
func (b *browser) mustJoin(link string) (app totp.Secret, codes []string) {
	b.t.Helper()
	p := b.get(link)
	app, err := totp.Parse(p.Find(`[data-test="secret"]`).Text())
	must(b.t, err)
	p = b.send(p, link, map[string]string{"password": good, "code": app.Code(b.now())})
	p.Find(".codes code").Each(func(_ int, s *goquery.Selection) { codes = append(codes, s.Text()) })
	if p.status != http.StatusOK || len(codes) != signin.RecoveryCodes {
		b.t.Fatalf("%d: %s", p.status, p.Text())
	}
	return app, codes
}

// want demands a status and a text.
func (a answer) want(t *testing.T, status int, text string) {
	t.Helper()
	if a.status != status || !strings.Contains(a.Text(), text) {
		t.Errorf("%s: %d, want %d with %q: %s", a.path, a.status, status, text, a.Find("main").Text())
	}
}
