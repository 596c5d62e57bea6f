package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/oneseat/oneseat/client"
	agentstore "github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/faulttest"
	"github.com/oneseat/oneseat/internal/hub"
)

// system runs a program of the system.
func (c *couple) system(name string, args ...string) {
	c.t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		c.t.Skipf("there is no %s: %v", name, err)
	}
	if out, err := exec.CommandContext(context.Background(), name, args...).CombinedOutput(); err != nil {
		c.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// overheard is a request that somebody kept.
type overheard struct {
	*http.Request

	body []byte
}

// overheard are the requests that went over the line, in the order of their
// connections.
func (c *couple) overheard() []overheard {
	c.t.Helper()
	var all []overheard
	for _, heard := range c.line.Heard() {
		for in := bufio.NewReader(bytes.NewReader(heard)); ; {
			r, err := http.ReadRequest(in)
			if err != nil {
				break
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				break // it was cut
			}
			all = append(all, overheard{r, body})
		}
	}
	return all
}

// again sends a request once more, and gives status and body of the answer.
func (c *couple) again(o overheard) (int, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), o.Method, c.address+o.URL.String(), bytes.NewReader(o.body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header = o.Header.Clone()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func (o overheard) isFile() bool {
	return o.Method == http.MethodPost && o.URL.Path == connect.PathUsage
}
func (o overheard) isToken() bool { return o.URL.Path == connect.PathToken }

// replayed: everything that was said, once more and in the other order. An
// assertion counts once, a file that is not the newest is refused, and the newest
// gets the same receipt.
func (c *couple) replayed() {
	c.ended(c.agent, syscall.SIGTERM)
	c.startAgent()
	c.delivers()
	c.delivers()
	before, newest := len(c.applied()), true
	for _, o := range slices.Backward(c.overheard()) {
		status, body := c.again(o)
		switch {
		case o.isToken() && status < 400:
			c.t.Errorf("an assertion counts twice: %d %s", status, body)
		case o.isFile() && newest:
			if newest = false; status != http.StatusOK {
				c.t.Errorf("the newest file again: %d %s", status, body)
			}
		case o.isFile() && (status < 400 || !strings.Contains(body, `"detail"`)):
			c.t.Errorf("an older file: %d %s", status, body)
		}
	}
	if now := len(c.applied()); now != before || newest {
		c.t.Errorf("%d uploads were applied, %d before", now, before)
	}
	c.equal()
}

// applied are the ids of uploads that were applied.
func (c *couple) applied() []string {
	c.t.Helper()
	var all []string
	for _, u := range c.uploads() {
		if u.State == hub.UploadApplied {
			all = append(all, u.ID)
		}
	}
	return all
}

// copiedElsewhere: an agent whose directory was copied says so, sends nothing, and
// the original goes on.
func (c *couple) copiedElsewhere() {
	other := c.site + "-copy"
	c.ended(c.agent, syscall.SIGTERM)
	c.system("cp", "-a", c.site, other)
	c.startAgent()
	second, _ := launch(c.t, c.command("agent", "--listen", "127.0.0.1:0", "--data", other))
	c.says("oneseat agent renew", "agent", "sync", "--data", other)
	c.says("An owner has to say what happened", "agent", "status", "--data", other)
	c.ended(second, syscall.SIGTERM)
	c.delivers()
}

// copiedInPlace: a copy that cannot know that it is one, such as that of a whole
// machine, asks for a token and is refused, with the steps that heal it. Owners on
// the hub see it, and the original goes on.
func (c *couple) copiedInPlace() {
	other, away := c.site+"-clone", c.site+"-original"
	c.ended(c.agent, syscall.SIGTERM)
	c.system("cp", "-a", c.site, other)
	c.startAgent()
	c.delivers() // with the next lease
	c.ended(c.agent, syscall.SIGTERM)
	c.swap(c.site, away)
	c.swap(other, c.site)
	c.startAgent()
	c.says("Another machine uses the identity of this agent", "sync")
	c.says("disable Connect here and enable it again", "agent", "status")
	c.ended(c.agent, syscall.SIGTERM)
	c.swap(c.site, other)
	c.swap(away, c.site)
	c.startAgent()
	c.wantTrouble("connect.second_machine")
	c.delivers()
}

// wantTrouble demands that whoever asks the hub's API learns why it refused a
// token, and so does whoever asks oneseat status.
func (c *couple) wantTrouble(code string) {
	c.t.Helper()
	token := c.run("hub", "token", "create", "--enterprise", "acme", "--name", "reader", "--scope", "read:enterprise")
	asks, err := client.New(client.Config{Hub: c.address, Enterprise: "acme", Token: strings.TrimSpace(token)})
	if err != nil {
		c.t.Fatal(err)
	}
	now, err := asks.Connection(c.t.Context(), c.instance().Number)
	if err != nil || now.Trouble == nil || now.Trouble.Code != code {
		c.t.Errorf("the hub says %+v (%v), want %s", now, err, code)
	}
	file := filepath.Join(c.t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.says("its agent was refused a token", "status", "--hub", c.address, "--enterprise", "acme", "--token-file", file)
}

func (c *couple) swap(from, to string) {
	c.t.Helper()
	if err := os.Rename(from, to); err != nil {
		c.t.Fatal(err)
	}
}

// removed: an instance that is gone takes nothing, and comes back when an owner
// approves the agent anew.
func (c *couple) removed() {
	before := c.instance().Number
	c.inMidUpload(func() {
		u, err := c.beside.hub.RemoveInstance(c.t.Context(), c.acme, before, "it was shut down", hub.Arrival{Actor: "mona"})
		if err == nil {
			_, err = c.beside.hub.Apply(c.t.Context(), c.acme, u.ID, "mona")
		}
		if err != nil {
			c.t.Fatal(err)
		}
	})
	c.sentAway()
	c.pairs()
	if now := c.instance().Number; now == before {
		c.t.Errorf("the instance that was removed counts again")
	}
}

// sentAway waits until the agent knows that its connection is over, and demands
// that it says so.
func (c *couple) sentAway() {
	c.t.Helper()
	c.await("the agent hears of it", func() bool { return c.connection().State == agentstore.Ended })
	if r := c.newest(); r.State != agentstore.RunFailed || r.Failure.Key != "connect.revoked" {
		c.t.Errorf("the run is %s because of %+v", r.State, r.Failure)
	}
	c.says("to connect again, enable Connect here", "agent", "status")
	if _, err := os.Stat(filepath.Join(c.site, "connect.pem")); !os.IsNotExist(err) {
		c.t.Errorf("the key is still there: %v", err)
	}
	c.line.Always(faulttest.Fault{})
}

// disabled: a token that somebody stole is good for nothing from then on, also
// when the agent is connected anew.
func (c *couple) disabled() {
	src, had := c.instance(), len(c.applied())
	c.inMidUpload(func() {
		if err := c.beside.hub.DisableConnect(c.t.Context(), c.acme, src.Number, "mona"); err != nil {
			c.t.Fatal(err)
		}
	})
	c.sentAway()
	stolen := c.overheard()
	c.useless(stolen)
	if now := c.instance(); len(c.applied()) != had || now.Sequence != src.Sequence {
		c.t.Errorf("something was applied: %+v", now)
	}
	c.pairs()
	c.useless(stolen)
	c.equal()
}

// useless demands that nothing which was overheard is good for anything.
func (c *couple) useless(stolen []overheard) {
	c.t.Helper()
	tried := 0
	for _, o := range stolen {
		if o.URL.Path == connect.PathAuthorize || !strings.HasPrefix(o.URL.Path, connect.Prefix) {
			continue // anybody may ask for a code, and others asked the hub for other things
		}
		if tried++; tried > 40 {
			return
		}
		if status, body := c.again(o); status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusBadRequest {
			c.t.Errorf("%s %s: %d %s", o.Method, o.URL, status, body)
		}
	}
}
