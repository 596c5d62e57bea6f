package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/web"
)

// site is an App behind a real server, and its log.
type site struct {
	*httptest.Server
	app *web.App
	log *journal
}

// serve mounts routes and serves them until the test ends.
func serve(t *testing.T, c web.Config, routes ...web.Route) *site {
	t.Helper()
	s := &site{}
	s.app, s.log = mustApp(t, c)
	s.Server = httptest.NewServer(s.app.Handler(mount(s.app, routes...)))
	t.Cleanup(s.Close)
	return s
}

func mustApp(t *testing.T, c web.Config) (*web.App, *journal) {
	t.Helper()
	log := &journal{}
	_, c.Catalogue = mustParts(t)
	c.Logger = slog.New(slog.NewJSONHandler(log, nil))
	app, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return app, log
}

func mustParts(t *testing.T) (*slog.Logger, *i18n.Catalogue) {
	t.Helper()
	catalogue, err := i18n.New("")
	if err != nil {
		t.Fatal(err)
	}
	return slog.New(slog.DiscardHandler), catalogue
}

func mount(app *web.App, routes ...web.Route) *http.ServeMux {
	mux := http.NewServeMux()
	app.Mount(mux, routes...)
	return mux
}

// lines ends the server, so that every request has its line, and gives those
// about requests.
func (s *site) lines(t *testing.T) []map[string]any {
	t.Helper()
	s.Close()
	return s.log.lines(t, "request")
}

// line is the only one.
func (s *site) line(t *testing.T) map[string]any {
	t.Helper()
	lines := s.lines(t)
	if len(lines) != 1 {
		t.Fatalf("got %d lines about one request: %v", len(lines), lines)
	}
	return lines[0]
}

// journal keeps what was logged.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.String()
}

// lines are those with a message.
func (j *journal) lines(t *testing.T, message string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for text := range strings.Lines(j.String()) {
		line := map[string]any{}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if line["msg"] == message {
			found = append(found, line)
		}
	}
	return found
}

// answer is a response with its body read.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; headers are given as name, value in turn.
func (s *site) ask(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	var content io.Reader = http.NoBody
	if body != "" {
		content = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, content)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return mustDo(t, s.Client(), r)
}

func mustDo(t *testing.T, client *http.Client, r *http.Request) answer {
	t.Helper()
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

func (a answer) mustJSON(t *testing.T) map[string]any {
	t.Helper()
	value := map[string]any{}
	if err := json.Unmarshal([]byte(a.body), &value); err != nil {
		t.Fatalf("%q: %v", a.body, err)
	}
	return value
}

// get is a public route.
func get(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Name: pattern, Handler: h}
}

// post is a public route that takes bodies.
func post(pattern string, most int64, h web.Handler) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Name: pattern, MaxBody: most, Handler: h}
}

func ok(w http.ResponseWriter, _ *http.Request) error {
	_, err := io.WriteString(w, "ok")
	return err
}

func failing(err error) web.Handler {
	return func(http.ResponseWriter, *http.Request) error { return err }
}

// swallow reads the whole body and answers with its length.
func swallow(w http.ResponseWriter, r *http.Request) error {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(n)
}

// kinds are all there are.
func kinds() []errs.Kind {
	var all []errs.Kind
	for k := errs.Internal; !strings.HasPrefix(k.String(), "kind "); k++ {
		all = append(all, k)
	}
	return all
}
