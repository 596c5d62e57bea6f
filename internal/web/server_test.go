package web_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/web"
)

// service is a Server that runs.
type service struct {
	url   string
	log   *journal
	stop  context.CancelFunc
	ended chan error
}

func run(t *testing.T, c web.Config, sc web.ServerConfig, routes ...web.Route) *service {
	t.Helper()
	app, log := mustApp(t, c)
	sc.Listen = "127.0.0.1:0"
	server, err := app.Listen(t.Context(), sc, mount(app, append(routes, app.Operations()...)...))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	s := &service{url: "http://" + server.Addr().String(), log: log, stop: stop, ended: make(chan error, 1)}
	if sc.CertFile != "" {
		s.url = "https" + strings.TrimPrefix(s.url, "http")
	}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		s.ended <- server.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-finished
	})
	return s
}

func (s *service) request(t *testing.T, path string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fresh is a client that keeps no connection.
func fresh(t *testing.T, roots *x509.CertPool) *http.Client {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// TestStoppingWaitsForWhatRuns: an upload that is half way when the signal
// comes is taken whole, and nobody new is let in.
func TestStoppingWaitsForWhatRuns(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	s := run(t, web.Config{}, web.ServerConfig{Grace: time.Hour}, post("/", 0, func(w http.ResponseWriter, r *http.Request) error {
		close(begun)
		return swallow(w, r)
	}))
	reader, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, "first half, ")
		<-begun
		s.stop()
		for knock(t, s.url) == nil { // until the listener is closed
			continue
		}
		_, _ = io.WriteString(writer, "second half")
		_ = writer.Close()
	}()
	got := mustDo(t, fresh(t, nil), s.request(t, "/", reader))
	mustEqual(t, got.body, "23\n")
	mustEqual(t, <-s.ended, error(nil))
	mustEqual(t, len(s.log.lines(t, "request")), 1)
}

func knock(t *testing.T, url string) error {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return err
	}
	return conn.Close()
}

// TestWhoOutstaysTheGraceIsCutOff, and Run comes back after the handler did.
func TestWhoOutstaysTheGraceIsCutOff(t *testing.T) {
	t.Parallel()
	var s *service
	ended := make(chan struct{})
	s = run(t, web.Config{}, web.ServerConfig{Grace: time.Millisecond}, post("/", 0, func(_ http.ResponseWriter, r *http.Request) error {
		s.stop()
		<-r.Context().Done()
		close(ended)
		return r.Context().Err()
	}))
	response, err := fresh(t, nil).Do(s.request(t, "/", http.NoBody))
	if err == nil {
		_ = response.Body.Close()
		t.Error("answered")
	}
	<-ended
	mustEqual(t, <-s.ended, error(nil))
	mustEqual(t, len(s.log.lines(t, "requests are cut off")), 1)
}

func TestAnAddressInUse(t *testing.T) {
	t.Parallel()
	s := run(t, web.Config{}, web.ServerConfig{})
	app, _ := mustApp(t, web.Config{})
	if _, err := app.Listen(t.Context(), web.ServerConfig{Listen: strings.TrimPrefix(s.url, "http://")}, http.NewServeMux()); err == nil {
		t.Error("two servers listen there")
	}
}

// authority makes certificates.
type authority struct {
	roots *x509.CertPool
	key   *ecdsa.PrivateKey
	cert  *x509.Certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{roots: x509.NewCertPool()}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(day), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	a.key = mustKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.roots.AddCert(a.cert)
	return a
}

func mustKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue gives a certificate of a number and its key, as PEM.
func (a *authority) issue(t *testing.T, serial int64) (cert, key []byte) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(day), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	own := mustKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, own.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
}

// mustWrite gives each writing a time of change of its own, however coarse the
// file system's are.
func mustWrite(t *testing.T, c *clock, name string, text []byte) {
	t.Helper()
	c.pass(time.Second)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, c.now(), c.now()); err != nil {
		t.Fatal(err)
	}
}

// TestTheCertificateIsRenewed: new connections see the new one, and files that
// do not fit together change nothing.
func TestTheCertificateIsRenewed(t *testing.T) {
	t.Parallel()
	a, c := newAuthority(t), newClock()
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	cert, key := a.issue(t, 101)
	mustWrite(t, c, certFile, cert)
	mustWrite(t, c, keyFile, key)
	s := run(t, web.Config{Now: c.now}, web.ServerConfig{CertFile: certFile, KeyFile: keyFile}, post("/", 0, swallow))
	client := fresh(t, a.roots)
	shown := func() int64 {
		t.Helper()
		response, err := client.Do(s.request(t, "/", strings.NewReader("by HTTP/2")))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		text, _ := io.ReadAll(response.Body)
		mustEqual(t, response.Proto+" "+string(text), "HTTP/2.0 9\n")
		return response.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	mustEqual(t, shown(), int64(101))
	cert, key = a.issue(t, 102)
	mustWrite(t, c, certFile, cert)
	mustEqual(t, shown(), int64(101)) // the key is not there yet
	c.pass(time.Second)
	mustEqual(t, shown(), int64(101))
	mustWrite(t, c, keyFile, key)
	mustEqual(t, shown(), int64(102))
	if err := os.Remove(certFile); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Second)
	mustEqual(t, shown(), int64(102))
	mustEqual(t, len(s.log.lines(t, "certificate renewed")), 1)
	mustEqual(t, len(s.log.lines(t, "certificate not renewed")), 2) // once for each reason
}

func TestACertificateThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	cert, key := a.issue(t, 1)
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	app, _ := mustApp(t, web.Config{})
	for name, text := range map[string][]byte{"no key": nil, "garbage": []byte("garbage"), "only half": key[:len(key)/2]} {
		mustWrite(t, newClock(), certFile, cert)
		if text != nil {
			mustWrite(t, newClock(), keyFile, text)
		} else {
			_ = os.Remove(keyFile)
		}
		if _, err := app.Listen(t.Context(), web.ServerConfig{Listen: "127.0.0.1:0", CertFile: certFile, KeyFile: keyFile}, http.NewServeMux()); err == nil {
			t.Errorf("%s: listens", name)
		}
	}
}

// TestConnectionsThatNeverBecomeARequest are logged without where they came
// from.
func TestConnectionsThatNeverBecomeARequest(t *testing.T) {
	t.Parallel()
	a, c := newAuthority(t), newClock()
	certFile, keyFile := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	cert, key := a.issue(t, 1)
	mustWrite(t, c, certFile, cert)
	mustWrite(t, c, keyFile, key)
	s := run(t, web.Config{}, web.ServerConfig{CertFile: certFile, KeyFile: keyFile})
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n")
	reply, _ := io.ReadAll(conn)
	_ = conn.Close()
	if !bytes.Contains(reply, []byte("400")) {
		t.Errorf("got %q", reply)
	}
	s.stop()
	mustEqual(t, <-s.ended, error(nil))
	lines := s.log.lines(t, "connection")
	if len(lines) != 1 || strings.Contains(s.log.String(), "127.0.0.1") || !strings.Contains(s.log.String(), "handshake") {
		t.Errorf("logged:\n%s", s.log)
	}
}
