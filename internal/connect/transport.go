package connect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Network is how an agent reaches its hub. The zero value goes by the
// environment (HTTPS_PROXY, NO_PROXY) and the system's certificates.
type Network struct {
	// Proxy is asked instead of the environment's; nil: the environment's.
	Proxy *url.URL
	// Roots are the certificates to trust; nil: the system's.
	Roots *x509.CertPool
}

// NewTransport makes a transport that says what is wrong with the way to the
// hub: a proxy's refusal is told from the hub's. It is patient with slow lines and
// not with silent ones.
func NewTransport(n Network) *http.Transport {
	proxy := http.ProxyFromEnvironment
	if n.Proxy != nil {
		proxy = http.ProxyURL(n.Proxy)
	}
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: n.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    time.Minute,
		ResponseHeaderTimeout:  10 * time.Minute,
		IdleConnTimeout:        2 * time.Minute,
		MaxIdleConns:           2,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return &proxyError{status: answer.Status}
			}
			return nil
		},
	}
}
