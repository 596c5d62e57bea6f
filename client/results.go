package client

import (
	"context"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// Statement gives the current result: totals, statement, range and what they
// rest on. Status 404 when nothing was counted yet.
func (c *Client) Statement(ctx context.Context) (*Result, error) {
	r := &Result{}
	return r, c.get(ctx, "/statement", nil, r)
}

// Reconciliation relates GitHub's figure to the current licenses. Status 404
// when no figure of GitHub's is known.
func (c *Client) Reconciliation(ctx context.Context) (*Reconciliation, error) {
	r := &Reconciliation{}
	return r, c.get(ctx, "/reconciliation", nil, r)
}

// Recount counts now, and answers when everything that was applied is counted.
// Forced, it counts although nothing changed: invitations lapse with time.
func (c *Client) Recount(ctx context.Context, force bool) (*Result, error) {
	r := &Result{}
	_, err := c.call(ctx, request{method: http.MethodPost, path: "/recount", query: url.Values{"force": {strconv.FormatBool(force)}}}, r)
	return r, err
}

// Result gives a result, or a preview, by number.
func (c *Client) Result(ctx context.Context, number int64) (*Result, error) {
	r := &Result{}
	return r, c.get(ctx, resultPath(number), nil, r)
}

func resultPath(number int64) string { return "/results/" + strconv.FormatInt(number, 10) }

// Results gives the history of totals, newest first.
func (c *Client) Results(ctx context.Context) iter.Seq2[Result, error] {
	type page struct{ Results []Result }
	return pages(ctx, c, "/results", nil, func(p *page) []Result { return p.Results })
}

type changesPage struct{ Changes []Change }

func (p *changesPage) entries() []Change { return p.Changes }

// Changes gives what changed with a result, by name: of each kind the first
// thousand.
func (c *Client) Changes(ctx context.Context, result int64) iter.Seq2[Change, error] {
	return pages(ctx, c, resultPath(result)+"/changes", nil, (*changesPage).entries)
}

// Conflicts gives the ties that decided something in a result, the first
// thousand, and how many there are.
func (c *Client) Conflicts(ctx context.Context, result int64) (list []Conflict, count int, err error) {
	var answer struct {
		Conflicts []Conflict
		Count     int
	}
	err = c.get(ctx, resultPath(result)+"/conflicts", nil, &answer)
	return answer.Conflicts, answer.Count, err
}

// CSV says what a download of the consumed licenses looks like. The zero value
// is the hub's default.
type CSV struct {
	// Generation of the columns: "A", with the headers of GitHub's API, or
	// "C", those of its current download.
	Generation string
	// ByteOrderMark begins with one, which some spreadsheets need.
	ByteOrderMark bool
}

// ConsumedLicenses writes the consumed licenses as GitHub's CSV: one row per
// license, all of one result. What was written when there is an error is not
// all of them.
func (c *Client) ConsumedLicenses(ctx context.Context, to io.Writer, form CSV) error {
	query := url.Values{}
	if form.Generation != "" {
		query.Set("generation", form.Generation)
	}
	if form.ByteOrderMark {
		query.Set("bom", "true")
	}
	answer, err := c.do(ctx, request{method: http.MethodGet, path: "/consumed-licenses.csv", query: query, accept: "text/csv"})
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end, or given up
	_, err = io.Copy(to, answer.Body)
	return err
}
