package browsertest

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// soon is how long somebody waits for what a click or a key begins.
const soon = time.Minute

// mostTabs is how often Tab is pressed before what is sought cannot be reached.
const mostTabs = 200

// Without switches the scripts of pages off, from the next page on.
func (b *Tab) Without() {
	b.t.Helper()
	b.Do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	})
}

// Press presses keys, one after the other, wherever the focus is. A tab is Tab,
// a carriage return Enter.
func (b *Tab) Press(keys string) {
	b.t.Helper()
	b.Do(chromedp.KeyEvent(keys))
}

// TabTo presses Tab until an element that the selector describes has the focus,
// and demands that the focus is seen at every stop.
func (b *Tab) TabTo(selector string) {
	b.t.Helper()
	for range mostTabs {
		b.Press("\t")
		stop := Value[struct {
			There, Seen bool
			Name        string
		}](b, `(() => {
			const e = document.activeElement, style = getComputedStyle(e), box = e.closest("label.drop") ?? e;
			const drawn = s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none";
			return {There: e.matches(`+quoted(selector)+`), Name: e.outerHTML.slice(0, 120),
				Seen: e === document.body || e.checkVisibility({visibilityProperty: true}) && (drawn(style) || drawn(getComputedStyle(box)))};
		})()`)
		if !stop.Seen {
			b.t.Errorf("the focus is not seen on %s", stop.Name)
		}
		if stop.There {
			return
		}
	}
	b.t.Fatalf("the keyboard does not reach %s", selector)
}

// quoted is a text as JavaScript writes it.
func quoted(text string) string { return "String.raw`" + text + "`" }

// Choose chooses files in a file field, as its dialog does.
func (b *Tab) Choose(selector string, paths ...string) {
	b.t.Helper()
	b.Do(chromedp.SetUploadFiles(selector, paths))
}

// ChooseByKey opens the dialog of the file field that has the focus by the
// space bar, and chooses a file in it.
func (b *Tab) ChooseByKey(path string) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.Context, soon)
	defer stop()
	opened := chromedp.Events(ctx, page.FileChooserOpened)
	b.intercept(true)
	defer b.intercept(false)
	b.Press(" ")
	for dialog, err := range opened {
		if err == nil {
			_, err = chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, BackendNodeID: dialog.BackendNodeID})
		}
		if err != nil {
			b.t.Fatalf("the dialog for files: %v", err)
		}
		return
	}
}

func (b *Tab) intercept(dialogs bool) {
	b.t.Helper()
	if _, err := chromedp.Call(b.Context, page.SetInterceptFileChooserDialog, page.SetInterceptFileChooserDialogParams{Enabled: dialogs}); err != nil {
		b.t.Fatal(err)
	}
}

// Frames are the addresses of the frames in the page; one that the browser did
// not let in is an error page of its own.
func (b *Tab) Frames() []string {
	b.t.Helper()
	tree, err := chromedp.Call(b.Context, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		b.t.Fatal(err)
	}
	var all []string
	for _, f := range tree.FrameTree.ChildFrames {
		all = append(all, f.Frame.URL)
	}
	return all
}
