package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// served is the key of what a story started, by the names it gave.
type served struct{}

// running is a hub that a story started.
type running struct {
	command *exec.Cmd
	ended   chan error // has one value when it ended
	address chan string
	log     *logged // nil for a story, which has a file
}

func startedBy(ts *testscript.TestScript) map[string]*running {
	all, ok := ts.Value(served{}).(map[string]*running)
	if !ok {
		ts.Fatalf("this story has no hubs")
	}
	return all
}

// patient is how long a story waits for a hub to begin or to end.
const patient = 2 * time.Minute

// serve NAME [OPTIONS…]: starts a hub on a port of its own, waits until it
// answers, and puts its address into ONESEAT_HUB. Its log is NAME.log.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve name [options…]")
	}
	serveRole(ts, "hub", args)
}

// serve-agent NAME [OPTIONS…]: serve for an agent, whose address is put into
// AGENT.
func serveAgent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve-agent name [options…]")
	}
	serveRole(ts, "agent", args)
}

func serveRole(ts *testscript.TestScript, role string, args []string) {
	program, err := exec.LookPath("oneseat")
	ts.Check(err)
	r := &running{ended: make(chan error, 1), address: make(chan string, 1)}
	r.command = exec.CommandContext(context.Background(), program, append([]string{role, "--listen", "127.0.0.1:0"}, args[1:]...)...)
	r.command.Dir, r.command.Env = ts.MkAbs("."), environment(ts)
	log, err := os.Create(ts.MkAbs(args[0] + ".log"))
	ts.Check(err)
	stderr, err := r.command.StderrPipe()
	ts.Check(err)
	ts.Check(r.command.Start())
	ts.Defer(func() { _ = r.end(os.Kill) })
	go r.watch(stderr, log)
	startedBy(ts)[args[0]] = r
	select {
	case at := <-r.address:
		ts.Setenv(map[string]string{"hub": "ONESEAT_HUB", "agent": "AGENT"}[role], "http://"+at)
	case err := <-r.ended:
		r.ended <- err
		ts.Fatalf("the hub ended: %v\n%s", err, ts.ReadFile(args[0]+".log"))
	case <-time.After(patient):
		ts.Fatalf("the hub does not answer:\n%s", ts.ReadFile(args[0]+".log"))
	}
}

// watch keeps the log and finds the address in it.
func (r *running) watch(stderr io.Reader, log io.WriteCloser) {
	lines := bufio.NewScanner(io.TeeReader(stderr, log))
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && (line.Msg == "hub answers" || line.Msg == "agent answers") {
			r.address <- line.Address
		}
	}
	r.ended <- errors.Join(r.command.Wait(), log.Close())
}

// end signals the hub and says how it ended.
func (r *running) end(how os.Signal) error {
	_ = r.command.Process.Signal(how) // it may have ended
	select {
	case err := <-r.ended:
		r.ended <- err
		return err
	case <-time.After(patient):
		return errors.Join(errors.New("the hub does not end"), r.command.Process.Kill())
	}
}

// stop NAME: stops a hub as a service manager does, and demands that it ends
// well.
func stop(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || startedBy(ts)[args[0]] == nil {
		ts.Fatalf("usage: stop name")
	}
	if err := startedBy(ts)[args[0]].end(os.Interrupt); err != nil {
		ts.Fatalf("%v\n%s", err, ts.ReadFile(args[0]+".log"))
	}
}

// environment is what a program of the story sees.
func environment(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "LANG", "TMPDIR", "ONESEAT_DATA", "ONESEAT_DATABASE", "ONESEAT_DATABASE_FILE", "ONESEAT_ENTERPRISE",
		"ONESEAT_KEYS", "ONESEAT_WITHOUT_KEYS", "ONESEAT_CONFIG",
		"ONESEAT_AGENT_DATA", "ONESEAT_AGENT_DATABASE", "ONESEAT_AGENT_HOST_NAME", "ONESEAT_AGENT_SOURCE", "ONESEAT_SOURCE_URL", "ONESEAT_SOURCE_TOKEN_FILE",
		"ONESEAT_SOURCE_WAIT", "ONESEAT_SOURCE_TRIES",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
