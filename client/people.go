package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// People says whom to list; the zero value is everybody.
type People struct {
	// Search is part of a login, a name, an address that GitHub's report
	// shows, or HOST:ID; case does not matter.
	Search string
	// Deployment is where they have accounts: cloud, server, both or none.
	Deployment string
	// Organization is one they are members of, Role one they have in the
	// enterprise.
	Organization, Role string
	// License is the type they consume, or any, or none.
	License string
}

func (p People) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"q": p.Search, "deployment": p.Deployment, "organization": p.Organization, "role": p.Role, "license": p.License,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// People gives people of the current result, in the order of all lists.
func (c *Client) People(ctx context.Context, who People) iter.Seq2[PersonSummary, error] {
	type page struct{ People []PersonSummary }
	return pages(ctx, c, "/people", who.query(), func(p *page) []PersonSummary { return p.People })
}

// Person gives a person with the reason of every account. Near misses take a
// moment: the hub goes through the whole cloud side.
func (c *Client) Person(ctx context.Context, id string, nearMisses bool) (*Person, error) {
	query := url.Values{}
	if nearMisses {
		query.Set("near_misses", strconv.FormatBool(nearMisses))
	}
	p := &Person{}
	return p, c.get(ctx, personPath(id), query, p)
}

// Reveal gives a person with all addresses whole. That somebody asked is in the
// hub's audit log.
func (c *Client) Reveal(ctx context.Context, id string) (*Person, error) {
	p := &Person{}
	return p, c.send(ctx, http.MethodPost, personPath(id)+"/reveal", nil, p)
}

func personPath(id string) string { return "/people/" + url.PathEscape(id) }
