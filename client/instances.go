package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// Instances gives the server instances, held ones too, by host name.
func (c *Client) Instances(ctx context.Context) ([]Instance, error) {
	var answer struct{ Instances []Instance }
	err := c.get(ctx, "/instances", nil, &answer)
	return answer.Instances, err
}

// Instance gives a server instance.
func (c *Client) Instance(ctx context.Context, number int64) (*Instance, error) {
	i := &Instance{}
	return i, c.get(ctx, instancePath(number), nil, i)
}

func instancePath(number int64) string { return "/instances/" + strconv.FormatInt(number, 10) }

// CloudList gives what counts of the cloud side, and its age.
func (c *Client) CloudList(ctx context.Context) (*CloudList, error) {
	l := &CloudList{}
	return l, c.get(ctx, "/cloud-list", nil, l)
}

// Snapshots gives the latest snapshots of an instance that counted, newest
// first, at most a hundred.
func (c *Client) Snapshots(ctx context.Context, instance int64) ([]Snapshot, error) {
	return c.snapshots(ctx, instancePath(instance))
}

// CloudSnapshots gives the latest cloud lists that counted, newest first, at
// most a hundred.
func (c *Client) CloudSnapshots(ctx context.Context) ([]Snapshot, error) {
	return c.snapshots(ctx, "/cloud-list")
}

func (c *Client) snapshots(ctx context.Context, of string) ([]Snapshot, error) {
	var answer struct{ Snapshots []Snapshot }
	err := c.get(ctx, of+"/snapshots", url.Values{"per_page": {perPage}}, &answer)
	return answer.Snapshots, err
}

// Why is why something is undone or removed; the history shows it.
type Why struct {
	Reason string `json:"reason"`
	// Supersede drops the pending upload of the same source.
	Supersede bool `json:"supersede,omitempty"`
}

// Undo goes back to a kept snapshot of an instance: an upload in preview.
func (c *Client) Undo(ctx context.Context, instance, snapshot int64, why Why) (*Upload, error) {
	return c.undo(ctx, instancePath(instance), snapshot, why)
}

// UndoCloud goes back to a kept cloud list: an upload in preview.
func (c *Client) UndoCloud(ctx context.Context, snapshot int64, why Why) (*Upload, error) {
	return c.undo(ctx, "/cloud-list", snapshot, why)
}

func (c *Client) undo(ctx context.Context, of string, snapshot int64, why Why) (*Upload, error) {
	u := &Upload{}
	return u, c.send(ctx, http.MethodPost, of+"/snapshots/"+strconv.FormatInt(snapshot, 10)+"/undo", why, u)
}

// Remove takes an instance and its accounts out: an upload in preview.
func (c *Client) Remove(ctx context.Context, instance int64, why Why) (*Upload, error) {
	u := &Upload{}
	return u, c.send(ctx, http.MethodPost, instancePath(instance)+"/remove", why, u)
}
