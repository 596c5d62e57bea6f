package connect_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/faulttest"
)

// schedules is how many random histories of an agent and its hub are played.
var schedules = flag.Int("schedules", 20, "random histories of an agent and its hub")

// Whatever happens on the line, to either program, and by whoever repeats what
// was sent: nothing is lost, doubled or applied out of order, and when a run says
// that it succeeded, the hub has the accounts of its snapshot and no others.
func TestNoScheduleLosesDoublesOrReorders(t *testing.T) {
	t.Parallel()
	for seed := range *schedules {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			h := &history{pair: p, random: rand.New(rand.NewPCG(uint64(seed), 1))}
			h.play(15)
		})
	}
}

// history is a random one.
type history struct {
	*pair

	random *rand.Rand
	born   int
}

func (h *history) play(events int) {
	h.t.Helper()
	h.hire(5)
	h.write()
	h.connect()
	for range events {
		h.event()
	}
	h.heal()
}

// event is one thing that happens.
func (h *history) event() {
	h.t.Helper()
	switch h.random.IntN(9) {
	case 0, 1:
		h.hire(1 + h.random.IntN(3))
		h.leave()
		h.write()
	case 2, 3:
		h.line.Next(h.faults()...)
	case 4:
		h.startHub()
	case 5:
		h.die()
	case 6:
		h.wire.again(h.t, h.random.IntN(1000))
	case 7:
		h.reconnect()
	case 8:
		h.line.Always(faulttest.Fault{Refuse: true})
		h.drive(time.Duration(1+h.random.IntN(20)) * time.Hour)
		h.line.Always(faulttest.Fault{})
	}
	if h.random.IntN(2) == 0 {
		h.press()
	}
	h.drive(time.Duration(h.random.IntN(200)) * time.Hour)
}

// hire adds people to the source.
func (h *history) hire(n int) {
	for range n {
		h.born++
		h.people[fmt.Sprint(h.born)] = fmt.Sprintf("user-%d@acme.example", h.born)
	}
}

// leave removes somebody, and gives somebody another address.
func (h *history) leave() {
	gone := fmt.Sprint(1 + h.random.IntN(h.born))
	if len(h.people) > 4 {
		delete(h.people, gone)
	}
	if moved := fmt.Sprint(1 + h.random.IntN(h.born)); h.people[moved] != "" {
		h.people[moved] = fmt.Sprintf("user-%s-%d@acme.example", moved, h.random.IntN(100))
	}
}

// faults are those of the next connections.
func (h *history) faults() []faulttest.Fault {
	var all []faulttest.Fault
	for range 1 + h.random.IntN(3) {
		all = append(all, []faulttest.Fault{
			{Refuse: true},
			{Swallow: true},
			{CutUp: 1 + h.random.Int64N(6000)},
			{CutDown: 1 + h.random.Int64N(1500)},
		}[h.random.IntN(4)])
	}
	return all
}

// press presses Sync now, which may not be possible just now.
func (h *history) press() {
	h.t.Helper()
	if c, err := h.agent.Connection(h.t.Context()); err == nil && c.Syncs() {
		_, err := h.agent.SyncNow(h.t.Context(), "sam-rivers")
		must(h.t, err)
	}
}

// die ends the agent's program in the middle of a call, and starts it anew.
func (h *history) die() {
	h.t.Helper()
	h.press()
	ctx, end := context.WithCancel(h.t.Context())
	defer end()
	h.wire.endAt(h.random.IntN(2) == 0, end)
	for ctx.Err() == nil {
		next, err := h.turn(ctx)
		if ctx.Err() == nil {
			must(h.t, err)
		}
		if next.IsZero() || next.After(h.clock.now()) {
			break
		}
	}
	h.wire.endAt(false, nil)
	h.restartAgent()
}

// reconnect disables Connect on one side and enables it again, while somebody
// still has what was sent before.
func (h *history) reconnect() {
	h.t.Helper()
	if h.random.IntN(2) == 0 {
		sources, err := h.hub.Sources(h.t.Context(), h.acme)
		must(h.t, err)
		must(h.t, h.hub.DisableConnect(h.t.Context(), h.acme, sources[len(sources)-1].Number, "mona-okafor"))
		h.press()
		h.drive(time.Hour)
	}
	if c, err := h.agent.Connection(h.t.Context()); err == nil && c.Connected() {
		_, err := h.agent.Disconnect(h.t.Context(), "sam-rivers")
		must(h.t, err)
	}
	if status := h.wire.again(h.t, h.random.IntN(1000)); status >= 200 && status < 300 {
		h.t.Logf("a repeat is answered with %d", status)
	}
	h.connect()
}

// heal lets everything be well, and wants what the agent has to count.
func (h *history) heal() {
	h.t.Helper()
	h.line.Always(faulttest.Fault{})
	h.hire(1)
	h.write()
	h.press()
	h.drive(24 * time.Hour)
	runs, err := h.agent.Runs(h.t.Context(), 0, 1)
	must(h.t, err)
	if len(runs) == 0 || runs[0].State != agentstore.RunSucceeded {
		h.t.Fatalf("the last run: %+v", runs)
	}
	last, err := h.agent.Snapshots(h.t.Context(), 0, 1)
	must(h.t, err)
	h.wantCounted(last[0].Sequence)
	h.wantInOrder()
	if h.t.Logf("%d runs, %d succeeded, %d connections", len(h.seen), len(h.counts), h.line.Seen()); len(h.counts) < 2 {
		h.t.Error("too little happened to prove anything")
	}
	r, err := h.hub.Recount(h.t.Context(), h.acme, "mona-okafor", false)
	must(h.t, err)
	if r.Statement.Licenses != len(h.people) {
		h.t.Errorf("%d people, %d licenses", len(h.people), r.Statement.Licenses)
	}
}
