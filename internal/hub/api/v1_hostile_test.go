package api_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// hostileTexts are what nobody needs and somebody sends; the first ones no
// database keeps.
func hostileTexts() (never, odd []string) {
	return []string{"\x00", "a\x00b", "\xff", "a\xc3\x28b", "\xed\xa0\x80"},
		[]string{"'", `"`, `\`, "%", "_", "$1", "a\r\nb", "\u202eb", "\ufffd", "\U0010ffff", "-1", "99999999999999999999", strings.Repeat("x", 9000)}
}

// TestHostileTextsAreRefusedAlike puts them into every place of every path,
// every parameter and the texts of every body: no engine shows through, and
// what is no text is refused before anything is kept or looked for.
func TestHostileTextsAreRefusedAlike(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		_, places := k.seeded()
		token := k.token(k.acme, signin.AdminEnterprise)
		operations := k.operations()
		for _, r := range k.surface.Routes() {
			h := hostile{k, r, token, bodies()[r.Name]}
			for _, place := range placesOf(r) {
				h.put(place, http.StatusNotFound, func(text string) string {
					return places.Replace(strings.Replace(r.Pattern, place, url.PathEscape(text), 1))
				})
			}
			path, op := places.Replace(r.Pattern), cmp.Or(operations[r.Name], &operation{})
			for _, name := range append(op.queries(), "page", "else") {
				h.put(name, http.StatusUnprocessableEntity, func(text string) string {
					return path + "?" + name + "=" + url.QueryEscape(text)
				})
			}
			if op.takesJSON() {
				for _, body := range []string{"{\"a\": \"\xff\"}", `{"a": "x\u0000y"}`, `{"\u0000": 1}`} {
					h.body = body
					h.mustRefuse("body", body, http.StatusBadRequest, path)
				}
			}
		}
	})
}

// hostile asks a route in bad faith.
type hostile struct {
	*kit
	route       web.Route
	token, body string
}

// put puts every text where at puts it.
func (h *hostile) put(what string, status int, at func(text string) string) {
	h.t.Helper()
	never, odd := hostileTexts()
	for _, text := range never {
		h.mustRefuse(what, text, status, at(text))
	}
	for _, text := range odd {
		if a := h.ask(h.route.Method, at(text), h.token, strings.NewReader(h.body), "Content-Type", "application/json"); a.Status >= http.StatusInternalServerError {
			h.t.Errorf("%s: %.20q as %s is answered with %d %.200s", h.route.Name, text, what, a.Status, a.Body)
		}
	}
}

func (h *hostile) mustRefuse(what, text string, status int, path string) {
	h.t.Helper()
	a := h.ask(h.route.Method, path, h.token, strings.NewReader(h.body), "Content-Type", "application/json")
	if a.Status != status || a.Header.Get("Location") != "" {
		h.t.Errorf("%s: %q as %s is answered with %d %.200s", h.route.Name, text, what, a.Status, a.Body)
	}
}

func placesOf(r web.Route) []string {
	var out []string
	for part := range strings.SplitSeq(r.Pattern, "/") {
		if strings.HasPrefix(part, "{") {
			out = append(out, part)
		}
	}
	return out
}

// operations are those of the description, by name.
func (k *kit) operations() map[string]*operation {
	k.t.Helper()
	var document struct {
		Paths map[string]map[string]*operation `json:"paths"`
	}
	k.mustGet("/api/v1/openapi.json", "").into(k.t, &document)
	out := map[string]*operation{}
	for _, methods := range document.Paths {
		for _, op := range methods {
			out[op.ID] = op
		}
	}
	if len(out) < 10 {
		k.t.Fatalf("the description has %d operations", len(out))
	}
	return out
}

type operation struct {
	ID         string `json:"operationId"`
	Parameters []struct {
		Name string `json:"name"`
		In   string `json:"in"`
	} `json:"parameters"`
	Body struct {
		Content map[string]json.RawMessage `json:"content"`
	} `json:"requestBody"`
}

// queries are the names that may stand behind the question mark.
func (o *operation) queries() []string {
	var out []string
	for _, p := range o.Parameters {
		if p.In == "query" {
			out = append(out, p.Name)
		}
	}
	return out
}

// takesJSON says that it takes a body, and nothing but JSON.
func (o *operation) takesJSON() bool {
	return len(o.Body.Content) == 1 && o.Body.Content["application/json"] != nil
}

// TestWhatCannotBeReadIs400: and a type of body that nobody takes is 415.
func TestWhatCannotBeReadIs400(t *testing.T) {
	t.Parallel()
	k := one(t)
	token := k.token(k.acme, signin.AdminEnterprise)
	for _, test := range []struct {
		path, kind, body string
		want             int
	}{
		{"/settings", "application/json", `{"name": `, http.StatusBadRequest},
		{"/settings", "application/json", `{} {}`, http.StatusBadRequest},
		{"/settings", "text/plain", `name`, http.StatusUnsupportedMediaType},
		{"/settings", "application/json", `{"name": 3}`, http.StatusUnprocessableEntity},
		{"/settings?a=%zz", "application/json", `{}`, http.StatusBadRequest},
	} {
		a := k.ask(http.MethodPut, "/api/v1/enterprises/acme"+test.path, token, strings.NewReader(test.body), "Content-Type", test.kind)
		if a.Status != test.want {
			t.Errorf("%s as %s to %s is answered with %d, want %d: %s", test.body, test.kind, test.path, a.Status, test.want, a.Body)
		}
	}
	a := k.ask(http.MethodPost, "/api/v1/enterprises/acme/cloud-list", token, strings.NewReader("x"), "Content-Type", "multipart/form-data")
	if a.Status != http.StatusBadRequest {
		t.Errorf("a form that is none is answered with %d: %s", a.Status, a.Body)
	}
}

// TestUnknownPathsKeepTheirStyle: GitHub's clients get GitHub's words.
func TestUnknownPathsKeepTheirStyle(t *testing.T) {
	t.Parallel()
	k := one(t)
	for path, want := range map[string]string{
		"/api/v3/nowhere": `"message":"Not Found"`, "/api/v3": `"message":"Not Found"`, "/api/v3x": `"title":"Not found"`, "/api/v3/%00": `"message":"Not Found"`,
	} {
		if a := k.get(path, ""); a.Status != http.StatusNotFound || !strings.Contains(string(a.Body), want) {
			t.Errorf("%s is answered with %d %s", path, a.Status, a.Body)
		}
	}
}
