package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/faulttest"
	"github.com/oneseat/oneseat/internal/hub"
	hubstore "github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/job"
	"github.com/oneseat/oneseat/licensing"
)

// couple is a hub and its agent, each the real program in a process of its own,
// and a line between them that breaks as a test says. The test looks into their
// databases from beside them, as their commands do.
type couple struct {
	*office

	whole   *testing.T // of which t is a part
	line    *faulttest.Proxy
	address string // of the hub, as the agent knows it

	hub, agent *running
	site       string // directory of the agent
	source     string // file that it reads
	people     map[string]string
	born       int

	beside *machine // the hub's database
	acme   int64
	here   *agent.Service // the agent's
}

// newCouple makes both, and starts them. Scheme is "http", or "https" with the
// certificate that the environment says.
func newCouple(t *testing.T, scheme string, env []string) *couple {
	t.Helper()
	dir := t.TempDir()
	c := &couple{
		office: &office{t: t, data: filepath.Join(dir, "hub")}, whole: t, line: faulttest.Start(t, ""),
		site: filepath.Join(dir, "agent"), source: filepath.Join(dir, "all_users.csv"), people: map[string]string{},
	}
	c.address = scheme + "://" + c.line.Address()
	c.env = append(env,
		"ONESEAT_AGENT_DATA="+c.site, "ONESEAT_AGENT_HOST_NAME=ghes-1.acme.example", "ONESEAT_AGENT_SOURCE="+c.source,
		"ONESEAT_AGENT_SYNC_DELAYS=1s,2s,2s,3s,5s,10s,20s,30s,30s,30s,30s,30s",
	)
	c.run("hub", "init", "--enterprise", "acme", "--name", "Acme Instruments", "--owner", "Mona")
	c.run("agent", "init", "--owner", "Sam")
	c.lookInside()
	c.hire(200)
	c.startHub()
	c.startAgent()
	t.Cleanup(func() {
		for _, r := range []*running{c.agent, c.hub} {
			_ = r.end(os.Interrupt) // a test may have killed it
		}
	})
	return c
}

// lookInside opens both databases beside the programs.
func (c *couple) lookInside() {
	c.t.Helper()
	ctx, silent := context.Background(), slog.New(slog.DiscardHandler)
	p := &place{data: c.data, database: filepath.Join(c.data, "hub.db"), keys: hub.KeyDir(filepath.Join(c.data, "keys")), spool: filepath.Join(c.data, "spool")}
	p.file = p.database
	var err error
	if c.beside, err = openMachine(ctx, p, silent); err != nil {
		c.t.Fatal(err)
	}
	e, err := c.beside.enterprise(ctx, "acme", "")
	if err != nil {
		c.t.Fatal(err)
	}
	c.acme = e.Number
	db, err := database.Open(ctx, database.Config{Location: filepath.Join(c.site, "agent.db")})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = errors.Join(db.Close(), c.beside.close()) }) // nothing was written
	queue, err := job.New(db, job.Config{Alone: true}, silent)
	if err != nil {
		c.t.Fatal(err)
	}
	c.here = agent.New(agent.Config{
		Store: agentstore.New(db), Dir: c.site, HostName: "ghes-1.acme.example", Place: whereabouts(c.site), PokeSync: agent.EnqueuePoke(queue), Now: time.Now,
	})
	agent.RegisterSync(queue, job.NewLoop("of the process", c.here.SyncTurn, silent)) // which is never started here
}

// startHub starts the hub's process, and leads the line there.
func (c *couple) startHub() {
	c.t.Helper()
	var at string
	c.hub, at = launch(c.whole, c.command("hub", "--listen", "127.0.0.1:0", "--external-url", c.address))
	c.line.Lead(at)
	c.line.Cut()
}

func (c *couple) startAgent() {
	c.t.Helper()
	c.agent, _ = launch(c.whole, c.command("agent", "--listen", "127.0.0.1:0"))
}

