package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Download does what makes the browser keep a file, and gives the path of that.
func (b *Tab) Download(steps ...chromedp.Action[chromedp.Void]) string {
	b.t.Helper()
	directory := b.t.TempDir()
	b.Do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		this, err := cdp.Call(ctx, t, target.GetTargetInfo, target.GetTargetInfoParams{})
		if err != nil {
			return chromedp.Void{}, err
		}
		_, err = cdp.Call(ctx, t, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: directory, BrowserContextID: this.TargetInfo.BrowserContextID,
		})
		return chromedp.Void{}, err
	})
	b.Do(steps...)
	name := whole(directory)
	for name == "" {
		Value[bool](b, `new Promise(done => setTimeout(() => done(true), 50))`)
		name = whole(directory)
	}
	return name
}

// whole is the file of a directory that the browser has finished; empty while
// there is none.
func whole(directory string) string {
	names, err := os.ReadDir(directory)
	if err != nil || len(names) != 1 || strings.HasSuffix(names[0].Name(), ".crdownload") || strings.HasPrefix(names[0].Name(), ".") {
		return ""
	}
	return filepath.Join(directory, names[0].Name())
}
