package web_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/web"
)

// caller is a connection from a chosen address of this machine.
type caller struct {
	net.Conn

	read *bufio.Reader
}

func (s *service) dial(t *testing.T, from string) *caller {
	t.Helper()
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(from), 0))}
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return &caller{conn, bufio.NewReader(conn)}
}

// status asks whether the server is well, and keeps the connection; 0 when it
// was closed instead.
func (c *caller) status(t *testing.T) int {
	t.Helper()
	_, _ = io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: hub.example\r\n\r\n")
	response, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response.StatusCode
}

// closed waits until the server has closed the connection.
func (c *caller) closed(t *testing.T) {
	t.Helper()
	if _, err := io.Copy(io.Discard, c.read); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Error("the connection stays open")
	}
}

const somebody, somebodyElse = "127.0.0.1", "127.0.0.2"

// TestAThousandIdleConnectionsStopNobody: neither another address, nor the
// probes, nor the one that has them.
func TestAThousandIdleConnectionsStopNobody(t *testing.T) {
	t.Parallel()
	s := run(t, web.Config{}, web.ServerConfig{})
	callers := make([]*caller, 1000)
	for i := range callers {
		callers[i] = s.dial(t, somebody)
		mustEqual(t, callers[i].status(t), http.StatusOK)
	}
	mustEqual(t, s.dial(t, somebodyElse).status(t), http.StatusOK)
	callers[0].closed(t)
	mustEqual(t, callers[999].status(t), http.StatusOK)
}

// TestUnspokenConnectionsOfOneAddressStopNobodyElse: they are in use, so that
// none of them makes room, and their address has to wait for its own.
func TestUnspokenConnectionsOfOneAddressStopNobodyElse(t *testing.T) {
	t.Parallel()
	s := run(t, web.Config{}, web.ServerConfig{MaxConnections: 20, MaxPerAddress: 5})
	var silent []*caller
	for range 5 {
		silent = append(silent, s.dial(t, somebody))
	}
	s.dial(t, somebody).closed(t)
	mustEqual(t, s.dial(t, somebodyElse).status(t), http.StatusOK)
	mustEqual(t, silent[0].status(t), http.StatusOK)
	for s.dial(t, somebody).status(t) != http.StatusOK { // until the server knows that the first is idle
		continue
	}
	silent[0].closed(t)
}

// TestIdleConnectionsMakeRoomWhenAllPlacesAreTaken, whoever has them.
func TestIdleConnectionsMakeRoomWhenAllPlacesAreTaken(t *testing.T) {
	t.Parallel()
	s := run(t, web.Config{}, web.ServerConfig{MaxConnections: 3, MaxPerAddress: 3})
	first := s.dial(t, somebody)
	mustEqual(t, first.status(t), http.StatusOK)
	for range 10 {
		mustEqual(t, s.dial(t, somebodyElse).status(t), http.StatusOK)
	}
	first.closed(t)
}

// TestATrustedProxyMayHaveEveryConnection: it brings everybody's requests.
func TestATrustedProxyMayHaveEveryConnection(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix(somebody + "/32")}
	s := run(t, web.Config{TrustedProxies: proxies}, web.ServerConfig{MaxConnections: 20, MaxPerAddress: 1})
	one, other := s.dial(t, somebody), s.dial(t, somebody)
	mustEqual(t, one.status(t), http.StatusOK)
	mustEqual(t, other.status(t), http.StatusOK)
	mustEqual(t, one.status(t), http.StatusOK)
}