// hire adds people to the source, whose addresses nothing makes shorter, and lets
// somebody leave.
func (c *couple) hire(n int) {
	c.t.Helper()
	for range n {
		c.born++
		c.people[fmt.Sprint(c.born)] = fmt.Sprintf("%x@acme.example", sha256.Sum224(fmt.Append(nil, c.born)))
	}
	delete(c.people, fmt.Sprint(c.born/2))
	var text strings.Builder
	text.WriteString("id,login,email,suspended?\n")
	for _, id := range slices.Sorted(maps.Keys(c.people)) {
		fmt.Fprintf(&text, "%s,user-%s,%s,false\n", id, id, c.people[id])
	}
	next := c.source + ".next"
	if err := errors.Join(os.WriteFile(next, []byte(text.String()), 0o600), os.Rename(next, c.source)); err != nil {
		c.t.Fatal(err)
	}
}

// press presses Sync now.
func (c *couple) press() {
	c.t.Helper()
	if _, err := c.here.SyncNow(c.t.Context(), "sam"); err != nil {
		c.t.Fatal(err)
	}
}

// await looks until something is so.
func (c *couple) await(what string, so func() bool) {
	c.t.Helper()
	for end := time.Now().Add(patient); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("it never comes about: %s; %+v, %+v", what, c.connection(), c.newest())
		}
	}
}

// newest is the newest run.
func (c *couple) newest() *agent.Run {
	c.t.Helper()
	runs, err := c.here.Runs(c.t.Context(), 0, 1)
	if err != nil {
		c.t.Fatal(err)
	}
	if len(runs) == 0 {
		return &agent.Run{}
	}
	return runs[0]
}

func (c *couple) connection() *agent.Connection {
	c.t.Helper()
	now, err := c.here.Connection(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return now
}

// instance is what the hub has of the agent's instance.
func (c *couple) instance() *hub.Source {
	c.t.Helper()
	sources, err := c.beside.hub.Sources(c.t.Context(), c.acme)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := range sources {
		if s := &sources[i]; s.Number != hub.CloudSource && s.State == hubstore.Active {
			return s
		}
	}
	c.t.Fatal("the hub has no instance")
	return nil
}

// broken presses Sync now while something is wrong, and waits until the agent
// tells that, to be tried again.
func (c *couple) broken(keys ...string) {
	c.t.Helper()
	before := c.newest().Number
	c.press()
	c.await("an attempt fails", func() bool {
		r := c.newest()
		return r.Number > before && r.Over() || r.State == agentstore.RunRetrying
	})
	if r := c.newest(); r.State != agentstore.RunRetrying || !slices.Contains(keys, r.Failure.Key) {
		c.t.Fatalf("the run is %s because of %+v", r.State, r.Failure)
	}
}

// well lets the line be well. What was begun then comes to its end by itself.
func (c *couple) well() {
	c.t.Helper()
	c.line.Always(faulttest.Fault{})
	c.counted()
}

// counted waits until the newest run succeeded, and demands that the hub has what
// the source had, once.
func (c *couple) counted() {
	c.t.Helper()
	c.await("the run ends", func() bool { r := c.newest(); return r.Number > 0 && r.Over() })
	if r := c.newest(); r.State != agentstore.RunSucceeded {
		c.t.Fatalf("the run is %s because of %+v", r.State, r.Failure)
	}
	c.equal()
}

// delivers demands that a change arrives as it should.
func (c *couple) delivers() {
	c.t.Helper()
	c.hire(1)
	before := c.newest().Number
	c.press()
	c.await("a run begins", func() bool { return c.newest().Number > before })
	c.counted()
}

// equal demands that the hub's accounts are those of the agent's last snapshot,
// which is of the source, and that each snapshot was applied once, in its order.
func (c *couple) equal() {
	c.t.Helper()
	ctx, src := c.t.Context(), c.instance()
	last, err := c.here.Snapshots(ctx, 0, 1)
	if err != nil || len(last) == 0 || last[0].Sequence != src.Sequence || c.newest().Sequence != src.Sequence {
		c.t.Fatalf("the agent's last snapshot is %+v, its run's %d, and the hub counts %d (%v)", last, c.newest().Sequence, src.Sequence, err)
	}
	got := map[string]string{}
	for item, err := range hubstore.New(c.beside.db).For(c.acme).Items(ctx, src.Number, src.Seq) {
		if err != nil {
			c.t.Fatal(err)
		}
		got[item.Key] = item.Document
	}
	want := map[string]string{}
	for id, address := range c.people {
		item, err := hubstore.AccountItem(&licensing.ServerAccount{UserID: id, Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(address), Primary: true}}})
		if err != nil {
			c.t.Fatal(err)
		}
		want[item.Key] = item.Document
	}
	if !maps.Equal(got, want) {
		c.t.Fatalf("the hub has %d accounts, the source %d, or they differ", len(got), len(want))
	}
	c.inOrder(src)
}

