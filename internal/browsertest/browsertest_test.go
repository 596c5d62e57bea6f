package browsertest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/browsertest"
)

// TestBarriersAreFound: what finds nothing on our pages finds what is wrong
// with a bad one.
func TestBarriersAreFound(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<!doctype html><html><title>Bad</title><main id="content"><h1>Bad</h1>
			<img src="data:,"><p style="color:#ccc;background:#fff">Pale</p><input></main></html>`)
	}))
	t.Cleanup(server.Close)
	b := browsertest.Start(t)
	b.Open(server.URL)
	found := "\n" + strings.Join(b.Barriers(), "\n")
	for _, rule := range []string{"html-has-lang", "image-alt", "color-contrast", "label"} {
		if !strings.Contains(found, "\n"+rule+": ") {
			t.Errorf("%s was not found:%s", rule, found)
		}
	}
}
