package gate_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/gate"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// patience is how long a total may take on a busy machine.
const patience = 10 * time.Minute

// kit is a hub on loopback that agents call, with its jobs.
type kit struct {
	t     *testing.T
	db    *database.DB
	hub   *hub.Service
	desk  *signin.Desk
	url   string
	acme  hub.EnterpriseInfo
	to    usagefile.Recipient
	moved atomic.Int64 // nanoseconds that clocks were moved by
	log   bytes.Buffer
}

// each runs a test on a kit over each engine.
func each(t *testing.T, test func(*kit)) {
	t.Helper()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) { test(newKit(t, db)) }, job.Migrate, signin.Migrate)
}

// on runs a test on a kit over SQLite: what it is about is not the engine's.
func on(t *testing.T) *kit {
	t.Helper()
	db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t)})
	for _, migrate := range []func(context.Context, *database.DB) error{
		func(ctx context.Context, db *database.DB) error { return db.Migrate(ctx, store.Migrations()) }, job.Migrate, signin.Migrate,
	} {
		must(t, migrate(t.Context(), db))
	}
	return newKit(t, db)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newKit(t *testing.T, db *database.DB) *kit {
	t.Helper()
	k := &kit{t: t, db: db, desk: signin.New(db, time.Now)}
	queue, err := job.New(db, job.Config{Poll: 5 * time.Millisecond, Rescue: hub.JobRescue, Alone: true}, slog.New(slog.DiscardHandler))
	must(t, err)
	schedules := job.NewSchedules(db, slog.New(slog.DiscardHandler))
	k.hub = hub.New(hub.Config{
		Store: store.New(db), Keys: hub.KeyDir(t.TempDir()), Audit: audit{k.desk}, Now: k.now, Version: "test",
		Enqueue: hub.EnqueueRecount(queue), EnqueueAt: hub.EnqueueRecountAt(queue),
	})
	hub.RegisterJobs(queue, schedules, k.hub)
	k.acme, k.to, err = k.hub.Init(t.Context(), "acme", "Acme", hub.Settings{}, "command line")
	must(t, err)
	k.serve()
	must(t, queue.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(queue.Stop)
	return k
}

// audit keeps what the hub does where the desk keeps the rest.
type audit struct{ desk *signin.Desk }

func (a audit) Record(ctx context.Context, tx *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error {
	return a.desk.Record(ctx, tx, signin.Entry{Enterprise: enterprise, Actor: actor, Action: signin.Action(action), Target: target, Details: details})
}

func (k *kit) now() time.Time { return time.Now().Add(time.Duration(k.moved.Load())) }

func (k *kit) serve() {
	k.t.Helper()
	sentences, err := i18n.New("en")
	must(k.t, err)
	spool, err := spool.New(filepath.Join(k.t.TempDir(), "spool"), 8<<20)
	must(k.t, err)
	g := gate.New(gate.Config{Hub: k.hub, Sentences: sentences, Spool: spool, Now: k.now})
	app, err := web.New(web.Config{
		Logger: slog.New(slog.NewJSONHandler(&k.log, nil)), Catalogue: sentences, Authorize: g.Authorize, Now: k.now,
	})
	must(k.t, err)
	mux := http.NewServeMux()
	app.Mount(mux, g.Routes()...)
	server := httptest.NewServer(app.Handler(mux))
	k.t.Cleanup(server.Close)
	k.url = server.URL
}

// agent is the other end.
type agent struct {
	k            *kit
	id, host     string
	key, own     ed25519.PrivateKey
	client       *connect.Client
	grant        *connect.Grant
	attempts     int
	last         usagefile.Snapshot
	skew, behind time.Duration // behind is how far its clock is
}

func (k *kit) agent(n int, host string) *agent {
	k.t.Helper()
	a := &agent{k: k, id: fmt.Sprintf("5f0c6a5e-2b1d-4c57-9a43-%012d", n), host: host, key: newKey(k.t), own: newKey(k.t)}
	transport := connect.NewTransport(connect.Network{})
	k.t.Cleanup(transport.CloseIdleConnections)
	a.client = connect.NewClient(k.url, transport, "oneseat/test", func() time.Time { return k.now().Add(-a.behind) })
	return a
}

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	return key
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey {
	public, _ := key.Public().(ed25519.PublicKey)
	return public
}

func (a *agent) statement() *connect.Statement {
	return &connect.Statement{
		Hub: a.k.url, ServerID: a.id, HostName: a.host, Version: "3.17.2", InstanceKey: publicOf(a.key), ConnectionKey: publicOf(a.own),
	}
}

// begin asks for a code.
func (a *agent) begin() (*connect.Pairing, error) {
	p, _, err := a.client.BeginPairing(a.k.t.Context(), a.statement(), a.key)
	return p, err
}

// pair connects the agent as people do.
func (a *agent) pair() *agent {
	a.k.t.Helper()
	p, err := a.begin()
	must(a.k.t, err)
	a.approve(p.UserCode, p.DeviceCode)
	return a
}

// pairFrom is pair from an address of the network.
func (a *agent) pairFrom(address string) *agent {
	a.k.t.Helper()
	text, err := a.statement().Sign(a.key, a.k.now())
	must(a.k.t, err)
	device, p, err := a.k.hub.BeginPairing(a.k.t.Context(), a.id, text, a.k.url, address)
	must(a.k.t, err)
	a.approve(p.UserCode, device)
	return a
}

func (a *agent) approve(user, device string) {
	a.k.t.Helper()
	_, err := a.k.hub.ApprovePairing(a.k.t.Context(), a.k.acme.Number, hub.Approval{Code: user, Actor: "mona", Who: a.id})
	must(a.k.t, err)
	a.grant, err = a.client.Await(a.k.t.Context(), a.id, device)
	must(a.k.t, err)
}

// mint asks for a token, with the name of an attempt; empty: another one.
func (a *agent) mint(attempt string) (*connect.Grant, error) {
	if attempt == "" {
		a.attempts++
		attempt = fmt.Sprintf("attempt %d of %p", a.attempts, a)
	}
	as := connect.Assertion{
		Hub: a.k.url, Connection: a.grant.Connection, ServerID: a.id, Attempt: attempt, Lease: a.grant.Lease, Enrolment: a.k.now(),
	}
	g, skew, err := a.client.Mint(a.k.t.Context(), &as, a.own, a.skew)
	if err == nil {
		a.skew = skew
	}
	return g, err
}

// mustMint is mint, and stores what came.
func (a *agent) mustMint() {
	a.k.t.Helper()
	g, err := a.mint("")
	must(a.k.t, err)
	a.grant = g
}

// export writes the next usage file, of people by their addresses.
func (a *agent) export(people ...string) []byte {
	a.k.t.Helper()
	a.last = usagefile.Snapshot{
		Sequence: a.last.Sequence + 1, Previous: a.last.Digest, TakenAt: a.k.now().Truncate(time.Second), Nonce: usagefile.NewNonce(),
	}
	var file bytes.Buffer
	x := usagefile.Export{
		Instance: usagefile.Instance{ServerID: a.id, HostName: a.host, Version: "3.17.2"}, Snapshot: a.last, Recipients: []usagefile.Recipient{a.k.to},
	}
	receipt, err := usagefile.Encode(&file, a.key, x, func(yield func(licensing.ServerAccount, error) bool) {
		for i, address := range people {
			u := licensing.ServerAccount{UserID: fmt.Sprintf("%04d", i+1), Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(address), Primary: true}}}
			if !yield(u, nil) {
				return
			}
		}
	})
	must(a.k.t, err)
	a.last = receipt.Header.Snapshot
	return file.Bytes()
}

