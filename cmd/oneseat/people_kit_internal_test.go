package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/signin/oidc/oidctest"
	"github.com/oneseat/oneseat/internal/signin/totp"
)

// office is a role as people find it: the real program, a browser, and of a hub
// a proxy and an OpenID Connect provider.
type office struct {
	t        *testing.T
	data     string   // directory
	env      []string // beside it
	url      string   // that people use
	provider *oidctest.Provider
	browser  *browsertest.Tab
	link     string // path of the first owner's one-time link
	sealTo   string // recipient of usage files
}

// newOffice makes a hub with an enterprise, whose first owner is Mona, and starts
// it.
func newOffice(t *testing.T, enterprise, name string) *office {
	t.Helper()
	o := &office{t: t, data: filepath.Join(t.TempDir(), "data")}
	var hub atomic.Pointer[url.URL]
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(hub.Load())
		r.SetXForwarded()
		sendWhole(t, r)
	}})
	t.Cleanup(proxy.Close)
	o.url = proxy.URL
	o.provider = oidctest.StartFor(t, o.url+"/sign-in/callback")
	o.browser = browsertest.Start(t)
	made := o.run("hub", "init", "--enterprise", enterprise, "--name", name, "--owner", "Mona")
	o.link, o.sealTo = o.linkIn(made), regexp.MustCompile(`age1\w+`).FindString(made)
	hub.Store(o.start())
	return o
}

// sendWhole lets a proxy read a body before it passes it on, as nginx does. Else
// Go's loses answers that come before it saw the body's end: it reads on while its
// server closes the body for the answer, and takes that for a broken line.
func sendWhole(t *testing.T, r *httputil.ProxyRequest) {
	t.Helper()
	if r.In.ContentLength == 0 {
		return
	}
	body, err := io.ReadAll(r.In.Body)
	if err != nil {
		t.Errorf("what the proxy was sent: %v", err)
	}
	r.Out.Body, r.Out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// command calls the program, with the settings that its calls have in common.
func (o *office) command(args ...string) *exec.Cmd {
	o.t.Helper()
	program, err := exec.LookPath("oneseat")
	if err != nil {
		o.t.Fatal(err)
	}
	c := exec.CommandContext(context.Background(), program, args...)
	c.Env = append(os.Environ(), "LANG=C.UTF-8", "ONESEAT_DATA="+o.data)
	c.Env = append(c.Env, o.env...)
	return c
}

// run gives what the program writes to standard output.
func (o *office) run(args ...string) string {
	o.t.Helper()
	var stderr bytes.Buffer
	c := o.command(args...)
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		o.t.Fatalf("%v: %v\n%s", args, err, stderr.String())
	}
	return string(out)
}

var joinPath = regexp.MustCompile(`/join/osl_\w+`)

// linkIn finds a one-time link in what the program wrote.
func (o *office) linkIn(text string) string {
	o.t.Helper()
	path := joinPath.FindString(text)
	if path == "" {
		o.t.Fatalf("there is no link in %s", text)
	}
	return path
}

// start starts the hub, which ends with the test, and gives its address.
func (o *office) start() *url.URL {
	o.t.Helper()
	config := o.provider.Config()
	hub := o.command("hub", "--listen", "127.0.0.1:0", "--external-url", o.url, "--trusted-proxy", "127.0.0.1",
		"--oidc-issuer", config.Issuer, "--oidc-client-id", config.ClientID)
	hub.Env = append(hub.Env, "ONESEAT_OIDC_CLIENT_SECRET="+config.ClientSecret)
	return o.serve(hub)
}

// serve starts a role, which ends with the test, and gives its address.
func (o *office) serve(command *exec.Cmd) *url.URL {
	o.t.Helper()
	r, at := launch(o.t, command)
	o.t.Cleanup(func() {
		if err := r.end(os.Interrupt); err != nil {
			o.t.Errorf("it ended with %v", err)
		}
	})
	return &url.URL{Scheme: "http", Host: at}
}

// launch starts a role, and gives it with its address.
func launch(t *testing.T, command *exec.Cmd) (*running, string) {
	t.Helper()
	r := &running{command: command, ended: make(chan error, 1), address: make(chan string, 1), log: &logged{}}
	stderr, err := r.command.StderrPipe()
	if err := errors.Join(err, r.command.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%v:\n%s", command.Args[1:], r.log.tail())
		}
	})
	go r.watch(stderr, r.log)
	select {
	case at := <-r.address:
		return r, at
	case err := <-r.ended:
		r.ended <- err
		t.Fatalf("it ended: %v", err)
	case <-time.After(patient):
		_ = r.end(os.Kill)
		t.Fatal("it does not answer")
	}
	return nil, ""
}

// logged is the end of a log.
type logged struct {
	mu   sync.Mutex
	text []byte
}

const loggedBytes = 3 << 10

// Write implements io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-loggedBytes):]
	return len(p), nil
}

