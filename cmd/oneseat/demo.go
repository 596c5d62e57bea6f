package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/oneseat/oneseat/internal/atomicfile"
	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
)

// demoListen is where a demo answers unless it is told, or somebody else does.
const demoListen = "127.0.0.1:8080"

// demoCommand plays an invented enterprise through the real commands, in a
// directory of its own, and serves what came of it.
type demoCommand struct {
	Data   string `placeholder:"DIR"`
	Listen string `placeholder:"HOST:PORT"`
	Once   bool
}

// shownDemo is demo.json: where programs find a demo.
type shownDemo struct {
	HubURL     string      `json:"hub_url"`
	Enterprise string      `json:"enterprise"`
	Token      string      `json:"token"` // reads everything, changes nothing
	SignInURL  string      `json:"sign_in_url"`
	Agents     []demoAgent `json:"agents"`
}

type demoAgent struct {
	URL       string `json:"url"`
	HostName  string `json:"host_name"`
	SignInURL string `json:"sign_in_url"`
}

// Run makes the demo, prints what it counted, and serves until it is told to
// stop.
func (c *demoCommand) Run(ctx context.Context, s *session) error {
	dir, remove, err := c.directory()
	if err != nil {
		return err
	}
	defer remove()
	files, err := demo.Make(s.now)
	if err != nil {
		return err
	}
	listen, err := c.address(ctx)
	if err != nil {
		return err
	}
	p := &play{session: s, dir: dir, listen: listen, files: files}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := p.raise(ctx); err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- p.serve(ctx) }()
	err = p.perform(ctx)
	if err == nil && !c.Once {
		p.invite()
		select {
		case <-ctx.Done():
		case err = <-served:
			served <- err
		}
	}
	stop()
	p.running.Wait()
	return errors.Join(err, <-served)
}

// directory is an empty one for the demo. One that nobody named goes with it.
func (c *demoCommand) directory() (dir string, remove func(), err error) {
	if c.Data == "" {
		dir, err = os.MkdirTemp("", "oneseat-demo-")
		if err != nil {
			return "", nil, errs.Wrap(errs.Unavailable, err, "place.no_directory", "Directory", os.TempDir(), "Cause", cause(err))
		}
		return dir, func() { _ = os.RemoveAll(dir) }, nil
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return "", nil, errs.Wrap(errs.Unavailable, err, "place.no_directory", "Directory", c.Data, "Cause", cause(err))
	}
	found, err := os.ReadDir(c.Data)
	if err != nil || len(found) > 0 {
		return "", nil, errs.New(errs.Conflict, "demo.not_empty", "Directory", c.Data)
	}
	return c.Data, func() {}, nil
}

// address is where the hub will answer. Where nobody named one, a free one
// does as well.
func (c *demoCommand) address(ctx context.Context) (string, error) {
	listen := cmp.Or(c.Listen, demoListen)
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if errors.Is(err, syscall.EADDRINUSE) && c.Listen == "" {
		return freeAddress(ctx)
	}
	if err != nil {
		return "", cannotListen(listen, err)
	}
	return l.Addr().String(), l.Close()
}

// freeAddress is one of this machine that nobody listens at.
func freeAddress(ctx context.Context) (string, error) {
	const free = "127.0.0.1:0"
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", free)
	if err != nil {
		return "", cannotListen(free, err)
	}
	return l.Addr().String(), l.Close()
}

// play is a demo while it is made.
type play struct {
	*session

	dir, listen string
	files       *demo.Files
	hub         hubServeCommand
	shown       shownDemo
	Guests      []guest
	running     sync.WaitGroup // agents
}

// in is a path of the demo's directory.
func (p *play) in(elements ...string) string {
	return filepath.Join(append([]string{p.dir}, elements...)...)
}

// command runs one of the program's own commands, as somebody would in a
// terminal, and gives what it printed.
func (p *play) command(ctx context.Context, args ...string) (string, error) {
	var out, complaints bytes.Buffer
	settings := map[string]string{
		"ONESEAT_HUB": "http://" + p.listen, "ONESEAT_ENTERPRISE": demo.Slug, "ONESEAT_TOKEN_FILE": p.in("owner.token"), "NO_COLOR": "1",
	}
	status := run(ctx, args, process{strings.NewReader(""), &out, &complaints, func(name string) string { return settings[name] }})
	if status != statusDone {
		return "", errs.New(errs.Internal, "demo.failed", "Command", "oneseat "+strings.Join(args, " "), "Complaint", strings.TrimSpace(complaints.String()))
	}
	return out.String(), nil
}

// answer is a command that prints JSON.
func (p *play) answer(ctx context.Context, into any, args ...string) error {
	out, err := p.command(ctx, append(args, "--format", "json")...)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(out), into)
}

// keep writes a file of the demo, which nobody else can read.
func (p *play) keep(content []byte, name ...string) (string, error) {
	path := p.in(name...)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return path, atomicfile.Replace(path, 0o600, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// What the demo's agents are held to.
const (
	demoPatience = time.Minute
	demoMaxBytes = 64 << 20
)

// wait waits until somebody answers at an address; otherwise the log says why.
func wait(ctx context.Context, address, log string) error {
	dialer := net.Dialer{Timeout: time.Second}
	for range 600 {
		connection, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errs.New(errs.Unavailable, "demo.no_answer", "Log", log)
}

// guest is somebody whose session a demo opens for whoever looks at it.
type guest struct {
	role signin.Role
	path string
	// reach gives what looks after sessions, while the hub or agent serves.
	reach func(context.Context, func(*signin.Desk) error) error

	mutex    *sync.Mutex // guards what follows
	secret   signin.Secret
	Owner    signin.Owner
	password string
	codes    []string // recovery codes, each good for one further session
}