func (a *agent) send(file []byte, request string) (*connect.Receipt, error) {
	return a.client.Send(a.k.t.Context(), a.grant.AccessToken, connect.Usage{Body: bytes.NewReader(file), Size: int64(len(file)), Run: "1", Request: request})
}

func (a *agent) mustSend(file []byte, want connect.State) *connect.Receipt {
	a.k.t.Helper()
	r, err := a.send(file, "")
	must(a.k.t, err)
	if r.State != want {
		a.k.t.Fatalf("the receipt says %+v, want %s", r, want)
	}
	return r
}

// wantReceipt asks what became of an upload; refusal is the key of why, or empty.
func (a *agent) wantReceipt(upload string, want connect.State, refusal string) {
	a.k.t.Helper()
	r, err := a.client.Receipt(a.k.t.Context(), a.grant.AccessToken, upload)
	must(a.k.t, err)
	said := ""
	if r.Refusal != nil {
		said = r.Refusal.Code
	}
	if r.Upload != upload || r.State != want || said != refusal {
		a.k.t.Errorf("the receipt says %+v because of %q, want %s and %q", r, said, want, refusal)
	}
}

// licenses waits until the current result has a number of licenses.
func (k *kit) licenses(want int) {
	k.t.Helper()
	var got int
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		r, err := k.hub.Current(k.t.Context(), k.acme.Number)
		if err == nil && r.Statement.Licenses == want {
			return
		}
		if err == nil {
			got = r.Statement.Licenses
		}
	}
	k.t.Fatalf("there are %d licenses, want %d", got, want)
}

// wantFailure demands a failure of a kind, with a sentence.
func wantFailure(t *testing.T, err error, kind connect.Kind, key string) {
	t.Helper()
	if f := connect.FailureOf(err); f == nil || f.Kind != kind || f.Key != key {
		t.Fatalf("got %v, want %s %s", err, kind, key)
	}
}

// wantError demands a refusal of the hub's.
func wantError(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	named, ok := errors.AsType[i18n.Message](err)
	if !ok {
		t.Fatalf("got %v, want %s", err, key)
	}
	if got, _ := named.Message(); got != key || errs.KindOf(err) != kind {
		t.Fatalf("got %v %q, want %v %q", errs.KindOf(err), got, kind, key)
	}
}
