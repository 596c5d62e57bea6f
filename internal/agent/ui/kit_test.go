package ui_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/agent/ui"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/usagefile"
)

// at is when everything in these tests happens.
func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// kit is an agent with its pages on loopback.
type kit struct {
	t        *testing.T
	agent    *agent.Service
	desk     *signin.Desk
	url      string
	source   string
	files    int
	key      *usagefile.Identity
	routes   []web.Route
	standing signin.Role // who shows no cookie; empty: a stranger
}

func newKit(t *testing.T, change func(*agent.Config)) *kit {
	t.Helper()
	return newKitOver(t, dbtest.SQLiteAlone(t, store.Migrations(), signin.Migrate), change)
}

// newKitOver is newKit over a database that has the tables of the store and of
// signin.
func newKitOver(t *testing.T, db *database.DB, change func(*agent.Config)) *kit {
	t.Helper()
	key, err := usagefile.NewIdentity()
	must(t, err)
	k := &kit{t: t, key: key, desk: signin.New(db, at), source: filepath.Join(t.TempDir(), "all_users.csv")}
	config := agent.Config{
		Store: store.New(db), Dir: filepath.Join(t.TempDir(), "state"), Source: &agent.Source{Text: k.source},
		HostName: "ghes-1.acme.example", Version: "3.17.2", Place: "here", Audit: audit{k.desk}, Now: at,
	}
	if change != nil {
		change(&config)
	}
	k.agent = agent.New(config)
	_, _, err = k.agent.Init(t.Context(), "mona")
	must(t, err)
	k.serve()
	return k
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// audit lets the desk keep what the agent did.
type audit struct{ desk *signin.Desk }

func (a audit) Record(ctx context.Context, tx *sql.Tx, actor, action, target string, details map[string]any) error {
	return a.desk.Record(ctx, tx, signin.Entry{Enterprise: agent.Enterprise, Actor: actor, Action: signin.Action(action), Target: target, Details: details})
}

func (k *kit) serve() {
	k.t.Helper()
	look, err := page.New(at)
	must(k.t, err)
	catalogue, err := i18n.New("en")
	must(k.t, err)
	pages := ui.New(ui.Config{
		Agent: k.agent, Desk: k.desk, Look: look, HostName: "ghes-1.acme.example", Next: func(t time.Time) time.Time { return t.Add(time.Hour) },
		Visitor: k.visitor, SignIn: "/sign-in", Account: "/account", Storybook: true,
	})
	app, err := web.New(web.Config{
		Logger: slog.New(slog.DiscardHandler), Catalogue: catalogue, Authorize: pages.Authorize, Page: pages.Refusal,
		Fallback: func(string) web.Style { return web.StylePage }, Limits: web.Limits{PerCaller: 1 << 20, PerAddress: 1 << 20}, Now: at,
	})
	must(k.t, err)
	mux := http.NewServeMux()
	app.Mount(mux, look.Routes()...)
	k.routes = pages.Routes()
	app.Mount(mux, k.routes...)
	app.Mount(mux, web.Route{Method: http.MethodGet, Pattern: "/account", Name: "account", Style: web.StylePage, Handler: func(http.ResponseWriter, *http.Request) error { return nil }})
	server := httptest.NewServer(app.Handler(mux))
	k.t.Cleanup(server.Close)
	k.url = server.URL
}

// visitor is whoever the cookie "role" says, else the standing one.
func (k *kit) visitor(r *http.Request) (ui.Visitor, error) {
	role := k.standing
	if c, err := r.Cookie("role"); err == nil {
		role = signin.Role(c.Value)
	}
	if role == "" {
		return ui.Visitor{}, errs.New(errs.Unauthenticated, "signin.session_ended")
	}
	return ui.Visitor{Actor: signin.Actor{Name: "owner mona", Enterprise: agent.Enterprise}, Role: role, Name: "Mona Octo", ID: "owner MONA"}, nil
}

const header = "created_at,id,login,email,role,suspended?,last_logged_ip,repos,ssh_keys,org_memberships,dormant?,last_active,raw_login,2fa_enabled?\n"

// user is a row of the report.
func user(id, login, email string) string {
	return "2020-03-12T08:00:00Z," + id + "," + login + "," + email + ",user,false,192.0.2.2,2,2,1,false,2026-11-01T08:00:00Z,,false\n"
}

func suspended(id, login, email string) string {
	return strings.Replace(user(id, login, email), "user,false,", "user,true,", 1)
}

// seed makes four users count, one of them suspended, and two with one address.
func (k *kit) seed() {
	k.t.Helper()
	k.write(header + user("1", "mona", "mona@acme.example") + user("2", "mona-two", "MONA@acme.example") + user("3", "ivo", "") + suspended("4", "theo", "theo@acme.example"))
	_, err := k.agent.Collect(k.t.Context(), "mona", false)
	must(k.t, err)
}

// write puts a file in the place of the source, which was produced a minute after
// the one before.
func (k *kit) write(text string) {
	k.t.Helper()
	must(k.t, os.WriteFile(k.source, []byte(text), 0o600))
	k.files++
	when := at().Add(time.Duration(k.files-60) * time.Minute)
	must(k.t, os.Chtimes(k.source, when, when))
}

// enrolmentFile is one of acme.
func (k *kit) enrolmentFile() []byte {
	k.t.Helper()
	e := enrolment.Enrolment{Slug: "acme", Name: "Acme Instruments", Hub: "https://hub.acme.example", Recipient: k.key.Recipient(), IssuedAt: at()}
	var text bytes.Buffer
	must(k.t, enrolment.Encode(&text, ed25519.NewKeyFromSeed(bytes.Repeat([]byte("a"), ed25519.SeedSize)), e))
	return text.Bytes()
}

// enrol enrols by hand.
func (k *kit) enrol() {
	k.t.Helper()
	e, err := enrolment.Decode(bytes.NewReader(k.enrolmentFile()))
	must(k.t, err)
	_, err = k.agent.Enrol(k.t.Context(), "mona", bytes.NewReader(k.enrolmentFile()), e.Fingerprint().Short())
	must(k.t, err)
}

// browser asks for pages as somebody.
type browser struct {
	*kit

	role string
}

func (k *kit) as(role signin.Role) browser { return browser{k, string(role)} }

// answer is a page with its status.
type answer struct {
	*goquery.Document

	t      *testing.T
	status int
	header http.Header
	text   string
}

func (b browser) do(method, path, contentType string, body io.Reader) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	must(b.t, err)
	r.Header.Set("Accept-Language", "en")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if b.role != "" {
		r.AddCookie(&http.Cookie{Name: "role", Value: b.role})
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	must(b.t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	must(b.t, err)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	must(b.t, err)
	return answer{doc, b.t, res.StatusCode, res.Header, string(text)}
}

func (b browser) get(path string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

func (b browser) post(path string, fields ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// send sends a file with the form of Enrolment.
func (b browser) send(file []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "acme-enrolment.json")
	must(b.t, err)
	_, _ = part.Write(file)
	must(b.t, form.Close())
	return b.do(http.MethodPost, "/enrolment", form.FormDataContentType(), &body)
}

// has demands a status, and an element whose text contains something.
func (a answer) has(status int, selector, part string) answer {
	a.t.Helper()
	found := a.Find(selector)
	if text := strings.Join(strings.Fields(found.Text()), " "); a.status != status || found.Length() == 0 || !strings.Contains(text, part) {
		a.t.Errorf("%d, %s: got %d × %q, want %d and %q in it\n%s", a.status, selector, found.Length(), text, status, part, a.Find("main").Text())
	}
	return a
}

// done demands that a form was done, and led to a page.
func (a answer) done(path string) {
	a.t.Helper()
	if got := a.header.Get("Location"); a.status != http.StatusSeeOther || !strings.HasPrefix(got, path) {
		a.t.Errorf("%d to %q, want %s\n%s", a.status, got, path, a.Find("main").Text())
	}
}
