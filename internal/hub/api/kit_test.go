package api_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// maxUpload is how many bytes an upload may have in these tests.
const maxUpload = 1 << 20

// at is when everything in these tests happens, give or take a millisecond.
func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// kit is a hub with its API on loopback. The enterprise acme is seeded by the
// methods below; other is another one, empty.
type kit struct {
	t           *testing.T
	db          *database.DB
	hub         *hub.Service
	desk        *signin.Desk
	surface     *api.API
	probes      []web.Route
	log         journal
	spooled     string // directory of the spool
	said        *i18n.Catalogue
	url         string
	acme, other hub.EnterpriseInfo
	to          usagefile.Recipient
	usage       []byte // the next usage file of the seeded instance
	ticks       atomic.Int64
	moved       atomic.Int64 // nanoseconds the clock was moved by
}

// each runs a test on a kit over each engine.
func each(t *testing.T, test func(*kit)) {
	t.Helper()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) { test(newKit(t, db)) }, signin.Migrate)
}

func newKit(t *testing.T, db *database.DB) *kit {
	t.Helper()
	k := &kit{t: t, db: db}
	k.desk = signin.New(db, k.clock)
	k.hub = hub.New(hub.Config{
		Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Audit: auditor{k.desk}, Now: k.clock, Version: "test",
	})
	var err error
	if k.acme, k.to, err = k.hub.Init(t.Context(), "acme", "Acme", hub.Settings{}, "command line"); err != nil {
		t.Fatal(err)
	}
	if k.other, _, err = k.hub.Init(t.Context(), "other", "Other", hub.Settings{}, "command line"); err != nil {
		t.Fatal(err)
	}
	k.serve()
	return k
}

// auditor keeps what the hub records in the desk's log.
type auditor struct{ desk *signin.Desk }

func (a auditor) Record(ctx context.Context, tx *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error {
	return a.desk.Record(ctx, tx, signin.Entry{
		Enterprise: enterprise, Actor: actor, Action: signin.Action(action), Target: target, Details: details,
	})
}

// clock is a microsecond later each time.
func (k *kit) clock() time.Time {
	return at().Add(time.Duration(k.moved.Load()) + time.Duration(k.ticks.Add(1))*time.Microsecond)
}

// move makes it later.
func (k *kit) move(by time.Duration) { k.moved.Add(int64(by)) }

func (k *kit) serve() {
	k.t.Helper()
	catalogue, err := i18n.New("en")
	if err != nil {
		k.t.Fatal(err)
	}
	k.spooled = filepath.Join(k.t.TempDir(), "spool")
	spool, err := spool.New(k.spooled, maxUpload)
	if err != nil {
		k.t.Fatal(err)
	}
	k.said = catalogue
	k.surface = api.New(api.Config{Hub: k.hub, Desk: k.desk, Sentences: catalogue, Spool: spool, Version: "test", Now: k.clock})
	app, err := web.New(web.Config{
		Logger: slog.New(slog.NewJSONHandler(&k.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Catalogue: catalogue, Authorize: k.surface.Authorize, Fallback: api.Fallback,
		Limits: web.Limits{PerCaller: 1 << 20, PerAddress: 1 << 20}, Now: k.clock,
	})
	if err != nil {
		k.t.Fatal(err)
	}
	mux := http.NewServeMux()
	k.probes = app.Operations()
	app.Mount(mux, k.surface.Routes()...)
	app.Mount(mux, k.probes...)
	server := httptest.NewServer(app.Handler(mux))
	k.t.Cleanup(server.Close)
	k.url = server.URL
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

// by is who runs the program.
func (k *kit) by() signin.Actor { return signin.CommandLine(k.acme.Number) }

// token makes a token of an enterprise.
func (k *kit) token(e hub.EnterpriseInfo, list ...signin.Scope) string {
	k.t.Helper()
	n := signin.NewToken{Enterprise: e.Number, Name: fmt.Sprintf("token %d", k.ticks.Add(1)), Scopes: list}
	secret, _, err := k.desk.CreateToken(k.t.Context(), signin.CommandLine(e.Number), n)
	if err != nil {
		k.t.Fatal(err)
	}
	return secret.Text()
}

// reader is a token that reads acme.
func (k *kit) reader() string { return k.token(k.acme, signin.ReadEnterprise) }

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// ask sends a request; headers are name and value in turn.
func (k *kit) ask(method, path, token string, body io.Reader, headers ...string) answer {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, body)
	if err != nil {
		k.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return k.do(r)
}

func (k *kit) do(r *http.Request) answer {
	k.t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, text}
}

func (k *kit) get(path, token string, headers ...string) answer {
	k.t.Helper()
	return k.ask(http.MethodGet, path, token, nil, headers...)
}

// mustGet is get of something that is there.
func (k *kit) mustGet(path, token string, headers ...string) answer {
	k.t.Helper()
	a := k.get(path, token, headers...)
	if a.Status != http.StatusOK {
		k.t.Fatalf("%s is answered with %d: %s", path, a.Status, a.Body)
	}
	return a
}

// into reads the answer's JSON.
func (a answer) into(t *testing.T, value any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, value); err != nil {
		t.Fatalf("%v in %s", err, a.Body)
	}
}

// loadCloud makes a cloud list count, and gives the new result.
func (k *kit) loadCloud(list string) *hub.Result {
	k.t.Helper()
	return k.apply(k.stageCloud(list))
}

func (k *kit) stageCloud(list string) *hub.Upload {
	k.t.Helper()
	file := source.File{Name: "cloud.json", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(list)), nil }}
	u, err := k.hub.LoadCloud(k.t.Context(), k.acme.Number, []source.File{file}, false, arrival())
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}

