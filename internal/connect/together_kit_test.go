package connect_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/faulttest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/gate"
	hubstore "github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

// pair is an agent and a hub, both real, with their own databases, and a line
// between them that breaks as a test says. Their clock is one that a test moves.
type pair struct {
	t     *testing.T
	clock clock

	hub    *hub.Service
	hubDB  *database.DB
	keys   hub.KeyDir
	acme   int64
	server *httptest.Server
	line   *faulttest.Proxy
	// address is what the agent calls the hub.
	address string

	agent  *agent.Service
	config agent.Config
	wire   *wire
	source string // the file
	files  int    // written so far

	people map[string]string             // in the source: address by id
	taken  map[int64]map[string]string   // in each snapshot
	counts []int64                       // sequences of runs that succeeded
	seen   map[int64]agentstore.RunState // of runs that are over
}

// clock is one that a test moves, and that moves by itself too.
type clock struct {
	mu    sync.Mutex
	moved time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.moved)
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved += d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newPair(t *testing.T) *pair {
	t.Helper()
	line := faulttest.Start(t, "")
	return newPairAt(t, "http://"+line.Address(), line, connect.NewTransport(connect.Network{}))
}

// newPairAt is newPair for a hub that has another address, which a transport
// finds.
func newPairAt(t *testing.T, address string, line *faulttest.Proxy, transport *http.Transport) *pair {
	t.Helper()
	p := &pair{t: t, line: line, address: address, keys: hub.KeyDir(t.TempDir()), people: map[string]string{}, taken: map[int64]map[string]string{}, seen: map[int64]agentstore.RunState{}}
	p.hubDB = open(t, hubstore.Migrations())
	p.startHub()
	info, _, err := p.hub.Init(t.Context(), "acme", "Acme", hub.Settings{}, "mona-okafor")
	must(t, err)
	p.acme = info.Number

	p.source = filepath.Join(t.TempDir(), "all_users.csv")
	p.wire = &wire{transport: transport}
	t.Cleanup(p.wire.transport.CloseIdleConnections)
	p.config = agent.Config{
		Store: agentstore.New(open(t, agentstore.Migrations())), Dir: filepath.Join(t.TempDir(), "state"), Source: &agent.Source{Text: p.source},
		HostName: "ghes-1.acme.example", Version: "3.17.2", Place: "here", Transport: p.wire, UserAgent: "oneseat/test", Now: p.clock.now,
	}
	p.agent = agent.New(p.config)
	_, _, err = p.agent.Init(t.Context(), "sam-rivers")
	must(t, err)
	return p
}

func open(t *testing.T, migrations fs.FS) *database.DB {
	t.Helper()
	db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t), Volatile: true})
	must(t, db.Migrate(t.Context(), migrations))
	return db
}

// startHub starts the hub's program, or starts it anew.
func (p *pair) startHub() {
	p.t.Helper()
	if p.server != nil {
		p.server.CloseClientConnections()
		p.server.Close()
	}
	p.hub = hub.New(hub.Config{Store: hubstore.New(p.hubDB), Keys: p.keys, Now: p.clock.now, Version: "test"})
	sentences, err := i18n.New("en")
	must(p.t, err)
	files, err := spool.New(filepath.Join(p.t.TempDir(), "spool"), 8<<20)
	must(p.t, err)
	g := gate.New(gate.Config{Hub: p.hub, Sentences: sentences, Spool: files, Now: p.clock.now})
	external, err := url.Parse(p.address)
	must(p.t, err)
	app, err := web.New(web.Config{
		Logger: slog.New(slog.DiscardHandler), Catalogue: sentences, Authorize: g.Authorize, ExternalURL: external, Now: p.clock.now,
	})
	must(p.t, err)
	mux := http.NewServeMux()
	app.Mount(mux, g.Routes()...)
	p.server = httptest.NewServer(app.Handler(mux))
	p.t.Cleanup(p.server.Close)
	p.line.Lead(p.server.Listener.Addr().String())
	p.line.Cut()
}

