package site_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/site"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/totp"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/internal/spool"
)

// kit is a whole hub on loopback, with somebody signed in and a token.
type kit struct {
	*httptest.Server

	t              *testing.T
	desk           *signin.Desk
	hub            *hub.Service
	acme           hub.EnterpriseInfo
	session, token string
	owner          signin.Owner
}

// audit keeps what the hub does where the desk keeps the rest.
type audit struct{ desk *signin.Desk }

func (a audit) Record(ctx context.Context, tx *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error {
	return a.desk.Record(ctx, tx, signin.Entry{Enterprise: enterprise, Actor: actor, Action: signin.Action(action), Target: target, Details: details})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newKit(t *testing.T) *kit {
	t.Helper()
	db := dbtest.SQLiteAlone(t, store.Migrations(), signin.Migrate)
	k := &kit{t: t, desk: signin.New(db, time.Now)}
	k.hub = hub.New(hub.Config{Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Audit: audit{k.desk}, Now: time.Now, Version: "test"})
	var err error
	k.acme, _, err = k.hub.Init(t.Context(), "acme", "Acme Instruments", hub.Settings{}, "command line")
	must(t, err)
	files, err := spool.New(t.TempDir()+"/spool", 1<<20)
	must(t, err)
	app, mux, err := site.New(site.Config{
		Hub: k.hub, Desk: k.desk, Spool: files, Logger: slog.New(slog.DiscardHandler), Version: "test", Storybook: true, Now: time.Now,
	})
	must(t, err)
	k.Server = httptest.NewServer(app.Handler(mux))
	t.Cleanup(k.Close)
	k.enter()
	return k
}

// enter lets an owner in, and makes a token that may everything.
func (k *kit) enter() {
	k.t.Helper()
	by := signin.CommandLine(k.acme.Number)
	link, owner, err := k.desk.AddOwner(k.t.Context(), by, signin.NewOwner{Enterprise: k.acme.Number, Name: "Mona", Role: signin.RoleOwner})
	must(k.t, err)
	secret := totp.New()
	in, _, err := signin.NewDoor(k.desk, signin.DoorConfig{}).Join(k.t.Context(), signin.Visitor{}, signin.Joining{
		Link: link.Text(), Password: "rain over mossy roofs", Authenticator: secret.Text(), Code: secret.Code(time.Now()),
	})
	must(k.t, err)
	token, _, err := k.desk.CreateToken(k.t.Context(), by, signin.NewToken{Enterprise: k.acme.Number, Name: "all", Scopes: []signin.Scope{signin.AdminEnterprise}})
	must(k.t, err)
	k.session, k.token, k.owner = in.Secret.Text(), token.Text(), owner
}

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	text   string
}

// ask asks as a stranger, by "session" or by "token".
func (k *kit) ask(method, path, as string, header ...string) answer {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), method, k.URL+path, http.NoBody)
	must(k.t, err)
	switch as {
	case "session":
		r.AddCookie(&http.Cookie{Name: "oneseat_session_" + r.URL.Port(), Value: k.session})
	case "token":
		r.Header.Set("Authorization", "Bearer "+k.token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	must(k.t, err)
	defer res.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(res.Body)
	must(k.t, err)
	return answer{res.StatusCode, res.Header, string(text)}
}

// TestWhoReachesWhat: sessions open pages and tokens the API, and whoever is
// refused can read why.
func TestWhoReachesWhat(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	const licensing, own = "/enterprises/acme/licensing", "/api/v1/enterprises/acme"
	tests := map[string]struct {
		as, method, path string
		status           int
		kind, text       string
	}{
		"a page, signed in":           {as: "session", path: licensing, status: 200, kind: "text/html", text: "Enterprise licensing"},
		"the account, signed in":      {as: "session", path: "/account", status: 200, kind: "text/html", text: "Mona"},
		"a page by token":             {as: "token", path: licensing, status: 303},
		"the API by token":            {as: "token", path: own, status: 200, kind: "application/json", text: `"slug":"acme"`},
		"the API, signed in":          {as: "session", path: own, status: 401, kind: "application/problem+json"},
		"the API of GitHub":           {as: "token", path: "/api/v3/enterprises/acme/license-sync-status", status: 200, kind: "application/json"},
		"no page":                     {path: "/nowhere", status: 404, kind: "text/html", text: "Not found"},
		"nothing of the API":          {path: "/api/nowhere", status: 404, kind: "application/problem+json"},
		"nothing of GitHub's":         {path: "/api/v3/nowhere", status: 404, kind: "application/json", text: `"message":"Not Found"`},
		"another enterprise's page":   {as: "session", path: "/enterprises/globex/licensing", status: 404, kind: "text/html", text: "no such enterprise"},
		"a form that a stranger sent": {method: http.MethodPost, path: "/enterprises/acme/usage", status: 401, kind: "text/html", text: `href="/sign-in"`},
		"a link of no use":            {path: "/join/osl_x", status: 401, kind: "text/html", text: "cut off"},
		"ready":                       {path: "/readyz", status: 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.method == "" {
				test.method = http.MethodGet
			}
			got := k.ask(test.method, test.path, test.as)
			if got.status != test.status || !strings.HasPrefix(got.header.Get("Content-Type"), test.kind) || !strings.Contains(got.text, test.text) {
				t.Errorf("%d %s\n%s", got.status, got.header.Get("Content-Type"), got.text)
			}
		})
	}
}

