package connect

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Times that a call may take. A usage file may take as long as it moves.
const (
	callTime  = 2 * time.Minute
	stallTime = 5 * time.Minute
	sendTime  = 12 * time.Hour
)

// Client calls a hub for an agent. It is safe for concurrent use.
type Client struct {
	hub   string
	http  *http.Client
	agent string
	now   func() time.Time
}

// NewClient makes a client of the hub at an address that [Address] gave. The
// transport is one of [NewTransport] as a rule; userAgent is "oneseat/VERSION".
func NewClient(hub string, transport http.RoundTripper, userAgent string, now func() time.Time) *Client {
	return &Client{
		hub: hub, agent: userAgent, now: now,
		http: &http.Client{
			Transport: transport,
			// A token is for one address: nobody is followed to another.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Hub is the address of the hub.
func (c *Client) Hub() string { return c.hub }

// BeginPairing asks for a code. The key is the instance's. It gives how far the
// hub's clock is ahead of the caller's, as [Client.Mint] does.
func (c *Client) BeginPairing(ctx context.Context, s *Statement, key ed25519.PrivateKey) (*Pairing, time.Duration, error) {
	return byTheirClock(c, 0, func(now time.Time) (*Pairing, error) {
		text, err := s.Sign(key, now)
		if err != nil {
			return nil, err
		}
		p := &Pairing{}
		return p, c.form(ctx, PathAuthorize, url.Values{"client_id": {s.ServerID}, "statement": {text}}, p)
	})
}

// Await asks once whether an owner approved the code. Until then the [Failure]
// is of KindWaiting, and the next call comes after the interval of the pairing;
// OAuth's slow_down is in its Key as connect.slow_down and makes the interval five
// seconds longer.
func (c *Client) Await(ctx context.Context, serverID, deviceCode string) (*Grant, error) {
	g := &Grant{}
	form := url.Values{"grant_type": {GrantDevice}, "client_id": {serverID}, "device_code": {deviceCode}}
	return g, c.form(ctx, PathToken, form, g)
}

// Mint asks for a token. Skew is how far the hub's clock is ahead of the
// caller's, as far as is known. When the hub says that the clocks are apart, the
// hub's time is taken and the call made once more; the skew that worked is given.
func (c *Client) Mint(ctx context.Context, a *Assertion, key ed25519.PrivateKey, skew time.Duration) (*Grant, time.Duration, error) {
	return byTheirClock(c, skew, func(now time.Time) (*Grant, error) {
		text, err := a.Sign(key, now)
		if err != nil {
			return nil, err
		}
		g := &Grant{}
		return g, c.form(ctx, PathToken, url.Values{"grant_type": {GrantAssertion}, "assertion": {text}}, g)
	})
}

// byTheirClock makes a call that is signed at a time by the hub's clock, which is
// ahead of the caller's by skew. A hub that says that the clocks are apart is
// called once more, by the time in its answer; the skew that was used is given.
func byTheirClock[T any](c *Client, skew time.Duration, call func(now time.Time) (T, error)) (T, time.Duration, error) {
	answer, err := call(c.now().Add(skew))
	f := FailureOf(err)
	if f == nil || f.Kind != KindClock || f.HubTime.IsZero() {
		return answer, skew, err
	}
	skew = f.HubTime.Sub(c.now()).Truncate(time.Second)
	answer, err = call(c.now().Add(skew))
	return answer, skew, err
}

// Usage is a usage file to be sent.
type Usage struct {
	Body io.Reader
	Size int64
	// Run is the agent's name of the run, Request the id of the request that it
	// answers, if any.
	Run, Request string
}

// Send delivers a usage file. Sending the same snapshot again is safe and gives
// the same receipt.
func (c *Client) Send(ctx context.Context, token string, u Usage) (*Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	moving := time.AfterFunc(stallTime, cancel) //nolint:forbidigo // nobody waits: it is the line that is watched
	defer moving.Stop()
	body := &watched{r: u.Body, moved: func() { moving.Reset(stallTime) }}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.hub+PathUsage, body)
	if err != nil {
		return nil, err
	}
	r.ContentLength = u.Size
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(HeaderRun, u.Run)
	if u.Request != "" {
		r.Header.Set(HeaderRequest, u.Request)
	}
	receipt := &Receipt{}
	return receipt, c.do(r, token, receipt)
}

// watched tells of every byte that moves.
type watched struct {
	r     io.Reader
	moved func()
}

func (w *watched) Read(p []byte) (int, error) {
	w.moved()
	return w.r.Read(p)
}

// Receipt asks what became of an upload.
func (c *Client) Receipt(ctx context.Context, token, upload string) (*Receipt, error) {
	receipt := &Receipt{}
	return receipt, c.call(ctx, http.MethodGet, PathUsage+"/"+url.PathEscape(upload), token, nil, receipt)
}

// PutRecord replaces the connection record.
func (c *Client) PutRecord(ctx context.Context, token string, record *Record) error {
	return c.call(ctx, http.MethodPut, PathRecord, token, record, nil)
}

// Requests asks whether somebody pressed Sync now on the hub.
func (c *Client) Requests(ctx context.Context, token string) ([]Request, error) {
	var list Requests
	err := c.call(ctx, http.MethodGet, PathRequests, token, nil, &list)
	return list.Requests, err
}

// Answer says that a request ended without a usage file, and why.
func (c *Client) Answer(ctx context.Context, token, request string, why *Sentence) error {
	return c.call(ctx, http.MethodPost, PathRequests+"/"+url.PathEscape(request), token, why, nil)
}

// Rotate announces a new key of the connection. Old is the fingerprint of the
// one in use.
func (c *Client) Rotate(ctx context.Context, token, connection, old string, next ed25519.PrivateKey, skew time.Duration) error {
	k := KeyProof{Hub: c.hub, Connection: connection, Old: old}
	text, err := k.Sign(next, c.now().Add(skew))
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, PathKey, token, NewKey{Proof: text}, nil)
}

// End disables Connect from the agent's side.
func (c *Client) End(ctx context.Context, token string) error {
	return c.call(ctx, http.MethodDelete, PathConnection, token, nil, nil)
}

func (c *Client) form(ctx context.Context, path string, form url.Values, v any) error {
	return c.short(ctx, http.MethodPost, path, "", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), v)
}

func (c *Client) call(ctx context.Context, method, path, token string, body, v any) error {
	if body == nil {
		return c.short(ctx, method, path, token, "", http.NoBody, v)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.short(ctx, method, path, token, "application/json", bytes.NewReader(text), v)
}

func (c *Client) short(ctx context.Context, method, path, token, kind string, body io.Reader, v any) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, c.hub+path, body)
	if err != nil {
		return err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return c.do(r, token, v)
}

// do makes a call and reads the answer into v, nil for none.
func (c *Client) do(r *http.Request, token string, v any) error {
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", c.agent)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return classify(err, c.hub)
	}
	defer answer.Body.Close() //nolint:errcheck // read as far as needed
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return classify(err, c.hub)
	case len(body) > maxAnswer:
		return unexpected(c.hub, answer.StatusCode, nil)
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return refusalOf(answer, body, c.hub)
	case v == nil:
		return nil
	}
	if err := json.Unmarshal(body, v); err != nil {
		return unexpected(c.hub, answer.StatusCode, err)
	}
	return nil
}