// restartAgent starts the agent's program anew.
func (p *pair) restartAgent() {
	p.t.Helper()
	p.agent = agent.New(p.config)
	must(p.t, p.agent.Recover(p.t.Context()))
}

// write puts the people into the source.
func (p *pair) write() {
	p.t.Helper()
	var text strings.Builder
	text.WriteString("id,login,email,suspended?\n")
	for _, id := range slices.Sorted(maps.Keys(p.people)) {
		fmt.Fprintf(&text, "%s,user-%s,%s,false\n", id, id, p.people[id])
	}
	must(p.t, os.WriteFile(p.source+".next", []byte(text.String()), 0o600))
	p.files++
	at := p.clock.now().Add(time.Duration(p.files) * time.Millisecond)
	must(p.t, os.Chtimes(p.source+".next", at, at))
	must(p.t, os.Rename(p.source+".next", p.source))
}

// connect pairs the two as people do, and enables license sync.
func (p *pair) connect() {
	p.t.Helper()
	c, err := p.agent.Connect(p.t.Context(), "sam-rivers", p.address, true)
	for tries := 0; connect.FailureOf(err) != nil && tries < 5; tries++ { // as people do when the line breaks
		c, err = p.agent.Connect(p.t.Context(), "sam-rivers", p.address, true)
	}
	must(p.t, err)
	if c.Code == nil {
		p.t.Fatalf("there is no code: %+v", c)
	}
	_, err = p.hub.ApprovePairing(p.t.Context(), p.acme, hub.Approval{Code: c.Code.User, Actor: "mona-okafor", Who: "mona-okafor"})
	must(p.t, err)
	p.drive(time.Minute)
	if c, err := p.agent.Connection(p.t.Context()); err != nil || !c.Connected() {
		p.t.Fatalf("not connected: %+v, %v", c, err)
	}
}

// drive lets the agent do what is due within a time, to which the clock then has
// moved. After every turn, what it says must be so.
func (p *pair) drive(d time.Duration) {
	p.t.Helper()
	until := p.clock.now().Add(d)
	for turns := 0; ; turns++ {
		if turns > 5000 {
			c, err := p.agent.Connection(p.t.Context())
			must(p.t, err)
			runs, err := p.agent.Runs(p.t.Context(), 0, 1)
			must(p.t, err)
			p.t.Fatalf("the agent never rests: %+v, %+v; %+v", c, *runs[0], runs[0].Failure)
		}
		next, err := p.turn(p.t.Context())
		must(p.t, err)
		now := p.clock.now()
		switch {
		case next.IsZero() || next.After(until):
			p.clock.move(max(0, until.Sub(now)))
			return
		case next.After(now):
			p.clock.move(next.Sub(now))
		}
	}
}

// turn is one turn of the agent, and a look at what it says of itself.
func (p *pair) turn(ctx context.Context) (time.Time, error) {
	p.t.Helper()
	next, err := p.agent.SyncTurn(ctx)
	if ctx.Err() == nil {
		p.check() //nolint:contextcheck // what is true is looked at even when the agent was ended
	}
	return next, err
}

// check demands that what the agent says is so.
func (p *pair) check() {
	p.t.Helper()
	snapshots, err := p.agent.Snapshots(p.t.Context(), 0, 1)
	must(p.t, err)
	for _, s := range snapshots {
		if p.taken[s.Sequence] == nil {
			p.taken[s.Sequence] = maps.Clone(p.people)
		}
	}
	runs, err := p.agent.Runs(p.t.Context(), 0, 5)
	must(p.t, err)
	for _, r := range slices.Backward(runs) {
		if !r.Over() || p.seen[r.Number] != "" {
			continue
		}
		p.seen[r.Number] = r.State
		if r.State == agentstore.RunSucceeded {
			p.counts = append(p.counts, r.Sequence)
			p.wantCounted(r.Sequence)
		}
	}
}

