package ui_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/hub/ui"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// at is when everything in these tests happens, give or take a millisecond.
func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// kit is a hub with its pages on loopback.
type kit struct {
	t           *testing.T
	hub         *hub.Service
	desk        *signin.Desk
	mona        signin.Owner
	url         string
	acme, other hub.EnterpriseInfo
	to          usagefile.Recipient
	standing    signin.Role // who shows no cookie; empty: a stranger
	ticks       atomic.Int64
	left        atomic.Bool // who is leaving was asked once
	routes      []web.Route
	log         journal
}

// journal keeps what was logged.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.String()
}

// each runs a test on a kit over SQLite: what pages show is the hub's, which is
// tested on each engine.
func each(t *testing.T, test func(*kit)) {
	t.Helper()
	test(newKit(t, dbtest.SQLiteAlone(t, store.Migrations(), signin.Migrate)))
}

func newKit(t *testing.T, db *database.DB) *kit {
	t.Helper()
	k := &kit{t: t}
	k.desk = signin.New(db, k.clock)
	k.hub = hub.New(hub.Config{Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Audit: audit{k.desk}, Now: k.clock, Version: "test"})
	var err error
	if k.acme, k.to, err = k.hub.Init(t.Context(), "acme", "Acme Instruments", hub.Settings{}, "command line"); err != nil {
		t.Fatal(err)
	}
	if k.other, _, err = k.hub.Init(t.Context(), "other", "Other", hub.Settings{}, "command line"); err != nil {
		t.Fatal(err)
	}
	if _, k.mona, err = k.desk.AddOwner(t.Context(), signin.CommandLine(k.acme.Number), signin.NewOwner{
		Enterprise: k.acme.Number, Name: "mona", Email: licensing.NewEmail("mona@acme.example"), Role: signin.RoleOwner,
	}); err != nil {
		t.Fatal(err)
	}
	k.serve()
	return k
}

// audit lets the desk keep what the hub did.
type audit struct{ desk *signin.Desk }

