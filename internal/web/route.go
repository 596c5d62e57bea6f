package web

import (
	"fmt"
	"net/http"
)

// Handler answers a request, or says why not. What it returns is rendered in
// the route's [Style] and logged; a handler never logs it as well. A handler
// that has begun its answer and then returns an error breaks the connection
// off, so that nobody takes half an answer for a whole one.
type Handler func(http.ResponseWriter, *http.Request) error

// Style is the shape of a route's refusals.
type Style uint8

// The styles.
const (
	// StyleProblem is application/problem+json (RFC 9457), see [Problem].
	StyleProblem Style = iota
	// StyleGitHub is GitHub's {message, documentation_url, status}.
	StyleGitHub
	// StylePage is for people: [Config.Page], or plain text without one.
	StylePage
)

// String is the style in lower-case words.
func (s Style) String() string {
	switch s {
	case StyleProblem:
		return "problem"
	case StyleGitHub:
		return "github"
	case StylePage:
		return "page"
	default:
		return fmt.Sprintf("style %d", uint8(s))
	}
}

// DefaultMaxBody is how many bytes of a request's body are read unless its
// route says otherwise.
const DefaultMaxBody = 1 << 20

// Route is one line of a table of routes: data, so that a test can print who
// may do what.
type Route struct {
	Method string
	// Pattern is the path as [http.ServeMux] takes it, without the method:
	// "/api/v1/enterprises/{enterprise}/uploads".
	Pattern string
	// Name is the route in a word, unique in a table: "create-upload".
	Name string
	// Access is the scopes of which the asker needs one. None means public:
	// nobody is asked who they are. What a scope allows is decided by
	// [Config.Authorize].
	Access []string
	Style  Style
	// MaxBody is how many bytes of a body are read at most, 0
	// [DefaultMaxBody]. How long a body may take is not limited here: see
	// [Limits].
	MaxBody int64
	// Unmetered routes take nothing from anybody's rate: probes, which ask all
	// day.
	Unmetered bool
	Handler   Handler
}

func (r *Route) maxBody() int64 {
	if r.MaxBody > 0 {
		return r.MaxBody
	}
	return DefaultMaxBody
}

// Serve makes a Handler of one that writes its refusals itself, with [Fail] or
// [Describe].
func Serve(h http.Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		h.ServeHTTP(w, r)
		return nil
	}
}
