package main

import (
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/faulttest"
	"github.com/oneseat/oneseat/internal/hub"
)

// fault is one thing that goes wrong between a hub and an agent. When run returns
// they are well again, and the hub has what the agent sent last.
type fault struct {
	name string
	run  func(*couple)
}

// TestFaultsBetweenProcesses: whatever breaks between the real programs, it ends
// in the right state by itself, or with a sentence that says what to do. Nothing
// is lost or doubled, and when a run says that it succeeded, the hub has the
// accounts of its snapshot and no others. The faults of a couple follow each other.
func TestFaultsBetweenProcesses(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a minute, most of which is waiting")
	}
	for name, faults := range map[string][]fault{
		"pairing": {
			{"cut while it introduces itself", (*couple).cutIntroducing},
			{"cut while it asks whether it was approved", (*couple).cutWaiting},
			{"cut while it asks for a token", (*couple).cutMinting},
			{"cut while it asks for requests", (*couple).cutPolling},
			{"cut while it asks what was decided", (*couple).cutAsking},
		},
		"the file": {
			{"paired", (*couple).pairs},
			{"cut in the midst of the upload", (*couple).cutUploading},
			{"cut before the answer", (*couple).cutUnanswered},
			{"the answer is lost", (*couple).loseTheAnswer},
			{"a kilobyte in a second", (*couple).slowly},
			{"the token expires in mid-upload", (*couple).outliveTheToken},
		},
		"the processes": {
			{"paired", (*couple).pairs},
			{"the agent is restarted", (*couple).restartAgent},
			{"the agent is killed", (*couple).killAgent},
			{"the hub is restarted", (*couple).restartHub},
			{"the hub is killed", (*couple).killHub},
			{"the hub's disk is full", (*couple).fillHub},
			{"the agent's disk is full", (*couple).fillAgent},
		},
		"who it is": {
			{"paired", (*couple).pairs},
			{"requests are replayed and reordered", (*couple).replayed},
			{"a copy in another place", (*couple).copiedElsewhere},
			{"a second machine with the same identity", (*couple).copiedInPlace},
			{"the instance is removed in mid-upload", (*couple).removed},
			{"disabled in mid-upload, and the token stolen", (*couple).disabled},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCouple(t, "http", nil)
			for _, f := range faults {
				if !t.Run(f.name, func(t *testing.T) { c.t = t; f.run(c) }) {
					return
				}
			}
			c.t = t
			c.delivers()
			if err := c.beside.recount(t.Context(), c.acme); err != nil {
				t.Fatal(err)
			}
			r, err := c.beside.hub.Current(t.Context(), c.acme)
			if err != nil || r.Statement.Licenses != len(c.people) {
				t.Errorf("%d people, and %+v (%v)", len(c.people), r, err)
			}
		})
	}
}

const brokeOff = "broke off. Nothing is lost: the next attempt comes by itself"

// cutIntroducing: whoever typed the command is told, and tries again.
func (c *couple) cutIntroducing() {
	for _, f := range []faulttest.Fault{{Refuse: true}, {CutUp: 300}, {Asked: true}, {Swallow: true}} {
		c.line.Next(f)
		c.says(brokeOff, "agent", "connect", c.address, "--license-sync", "--no-wait")
	}
}

// cutWaiting: the hub has given what the agent never heard, and gives it again.
func (c *couple) cutWaiting() {
	c.asks()
	c.line.Always(faulttest.Fault{Swallow: true})
	c.await("the agent notices", func() bool { return c.connection().Code.Away != nil })
	if why := c.connection().Code.Away; why.Key != "connect.cut" {
		c.t.Errorf("got %+v", why)
	}
	c.line.Always(faulttest.Fault{})
	c.await("they are connected", func() bool { return c.connection().Connected() })
	c.counted()
}

// cutMinting: the same attempt gets the same lease.
func (c *couple) cutMinting() {
	for _, f := range []faulttest.Fault{{Refuse: true}, {Asked: true}, {Swallow: true}, {CutDown: 200}} {
		c.ended(c.agent, syscall.SIGTERM)
		c.startAgent() // without a token
		c.hire(1)
		c.line.Always(f)
		c.broken("connect.cut")
		c.well()
	}
}

