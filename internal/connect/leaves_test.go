package connect_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/faulttest"
)

// recorder is a proxy that a company has between its machines and the internet:
// it ends their TLS with certificates of its own authority, and keeps what
// passes.
type recorder struct {
	t     *testing.T
	url   *url.URL
	roots *x509.CertPool
	line  *faulttest.Proxy // to the hub
	cert  tls.Certificate

	mu    sync.Mutex
	asked []string // hosts of CONNECT
	calls []overheard
}

const recordedHub = "https://hub.acme.example"

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{t: t, roots: x509.NewCertPool(), line: faulttest.Start(t, "")}
	authority, key := r.certificate(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Acme proxy authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil, nil)
	r.roots.AddCert(authority)
	leaf, leafKey := r.certificate(&x509.Certificate{DNSNames: []string{"hub.acme.example"}}, authority, key)
	r.cert = tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey}
	server := httptest.NewServer(http.HandlerFunc(r.connect))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	must(t, err)
	r.url = at
	return r
}

func (r *recorder) certificate(c, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	r.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(r.t, err)
	c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(1), time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if parent == nil {
		parent, by = c, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
	must(r.t, err)
	made, err := x509.ParseCertificate(raw)
	must(r.t, err)
	return made, key
}

// connect answers CONNECT as if it were the hub.
func (r *recorder) connect(w http.ResponseWriter, asked *http.Request) {
	r.mu.Lock()
	r.asked = append(r.asked, asked.Method+" "+asked.Host)
	r.mu.Unlock()
	plain, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer plain.Close() //nolint:errcheck // it may have ended
	if _, err := io.WriteString(plain, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		return
	}
	secure := tls.Server(plain, &tls.Config{Certificates: []tls.Certificate{r.cert}, MinVersion: tls.VersionTLS12})
	for in := bufio.NewReader(secure); ; {
		call, err := http.ReadRequest(in)
		if err != nil || r.pass(secure, call) != nil {
			return
		}
	}
}

// pass keeps a call and gives it to the hub.
func (r *recorder) pass(to net.Conn, call *http.Request) error {
	body, err := io.ReadAll(call.Body)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.calls = append(r.calls, overheard{call.Method, call.URL.String(), call.Header.Clone(), body})
	r.mu.Unlock()
	next, err := http.NewRequestWithContext(call.Context(), call.Method, "http://"+r.line.Address()+call.URL.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	next.Header, next.Host = call.Header, call.Host
	answer, err := http.DefaultTransport.RoundTrip(next)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // written below
	return answer.Write(to)
}

// Of all that an agent sends over its life, read by a proxy in between: the
// connection record and the sealed file, and in that user ids and addresses.
func TestNothingElseLeaves(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	transport := connect.NewTransport(connect.Network{Proxy: r.url, Roots: r.roots})
	p := newPairAt(t, recordedHub, r.line, transport)
	h := &history{pair: p}
	h.hire(7)
	p.write()
	p.connect()
	settings, err := p.agent.Connection(t.Context())
	must(t, err)
	wish := settings.Sync
	wish.Asks, wish.OnChange = true, true
	must(t, p.agent.SetSchedule(t.Context(), "sam-rivers", wish))
	h.press()
	p.drive(time.Hour)
	wish.Asks = false
	must(t, p.agent.SetSchedule(t.Context(), "sam-rivers", wish))
	h.hire(2)
	p.write()
	p.drive(15 * 24 * time.Hour)
	must(t, p.agent.RotateKey(t.Context(), "sam-rivers"))
	p.drive(2 * time.Hour)
	_, err = p.agent.Disconnect(t.Context(), "sam-rivers")
	must(t, err)
	if len(p.counts) < 3 {
		t.Fatalf("%d runs succeeded", len(p.counts))
	}
	r.wantOnly(p)
}

// wantOnly goes through everything that was recorded.
func (r *recorder) wantOnly(p *pair) {
	r.t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, host := range r.asked {
		if host != "CONNECT hub.acme.example:443" {
			r.t.Errorf("the agent asks the proxy for %s", host)
		}
	}
	seen := map[string]int{}
	for _, c := range r.calls {
		path := strings.TrimPrefix(c.url, connect.Prefix)
		if name, _, deeper := strings.Cut(strings.TrimPrefix(path, "/"), "/"); deeper {
			path = "/" + name + "/…"
		}
		seen[c.method+" "+path]++
		r.wantHeader(&c)
		r.wantNobody(&c)
		switch c.method + " " + path {
		case "POST /device_authorization", "POST /token":
			r.wantForm(&c)
		case "POST /usage":
			r.wantSealed(&c, p)
		case "PUT /record":
			r.wantKeys(c.body, "agent", "consumed_licenses", "customer_name", "dormancy_threshold_days", "dormant_users", "enterprise", "features",
				"host_name", "http_only", "license", "public_key", "server_id", "source_at", "sync", "version")
		case "POST /key":
			r.wantKeys(c.body, "proof")
		case "GET /usage/…", "GET /requests", "DELETE /connection":
			if len(c.body) > 0 {
				r.t.Errorf("%s %s has a body", c.method, c.url)
			}
		default:
			r.t.Errorf("%s %s leaves, and nobody allowed it", c.method, c.url)
		}
	}
	for _, want := range []string{"POST /device_authorization", "POST /token", "POST /usage", "PUT /record", "GET /requests", "POST /key", "DELETE /connection"} {
		if seen[want] == 0 {
			r.t.Errorf("no %s was recorded, which proves nothing: %v", want, seen)
		}
	}
}

// wantHeader allows the headers that a call needs.
func (r *recorder) wantHeader(c *overheard) {
	r.t.Helper()
	allowed := []string{"Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "User-Agent", connect.HeaderRun, connect.HeaderRequest}
	for name := range c.header {
		if !slices.Contains(allowed, name) {
			r.t.Errorf("%s %s has the header %s", c.method, c.url, name)
		}
	}
	if agent := c.header.Get("User-Agent"); agent != "oneseat/test" {
		r.t.Errorf("the agent calls itself %q", agent)
	}
}

// wantNobody finds nobody in what anybody on the way can read.
func (r *recorder) wantNobody(c *overheard) {
	r.t.Helper()
	text := c.url + " " + string(c.body)
	for _, part := range strings.FieldsFunc(string(c.body), func(x rune) bool { return x == '.' || x == '&' || x == '=' }) {
		if raw, err := base64.RawURLEncoding.DecodeString(part); err == nil {
			text += string(raw) // of what is signed
		}
	}
	// None of these is so short, or so plain, that what is sealed has it by chance.
	for _, never := range []string{"user-1", "@acme.example", "%40acme.example", "sam-rivers", "mona-okafor"} {
		if strings.Contains(text, never) {
			r.t.Errorf("%s %s says %q", c.method, c.url, never)
		}
	}
}

// wantForm allows the fields of a form and of what is signed in it.
func (r *recorder) wantForm(c *overheard) {
	r.t.Helper()
	form, err := url.ParseQuery(string(c.body))
	must(r.t, err)
	for name, values := range form {
		switch name {
		case "client_id", "grant_type", "device_code":
		case "statement":
			r.wantClaims(values[0], "aud", "connection_key", "exp", "host_name", "http_only", "iat", "instance_key", "iss", "jti", "sub", "version")
		case "assertion":
			r.wantClaims(values[0], "attempt", "aud", "enrolment", "exp", "iat", "iss", "jti", "lease", "sub")
		default:
			r.t.Errorf("the form has %s", name)
		}
	}
}

func (r *recorder) wantClaims(text string, names ...string) {
	r.t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(text, ".")[1])
	must(r.t, err)
	r.wantKeys(raw, names...)
}

func (r *recorder) wantKeys(text []byte, names ...string) {
	r.t.Helper()
	var object map[string]json.RawMessage
	must(r.t, json.Unmarshal(text, &object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(names, name) {
			r.t.Errorf("%q leaves: %s", name, object[name])
		}
	}
}

// wantSealed opens a usage file with the enterprise's key and nothing of ours:
// base64, age, zstd.
func (r *recorder) wantSealed(c *overheard, p *pair) {
	r.t.Helper()
	r.wantKeys(c.body, "audience", "encryption", "format", "instance", "signature", "snapshot", "users")
	var file struct {
		Instance, Snapshot json.RawMessage
		Users              []string
	}
	must(r.t, json.Unmarshal(c.body, &file))
	r.wantKeys(file.Instance, "features", "host_name", "http_only", "license", "public_key", "server_id", "version")
	r.wantKeys(file.Snapshot, "digest", "previous", "sequence", "source_at", "taken_at", "user_count")
	var sealed []byte
	for _, chunk := range file.Users {
		part, err := base64.StdEncoding.Strict().DecodeString(chunk)
		must(r.t, err)
		sealed = append(sealed, part...)
	}
	text, err := os.ReadFile(filepath.Join(string(p.keys), "acme.key"))
	must(r.t, err)
	keys, err := age.ParseIdentities(bytes.NewReader(text))
	must(r.t, err)
	opened, err := age.Decrypt(bytes.NewReader(sealed), keys...)
	must(r.t, err)
	lines, err := zstd.NewReader(opened)
	must(r.t, err)
	defer lines.Close()
	var sequence struct{ Sequence int64 }
	must(r.t, json.Unmarshal(file.Snapshot, &sequence))
	r.wantUsers(lines, p.taken[sequence.Sequence])
}

// wantUsers allows id and addresses, and wants those of a snapshot.
func (r *recorder) wantUsers(lines io.Reader, want map[string]string) {
	r.t.Helper()
	got := map[string]string{}
	decoder := json.NewDecoder(lines)
	for first := true; decoder.More(); first = false {
		var line json.RawMessage
		must(r.t, decoder.Decode(&line))
		if first {
			r.wantKeys(line, "nonce")
			continue
		}
		r.wantKeys(line, "user_id", "emails")
		var user struct {
			UserID string `json:"user_id"`
			Emails []json.RawMessage
		}
		must(r.t, json.Unmarshal(line, &user))
		for _, email := range user.Emails {
			r.wantKeys(email, "email", "primary")
			var e struct{ Email string }
			must(r.t, json.Unmarshal(email, &e))
			got[user.UserID] = e.Email
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
		r.t.Errorf("the file has %d users: %s", len(got), diff)
	}
}
