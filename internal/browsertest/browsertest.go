// Package browsertest is a real browser for tests: Chromium, with what a test
// of a page asks of it again and again. Start with [Start].
//
// Besides looking and clicking, [Tab.WantSound] holds a page against rules that
// are true of every page, and [Tab.WantAccessible] against those of axe-core.
// The package knows no page and no role.
//
// Chromium is Debian's, and axe-core comes from npm for tests alone; "make test"
// installs both. Where one is missing, what needs it is skipped and says so;
// with CI=true it fails.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long one browser may live, on a machine that does much else.
const patience = 15 * time.Minute

// Tab is a tab of a browser, for one test.
type Tab struct {
	// Context is what chromedp calls a tab.
	Context context.Context //nolint:containedctx // see above

	t *testing.T
}

// Start starts Chromium, with nothing in it that another test left. It ends with
// the test.
func Start(t *testing.T) *Tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		missing(t, "ONESEAT_REQUIRE_CHROMIUM", "no chromium here: install Debian's package chromium")
	}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true), chromedp.UserDataDir(t.TempDir()),
	))
	t.Cleanup(end)
	return &Tab{Context: ctx, t: t}
}

// missing skips the test, or fails it where everything has to be there.
func missing(t *testing.T, required, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv(required) == "1" { //nolint:forbidigo // a switch for whoever runs tests
		t.Fatal(why)
	}
	t.Skip(why)
}

// Another is a further tab of the same browser, with its cookies.
func (b *Tab) Another() *Tab {
	b.t.Helper()
	b.Do() // the browser is there
	ctx, end := chromedp.NewContext(b.Context)
	b.t.Cleanup(end)
	return &Tab{Context: ctx, t: b.t}
}

// Stranger is a tab of the same browser as somebody else has it: with cookies of
// its own, and none at first.
func (b *Tab) Stranger() *Tab {
	b.t.Helper()
	b.Do() // the browser is there
	ctx, end := chromedp.NewContext(b.Context, chromedp.WithNewBrowserContext())
	b.t.Cleanup(end)
	return &Tab{Context: ctx, t: b.t}
}

// For is the tab in a subtest.
func (b *Tab) For(t *testing.T) *Tab {
	t.Helper()
	return &Tab{Context: b.Context, t: t}
}

// Do does what somebody does in a tab, one step after the other. What cannot be
// done soon fails the test, with what the page says. A step whose element the
// browser replaced between the look and the deed looks again.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	err := chromedp.Do(b.Context) // a browser lives as long as the context that began it
	if err == nil {
		ctx, stop := context.WithTimeout(b.Context, soon)
		for i := 0; i < len(steps) && err == nil; i++ {
			for err = chromedp.Do(ctx, steps[i]); replaced(err); {
				err = chromedp.Do(ctx, steps[i])
			}
		}
		stop()
	}
	if err != nil {
		shown, _ := chromedp.Run(b.Context, chromedp.Evaluate[string](`location.href + ": " + document.body?.innerText.slice(0, 3000)`))
		b.t.Fatalf("%v\non %s", err, shown)
	}
}

// replaced says that an element was there when it was looked for, and not any
// more when it was to be used: chromedp looks for it again only while it waits.
// Nothing was done then.
func replaced(err error) bool {
	said := new(cdproto.Error)
	return errors.As(err, &said) && slices.Contains([]string{
		"No node with given id found", "Could not find node with given id", "Node is detached from document",
	}, said.Message)
}

// Open goes to an address, and waits for the content of a page of ours. A page
// that loads itself anew just then comes in between; Open goes once more.
func (b *Tab) Open(address string) {
	b.t.Helper()
	b.Do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Navigate(address)(ctx, t)
		if load := new(chromedp.LoadError); errors.As(err, &load) && load.ErrorText == "net::ERR_ABORTED" {
			_, err = chromedp.Navigate(address)(ctx, t)
		}
		return chromedp.Void{}, err
	}, chromedp.WaitVisible("main#content"))
}

// Value is what an expression of JavaScript gives in the page, or promises to
// give soon.
func Value[T any](b *Tab, expression string) T {
	b.t.Helper()
	b.Do() // the tab is there
	ctx, stop := context.WithTimeout(b.Context, soon)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Look sets what the browser says of its reader: the language, whether the
// system likes it "light" or "dark", and how wide the window is, in pixels.
func (b *Tab) Look(language, scheme string, width int64) {
	b.t.Helper()
	b.Do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
		return chromedp.Void{}, err
	})
	b.Appear(scheme, width)
}

// Appear sets how wide the window is, and whether the system likes it dark.
func (b *Tab) Appear(scheme string, width int64) {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(width, 900))
	b.media("", "prefers-color-scheme", scheme, "prefers-reduced-motion", "reduce")
}

// Print shows the page as it would be printed.
func (b *Tab) Print() {
	b.t.Helper()
	b.media("print", "prefers-color-scheme", "light")
}

// Contrast sets the system's wish for more contrast, in light or dark.
func (b *Tab) Contrast(scheme string) {
	b.t.Helper()
	b.media("", "prefers-color-scheme", scheme, "prefers-contrast", "more", "prefers-reduced-motion", "reduce")
}

// media sets the medium, and its features: name, value, name, value.
func (b *Tab) media(medium string, features ...string) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{Media: medium}
	for i := 0; i+1 < len(features); i += 2 {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	b.Do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, p)
		return chromedp.Void{}, err
	})
}

// Pictures is the directory ONESEAT_SCREENSHOTS, where Shoot keeps pictures;
// empty: nobody wants any.
func Pictures() string {
	return os.Getenv("ONESEAT_SCREENSHOTS") //nolint:forbidigo // a switch for whoever runs tests
}

// ShootEverywhere keeps pictures of the page light and dark, wide and narrow.
func (b *Tab) ShootEverywhere(what string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 390} {
			b.Appear(scheme, width)
			b.Shoot(fmt.Sprintf("%s-%s-%d", what, scheme, width))
		}
	}
}

// ShootPages keeps pictures of pages, by name, in languages, light and dark, wide
// and narrow: for people to look at, who else would see few of them.
func (b *Tab) ShootPages(pages map[string]string, languages ...string) {
	b.t.Helper()
	for _, language := range languages {
		tab := b.Another()
		tab.Look(language, "light", 1280)
		for name, address := range pages {
			tab.Open(address)
			tab.ShootEverywhere(name + "-" + language)
		}
	}
}

// Shoot keeps a picture of the whole page in Pictures, for people to look at.
// Without that directory it does nothing.
func (b *Tab) Shoot(name string) {
	b.t.Helper()
	directory := Pictures()
	if directory == "" {
		return
	}
	ctx, stop := context.WithTimeout(b.Context, soon)
	defer stop()
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, name+".png"), shot, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
