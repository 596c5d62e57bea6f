package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oneseat/oneseat/internal/web"
)

// pipes is a listener without a network, so that hours pass in no time.
type pipes struct {
	arriving chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.arriving:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// connect gives a connection to a server of routes, inside a bubble.
func connect(t *testing.T, routes ...web.Route) (net.Conn, *journal) {
	t.Helper()
	app, log := mustApp(t, web.Config{})
	listener := &pipes{arriving: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: app.Handler(mount(app, routes...)), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	here, there := net.Pipe()
	listener.arriving <- there
	t.Cleanup(func() {
		_ = here.Close()
		_ = server.Close()
		time.Sleep(time.Minute) // the clock stops with the test: net/http lingers a little
	})
	return here, log
}

const day = 24 * time.Hour

// TestABodyThatMovesIsNeverCutOff: 256 bytes a second for a day.
func TestABodyThatMovesIsNeverCutOff(t *testing.T) {
	t.Parallel()
	for name, every := range map[string]time.Duration{
		"byte by byte": time.Second / 256, "a line a second": time.Second, "a TLS record a minute": 64 * time.Second,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				piece := strings.Repeat("x", int(256*every/time.Second))
				lasting := min(day, every*50_000)
				pieces := int(lasting / every)
				conn, _ := connect(t, post("/", 1<<30, swallow))
				begun := time.Now()
				_, _ = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: hub.example\r\nContent-Length: %d\r\n\r\n", pieces*len(piece))
				go func() {
					for range pieces {
						time.Sleep(every)
						if _, err := io.WriteString(conn, piece); err != nil {
							return // the reply says that it was cut off
						}
					}
				}()
				status, body := mustReply(t, conn)
				if want := fmt.Sprintf("%d\n", pieces*len(piece)); status != http.StatusOK || body != want {
					t.Errorf("after %v: %d %s", time.Since(begun), status, body)
				}
				if took := time.Since(begun); took < lasting {
					t.Errorf("the body took %v only", took)
				}
			})
		})
	}
}

func mustReply(t *testing.T, conn net.Conn) (status int, body string) {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestABodyThatStandsStillIsCutOff(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]int{"at once": 0, "after a megabyte": 1 << 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				conn, log := connect(t, post("/", 1<<30, swallow))
				_, _ = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 2000000\r\n\r\n%s", strings.Repeat("x", first))
				begun := time.Now()
				status, body := mustReply(t, conn)
				if status != http.StatusRequestTimeout || !strings.Contains(body, "256 bytes a second") {
					t.Errorf("%d %s", status, body)
				}
				if waited := time.Since(begun); waited != 90*time.Second {
					t.Errorf("cut off after %v", waited)
				}
				synctest.Wait()
				mustEqual(t, log.lines(t, "request")[0]["bytes_in"], any(float64(first)))
			})
		})
	}
}

// TestABodyThatCrawlsIsCutOff: it never stands still for long, and would take
// a week.
func TestABodyThatCrawlsIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, _ := connect(t, post("/", 0, swallow))
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 100000\r\n\r\n")
		crawled := make(chan struct{})
		go func() {
			defer close(crawled)
			for {
				time.Sleep(10 * time.Second)
				if _, err := io.WriteString(conn, "x"); err != nil {
					return
				}
			}
		}()
		begun := time.Now()
		status, _ := mustReply(t, conn)
		if took := time.Since(begun); status != http.StatusRequestTimeout || took > 2*time.Minute {
			t.Errorf("%d after %v", status, took)
		}
		_ = conn.Close()
		<-crawled
	})
}

// TestAHandlerMayTakeItsTime: its patience with the asker is not spent by
// itself, before the body, in the middle and after.
func TestAHandlerMayTakeItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, _ := connect(t, post("/", 0, func(_ http.ResponseWriter, r *http.Request) error {
			time.Sleep(time.Hour)
			if _, err := io.ReadFull(r.Body, make([]byte, 3)); err != nil {
				return err
			}
			time.Sleep(time.Hour)
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return err
			}
			time.Sleep(time.Hour)
			return r.Context().Err()
		}))
		go func() {
			_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 6\r\n\r\nabcdef")
		}()
		status, body := mustReply(t, conn)
		mustEqual(t, fmt.Sprint(status, body), "200")
	})
}

// TestWhoDoesNotReadTheAnswerIsCutOff, though the handler would go on.
func TestWhoDoesNotReadTheAnswerIsCutOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, log := connect(t, get("/", func(w http.ResponseWriter, _ *http.Request) error {
			for {
				if _, err := w.Write(make([]byte, 32<<10)); err != nil {
					return err
				}
			}
		}))
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: hub.example\r\n\r\n")
		time.Sleep(time.Hour)
		synctest.Wait()
		lines := log.lines(t, "request")
		if len(lines) != 1 || lines[0]["status"] != float64(web.StatusGone) || lines[0]["level"] != "INFO" {
			t.Errorf("logged: %v", lines)
		}
	})
}

// TestAnUnreadBodyHoldsNobody: a handler that refuses without reading does not
// wait for the rest.
func TestAnUnreadBodyHoldsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, _ := connect(t, post("/", 0, ok))
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 1000\r\n\r\nx")
		begun := time.Now()
		_, _ = io.Copy(io.Discard, conn)
		if held := time.Since(begun); held > 5*time.Minute {
			t.Errorf("the connection was held for %v", held)
		}
	})
}

// TestTheSameOverHTTP2, where a deadline that has passed once cannot be taken
// back.
func TestTheSameOverHTTP2(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		app, _ := mustApp(t, web.Config{})
		mux := mount(app, post("/slow", 0, swallow), post("/pause", 0, func(w http.ResponseWriter, r *http.Request) error {
			_, _ = io.ReadFull(r.Body, make([]byte, 256))
			_, _ = io.WriteString(w, "so far, ")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(day)
			return swallow(w, r)
		}))
		client := overHTTP2(t, app.Handler(mux))
		for path, want := range map[string]string{"/slow": "921600\n", "/pause": "so far, 921344\n"} {
			reader, writer := io.Pipe()
			go func() {
				for range 3600 {
					time.Sleep(time.Second)
					_, _ = writer.Write(make([]byte, 256))
				}
				_ = writer.Close()
			}()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://hub.example"+path, reader)
			if err != nil {
				t.Fatal(err)
			}
			got := mustDo(t, client, r)
			mustEqual(t, got.body, want)
		}
		reader, writer := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://hub.example/slow", reader)
		if err != nil {
			t.Fatal(err)
		}
		mustEqual(t, mustDo(t, client, r).status, http.StatusRequestTimeout)
		_ = writer.Close()
	})
}

// overHTTP2 is a client of a handler, inside a bubble.
func overHTTP2(t *testing.T, h http.Handler) *http.Client {
	t.Helper()
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	listener := &pipes{arriving: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: h, Protocols: &protocols, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	transport := &http.Transport{Protocols: &protocols, DialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		listener.arriving <- there
		return here, nil
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		time.Sleep(time.Minute)
	})
	return &http.Client{Transport: transport}
}

// TestABodyThatBreaksOff is no shorter body: the handler is told.
func TestABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, log := connect(t, post("/", 0, swallow))
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 1000\r\n\r\nfirst half")
		_ = conn.Close()
		synctest.Wait()
		line := log.lines(t, "request")[0]
		mustEqual(t, line["error_kind"], any("unavailable"))
		mustEqual(t, line["status"], any(400.0))
		mustEqual(t, line["level"], any("INFO"))
	})
}
