package page

import (
	"net/http"
	"net/url"

	"github.com/oneseat/oneseat/internal/web"
)

// Link is an entry of a navigation.
type Link struct {
	Text, Path, Icon string
	Current          bool
}

// Frame is what stands around the content of a page.
type Frame struct {
	Reader

	// Title names the page, in the window's title and for going back.
	Title string
	// Account is whose pages these are, at AccountPath; empty when nobody is
	// signed in.
	Account, AccountPath string
	// Tabs and Side are the navigation: areas, and pages of this one.
	Tabs, Side []Link
	// Who is signed in, and as what; empty when nobody is. WhoPath is where they
	// find what is theirs; empty: nowhere.
	Who, Role, WhoPath string
	// Help is where this page is explained; empty: nowhere.
	Help string
	// Footer is a sentence that stands below every page of an area.
	Footer string

	look *Look
	base string // path in front of every path, behind a proxy that strips it
	here string
}

// Frame begins a page for the reader of a request.
func (l *Look) Frame(r *http.Request) Frame {
	f := Frame{Reader: l.Reader(r), look: l, here: r.URL.Path}
	if r.Method != http.MethodGet {
		f.here = "/"
	} else if r.URL.RawQuery != "" {
		f.here += "?" + r.URL.RawQuery
	}
	if base, err := url.Parse(web.URL(r, "", nil)); err == nil {
		f.base = base.EscapedPath()
	}
	return f
}

// To is a path of this server as the reader's browser reaches it.
func (f *Frame) To(path string) string { return f.base + path }

// file is where a file of the pages is.
func (f *Frame) file(name string) string { return f.To(f.look.files[name].path) }

// title is that of the window.
func (f *Frame) title() string {
	if f.Account == "" {
		return f.T("page.title", "Page", f.Title)
	}
	return f.T("page.title_account", "Page", f.Title, "Account", f.Account)
}
