package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestACertificateThatIsAnother: whoever answers with a certificate of an
// authority that nobody knows gets nothing, the agent says what to do, and the
// right certificate heals it. The hub reads its certificate while it runs.
func TestACertificateThatIsAnother(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("two processes, which wait for each other")
	}
	dir := t.TempDir()
	p := &papers{t: t, cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
	right, other := p.authority(), p.authority()
	trusted := filepath.Join(dir, "ca.pem")
	p.write(trusted, "CERTIFICATE", right.certificate.Raw)
	p.issue(right)
	c := newCouple(t, "https", []string{"ONESEAT_TLS_CERT=" + p.cert, "ONESEAT_TLS_KEY=" + p.key, "ONESEAT_AGENT_CONNECT_CA_FILE=" + trusted})
	c.pairs()

	c.hire(1)
	p.issue(other)
	c.shows(other)
	c.line.Cut()
	c.broken("connect.certificate_unknown")
	before := c.instance().Sequence
	c.says("Set connect-ca-file to the certificate of your own authority", "agent", "status")
	p.issue(right)
	c.shows(right)
	c.well()
	if now := c.instance().Sequence; now != before+1 {
		t.Errorf("the hub counts snapshot %d, and before %d", now, before)
	}
	c.delivers()
}

// shows waits until the hub answers with a certificate of an authority.
func (c *couple) shows(by *authority) {
	c.t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(by.certificate)
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	c.await("the hub shows another certificate", func() bool {
		line, err := dialer.DialContext(c.t.Context(), "tcp", c.line.Address())
		if err != nil {
			return false
		}
		_ = line.Close() // it showed what was to be seen
		return true
	})
}

// papers are the certificate of a server and its key, in files.
type papers struct {
	t         *testing.T
	cert, key string
}

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func (p *papers) authority() *authority {
	p.t.Helper()
	return p.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "Acme authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil)
}

// issue puts a certificate of an authority in the place of the one there is.
func (p *papers) issue(by *authority) {
	p.t.Helper()
	made := p.sign(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}, by)
	key, err := x509.MarshalPKCS8PrivateKey(made.key)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(p.key, "PRIVATE KEY", key)
	p.write(p.cert, "CERTIFICATE", made.certificate.Raw)
}

// sign makes a certificate; by nobody: it signs itself.
func (p *papers) sign(c *x509.Certificate, by *authority) *authority {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	c.SerialNumber, c.NotBefore, c.NotAfter = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if by == nil {
		by = &authority{c, key}
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, by.certificate, &key.PublicKey, by.key)
	if err != nil {
		p.t.Fatal(err)
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		p.t.Fatal(err)
	}
	return &authority{made, key}
}

func (p *papers) write(name, kind string, der []byte) {
	p.t.Helper()
	next := name + ".next"
	err := os.WriteFile(next, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
	if err == nil {
		err = os.Rename(next, name)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
