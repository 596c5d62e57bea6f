package connect

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
)

// Address reads the address of a hub as somebody types it: "hub.acme.example" is
// "https://hub.acme.example", "127.0.0.1:8080" is "http://127.0.0.1:8080" as a hub
// on one's own machine is without more settings, and of the address of a page the
// hub's is left. It gives the one form that both sides write and sign: lower case,
// without the default port, without a slash at the end.
//
// Invalid when it is none, or plain http to another machine: a token for whoever
// listens is no way to send people's addresses.
func Address(text string) (string, error) {
	text = strings.TrimSpace(text)
	bare := !strings.Contains(text, "://")
	if bare {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(text) > 1024 {
		return "", errs.Wrap(errs.Invalid, err, "connect.bad_address", "Address", clip(text))
	}
	if bare && isLoopback(u.Hostname()) {
		u.Scheme = "http"
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !isLoopback(u.Hostname()) {
			return "", errs.New(errs.Invalid, "connect.needs_tls", "Address", clip(text))
		}
	default:
		return "", errs.New(errs.Invalid, "connect.bad_address", "Address", clip(text))
	}
	return strings.TrimRight(u.Scheme+"://"+host(u)+beforePages(u.EscapedPath()), "/"), nil
}

// beforePages is the path of a hub without that of one of its pages, which
// somebody copied with it.
func beforePages(path string) string {
	for _, page := range []string{"/enterprises/", "/sign-in/", PathEnter + "/", "/help/"} {
		if at := strings.Index(path+"/", page); at >= 0 {
			return path[:at]
		}
	}
	return path
}

// host is the host of an address, with the port unless it is the scheme's own.
func host(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	port := u.Port()
	if port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		if strings.Contains(name, ":") {
			return "[" + name + "]"
		}
		return name
	}
	return net.JoinHostPort(name, port)
}

func isLoopback(name string) bool {
	if strings.EqualFold(name, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.IsLoopback()
}
