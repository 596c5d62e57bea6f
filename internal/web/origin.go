package web

import (
	"crypto/rand"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// origin is where a request came from, as far as anybody trustworthy says.
type origin struct {
	// address is the network address of who asks; the zero value when it is
	// not known. It is for counting alone: it stands in no log.
	address   netip.Addr
	tls       bool
	requestID string
}

var requestIDs = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

func (a *App) origin(r *http.Request) origin {
	o := origin{tls: r.TLS != nil, requestID: rand.Text()}
	o.address, _ = parseAddress(r.RemoteAddr)
	if !a.trusted(o.address) {
		return o
	}
	o.address = a.client(o.address, r.Header.Values("X-Forwarded-For"))
	o.tls = o.tls || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
	if id := r.Header.Get("X-Request-Id"); requestIDs.MatchString(id) {
		o.requestID = id
	}
	return o
}

// client is the last address in the list that is no proxy of ours. Everything
// before it is hearsay. The last proxy itself asks when it names nobody, or
// nobody that can be read.
func (a *App) client(proxy netip.Addr, lists []string) netip.Addr {
	client := proxy
	for _, named := range slices.Backward(strings.Split(strings.Join(lists, ","), ",")) {
		address, ok := parseAddress(strings.TrimSpace(named))
		if !ok {
			break
		}
		client = address
		if !a.trusted(client) {
			break
		}
	}
	return client
}

// parseAddress takes what proxies write: an address, with a port or without.
func parseAddress(text string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(text)
	if at, atErr := netip.ParseAddrPort(text); atErr == nil {
		address, err = at.Addr(), nil
	}
	return address.Unmap().WithZone(""), err == nil
}

func (a *App) trusted(address netip.Addr) bool {
	return slices.ContainsFunc(a.config.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// group is the address as rates tell them apart: one asker has a whole /64 of
// IPv6.
func (o origin) group() string {
	if o.address.Is6() {
		return netip.PrefixFrom(o.address, 64).Masked().String()
	}
	return o.address.String()
}

// Group is where a request came from, as rates tell askers apart: a network
// address, or a /64 of them with IPv6. It is for counting alone. A request that
// came through no [App] is everybody's.
func Group(r *http.Request) string {
	if v := visitOf(r.Context()); v != nil {
		return v.from.group()
	}
	return ""
}

// URL is the address of a path of this server as the asker reaches it. Query
// may be nil. A request that came through no [App] gives the path alone.
func URL(r *http.Request, path string, query url.Values) string {
	link := url.URL{Path: path, RawQuery: query.Encode()}
	v := visitOf(r.Context())
	if v == nil {
		return link.String()
	}
	if base := v.app.config.ExternalURL; base != nil {
		link.Scheme, link.Host = base.Scheme, base.Host
		link.Path = strings.TrimSuffix(base.Path, "/") + path
		return link.String()
	}
	link.Scheme, link.Host = "http", r.Host
	if v.from.tls {
		link.Scheme = "https"
	}
	return link.String()
}