func arrival() hub.Arrival { return hub.Arrival{FileName: "usage.json", Actor: "owner mona"} }

func (k *kit) apply(u *hub.Upload) *hub.Result {
	k.t.Helper()
	r, err := k.tryApply(k.t.Context(), u)
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

func (k *kit) tryApply(ctx context.Context, u *hub.Upload) (*hub.Result, error) {
	if _, err := k.hub.Apply(ctx, k.acme.Number, u.ID, "owner mona"); err != nil {
		return nil, err
	}
	return k.hub.Recount(ctx, k.acme.Number, "owner mona", false)
}

// agent is a server instance.
type agent struct {
	id, host string
	key      ed25519.PrivateKey
	last     usagefile.Snapshot
}

func newAgent(n int, host string) *agent {
	seed := bytes.Repeat([]byte{byte(n)}, ed25519.SeedSize)
	return &agent{id: fmt.Sprintf("5f0c6a5e-2b1d-4c57-9a43-%012d", n), host: host, key: ed25519.NewKeyFromSeed(seed)}
}

func (a *agent) fingerprint() string {
	return usagefile.KeyFingerprint(a.key.Public().(ed25519.PublicKey)).Short()
}

// accounts are what an instance says, in order: user id and primary address in
// turn.
func accounts(idsAndEmails ...string) usagefile.Users {
	return func(yield func(licensing.ServerAccount, error) bool) {
		for i := 0; i < len(idsAndEmails); i += 2 {
			a := licensing.ServerAccount{UserID: idsAndEmails[i], Emails: []licensing.ServerEmail{
				{Email: licensing.NewEmail(idsAndEmails[i+1]), Primary: true},
			}}
			if !yield(a, nil) {
				return
			}
		}
	}
}

// export writes the next usage file of an instance.
func (k *kit) export(a *agent, users usagefile.Users) []byte {
	k.t.Helper()
	var file bytes.Buffer
	receipt, err := usagefile.Encode(&file, a.key, usagefile.Export{
		Instance: usagefile.Instance{ServerID: a.id, HostName: a.host, Version: "3.17.2"},
		Snapshot: usagefile.Snapshot{
			Sequence: a.last.Sequence + 1, Previous: a.last.Digest, TakenAt: at(), SourceAt: at().Add(-time.Hour), Nonce: usagefile.NewNonce(),
		},
		Recipients: []usagefile.Recipient{k.to},
	}, users)
	if err != nil {
		k.t.Fatal(err)
	}
	a.last = receipt.Header.Snapshot
	return file.Bytes()
}

// join makes the accounts of an instance count: its first file is held until
// somebody says that the key is the instance's.
func (k *kit) join(a *agent, users usagefile.Users) *hub.Result {
	k.t.Helper()
	u := k.receive(a, users)
	if u.State == store.Waiting {
		var err error
		id := hub.Identity{Fingerprint: a.fingerprint(), Actor: "owner mona"}
		if u, err = k.hub.Confirm(k.t.Context(), k.acme.Number, u.ID, id); err != nil {
			k.t.Fatal(err)
		}
	}
	return k.apply(u)
}

// receive takes in the next usage file of an instance.
func (k *kit) receive(a *agent, users usagefile.Users) *hub.Upload {
	k.t.Helper()
	u, err := k.hub.ReceiveUsage(k.t.Context(), k.acme.Number, bytes.NewReader(k.export(a, users)), arrival())
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}
