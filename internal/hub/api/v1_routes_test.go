package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got); if it is meant, run with -update:\n%s", name, diff)
	}
}

// one runs a test on a kit over SQLite: what it is about is not the engine's.
func one(t *testing.T) *kit {
	t.Helper()
	return newKit(t, dbtest.SQLiteAlone(t, store.Migrations(), signin.Migrate))
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, r := range one(t).surface.Routes() {
		access := strings.Join(r.Access, " ")
		if r.Access == nil {
			access = "public"
		}
		fmt.Fprintf(&out, "%-6s %s\n       %s, %s, %s\n", r.Method, r.Pattern, r.Name, r.Style, access)
	}
	golden(t, "routes.golden", out.Bytes())
}

// declared is one operation of the description.
type declared struct {
	Security   []map[string][]string `json:"security"`
	Parameters []struct {
		Name string `json:"name"`
		In   string `json:"in"`
	} `json:"parameters"`
}

// mustPlace fails unless every place of a path is described.
func (d declared) mustPlace(t *testing.T, path string) {
	t.Helper()
	described := map[string]bool{}
	for _, p := range d.Parameters {
		described[p.In+" "+p.Name] = true
	}
	for part := range strings.SplitSeq(path, "/") {
		if name := strings.Trim(part, "{}"); name != part && !described["path "+name] {
			t.Errorf("%s has no description of %s", path, name)
		}
	}
}

func TestDescriptionHasExactlyTheRoutes(t *testing.T) {
	t.Parallel()
	k := one(t)
	var document struct {
		OpenAPI string                         `json:"openapi"`
		Paths   map[string]map[string]declared `json:"paths"`
	}
	answer := k.mustGet("/api/v1/openapi.json", "")
	answer.into(t, &document)
	if document.OpenAPI != "3.1.0" {
		t.Errorf("the description is OpenAPI %s", document.OpenAPI)
	}
	var got, want []string
	for path, operations := range document.Paths {
		for method, op := range operations {
			op.mustPlace(t, path)
			line := strings.ToUpper(method) + " " + path
			for _, entry := range op.Security {
				line += " " + strings.Join(entry["token"], "+")
			}
			got = append(got, line)
		}
	}
	for _, r := range k.surface.Routes() {
		if strings.HasPrefix(r.Pattern, "/api/v1/") && r.Access != nil {
			want = append(want, strings.Join(append([]string{r.Method, r.Pattern}, r.Access...), " "))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes and description differ (-routes +description):\n%s", diff)
	}
}

func TestDescription(t *testing.T) {
	t.Parallel()
	k := one(t)
	golden(t, "openapi.golden.yaml", k.mustGet("/api/v1/openapi.yaml", "").Body)
	text := k.mustGet("/api/v1/openapi.json", "").Body
	for _, ref := range refs(t, text) {
		if !bytes.Contains(text, []byte(`"`+ref+`": {`)) {
			t.Errorf("the description leads to the shape %s, which it does not have", ref)
		}
	}
}

// refs are the names of the shapes that a description leads to.
func refs(t *testing.T, text []byte) []string {
	t.Helper()
	var out []string
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				out = append(out, ref[strings.LastIndexByte(ref, '/')+1:])
			}
			for _, member := range v {
				walk(member)
			}
		case []any:
			for _, element := range v {
				walk(element)
			}
		}
	}
	var all any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if walk(all); len(out) == 0 {
		t.Fatal("the description has no shapes")
	}
	return out
}

func TestDocsNeedNobodyElse(t *testing.T) {
	t.Parallel()
	k := one(t)
	page := k.mustGet("/api/v1/docs", "")
	if got := page.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "unsafe") {
		t.Errorf("the policy of the page is %q", got)
	}
	text := string(page.Body)
	for _, bad := range []string{"<script", "<style", "style=", "src=", "href=\"http", "href=\"//", "onload", "@import"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, r := range k.surface.Routes() {
		if strings.HasPrefix(r.Pattern, "/api/v1/") && r.Access != nil && !strings.Contains(text, `<article id="`+r.Name+`">`) {
			t.Errorf("the page does not show %s", r.Name)
		}
	}
	style := k.mustGet("/api/v1/docs.css", "")
	if got := style.Header.Get("Content-Type"); got != "text/css; charset=utf-8" || bytes.Contains(style.Body, []byte("url(")) {
		t.Errorf("the style is %s, or leads elsewhere", got)
	}
}

func TestEveryRouteOfTheTableIsServed(t *testing.T) {
	t.Parallel()
	k := one(t)
	for _, r := range k.surface.Routes() {
		if r.Handler == nil {
			t.Errorf("%s has no handler", r.Name)
		}
		if r.Style == web.StylePage && r.Access != nil {
			t.Errorf("%s is a page behind a token", r.Name)
		}
	}
	if got := k.get("/api/v1/nowhere", "").Status; got != http.StatusNotFound {
		t.Errorf("a path that no route has is answered with %d", got)
	}
}
