package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

// connecting are the settings about the way to a hub, and about license sync.
type connecting struct {
	ConnectProxy     string          `placeholder:"URL" setting:"agent" secret:""`
	ConnectProxyFile string          `placeholder:"FILE" setting:"agent"`
	ConnectCAFile    string          `name:"connect-ca-file" placeholder:"FILE" setting:"agent"`
	LicenseFile      string          `placeholder:"FILE" setting:"agent"`
	SourceMaxAge     int             `placeholder:"DAYS" setting:"agent"`
	SyncDelays       []time.Duration `placeholder:"DURATION,…" setting:"agent"`
}

// Bounds of the settings.
const (
	maxSourceAge = 3660 // days
	maxCAFile    = 4 << 20
)

// check looks at the settings alone, and names all that is wrong.
func (o *connecting) check(v *settings) error {
	var wrong []error
	if _, err := o.proxy(v); err != nil {
		wrong = append(wrong, err)
	}
	if o.SourceMaxAge < 0 || o.SourceMaxAge > maxSourceAge {
		wrong = append(wrong, usage("settings.bad_number", "Option", v.place("source-max-age"), "Value", o.SourceMaxAge, "Least", 0, "Most", maxSourceAge))
	}
	for _, d := range o.SyncDelays {
		if d <= 0 || len(o.SyncDelays) > connect.Retries {
			wrong = append(wrong, usage("settings.bad_delays", "Option", v.place("sync-delays"), "Most", connect.Retries))
			break
		}
	}
	return errors.Join(wrong...)
}

// proxy is the one that the setting names, nil for that of the environment.
func (o *connecting) proxy(v *settings) (*url.URL, error) {
	address, err := v.secret("connect-proxy", o.ConnectProxy, o.ConnectProxyFile)
	if err != nil {
		return nil, err
	}
	if address == "" {
		return nil, nil //nolint:nilnil // the environment's
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
		return nil, usage("settings.bad_connect_proxy", "Option", v.place("connect-proxy"))
	}
	return u, nil
}

// transport carries what is said to the hub.
func (o *connecting) transport(v *settings) (http.RoundTripper, error) {
	proxy, err := o.proxy(v)
	if err != nil {
		return nil, err
	}
	network := connect.Network{Proxy: proxy}
	if o.ConnectCAFile != "" {
		if network.Roots, err = roots(o.ConnectCAFile); err != nil {
			return nil, err
		}
	}
	return connect.NewTransport(network), nil
}

// roots are the system's certificates and those of a file.
func roots(name string) (*x509.CertPool, error) {
	info, err := os.Stat(name)
	if err == nil && info.Size() > maxCAFile {
		err = errors.New("too large")
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "settings.ca_unreadable", "File", name, "Cause", cause(err))
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, errs.New(errs.Invalid, "settings.ca_empty", "File", name)
	}
	return pool, nil
}

// userAgent is what the hub is told of this program.
func userAgent() string { return "oneseat/" + cmp.Or(readBuild().Version, "unknown") }

// runsHere says that the agent of a place is running, and so takes turns.
func (p *place) runsHere() bool {
	lock, err := p.lock("agent.lock")
	if err != nil {
		return true
	}
	return lock.Release() != nil
}

// pace is how often a command looks what became of what it asked for.
const pace = 500 * time.Millisecond

// wait takes turns of license sync, or waits while the running agent does, until
// over says that there is nothing more to wait for.
func (m *station) wait(ctx context.Context, p *place, over func() (bool, error)) error {
	for {
		if done, err := over(); done || err != nil {
			return err
		}
		rest := pace
		if !p.runsHere() {
			next, err := m.agent.SyncTurn(ctx)
			if err != nil {
				return err
			}
			if !next.IsZero() {
				rest = min(pace, max(0, time.Until(next)))
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rest):
		}
	}
}
