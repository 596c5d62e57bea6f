package browsertest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
)

// TestBarriersAreFound: what finds nothing on our pages finds what is wrong
// with a bad one.
func TestBarriersAreFound(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<!doctype html><html><title>Bad</title><main id="content"><h1>Bad</h1>
			<img src="data:,"><p style="color:#ccc;background:#fff">Pale</p><input>
			<p style="overflow:hidden;white-space:nowrap;width:40px">Longer than its box</p></main></html>`)
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
	if cut := b.CutOff(); len(cut) != 1 || cut[0] != "p: Longer than its box" {
		t.Errorf("cut off: %q", cut)
	}
}

// TestWhatIsReplacedIsLookedForAgain clicks on a button that is another one
// with every breath of the page.
func TestWhatIsReplacedIsLookedForAgain(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	b.Do(chromedp.Navigate("data:text/html,<button>0</button>"))
	browsertest.Value[bool](b, `addEventListener("mousedown", () => { window.pressed = (window.pressed ?? 0) + 1 }),
		setInterval(() => { const old = document.querySelector("button"); old.replaceWith(old.cloneNode(true)) }), true`)
	for want := range 3 {
		b.Do(chromedp.Click("button"))
		if got := browsertest.Value[int](b, "window.pressed"); got != want+1 {
			t.Fatalf("%d clicks press %d times", want+1, got)
		}
	}
}