// cutPolling: Sync now was pressed on the hub, which the agent hears of later.
func (c *couple) cutPolling() {
	asks := func(on bool) {
		o := c.connection().Sync
		o.Asks = on
		if err := c.here.SetSchedule(c.t.Context(), "sam", o); err != nil {
			c.t.Fatal(err)
		}
	}
	src := c.instance()
	var pressed *hub.SyncRequest
	asks(true)
	c.await("the hub knows that the agent asks", func() (ok bool) {
		var err error
		pressed, err = c.beside.hub.SyncNow(c.t.Context(), c.acme, src.Number, "mona")
		return err == nil
	})
	c.line.Always(faulttest.Fault{CutDown: 1})
	before := c.newest().Number
	if c.newest().Request != pressed.ID {
		asks(true)
		c.await("the agent cannot ask", func() bool { return c.connection().Requests.Failed > 0 })
	}
	c.line.Always(faulttest.Fault{})
	c.hire(1)
	asks(true)
	c.await("the agent hears of it", func() bool { return c.newest().Number > before })
	c.counted()
	if r, err := c.beside.hub.SyncRequest(c.t.Context(), c.acme, src.Number, pressed.ID); err != nil || r.State != hub.RequestArrived {
		c.t.Errorf("the request is %+v (%v)", r, err)
	}
	asks(false)
}

// cutAsking: an owner decides about a file that is held, which the agent hears of
// when it can ask again.
func (c *couple) cutAsking() {
	none := 0
	c.holds(&none)
	c.hire(2) // one more than leave
	before := c.newest().Number
	c.press()
	c.await("the hub holds it", func() bool { r := c.newest(); return r.Number > before && r.State == agentstore.RunHeld })
	c.line.Always(faulttest.Fault{Swallow: true})
	due := c.newest().DueAt
	if _, err := c.beside.hub.Apply(c.t.Context(), c.acme, c.newest().Upload, "mona"); err != nil {
		c.t.Fatal(err)
	}
	c.await("the agent cannot ask", func() bool { return c.newest().DueAt.After(due) })
	if r := c.newest(); r.State != agentstore.RunHeld {
		c.t.Errorf("the run is %s, and nobody told it", r.State)
	}
	c.line.Always(faulttest.Fault{})
	c.await("the agent hears of it", func() bool { return c.newest().State == agentstore.RunSucceeded })
	c.equal()
	c.holds(nil)
}

// holds says by how many licenses a sync may move the total; nil: as many as it
// likes.
func (c *couple) holds(most *int) {
	c.t.Helper()
	_, err := c.beside.hub.ChangeSettings(c.t.Context(), c.acme, "mona", func(_ *string, s *hub.Settings) { s.HoldSyncs = most })
	if err != nil {
		c.t.Fatal(err)
	}
}

// cutUploading: what came is thrown away, and comes again whole.
func (c *couple) cutUploading() {
	c.hire(1)
	c.line.Always(faulttest.Fault{CutUp: 4000})
	c.broken("connect.cut")
	c.says(brokeOff, "agent", "status")
	c.well()
	if r := c.newest(); r.Attempt < 2 {
		c.t.Errorf("it arrived at attempt %d", r.Attempt)
	}
}

// cutUnanswered: the hub has all of it and nobody who waits.
func (c *couple) cutUnanswered() {
	c.hire(1)
	c.line.Always(faulttest.Fault{Asked: true})
	c.broken("connect.cut")
	c.well()
}

// loseTheAnswer: the hub counts with what the agent does not know to have arrived.
func (c *couple) loseTheAnswer() {
	c.hire(1)
	before := c.instance().Sequence
	c.line.Always(faulttest.Fault{Swallow: true})
	c.broken("connect.cut")
	if now := c.instance().Sequence; now != before+1 {
		c.t.Errorf("the hub counts snapshot %d, want %d", now, before+1)
	}
	of := len(c.uploads())
	c.well()
	if now := len(c.uploads()); now != of {
		c.t.Errorf("%d uploads came of a repeat", now-of)
	}
}

