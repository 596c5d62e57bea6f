// Package oidctest is OpenID Connect providers for tests: one that others wrote
// and keep, npm's oidc-provider in a process of its own ([Start]), and one that
// lies as a test tells it to ([Forge]).
//
// The first needs Node and the packages of testdata/provider, which "make test"
// installs. Without them the tests that use it are skipped and say so; with
// CI=true or ONESEAT_REQUIRE_NODE=1 they fail.
package oidctest

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/signin/oidc"
)

// Redirect is where providers of this package send people back to. Nobody
// listens there: [Provider.SignIn] looks at the address alone.
const Redirect = "http://127.0.0.1:1/sign-in/callback"

// Provider is npm's oidc-provider.
type Provider struct {
	Issuer string
}

// Start starts a provider, which ends with the test.
func Start(t *testing.T) *Provider {
	t.Helper()
	return StartFor(t, Redirect)
}

// StartFor starts a provider that sends people back to an address of its own,
// for a browser that goes there.
func StartFor(t *testing.T, redirect string) *Provider {
	t.Helper()
	dir := filepath.Join(root(t), "internal/signin/oidc/oidctest/testdata/provider")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		missing(t, "npm's packages are not installed: run npm ci in "+dir)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "there is no Node here")
	}
	process := exec.Command(node, filepath.Join(dir, "provider.mjs"), redirect) //nolint:gosec,noctx // ends with its standard input
	process.Stderr = t.Output()
	input, err := process.StdinPipe()
	must(t, err)
	output, err := process.StdoutPipe()
	must(t, err)
	must(t, process.Start())
	t.Cleanup(func() {
		_ = input.Close()
		_, _ = io.Copy(io.Discard, output)
		_ = process.Wait()
	})
	issuer, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider did not start: %v", err)
	}
	return &Provider{strings.TrimSpace(issuer)}
}

// missing skips the test, or fails it where everything has to be there.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("ONESEAT_REQUIRE_NODE") == "1" { //nolint:forbidigo // a switch for whoever runs tests
		t.Fatal(why)
	}
	t.Skip(why + "; single sign-on is not tested against a real provider")
}

// root is the module's directory.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	must(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = above
	}
}

// Config is how the provider knows the client "hub"; Now is the machine's
// clock, as the provider has it.
func (p *Provider) Config() oidc.Config {
	return oidc.Config{Issuer: p.Issuer, ClientID: "hub", ClientSecret: "hub-secret", Now: time.Now} //nolint:forbidigo // the provider's clock
}

// Account is somebody at the provider.
type Account struct {
	Name, Email string
	Verified    bool
}

// Subject is what the provider calls the account.
func (a Account) Subject() string {
	return a.Name + "," + a.Email + "," + strconv.FormatBool(a.Verified)
}

// SignIn goes to an address of the provider as a browser does, signs in there
// as an account, agrees, and gives what the browser brings back.
func (p *Provider) SignIn(t *testing.T, address string, a Account) url.Values {
	t.Helper()
	b := newBrowser(t)
	page := b.get(address)
	page = b.send(page, url.Values{"prompt": {"login"}, "login": {a.Subject()}, "password": {"any"}})
	if page.back == nil {
		page = b.send(page, url.Values{"prompt": {"consent"}})
	}
	return page.mustBack(t)
}

// Abort goes to an address of the provider and turns round there.
func (p *Provider) Abort(t *testing.T, address string) url.Values {
	t.Helper()
	b := newBrowser(t)
	page := b.get(address)
	return b.get(page.at.JoinPath("abort").String()).mustBack(t)
}

// browser follows addresses and forms as far as the redirect back.
type browser struct {
	t      *testing.T
	client *http.Client
}

// page is where a browser arrived: back is set when it was sent back.
type page struct {
	at, back *url.URL
	body     string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &browser{t, &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), Redirect) {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

func (b *browser) get(address string) page {
	b.t.Helper()
	response, err := b.client.Get(address) //nolint:noctx // a browser
	return b.arrived(response, err)
}

func (b *browser) send(on page, form url.Values) page {
	b.t.Helper()
	action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(on.body)
	if action == nil {
		b.t.Fatalf("no form at %v: %s", on.at, on.body)
	}
	to, err := on.at.Parse(action[1])
	must(b.t, err)
	response, err := b.client.PostForm(to.String(), form) //nolint:noctx // a browser
	return b.arrived(response, err)
}

func (b *browser) arrived(response *http.Response, err error) page {
	b.t.Helper()
	must(b.t, err)
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	must(b.t, err)
	back, err := response.Location()
	if err != nil {
		back = nil // it is a page
	}
	return page{response.Request.URL, back, string(body)}
}

func (p page) mustBack(t *testing.T) url.Values {
	t.Helper()
	if p.back == nil {
		t.Fatalf("not sent back, but at %v: %s", p.at, p.body)
	}
	return p.back.Query()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