// wantCounted demands that the hub has the accounts of a snapshot, and no
// others.
func (p *pair) wantCounted(sequence int64) {
	p.t.Helper()
	sources, err := p.hub.Sources(p.t.Context(), p.acme)
	must(p.t, err)
	for i := range sources {
		src := &sources[i]
		if src.Number == hub.CloudSource || src.State != hubstore.Active {
			continue
		}
		if src.Sequence != sequence {
			p.t.Fatalf("the agent says that snapshot %d counts, and the hub counts %d", sequence, src.Sequence)
		}
		if got, want := p.accounts(src), wanted(p.t, p.taken[sequence]); !maps.Equal(got, want) {
			p.t.Fatalf("snapshot %d: the hub has %d accounts, the agent sent %d, or they differ", sequence, len(got), len(want))
		}
		return
	}
	p.t.Fatal("the hub has no instance")
}

// accounts are what the hub has of an instance, by user id.
func (p *pair) accounts(src *hub.Source) map[string]string {
	p.t.Helper()
	out := map[string]string{}
	for item, err := range hubstore.New(p.hubDB).For(p.acme).Items(p.t.Context(), src.Number, src.Seq) {
		must(p.t, err)
		out[item.Key] = item.Document
	}
	return out
}

// wanted is what a hub should have of people.
func wanted(t *testing.T, people map[string]string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for id, address := range people {
		item, err := hubstore.AccountItem(&licensing.ServerAccount{UserID: id, Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(address), Primary: true}}})
		must(t, err)
		out[item.Key] = item.Document
	}
	return out
}

// wantInOrder demands that every snapshot that the hub applied is newer than the
// one before.
func (p *pair) wantInOrder() {
	p.t.Helper()
	list, err := p.hub.Uploads(p.t.Context(), p.acme, hub.Upload{}, 500)
	must(p.t, err)
	var last int64
	for _, u := range slices.Backward(list) {
		h, err := hub.HeaderOf(u)
		must(p.t, err)
		if u.Kind != hubstore.UploadUsage || u.State != hubstore.Applied {
			continue
		}
		if h.Sequence <= last {
			p.t.Errorf("snapshot %d was applied behind %d", h.Sequence, last)
		}
		last = h.Sequence
	}
}

// wire is the agent's transport: it remembers what was sent, for whoever repeats
// it, and ends the agent in the middle of a call.
type wire struct {
	transport *http.Transport

	mu     sync.Mutex
	sent   []overheard
	kill   func() // called before, or behind, the next call
	behind bool
}

type overheard struct {
	method, url string
	header      http.Header
	body        []byte
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	w.mu.Lock()
	w.sent = append(w.sent, overheard{r.Method, r.URL.String(), r.Header.Clone(), body})
	kill, behind := w.kill, w.behind
	w.kill = nil
	w.mu.Unlock()
	if kill != nil && !behind {
		kill()
	}
	answer, err := w.transport.RoundTrip(r)
	if kill != nil && behind {
		kill()
	}
	return answer, err
}

// endAt ends whoever calls, before the next call or when it was answered.
func (w *wire) endAt(behind bool, kill func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kill, w.behind = kill, behind
}

// again sends something that was sent before, as whoever overheard it would, and
// gives the status of the answer; 0 for none.
func (w *wire) again(t *testing.T, number int) int {
	t.Helper()
	w.mu.Lock()
	o := w.sent[number%len(w.sent)]
	w.mu.Unlock()
	r, err := http.NewRequestWithContext(t.Context(), o.method, o.url, bytes.NewReader(o.body))
	must(t, err)
	r.Header = o.header.Clone()
	answer, err := (&http.Client{Transport: w.transport}).Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close() //nolint:errcheck // nobody reads it
	return answer.StatusCode
}