// slowly: a slow line is none that stands still.
func (c *couple) slowly() {
	c.hire(1)
	c.line.Always(faulttest.Fault{Rate: 1000})
	before := c.newest().Number
	c.press()
	c.await("a run begins", func() bool { return c.newest().Number > before })
	c.counted()
	if r := c.newest(); r.Attempt != 1 || r.Users < 200 || r.EndedAt.Sub(r.StartedAt).Seconds() < float64(r.Bytes)/2000 {
		c.t.Errorf("%d users, %d bytes at attempt %d after %v", r.Users, r.Bytes, r.Attempt, r.EndedAt.Sub(r.StartedAt))
	}
	c.line.Always(faulttest.Fault{})
}

// outliveTheToken: the hub looks at the token again when all is there.
func (c *couple) outliveTheToken() {
	c.inMidUpload(func() {
		if _, err := c.beside.db.Write.ExecContext(c.t.Context(), "UPDATE connect_token SET expires_at = 1"); err != nil {
			c.t.Fatal(err)
		}
		c.await("an attempt fails", func() bool { return c.newest().State == agentstore.RunRetrying })
		if why := c.newest().Failure; why.Key != "connect.token_ended" {
			c.t.Errorf("got %+v", why)
		}
	})
	c.well()
}

func (c *couple) restartAgent() { c.endAgent(syscall.SIGTERM) }
func (c *couple) killAgent()    { c.endAgent(syscall.SIGKILL) }
func (c *couple) restartHub()   { c.endHub(syscall.SIGTERM) }
func (c *couple) killHub()      { c.endHub(syscall.SIGKILL) }

// endAgent: the same attempt goes on.
func (c *couple) endAgent(how os.Signal) {
	c.inMidUpload(func() { c.ended(c.agent, how) })
	c.line.Always(faulttest.Fault{})
	c.startAgent()
	c.counted()
	if r := c.newest(); r.Attempt != 1 {
		c.t.Errorf("it arrived at attempt %d", r.Attempt)
	}
}

// endHub: what was on its way comes again, and what came by half is gone.
func (c *couple) endHub(how os.Signal) {
	c.inMidUpload(func() { c.ended(c.hub, how) })
	c.startHub()
	c.well()
	c.emptySpool()
}

func (c *couple) emptySpool() {
	c.t.Helper()
	left, err := os.ReadDir(c.data + "/spool")
	if err != nil || len(left) > 0 {
		c.t.Errorf("what came by half is left: %v (%v)", left, err)
	}
}

// fillHub: no file of the hub may grow beyond a few kilobytes.
func (c *couple) fillHub() {
	c.hire(1)
	c.limit(c.hub, 4096)
	c.broken("connect.hub_full")
	c.says("whoever runs the hub makes room", "agent", "status")
	c.limit(c.hub, 0)
	c.well()
	c.emptySpool()
}

// fillAgent: nothing can be written down, and so nothing is begun.
func (c *couple) fillAgent() {
	c.hire(1)
	c.limit(c.agent, 4096)
	c.press()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && !c.agent.log.warns(); { // where it still can
		time.Sleep(50 * time.Millisecond)
	}
	if r := c.newest(); r.Over() {
		c.t.Errorf("the run is %s on a full disk", r.State)
	}
	c.limit(c.agent, 0)
	c.press() // the same run, looked at once
	c.well()
}

// limit lets no file that a program writes grow beyond so many bytes, as if the
// disk were full; 0 makes room again.
func (c *couple) limit(r *running, bytes int) {
	c.t.Helper()
	most := "unlimited"
	if bytes > 0 {
		most = strconv.Itoa(bytes)
	}
	c.system("prlimit", "--pid", strconv.Itoa(r.command.Process.Pid), "--fsize="+most+":")
}
