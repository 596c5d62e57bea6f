package oidc

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// How long a provider may take for one answer, and how large that may be.
const (
	patience   = 10 * time.Second
	mostAnswer = 1 << 20
)

// Config is how a provider knows us. All but ClientSecret are needed.
type Config struct {
	// Issuer is the provider's name, and where its description is found: an
	// https URL, or http on the loopback.
	Issuer   string
	ClientID string
	// ClientSecret is empty for a public client: PKCE alone then.
	ClientSecret string
	// Transport carries requests to the provider; nil is the usual one.
	Transport http.RoundTripper
	// Now is the clock.
	Now func() time.Time
}

// Provider is an OpenID Connect provider. It is asked for its description when
// it is needed first, so that it need not be there when a hub starts. It is
// safe for concurrent use.
type Provider struct {
	config Config
	client *http.Client

	mutex sync.Mutex
	known *oidc.Provider // nil until it was reached
}

// New makes a provider, which is not asked for anything yet. The error is
// Invalid when the issuer or the client cannot be.
func New(c Config) (*Provider, error) {
	issuer, err := url.Parse(c.Issuer)
	if err != nil || issuer.Host == "" || issuer.RawQuery != "" || issuer.Fragment != "" || issuer.User != nil || !private(issuer) {
		return nil, errs.New(errs.Invalid, "signin.bad_issuer")
	}
	if c.ClientID == "" || c.Now == nil {
		return nil, errs.New(errs.Invalid, "signin.no_client")
	}
	transport := c.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &Provider{config: c, client: &http.Client{Timeout: patience, Transport: bounded{transport}}}, nil
}

// private says that nobody on the way reads or changes what is said.
func private(u *url.URL) bool {
	address := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || address != nil && address.IsLoopback())
}

// Issuer is the provider's name.
func (p *Provider) Issuer() string { return p.config.Issuer }

// Identity is who somebody is at the provider.
type Identity struct {
	// Issuer and Subject together name one person for ever.
	Issuer, Subject string
	// Email is the address that the provider vouches for; none when it does
	// not.
	Email licensing.Email
}

// Begin gives the address to send a browser to. Redirect is where the provider
// sends it back to, which the provider has to know. The error is Unavailable
// when the provider cannot be reached.
func (p *Provider) Begin(ctx context.Context, redirect string) (string, Flow, error) {
	client, err := p.oauth(ctx, redirect)
	if err != nil {
		return "", Flow{}, err
	}
	f := newFlow()
	return client.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), f, nil
}

// Finish says who came back from the provider: query is what the browser
// brought, f what it kept, redirect as with [Provider.Begin].
//
// Errors: Unauthenticated when it is no answer to this flow, when the person
// or the provider said no, and when the provider's word does not hold;
// Unavailable when the provider cannot be reached.
func (p *Provider) Finish(ctx context.Context, f Flow, query url.Values, redirect string) (Identity, error) {
	if err := p.answers(f, query); err != nil {
		return Identity{}, err
	}
	client, err := p.oauth(ctx, redirect)
	if err != nil {
		return Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := client.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(f.Verifier))
	if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
		return Identity{}, errs.Wrap(errs.Unauthenticated, err, "signin.provider_refused")
	}
	if err != nil {
		return Identity{}, errs.Wrap(errs.Unavailable, err, "signin.provider_away")
	}
	return p.identity(ctx, token, f.Nonce)
}

// identity is what an ID token says, if it holds, and what the provider says
// of whoever it is of.
func (p *Provider) identity(ctx context.Context, token *oauth2.Token, nonce string) (Identity, error) {
	raw, _ := token.Extra("id_token").(string)
	verifier := p.known.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: p.config.Now})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Identity{}, errs.Wrap(errs.Unauthenticated, err, "signin.provider_doubtful")
	}
	if id.Subject == "" || !same(id.Nonce, nonce) {
		return Identity{}, errs.New(errs.Unauthenticated, "signin.provider_doubtful")
	}
	var said claims
	if err := id.Claims(&said); err != nil {
		return Identity{}, errs.Wrap(errs.Unauthenticated, err, "signin.provider_doubtful")
	}
	if said.Email == "" && p.known.UserInfoEndpoint() != "" {
		if said, err = p.ask(ctx, token, id.Subject); err != nil {
			return Identity{}, err
		}
	}
	identity := Identity{Issuer: id.Issuer, Subject: id.Subject}
	if said.Verified {
		identity.Email = licensing.NewEmail(said.Email)
	}
	return identity, nil
}

// claims are what we want to know of somebody.
type claims struct {
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`
}

// ask asks the provider for the claims of a subject: it need not put them into
// the ID token (OpenID Connect Core 5.4).
func (p *Provider) ask(ctx context.Context, token *oauth2.Token, subject string) (claims, error) {
	info, err := p.known.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return claims{}, errs.Wrap(errs.Unavailable, err, "signin.provider_away")
	}
	var said claims
	if err := info.Claims(&said); err != nil || info.Subject != subject {
		return claims{}, errs.Wrap(errs.Unauthenticated, err, "signin.provider_doubtful")
	}
	return said, nil
}

// truth is true, or "true" as some providers write it.
type truth bool

// UnmarshalJSON takes anything; what is not true is false.
func (t *truth) UnmarshalJSON(text []byte) error {
	*t = strings.Trim(string(text), `"`) == "true"
	return nil
}

// oauth is the client as the provider describes itself.
func (p *Provider) oauth(ctx context.Context, redirect string) (*oauth2.Config, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err // whoever waited for the others has left
	}
	if p.known == nil {
		// The provider keeps this context for its keys: it outlives the request.
		known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.config.Issuer)
		if err != nil {
			return nil, errs.Wrap(errs.Unavailable, err, "signin.provider_away")
		}
		p.known = known
	}
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: p.known.Endpoint(),
		RedirectURL: redirect, Scopes: []string{oidc.ScopeOpenID, "email"},
	}, nil
}

// bounded cuts answers that are too large off, so that they do not parse.
type bounded struct{ http.RoundTripper }

// RoundTrip asks, and bounds what is answered.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, mostAnswer), response.Body}
	}
	return response, err
}