// TestStrangersAreLedToSignInAndBack, to the page that they asked for.
func TestStrangersAreLedToSignInAndBack(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	const path = "/enterprises/acme/people?deployment=both&q=a%26b"
	led := k.ask(http.MethodGet, path, "")
	to, err := url.Parse(led.header.Get("Location"))
	must(t, err)
	if led.status != http.StatusSeeOther || to.Host != "" || to.Path != "/sign-in" || to.Query().Get("next") != path || led.header.Get("WWW-Authenticate") != "" {
		t.Errorf("%d %s", led.status, to)
	}
	part := k.ask(http.MethodGet, path, "", "Hx-Request", "true")
	if part.status != http.StatusUnauthorized || part.header.Get("Hx-Redirect") != to.String() || part.text != "" {
		t.Errorf("a part of a page: %d %v", part.status, part.header)
	}
	back := k.ask(http.MethodGet, to.String(), "session")
	if back.status != http.StatusSeeOther || back.header.Get("Location") != path {
		t.Errorf("whoever is signed in is led to %q, %d", back.header.Get("Location"), back.status)
	}
}

// TestAnUploadEndsWithTheSession: whoever was signed out while their file was on
// its way has brought nothing.
func TestAnUploadEndsWithTheSession(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	must(t, parts.WriteField("kind", "report"))
	must(t, parts.WriteField("host", "ghes-1.acme.example"))
	file, err := parts.CreateFormFile("file", "all_users.csv")
	must(t, err)
	_, err = file.Write([]byte("id,login,email,suspended?\n1,bruno,bruno@acme.example,false\n"))
	must(t, err)
	must(t, parts.Close())

	body, way := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, k.URL+"/enterprises/acme/usage", body)
	must(t, err)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	r.AddCookie(&http.Cookie{Name: "oneseat_session_" + r.URL.Port(), Value: k.session})
	r.Header.Set("Expect", "100-continue") // the body is asked for by whoever let them in
	go func() {
		_, first := way.Write(form.Next(form.Len() / 2))
		ended := k.desk.EndSessions(t.Context(), signin.CommandLine(k.acme.Number), k.acme.Number, k.owner.ID, "")
		_, second := way.Write(form.Bytes())
		_ = way.CloseWithError(errors.Join(first, ended, second))
	}()
	client := &http.Transport{ExpectContinueTimeout: time.Minute}
	defer client.CloseIdleConnections()
	res, err := client.RoundTrip(r)
	must(t, err)
	must(t, res.Body.Close())
	if res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the upload got %d", res.StatusCode)
	}
	if all, err := k.hub.Uploads(t.Context(), k.acme.Number, hub.Upload{}, 10); err != nil || len(all) != 0 {
		t.Errorf("%d uploads, %v", len(all), err)
	}
}

// TestReadingPeopleIsAudited, as it is of the API: once, however many pages.
func TestReadingPeopleIsAudited(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	preview := func(file string) string {
		t.Helper()
		u, err := k.hub.ReceiveCSV(t.Context(), k.acme.Number, source.FromPath("../../../examples/"+file),
			hub.ByHand{Host: "ghes-1.acme.example"}, hub.Arrival{FileName: file, Actor: "command line"})
		must(t, err)
		return u.ID
	}
	_, err := k.hub.Apply(t.Context(), k.acme.Number, preview("ghes-1-all_users.csv"), "command line")
	must(t, err)
	_, err = k.hub.Recount(t.Context(), k.acme.Number, "job", false)
	must(t, err)
	wantReads := func(want int, paths ...string) {
		t.Helper()
		for _, path := range paths {
			if got := k.ask(http.MethodGet, "/enterprises/acme"+path, "session"); got.status != http.StatusOK {
				t.Errorf("%s: %d", path, got.status)
			}
		}
		entries, err := k.desk.Entries(t.Context(), k.acme.Number, 0, signin.MaxEntries, signin.Filter{Action: hub.AuditReport, Actor: "owner Mona"})
		must(t, err)
		if len(entries) != want {
			t.Errorf("after %v: %d entries, want %d", paths, len(entries), want)
		}
	}
	wantReads(0, "/instances", "/uploads")
	wantReads(1, "/licensing", "/people", "/people?deployment=server", "/people?q=a") // licensing names whom it changed for
	wantReads(2, "/uploads/"+preview("ghes-2-all_users.csv"))
}
