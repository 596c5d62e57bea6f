package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/web"
)

// What GitHub takes when nothing is said, and at most.
const (
	defaultPerPage = 30
	maxPerPage     = hub.MaxPage
	maxPageNumber  = 1 << 31
)

// paging is a page as GitHub numbers them.
type paging struct {
	// Page counts from 1, PerPage is from 1 to 100.
	Page, PerPage int64
	// said is whether the caller gave per_page; links repeat it then alone.
	said bool
}

// pagingOf reads page and per_page as GitHub does: what is too much is the
// most, and what is no number is as if it were not there.
func pagingOf(query url.Values) paging {
	return paging{
		Page:    wholeIn(query, "page", 1, maxPageNumber),
		PerPage: wholeIn(query, "per_page", defaultPerPage, maxPerPage),
		said:    query.Has("per_page"),
	}
}

func wholeIn(query url.Values, name string, otherwise, most int64) int64 {
	n, err := strconv.ParseInt(query.Get(name), 10, 64)
	if n < 1 || err != nil && !errors.Is(err, strconv.ErrRange) { // out of range, n is the most there is
		return otherwise
	}
	return min(n, most)
}

// from is the place of the page's first person.
func (p paging) from() int64 { return (p.Page - 1) * p.PerPage }

// last is the number of the last page of so many people.
func (p paging) last(people int64) int64 { return max(1, (people+p.PerPage-1)/p.PerPage) }

// link is the Link header of the page, empty when there is no other: to the
// neighbours and both ends in GitHub's order, and to where the caller is not
// already. Behind the end, what comes before is the last page.
func (p paging) link(r *http.Request, people int64) string {
	var links []string
	last := p.last(people)
	add := func(page int64, rel string) {
		links = append(links, fmt.Sprintf(`<%s>; rel="%s"`, p.url(r, page), rel))
	}
	if p.Page > 1 {
		add(min(p.Page-1, last), "prev")
	}
	if p.Page < last {
		add(p.Page+1, "next")
		add(last, "last")
	}
	if p.Page > 1 {
		add(1, "first")
	}
	return strings.Join(links, ", ")
}

func (p paging) url(r *http.Request, page int64) string {
	query := url.Values{"page": {strconv.FormatInt(page, 10)}}
	if p.said {
		query.Set("per_page", strconv.FormatInt(p.PerPage, 10))
	}
	return web.URL(r, r.URL.Path, query)
}
