package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// What the child of TestAKilledHubIsWhollyInOrWhollyOut is told.
const (
	childDatabase = "HUB_TEST_DATABASE"
	childKeys     = "HUB_TEST_KEYS"
)

// TestMain lets the test binary be the hub that is killed.
func TestMain(m *testing.M) {
	if location := os.Getenv(childDatabase); location != "" {
		fmt.Fprintln(os.Stderr, beKilled(context.Background(), location, os.Getenv(childKeys)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// killPeople is what an instance says in a round, enough to take a while.
func killPeople(round int) people {
	p := people{}
	for i := range 3000 {
		if i%7 != round%7 {
			p[fmt.Sprint(i)] = fmt.Sprintf("person%d@acme.example", (i+i%3*round)%4000)
		}
	}
	return p
}

// openHub is the hub of a killed child, or of whoever looks at what it left.
func openHub(ctx context.Context, location, keys string) (*database.DB, *hub.Service, error) {
	db, err := database.Open(ctx, database.Config{Location: location, Volatile: true})
	if err != nil {
		return nil, nil, err
	}
	h := hub.New(hub.Config{Store: store.New(db), Keys: hub.KeyDir(keys), Now: time.Now, Version: "test"})
	return db, h, h.Recover(ctx)
}

// beKilled uploads, applies, discards, goes back and recounts until the
// process ends.
func beKilled(ctx context.Context, location, keys string) error {
	_, h, err := openHub(ctx, location, keys)
	if err != nil {
		return err
	}
	for r := rand.New(rand.NewPCG(uint64(os.Getpid()), 0)); ; {
		u, err := arrive(ctx, h, keys, r)
		if err != nil {
			return err
		}
		if r.IntN(4) == 0 {
			_, err = h.Discard(ctx, 1, u.ID, "mona")
		} else if _, err = h.Apply(ctx, 1, u.ID, "mona"); err == nil {
			_, err = h.Recount(ctx, 1, "mona", false)
		}
		if err != nil {
			return err
		}
	}
}

// arrive brings something to preview: what the last one left there, one of the
// next files, or, when there are none, a kept snapshot.
func arrive(ctx context.Context, h *hub.Service, keys string, r *rand.Rand) (*hub.Upload, error) {
	recent, err := h.Uploads(ctx, 1, hub.Upload{}, 1)
	if err != nil {
		return nil, err
	}
	if len(recent) > 0 && recent[0].State == store.Preview {
		return recent[0], nil
	}
	if len(recent) > 0 && recent[0].State == store.Waiting {
		return confirmed(ctx, h, recent[0])
	}
	sources, err := h.Sources(ctx, 1)
	if err != nil {
		return nil, err
	}
	last := sources[len(sources)-1]
	file, err := os.ReadFile(fmt.Sprintf("%s/usage-%d", keys, last.Sequence+r.Int64N(2)))
	if errors.Is(err, os.ErrNotExist) {
		return goBack(ctx, h, last.Number)
	}
	if err != nil {
		return nil, err
	}
	u, err := h.ReceiveUsage(ctx, 1, bytes.NewReader(file), hub.Arrival{Actor: "mona"})
	if err != nil || u.State != store.Waiting {
		return u, err
	}
	return confirmed(ctx, h, u)
}

func confirmed(ctx context.Context, h *hub.Service, u *hub.Upload) (*hub.Upload, error) {
	header, err := hub.HeaderOf(u)
	if err != nil {
		return nil, err
	}
	return h.Confirm(ctx, 1, u.ID, hub.Identity{Fingerprint: header.Fingerprint})
}

func goBack(ctx context.Context, h *hub.Service, source int64) (*hub.Upload, error) {
	snaps, err := h.Snapshots(ctx, 1, source, 3)
	if err != nil {
		return nil, err
	}
	return h.Undo(ctx, 1, source, snaps[len(snaps)-1].Seq, "a mistake", hub.Arrival{Actor: "mona"})
}

func TestAKilledHubIsWhollyInOrWhollyOut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for engine, location := range map[string]func(*testing.T) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			k := &killed{t: t, location: location(t), keys: t.TempDir(), r: rand.New(rand.NewPCG(11, 12)), says: map[int64]people{}}
			k.prepare()
			for range 5 {
				k.kill()
				k.check()
			}
		})
	}
}

