package client

import (
	"context"
	"net/http"
	"net/url"
)

// Connection gives the connection of an instance's agent, which may have ended.
func (c *Client) Connection(ctx context.Context, instance int64) (*Connection, error) {
	one := &Connection{}
	return one, c.get(ctx, instancePath(instance)+"/connection", nil, one)
}

// DisableConnect ends the connection of an instance's agent at once.
func (c *Client) DisableConnect(ctx context.Context, instance int64) error {
	return c.send(ctx, http.MethodDelete, instancePath(instance)+"/connection", nil, nil)
}

// SyncNow asks the agent of an instance to sync, which hears of it within a
// minute; see [Client.SyncRequest].
func (c *Client) SyncNow(ctx context.Context, instance int64) (*SyncRequest, error) {
	r := &SyncRequest{}
	return r, c.send(ctx, http.MethodPost, instancePath(instance)+"/sync", nil, r)
}

// SyncRequest gives what became of a request to sync.
func (c *Client) SyncRequest(ctx context.Context, instance int64, request string) (*SyncRequest, error) {
	r := &SyncRequest{}
	return r, c.get(ctx, instancePath(instance)+"/sync/"+url.PathEscape(request), nil, r)
}

// SetAgeObjective says how many days old what counts of an instance may be; 0:
// by how its accounts come.
func (c *Client) SetAgeObjective(ctx context.Context, instance int64, days int) error {
	return c.send(ctx, http.MethodPut, instancePath(instance)+"/age-objective", map[string]int{"days": days}, nil)
}
