package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/client"
)

const secret = "ost_swordfish"

// hub answers as told, and keeps what was asked.
type hub struct {
	*httptest.Server

	asked []*http.Request
}

func newHub(t *testing.T, answer http.HandlerFunc) *hub {
	t.Helper()
	h := &hub{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked = append(h.asked, r)
		answer(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hub) client(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{Hub: h.URL + "/", Enterprise: "acme", Token: secret})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := client.Config{Hub: "https://oneseat.acme.example/below", Enterprise: "acme", Token: secret}
	if _, err := client.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*client.Config){
		"no hub":        func(c *client.Config) { c.Hub = "" },
		"no scheme":     func(c *client.Config) { c.Hub = "oneseat.acme.example" },
		"other scheme":  func(c *client.Config) { c.Hub = "ftp://oneseat.acme.example" },
		"a user":        func(c *client.Config) { c.Hub = "https://mona:" + secret + "@oneseat.acme.example" },
		"a name":        func(c *client.Config) { c.Hub = "https://mona@oneseat.acme.example" },
		"a query":       func(c *client.Config) { c.Hub += "?token=" + secret },
		"no query":      func(c *client.Config) { c.Hub += "?" },
		"a fragment":    func(c *client.Config) { c.Hub += "#" + secret },
		"no fragment":   func(c *client.Config) { c.Hub += "#" },
		"a bad escape":  func(c *client.Config) { c.Hub = "https://%zz" + secret },
		"no enterprise": func(c *client.Config) { c.Enterprise = "" },
		"no token":      func(c *client.Config) { c.Token = "" },
		"a header":      func(c *client.Config) { c.Token = "a\r\nX-Evil: 1" },
	} {
		bad := good
		change(&bad)
		if _, err := client.New(bad); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheTokenIsNowhere but in the one header.
func TestTheTokenIsNowhere(t *testing.T) {
	t.Parallel()
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	c := h.client(t)
	_, err := c.Statement(t.Context())
	if got := h.asked[0].Header.Get("Authorization"); got != "Bearer "+secret {
		t.Errorf("Authorization: %q", got)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", c, c, c, c), err.Error(), fmt.Sprintf("%+v", err)} {
		if strings.Contains(text, "swordfish") {
			t.Errorf("the token is in: %s", text)
		}
	}
}

// TestRefusals: the hub's sentence where there is one, the status where not.
func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   string
	}{
		"a problem":        {409, `{"title":"Conflict","status":409,"detail":"Another one waits.","request_id":"R"}`, "Another one waits."},
		"several things":   {400, `{"detail":"Two are wrong.","errors":[{"field":"a","detail":"One."},{"detail":"Other."}]}`, "Two are wrong.\na: One.\nOther."},
		"a proxy's page":   {502, "<html>Bad Gateway</html>", "The address answers 502 Bad Gateway, but not as a hub does."},
		"something empty":  {500, "", "The address answers 500 Internal Server Error, but not as a hub does."},
		"other JSON":       {404, `{"message":"Not Found"}`, "The address answers 404 Not Found, but not as a hub does."},
		"a redirect":       {302, "", "The address answers 302 Found, but not as a hub does."},
		"a page, and good": {200, "<html>Sign in</html>", "The address answers, but not as a hub does."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/api/v1/enterprises/acme/uploads/U1")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			_, err := h.client(t).Apply(t.Context(), "U0")
			refusal := &client.Error{}
			if !errors.As(err, &refusal) || refusal.Status != test.status || err.Error() != test.want {
				t.Fatalf("got %v", err)
			}
			if test.status != 200 && refusal.Upload() != "U1" {
				t.Errorf("Upload() = %q", refusal.Upload())
			}
			if len(h.asked) != 1 {
				t.Errorf("asked %d times", len(h.asked))
			}
		})
	}
}

// TestPages follows Link, whatever address a proxy gave it.
func TestPages(t *testing.T) {
	t.Parallel()
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("after") {
		case "":
			w.Header().Set("Link", `<https://outside.example/below/api/v1/enterprises/acme/uploads?per_page=100&after=U2>; rel="next"`)
			_, _ = w.Write([]byte(`{"uploads":[{"id":"U1"},{"id":"U2"}]}`))
		case "U2":
			_, _ = w.Write([]byte(`{"uploads":[{"id":"U3"}]}`))
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	})
	var got []string
	for u, err := range h.client(t).Uploads(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, u.ID)
	}
	if fmt.Sprint(got) != "[U1 U2 U3]" || len(h.asked) != 2 {
		t.Errorf("got %v in %d requests", got, len(h.asked))
	}
	for _, err := range h.client(t).Uploads(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if len(h.asked) != 3 {
		t.Errorf("%d requests: who stops reads no further", len(h.asked))
	}
}

// TestPagesEndWithAnError that is given once.
func TestPagesEndWithAnError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := newHub(t, func(http.ResponseWriter, *http.Request) {})
	failures := 0
	for _, err := range h.client(t).People(ctx, client.People{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		failures++
	}
	if failures != 1 {
		t.Errorf("%d errors", failures)
	}
}

// TestPagesThatLeadInACircleEnd: with an error, so that nobody takes what was
// read for everything.
func TestPagesThatLeadInACircleEnd(t *testing.T) {
	t.Parallel()
	for name, next := range map[string][]string{
		"itself":     {"U1", "U1"},
		"the second": {"U1", "U2", "U3", "U2"},
	} {
		asked := 0
		h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
			after := next[min(asked, len(next)-1)]
			asked++
			w.Header().Set("Link", `<http://`+r.Host+r.URL.Path+`?after=`+after+`>; rel="next"`)
			fmt.Fprint(w, `{"people": [{"id": "a"}]}`) //nolint:errcheck // the test notices
		})
		read, failures := 0, 0
		for _, err := range h.client(t).People(t.Context(), client.People{}) {
			if read++; err != nil {
				failures++
			}
		}
		if failures != 1 || read != len(next)+1 || asked != len(next) {
			t.Errorf("%s: %d entries of %d pages, %d errors", name, read, asked, failures)
		}
	}
}
