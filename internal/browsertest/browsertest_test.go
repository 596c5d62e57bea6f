package browsertest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
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

// TestWhatIsReplacedIsLookedForAgain: what the browser says of an element that it
// replaced meanwhile is no failure of the step.
func TestWhatIsReplacedIsLookedForAgain(t *testing.T) {
	t.Parallel()
	const gone = cdp.NodeID(1 << 30)
	tries := 0
	browsertest.Start(t).Do(func(ctx context.Context, target *chromedp.Target) (_ chromedp.Void, err error) {
		switch tries++; tries {
		case 1:
			_, err = cdp.Call(ctx, target, dom.ResolveNode, dom.ResolveNodeParams{NodeID: gone})
		case 2:
			_, err = cdp.Call(ctx, target, dom.GetBoxModel, dom.GetBoxModelParams{NodeID: gone})
		}
		return chromedp.Void{}, err
	})
	if tries != 3 {
		t.Errorf("it was tried %d times, want 3", tries)
	}
}
