package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds an answer that is read as a whole, in bytes. What is larger
// comes in pages, or as a stream.
const maxAnswer = 64 << 20

// Config says which hub to ask, and as whom.
type Config struct {
	// Hub is the address of the hub: https://oneseat.acme.example. It has
	// neither user nor password, and ends with its path.
	Hub string
	// Enterprise is the slug or the number of the enterprise that the token is
	// for.
	Enterprise string
	// Token is what the hub showed once when the token was made.
	Token string
	// HTTP sends the requests; nil: one with the defaults of net/http, which
	// follows no redirects.
	HTTP *http.Client
	// UserAgent says what program asks; empty: "oneseat-client".
	UserAgent string
}

// Client asks a hub about one enterprise. It is safe for concurrent use.
type Client struct {
	hub, base string
	token     string
	http      *http.Client
	agent     string
}

// New makes a client. It asks nothing yet; the error says which part of the
// configuration cannot be right.
func New(c Config) (*Client, error) {
	address, err := url.Parse(c.Hub)
	switch {
	case err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https":
		return nil, errors.New("client: Config.Hub is no address of a hub: it has to begin with https:// or http://, and a host")
	case address.User != nil:
		return nil, errors.New("client: Config.Hub has a user or a password: the token alone says who asks; leave them out")
	case address.RawQuery != "" || address.ForceQuery || address.Fragment != "" || strings.HasSuffix(c.Hub, "#"):
		return nil, errors.New("client: Config.Hub goes on behind its path, with ? or #: leave that out")
	case c.Enterprise == "":
		return nil, errors.New("client: Config.Enterprise is empty")
	case c.Token == "" || strings.ContainsAny(c.Token, "\r\n"):
		return nil, errors.New("client: Config.Token is no token")
	}
	out := &Client{hub: strings.TrimSuffix(c.Hub, "/"), token: c.Token, http: c.HTTP, agent: c.UserAgent}
	out.base = out.hub + "/api/v1/enterprises/" + url.PathEscape(c.Enterprise)
	if out.agent == "" {
		out.agent = "oneseat-client"
	}
	if out.http == nil {
		out.http = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return out, nil
}

// String names the hub, without the token.
func (c *Client) String() string { return c.base }

// GoString is String for %#v.
func (c *Client) GoString() string { return c.base }

// request is one call.
type request struct {
	method string
	// path below the enterprise, or a whole address of the hub.
	path  string
	query url.Values
	body  io.Reader
	// kind is the body's media type.
	kind   string
	accept string
}

// get reads what a path answers into v.
func (c *Client) get(ctx context.Context, path string, query url.Values, v any) error {
	_, err := c.call(ctx, request{method: http.MethodGet, path: path, query: query}, v)
	return err
}

// send sends a value as JSON and reads the answer into v; a nil body sends
// none, a nil v reads none.
func (c *Client) send(ctx context.Context, method, path string, body, v any) error {
	r := request{method: method, path: path}
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write request: %w", err)
		}
		r.body, r.kind = bytes.NewReader(text), "application/json"
	}
	_, err := c.call(ctx, r, v)
	return err
}

// call sends a request and reads the answer, JSON, into v.
func (c *Client) call(ctx context.Context, r request, v any) (http.Header, error) {
	r.accept = "application/json"
	answer, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end, or given up
	if v == nil {
		return answer.Header, nil
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read answer: %w", err)
	case len(text) > maxAnswer:
		return nil, fmt.Errorf("read answer: more than %d bytes", maxAnswer)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return nil, &Error{Status: answer.StatusCode, Detail: "The address answers, but not as a hub does.", cause: err}
	}
	return answer.Header, nil
}

// do sends a request; the answer is a good one, and its body open.
func (c *Client) do(ctx context.Context, r request) (*http.Response, error) {
	address := r.path
	if !strings.HasPrefix(address, c.hub+"/") {
		address = c.base + r.path
	}
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, address, r.body)
	if err != nil {
		return nil, err
	}
	sent.Header.Set("Authorization", "Bearer "+c.token)
	sent.Header.Set("Accept", r.accept)
	sent.Header.Set("User-Agent", c.agent)
	if r.kind != "" {
		sent.Header.Set("Content-Type", r.kind)
	}
	answer, err := c.http.Do(sent)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		defer answer.Body.Close() //nolint:errcheck // what it says was read
		return nil, refusal(answer)
	}
	return answer, nil
}