func (a audit) Record(ctx context.Context, tx *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error {
	return a.desk.Record(ctx, tx, signin.Entry{Enterprise: enterprise, Actor: actor, Action: signin.Action(action), Target: target, Details: details})
}

// clock is a microsecond later each time.
func (k *kit) clock() time.Time { return at().Add(time.Duration(k.ticks.Add(1)) * time.Microsecond) }

func (k *kit) serve() {
	k.t.Helper()
	look, err := page.New(k.clock)
	if err != nil {
		k.t.Fatal(err)
	}
	files, err := spool.New(filepath.Join(k.t.TempDir(), "spool"), 1<<20)
	if err != nil {
		k.t.Fatal(err)
	}
	catalogue, err := i18n.New("en")
	if err != nil {
		k.t.Fatal(err)
	}
	pages := ui.New(ui.Config{Hub: k.hub, Desk: k.desk, Door: signin.NewDoor(k.desk, signin.DoorConfig{}), Look: look, Spool: files, Visitor: k.visitor, Storybook: true})
	app, err := web.New(web.Config{
		Logger: slog.New(slog.NewJSONHandler(&k.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Catalogue: catalogue, Authorize: pages.Authorize, Page: pages.Refusal,
		Fallback: func(string) web.Style { return web.StylePage }, Limits: web.Limits{PerCaller: 1 << 20, PerAddress: 1 << 20}, Now: k.clock,
	})
	if err != nil {
		k.t.Fatal(err)
	}
	mux := http.NewServeMux()
	k.routes = slices.Concat(look.Routes(), pages.Routes())
	app.Mount(mux, k.routes...)
	server := httptest.NewServer(app.Handler(mux))
	k.t.Cleanup(server.Close)
	k.url = server.URL
}

// leaving is an owner who is an auditor from the second time on that anybody
// asks who they are.
const leaving signin.Role = "leaving"

// visitor is whoever the cookie "role" says, of acme, else the standing one.
func (k *kit) visitor(r *http.Request) (ui.Visitor, error) {
	role := k.standing
	if c, err := r.Cookie("role"); err == nil {
		role = signin.Role(c.Value)
	}
	if role == leaving {
		if role = signin.RoleOwner; k.left.Swap(true) {
			role = signin.RoleAuditor
		}
	}
	if role == "" {
		return ui.Visitor{}, errs.New(errs.Unauthenticated, "signin.session_ended")
	}
	return ui.Visitor{
		Actor: signin.Actor{Name: "owner mona", Enterprise: k.acme.Number, Scopes: role.Scopes()}, Role: role, Name: "Mona Octo",
		ID: "owner MONA", Owner: k.mona.ID,
	}, nil
}

// browser asks for pages as somebody.
type browser struct {
	*kit

	role, language string
}

func (k *kit) as(role signin.Role) browser {
	return browser{kit: k, role: string(role), language: "en"}
}

func (b browser) in(language string) browser {
	b.language = language
	return b
}

// answer is a page with its status.
type answer struct {
	*goquery.Document

	status   int
	location string
	header   http.Header
	text     string
}

func (b browser) do(method, path, contentType string, body io.Reader) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.language)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if b.role != "" {
		r.AddCookie(&http.Cookie{Name: "role", Value: b.role})
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{doc, res.StatusCode, res.Header.Get("Location"), res.Header, string(text)}
}

func (b browser) get(path string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

// mustGet is get for a page that has to be there.
func (b browser) mustGet(path string) answer {
	b.t.Helper()
	a := b.get(path)
	if a.status != http.StatusOK {
		b.t.Fatalf("GET %s: %d\n%s", path, a.status, a.Find("main").Text())
	}
	return a
}

func (b browser) post(path string, fields ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// add sends the form of Add server usage.
func (b browser) add(name string, file []byte, fields ...string) answer {
	b.t.Helper()
	return b.addTo("/enterprises/acme/usage", name, file, fields...)
}

// addTo sends a form with a file.
func (b browser) addTo(path, name string, file []byte, fields ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write(file)
	_ = form.Close()
	return b.do(http.MethodPost, path, form.FormDataContentType(), &body)
}

// is demands the text of the one element that a selector finds.
func (a answer) is(t *testing.T, selector, want string) {
	t.Helper()
	found := a.Find(selector)
	if got := strings.Join(strings.Fields(found.Text()), " "); found.Length() != 1 || got != want {
		t.Errorf("%s: got %d × %q, want %q", selector, found.Length(), got, want)
	}
}

// has demands that an element is there and its text contains something.
func (a answer) has(t *testing.T, selector, part string) {
	t.Helper()
	found := a.Find(selector)
	if text := strings.Join(strings.Fields(found.Text()), " "); found.Length() == 0 || !strings.Contains(text, part) {
		t.Errorf("%s: got %d × %q, want %q in it", selector, found.Length(), text, part)
	}
}

// agent is a server instance.
type agent struct {
	id, host string
	key      ed25519.PrivateKey
	last     usagefile.Snapshot
}

func newAgent(n byte, host string) *agent {
	return &agent{id: "5f0c6a5e-2b1d-4c57-9a43-00000000000" + string('0'+rune(n)), host: host, key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))}
}

func (a *agent) fingerprint() string {
	public, _ := a.key.Public().(ed25519.PublicKey)
	return usagefile.KeyFingerprint(public).Short()
}

// people is what an instance says: primary address by user id.
type people map[string]string

// export writes the next usage file of an instance.
func (k *kit) export(a *agent, p people) []byte {
	k.t.Helper()
	a.last = usagefile.Snapshot{
		Sequence: a.last.Sequence + 1, Previous: a.last.Digest, TakenAt: at(), SourceAt: at().Add(-time.Hour), Nonce: usagefile.NewNonce(),
	}
	var file bytes.Buffer
	receipt, err := usagefile.Encode(&file, a.key, usagefile.Export{
		Instance: usagefile.Instance{ServerID: a.id, HostName: a.host, Version: "3.17.2"}, Snapshot: a.last, Recipients: []usagefile.Recipient{k.to},
	}, p.users)
	if err != nil {
		k.t.Fatal(err)
	}
	a.last = receipt.Header.Snapshot
	return file.Bytes()
}

func (p people) users(yield func(licensing.ServerAccount, error) bool) {
	for _, id := range slices.Sorted(maps.Keys(p)) {
		a := licensing.ServerAccount{UserID: id, Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(p[id]), Primary: true}}}
		if !yield(a, nil) {
			return
		}
	}
}

// load makes a cloud list count.
func (k *kit) load(names ...string) {
	k.t.Helper()
	var files []source.File
	for _, name := range names {
		files = append(files, source.FromPath(name))
	}
	u, err := k.hub.LoadCloud(k.t.Context(), k.acme.Number, files, false, hub.Arrival{FileName: filepath.Base(names[0]), Actor: "owner mona"})
	if err != nil {
		k.t.Fatal(err)
	}
	k.apply(u.ID)
}

// report makes a server's own report count.
func (k *kit) report(host, name string) {
	k.t.Helper()
	u, err := k.hub.ReceiveCSV(k.t.Context(), k.acme.Number, source.FromPath(name), hub.ByHand{Host: host}, hub.Arrival{FileName: filepath.Base(name), Actor: "owner mona"})
	if err != nil {
		k.t.Fatal(err)
	}
	k.apply(u.ID)
}

func (k *kit) apply(upload string) {
	k.t.Helper()
	if _, err := k.hub.Apply(k.t.Context(), k.acme.Number, upload, "owner mona"); err != nil {
		k.t.Fatal(err)
	}
	k.recount()
}

func (k *kit) recount() *hub.Result {
	k.t.Helper()
	r, err := k.hub.Recount(k.t.Context(), k.acme.Number, "job", false)
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

// examples are the invented enterprise: the cloud side, GitHub's report and two
// instances.
const examples = "../../../examples/"

func (k *kit) seed() {
	k.t.Helper()
	k.load(examples+"cloud.json", examples+"consumed_licenses-acme-20261119T080000Z.csv")
	k.report("ghes-1.acme.example", examples+"ghes-1-all_users.csv")
	k.report("ghes-2.acme.example", examples+"ghes-2-all_users.csv")
	if err := k.hub.MakeWorklists(k.t.Context(), k.acme.Number); err != nil {
		k.t.Fatal(err)
	}
}
