package web

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// crowd is a listener that bounds who is connected: all together, and those of
// one network address, so that nobody takes every place. Where there is no
// place left, the connection that nobody has used for longest makes one. When
// all are in use, one more of the same address is closed, and one more of all
// waits.
//
// Only addresses for which spared is false are told apart: a proxy brings
// everybody's requests.
type crowd struct {
	net.Listener

	most, ofOne int
	spared      func(netip.Addr) bool
	now         func() time.Time

	mutex  sync.Mutex
	guests map[*guest]bool
}

// guest is a connection of a crowd.
type guest struct {
	net.Conn

	crowd *crowd
	group string    // as origin has it; "" is not told apart
	idle  time.Time // since when nobody uses it; zero while somebody does
}

func newCrowd(l net.Listener, most, ofOne int, spared func(netip.Addr) bool, now func() time.Time) *crowd {
	return &crowd{
		Listener: netutil.LimitListener(l, most), most: most, ofOne: ofOne, spared: spared, now: now,
		guests: make(map[*guest]bool, most),
	}
}

// Accept gives the next connection that has a place.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g := c.guest(conn)
		leaving, ok := c.admit(g)
		if leaving != nil {
			_ = leaving.Close()
		}
		if ok {
			return g, nil
		}
		_ = conn.Close()
	}
}

func (c *crowd) guest(conn net.Conn) *guest {
	g := &guest{Conn: conn, crowd: c}
	if address, ok := parseAddress(conn.RemoteAddr().String()); ok && !c.spared(address) {
		g.group = origin{address: address}.group()
	}
	return g
}

// admit gives a connection a place if there is one, and who has to leave for
// it.
func (c *crowd) admit(g *guest) (leaving *guest, ok bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if g.group != "" && c.count(g.group) >= c.ofOne {
		if leaving = c.idlest(g.group); leaving == nil {
			return nil, false
		}
	}
	c.guests[g] = true
	if leaving == nil && len(c.guests) >= c.most {
		leaving = c.idlest("")
	}
	delete(c.guests, leaving)
	return leaving, true
}

// count is how many connections a group has.
func (c *crowd) count(group string) int {
	n := 0
	for g := range c.guests {
		if g.group == group {
			n++
		}
	}
	return n
}

// idlest is the connection that nobody has used for longest, of a group or,
// for "", of all; nil when all are in use.
func (c *crowd) idlest(group string) *guest {
	var found *guest
	for g := range c.guests {
		switch {
		case g.idle.IsZero(), group != "" && g.group != group:
		case found == nil, g.idle.Before(found.idle):
			found = g
		}
	}
	return found
}

// changed is [http.Server.ConnState]: it learns which connections nobody uses.
func (c *crowd) changed(conn net.Conn, state http.ConnState) {
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	g, ok := conn.(*guest)
	if ok && c.used(g, state != http.StateIdle) {
		_ = g.Close()
	}
}

// used notes whether somebody uses a connection, and says whether it has to
// leave: nobody uses it, and others wait.
func (c *crowd) used(g *guest, used bool) (leave bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if g.idle = c.now(); used {
		g.idle = time.Time{}
	}
	return !used && len(c.guests) >= c.most
}

// Close gives the place back.
func (g *guest) Close() error {
	g.crowd.mutex.Lock()
	delete(g.crowd.guests, g)
	g.crowd.mutex.Unlock()
	return g.Conn.Close()
}