// killed is the database of a hub that is killed again and again.
type killed struct {
	t              *testing.T
	location, keys string
	r              *rand.Rand
	says           map[int64]people // by sequence
}

// prepare makes the enterprise and the files its instance will send.
func (k *killed) prepare() {
	k.t.Helper()
	db := dbtest.Open(k.t, database.Config{Location: k.location, Volatile: true})
	if err := db.Migrate(k.t.Context(), store.Migrations()); err != nil {
		k.t.Fatal(err)
	}
	h := hub.New(hub.Config{Store: store.New(db), Keys: hub.KeyDir(k.keys), Now: time.Now})
	_, to, err := h.Init(k.t.Context(), "acme", "Acme", hub.Settings{}, "mona")
	if err != nil {
		k.t.Fatal(err)
	}
	kit, git := &kit{t: k.t, to: to}, newAgent(1, "git.acme.example")
	for n := range 25 {
		p := killPeople(n)
		k.says[int64(n+1)] = p
		if err := os.WriteFile(fmt.Sprintf("%s/usage-%d", k.keys, n), kit.export(git, p.users()), 0o600); err != nil {
			k.t.Fatal(err)
		}
	}
}

// kill runs the hub and ends it at a random moment.
func (k *killed) kill() {
	k.t.Helper()
	child := exec.CommandContext(k.t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childDatabase+"="+k.location, childKeys+"="+k.keys)
	var said bytes.Buffer
	child.Stderr = &said
	if err := child.Start(); err != nil {
		k.t.Fatal(err)
	}
	time.Sleep(time.Duration(200+k.r.IntN(900)) * time.Millisecond)
	if err := child.Process.Kill(); err != nil {
		k.t.Fatal(err)
	}
	err := child.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Exited() {
		k.t.Fatalf("the hub ended by itself: %v: %s", err, said.String())
	}
}

// check opens the database as the next start would, and compares what is
// there with a fresh count.
func (k *killed) check() {
	k.t.Helper()
	db, h, err := openHub(k.t.Context(), k.location, k.keys)
	if err != nil {
		k.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test ends with it
	uploads, err := h.Uploads(k.t.Context(), 1, hub.Upload{}, 1000)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, u := range uploads {
		if u.State == store.Checking || u.State == store.Removing {
			k.t.Errorf("upload %s is %s after a restart", u.ID, u.State)
		}
	}
	if _, err := h.Recount(k.t.Context(), 1, "mona", false); err != nil {
		k.t.Fatal(err)
	}
	r, err := h.Recount(k.t.Context(), 1, "mona", true)
	if err != nil {
		k.t.Fatal(err)
	}
	wantChanges(k.t, r.Difference) // a fresh count finds what was stored
	if len(r.Inputs) == 0 {
		return // killed before anything was applied
	}
	in := r.Inputs[len(r.Inputs)-1]
	want := k.says[in.Sequence]
	if r.Statement.ServerAccounts != len(want) || int(in.Items) != len(want) {
		k.t.Errorf("snapshot %d has %d accounts, want %d", in.Sequence, r.Statement.ServerAccounts, len(want))
	}
	kit := &kit{t: k.t, hub: h, e: 1}
	if got := len(kit.names(r, hub.Consumed)); got != r.Statement.Licenses {
		k.t.Errorf("%d people are listed, %d consume", got, r.Statement.Licenses)
	}
	k.t.Logf("snapshot %d counts, %d uploads", in.Sequence, len(uploads))
}
