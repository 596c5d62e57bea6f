package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/internal/errs"
)

// readable refuses a request whose path or query no handler is to see: texts
// with a NUL or that are no UTF-8, which databases do not keep (PostgreSQL
// refuses them, SQLite takes them), and a query that cannot be taken apart, of
// which [url.URL.Query] would silently leave a part away. Nothing has such a
// path, so it is NotFound. Bodies are for those to check who read them.
func readable(r *http.Request) error {
	if !IsText(r.URL.Path) {
		return noRoute(r)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return WithStatus(http.StatusBadRequest, errs.New(errs.Invalid, "web.bad_query"))
	}
	var wrong []Field
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if values := query[name]; !IsText(name) || !IsText(strings.Join(values, "")) {
			wrong = append(wrong, Field{strings.ToValidUTF8(name, "\ufffd"), errs.New(errs.Invalid, "web.bad_text")})
		}
	}
	return Invalid(wrong...)
}

// IsText says that a text is one that a database keeps: UTF-8 without NUL.
func IsText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
