package web

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is the server's, from two files that somebody renews. It looks
// at the files when a connection needs it, at most once a second. Files that
// do not fit together, as between the writing of one and the other, leave the
// certificate there was.
type certificate struct {
	certFile, keyFile string
	logger            *slog.Logger
	now               func() time.Time

	mutex  sync.Mutex
	shown  *tls.Certificate
	loaded stamp  // of what is shown
	said   string // why the files cannot be used, as logged last
	looked time.Time
}

// stamp tells one state of the two files from another.
type stamp [2]struct {
	changed time.Time
	size    int64
}

func newCertificate(certFile, keyFile string, logger *slog.Logger, now func() time.Time) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, logger: logger, now: now, looked: now()}
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

// get is [tls.Config.GetCertificate].
func (c *certificate) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if now := c.now(); now.Sub(c.looked).Abs() >= time.Second {
		c.looked = now
		c.renew(hello.Context())
	}
	return c.shown, nil
}

// renew shows the files as they are now, if they can be used.
func (c *certificate) renew(ctx context.Context) {
	if now, err := c.stamp(); err == nil && now == c.loaded {
		return
	}
	if err := c.load(); err != nil {
		if c.said != err.Error() {
			c.logger.LogAttrs(ctx, slog.LevelWarn, "certificate not renewed", slog.Any("cause", err))
		}
		c.said = err.Error()
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelInfo, "certificate renewed", slog.Time("until", c.shown.Leaf.NotAfter))
}

func (c *certificate) load() error {
	now, err := c.stamp() // before reading: what changes meanwhile is read again
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("load certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	c.shown, c.loaded, c.said = &pair, now, ""
	return nil
}

func (c *certificate) stamp() (stamp, error) {
	var s stamp
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return stamp{}, fmt.Errorf("look at certificate: %w", err)
		}
		s[i].changed, s[i].size = info.ModTime(), info.Size()
	}
	return s, nil
}
