package hub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/job"
)

var kills = flag.Int("kills", 10, "how often the hub is killed, per engine")

// orderAt is the environment variable that makes this test binary a hub that
// is killed: the file with its order.
const orderAt = "HUB_TEST_ORDER"

// order is what a hub does, and where it ends in the middle of it.
type order struct {
	Location string
	Keys     hub.KeyDir
	Tick     int64
	Deed     deed
	Point    int64
	Delay    time.Duration
}

// TestMain lets the test binary be the hub that is killed.
func TestMain(m *testing.M) {
	if file := os.Getenv(orderAt); file != "" {
		fmt.Fprintln(os.Stderr, beKilled(context.Background(), file))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// beKilled does a deed and is killed: at a point of it, or else at its end.
func beKilled(ctx context.Context, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var o order
	if err := json.Unmarshal(content, &o); err != nil {
		return err
	}
	db, err := database.Open(ctx, database.Config{Location: o.Location, Volatile: true, Wait: patience})
	if err != nil {
		return err
	}
	k := &kit{now: func() {}}
	k.tick.Store(o.Tick)
	killer := lieInWait(db, o.Delay, kill)
	queue, err := job.New(db, job.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	h := hub.New(hub.Config{Store: store.New(db), Keys: o.Keys, Now: k.clock, Version: "test", Enqueue: hub.EnqueueRecount(queue)})
	hub.RegisterJobs(queue, job.NewSchedules(db, slog.New(slog.DiscardHandler)), h)
	killer.left.Store(o.Point)
	if err := o.Deed.do(ctx, h); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "done after %d points\n", o.Point-killer.left.Load())
	kill()
	return nil
}

// TestAKilledHubIsWhollyInOrWhollyOut kills hubs at points chosen by a seed, in
// the middle of everything a hub does, and sometimes again while the next one
// takes back what the first left behind. After the next start whatever was
// applied counts and nothing else does, without anybody asking; nothing is left
// of what was not; and what was interrupted can be done again.
//
// Seeds are the names of the tests: -run '/sqlite/seed 3'.
func TestAKilledHubIsWhollyInOrWhollyOut(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for seed := range *kills {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
				k := &killed{t: t, location: location, r: rand.New(rand.NewPCG(uint64(seed), 1))}
				k.round(deeds()[seed%len(deeds())])
			}, job.Migrate)
		})
	}
}

// killed is the database of a hub that is killed.
type killed struct {
	t        *testing.T
	location string
	r        *rand.Rand
	db       *database.DB
	world    *world
}

func (k *killed) round(name string) {
	k.open()
	k.world = newWorld(k.begin())
	d, next := k.world.prepare(name)
	k.close()
	k.kill(d, 1+k.r.Int64N(points(name)))
	if k.r.IntN(3) == 0 {
		k.kill(&deed{Name: "recover"}, 1+k.r.Int64N(points("recover")))
	}
	k.open()
	k.restart()
	if d.Name == "apply" && k.world.pending() == nil {
		k.world.now = next
	}
	k.world.check("after the kill")
	k.world.finish(d)
	k.world.now = next
	k.world.check("after it was done again")
}

// points is how many points there are in a deed, or a few more: at its end the
// hub is killed anyway.
func points(name string) int64 {
	switch name {
	case "supersede":
		return 100
	case "receive a large one":
		return 88
	case "confirm as the same":
		return 60
	case "apply", "recount", "recover":
		return 30
	default:
		return 48
	}
}

func (k *killed) open() {
	k.t.Helper()
	db, err := database.Open(k.t.Context(), database.Config{Location: k.location, Volatile: true, Wait: patience})
	if err != nil {
		k.t.Fatal(err)
	}
	k.db = db
	k.t.Cleanup(func() { db.Close() }) //nolint:errcheck // closed twice, or the test has failed
}

func (k *killed) close() {
	k.t.Helper()
	if err := k.db.Close(); err != nil {
		k.t.Fatal(err)
	}
}

// begin makes the enterprise.
func (k *killed) begin() *kit {
	k.t.Helper()
	return newWorked(k.t, k.db).kit
}

// restart is the next start of the hub, up to the end of all jobs.
func (k *killed) restart() {
	k.t.Helper()
	k.world.tick.Add(10e6)
	k.world.db, k.world.config.Store = k.db, store.New(k.db)
	w := wire(k.t, k.world.kit)
	if err := w.hub.Recover(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	w.start()
	w.drain()
}

// kill runs another hub that ends in the middle of a deed.
func (k *killed) kill(d *deed, point int64) {
	k.t.Helper()
	o := order{Location: k.location, Keys: k.world.config.Keys, Tick: k.world.tick.Add(10e6), Deed: *d, Point: point}
	if k.r.IntN(2) == 0 {
		o.Delay = time.Duration(k.r.IntN(3000)) * time.Microsecond
	}
	content, err := json.Marshal(o)
	if err != nil {
		k.t.Fatal(err)
	}
	file := filepath.Join(k.t.TempDir(), "order.json")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		k.t.Fatal(err)
	}
	child := exec.CommandContext(k.t.Context(), os.Args[0])
	child.Env = append(os.Environ(), orderAt+"="+file)
	var said bytes.Buffer
	child.Stderr = &said
	err = child.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Exited() {
		k.t.Fatalf("the hub ended by itself: %v: %s", err, said.String())
	}
	k.t.Logf("%s: killed at point %d, %v later; %s", d.Name, point, o.Delay, said.String())
}
