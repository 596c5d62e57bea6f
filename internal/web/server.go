package web

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ServerConfig is where and how a [Server] listens.
type ServerConfig struct {
	// Listen is host:port; "" is 127.0.0.1:8080, which nobody reaches from
	// outside.
	Listen string
	// CertFile and KeyFile are the server's certificate chain and key in PEM.
	// With both, it speaks TLS only; when they change, so does what it shows
	// to the next connection. With neither, it speaks plain HTTP.
	CertFile, KeyFile string
	// Grace is how long requests that are running may go on when the server
	// stops, 0 30 seconds; and once more after they were told to end.
	Grace time.Duration
	// MaxConnections is how many are open at once, 0 1,000; others wait.
	MaxConnections int
	// MaxPerAddress is how many of them one network address may have, or one
	// /64 of IPv6; 0 is a tenth. [Config.TrustedProxies] may have all.
	MaxPerAddress int
}

// The limits that no site needs to change. Bodies are limited by [Limits].
const (
	headerTime  = 10 * time.Second
	idleTime    = 2 * time.Minute
	mostHeaders = 64 << 10 // bytes
	mostStreams = 100      // of one HTTP/2 connection
)

// Server answers over TCP or TLS.
type Server struct {
	app      *App
	grace    time.Duration
	listener net.Listener
	http     *http.Server
	running  *running
}

// Listen opens the address, so that whoever connects from now on waits for
// [Server.Run]. It refuses a certificate that cannot be used.
func (a *App) Listen(ctx context.Context, c ServerConfig, mux *http.ServeMux) (*Server, error) {
	s := &Server{app: a, grace: cmp.Or(max(c.Grace, 0), 30*time.Second), running: newRunning(a.Handler(mux))}
	s.http = &http.Server{
		Handler:           s.running,
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    mostHeaders,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: mostStreams, WriteByteTimeout: a.config.Limits.Patience},
		ErrorLog:          connectionLog(a.config.Logger),
	}
	if c.CertFile != "" || c.KeyFile != "" {
		shown, err := newCertificate(c.CertFile, c.KeyFile, a.config.Logger, a.config.Now)
		if err != nil {
			return nil, err
		}
		s.http.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: shown.get}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cmp.Or(c.Listen, "127.0.0.1:8080"))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	most := cmp.Or(max(c.MaxConnections, 0), 1000)
	crowd := newCrowd(listener, most, cmp.Or(max(c.MaxPerAddress, 0), max(most/10, 1)), a.trusted, a.config.Now)
	s.listener, s.http.ConnState = crowd, crowd.changed
	return s, nil
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Run answers until ctx ends. Then it refuses new connections, says no at
// /readyz, and waits for the requests that are running: [ServerConfig.Grace],
// and as long again after breaking their connections off. It runs once. The
// error is why it could not go on.
func (s *Server) Run(ctx context.Context) error {
	// A request outlives the signal to stop: it ends with its connection.
	lasting := context.WithoutCancel(ctx)
	s.http.BaseContext = func(net.Listener) context.Context { return lasting }
	served := make(chan error, 1)
	go func() { served <- s.serve() }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.stop(lasting)
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func (s *Server) serve() error {
	if s.http.TLSConfig != nil {
		return s.http.ServeTLS(s.listener, "", "") // GetCertificate has them
	}
	return s.http.Serve(s.listener)
}

func (s *Server) stop(ctx context.Context) {
	s.app.Drain()
	patient, cancel := context.WithTimeout(ctx, s.grace)
	defer cancel()
	if s.http.Shutdown(patient) == nil {
		return
	}
	s.app.config.Logger.LogAttrs(ctx, slog.LevelWarn, "requests are cut off", slog.Int("running", s.running.count()))
	_ = s.http.Close() // of connections nobody uses any more
	last, cancelLast := context.WithTimeout(ctx, s.grace)
	defer cancelLast()
	s.running.wait(last)
}