// inOrder demands that every upload of an instance that was applied is newer than
// the one before.
func (c *couple) inOrder(src *hub.Source) {
	c.t.Helper()
	var last int64
	for _, u := range slices.Backward(c.uploads()) {
		h, err := hub.HeaderOf(u)
		if err != nil {
			c.t.Fatal(err)
		}
		if u.Source != src.Number || u.Kind != hubstore.UploadUsage || u.State != hubstore.Applied {
			continue
		}
		if h.Sequence <= last {
			c.t.Errorf("snapshot %d was applied behind %d", h.Sequence, last)
		}
		last = h.Sequence
	}
}

// uploads are what the hub was given, the newest first.
func (c *couple) uploads() []*hub.Upload {
	c.t.Helper()
	list, err := c.beside.hub.Uploads(c.t.Context(), c.acme, hub.Upload{}, 500)
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// asks lets the agent ask for a connection, which Mona approves.
func (c *couple) asks() {
	c.t.Helper()
	code := userCode.FindString(c.run("agent", "connect", c.address, "--license-sync", "--no-wait"))
	if _, err := c.beside.hub.ApprovePairing(c.t.Context(), c.acme, hub.Approval{Code: code, Actor: "mona", Who: "mona"}); err != nil {
		c.t.Fatal(err)
	}
}

// pairs connects the two, and waits for the run that follows.
func (c *couple) pairs() {
	c.t.Helper()
	before := c.newest().Number
	c.asks()
	c.await("they are connected", func() bool { return c.connection().Connected() })
	c.await("a run begins", func() bool { return c.newest().Number > before })
	c.counted()
}

// inMidUpload does something while the file of a run is on its way.
func (c *couple) inMidUpload(do func()) {
	c.t.Helper()
	c.hire(1)
	c.line.Always(faulttest.Fault{Rate: 2000})
	before := c.line.Passed()
	c.press()
	c.await("half of the file passed", func() bool { return c.line.Passed() > before+4000 })
	do()
}

// says demands that a command for the agent says a sentence, whether it fails or
// not: at once, or when the attempt that is on its way has ended as well.
func (c *couple) says(sentence string, args ...string) {
	c.t.Helper()
	said := ""
	for end := time.Now().Add(patient); !strings.Contains(said, sentence); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("%v does not say %q: %s", args, sentence, said)
		}
		var out bytes.Buffer
		command := c.command(args...)
		command.Stdout, command.Stderr = &out, &out
		_ = command.Run() // what it says counts
		said = strings.Join(strings.Fields(out.String()), " ")
	}
}

// ended ends a program as a service manager does, or as a machine that loses
// power.
func (c *couple) ended(r *running, how os.Signal) {
	c.t.Helper()
	if err := r.end(how); err != nil && how == syscall.SIGTERM {
		c.t.Errorf("it ended with %v", err)
	}
}