// Close implements io.Closer.
func (*logged) Close() error { return nil }

// warns says that the program complained.
func (l *logged) warns() bool {
	text := l.tail()
	return strings.Contains(text, `"level":"WARN"`) || strings.Contains(text, `"level":"ERROR"`)
}

func (l *logged) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// person is somebody at a browser, in a subtest.
type person struct {
	*browsertest.Tab
	*belongings

	o *office
	t *testing.T
}

// belongings are what somebody has to sign in with, at whatever browser.
type belongings struct {
	app   totp.Secret
	step  int64    // that the app showed last
	codes []string // recovery codes that are left
}

const password = "rain over mossy roofs"

// stranger is somebody whom nobody knows, in a subtest.
func (o *office) stranger(t *testing.T) *person {
	t.Helper()
	p := &person{o.browser.For(t).Stranger(), &belongings{}, o, t}
	p.Look("en", "light", 1280)
	return p
}

// elsewhere is the same person in another browser.
func (p *person) elsewhere() *person {
	p.t.Helper()
	other := p.o.stranger(p.t)
	other.belongings = p.belongings
	return other
}

// in is the person in another subtest.
func (p *person) in(t *testing.T) *person {
	t.Helper()
	return &person{p.For(t), p.belongings, p.o, t}
}

func (p *person) open(path string) { p.t.Helper(); p.Open(p.o.url + path) }

// at is the path that the browser is at, with the query.
func (p *person) at() string {
	p.t.Helper()
	return browsertest.Value[string](p.Tab, `location.origin === "`+p.o.url+`" ? location.pathname + location.search : location.href`)
}

// wantAt demands to be at a path, and a text on the page there.
func (p *person) wantAt(path, text string) {
	p.t.Helper()
	at, shown := p.at(), p.text("main")
	if at != path || !strings.Contains(shown, text) {
		p.t.Errorf("at %s, want %s with %q: %s", at, path, text, shown)
	}
}

// text is what an element shows.
func (p *person) text(selector string) string {
	p.t.Helper()
	return browsertest.Value[string](p.Tab, `document.querySelector(`+"`"+selector+"`"+`)?.textContent ?? ""`)
}

// fill types into fields: selector, text, selector, text; and clicks.
func (p *person) fill(button string, fields ...string) {
	p.t.Helper()
	for i := 0; i+1 < len(fields); i += 2 {
		p.Do(chromedp.SendKeys(fields[i], fields[i+1]))
	}
	p.click(button)
}

// click clicks on what leads to another page, and waits for that.
func (p *person) click(selector string) {
	p.t.Helper()
	p.leads(func() { p.Do(chromedp.Click(selector)) })
}

// leads does what leads to another page, and waits for that.
func (p *person) leads(step func()) {
	p.t.Helper()
	browsertest.Value[bool](p.Tab, `document.querySelector("main").dataset.old = "yes", true`)
	step()
	p.Do(chromedp.WaitVisible(`main:not([data-old])`))
}

// join takes a one-time link: a password, the app, recovery codes.
func (p *person) join(link string) {
	p.t.Helper()
	p.open(link)
	app, err := totp.Parse(p.text(`[data-test=secret]`))
	if err != nil {
		p.t.Fatal(err)
	}
	p.app, p.step = app, step(time.Now())
	p.fill(`form[action^="/join/"] button`, "#password", password, "#code", app.Code(time.Now()))
	p.codes = browsertest.Value[[]string](p.Tab, `[...document.querySelectorAll(".codes code")].map(c => c.textContent)`)
	if len(p.codes) == 0 {
		p.t.Fatalf("no recovery codes: %s", p.text("main"))
	}
}

// step counts what an authenticator app shows.
func step(at time.Time) int64 { return at.Unix() / 30 }

// code is one that the app shows and that was not used, or else a recovery code.
func (p *person) code() string {
	p.t.Helper()
	now := step(time.Now())
	if next := max(p.step+1, now); next <= now+1 {
		p.step = next
		return p.app.Code(time.Unix(30*next, 0))
	}
	return p.recovery()
}

func (p *person) recovery() string {
	p.t.Helper()
	if len(p.codes) == 0 {
		p.t.Fatal("no recovery code is left")
	}
	code := p.codes[0]
	p.codes = p.codes[1:]
	return code
}

// signIn fills in the form that is shown.
func (p *person) signIn(login, secret, code string) {
	p.t.Helper()
	p.fill(`form[action="/sign-in"] button`, "#login", login, "#password", secret, "#code", code)
}

// asks is the status of a request that the page at hand makes.
func (p *person) asks(method, path string) int {
	p.t.Helper()
	return browsertest.Value[int](p.Tab, `fetch("`+path+`", {method: "`+method+`", redirect: "manual", body: "`+method+`" === "POST" ? new URLSearchParams() : undefined}).then(r => r.status)`)
}

// elsewhereServer is a page of somebody else's, in another site.
func elsewhereServer(t *testing.T, html string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(html))
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}
