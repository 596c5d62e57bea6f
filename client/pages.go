package client

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strings"
)

// perPage is how many entries a page of a list that is read through has.
const perPage = "100"

// pages goes through a list that the API gives in pages: in gives the entries
// of one. It ends with the first error: a list that leads to a page it was on
// already is one.
func pages[P any, T any](ctx context.Context, c *Client, path string, query url.Values, in func(*P) []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if query == nil {
			query = url.Values{}
		}
		query.Set("per_page", perPage)
		seen := map[string]bool{}
		for next := path; next != ""; {
			var page P
			header, err := c.call(ctx, request{method: http.MethodGet, path: next, query: query}, &page)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, entry := range in(&page) {
				if !yield(entry, nil) {
					return
				}
			}
			if next, query = c.next(header), nil; seen[next] {
				var none T
				yield(none, errors.New("client: the list leads back to a page that was read: "+next))
				return
			}
			seen[next] = true
		}
	}
}

// next is the address of the next page, below the hub's own address: what a
// proxy calls it does not matter.
func (c *Client) next(header http.Header) string {
	for link := range strings.SplitSeq(header.Get("Link"), ",") {
		address, rel, ok := strings.Cut(link, ";")
		if !ok || !strings.Contains(rel, `rel="next"`) {
			continue
		}
		parsed, err := url.Parse(strings.Trim(strings.TrimSpace(address), "<>"))
		if err != nil {
			return ""
		}
		_, below, ok := strings.Cut(parsed.EscapedPath(), "/api/v1/")
		if !ok {
			return ""
		}
		return c.hub + "/api/v1/" + below + "?" + parsed.RawQuery
	}
	return ""
}
