package oidc

import (
	"crypto/rand"
	"crypto/subtle"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/oneseat/oneseat/internal/errs"
)

// Flow is what a browser keeps while its person is at the provider: by State
// it is the browser that began, by Nonce the ID token is of this flow, and by
// Verifier the code is of no use to anybody else. All three are random, and
// none is to be logged.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

func newFlow() Flow { return Flow{rand.Text(), rand.Text(), oauth2.GenerateVerifier()} }

// answers refuses what is no answer to a flow, and an answer that is no.
func (p *Provider) answers(f Flow, query url.Values) error {
	issuer := query.Get("iss") // RFC 9207: not every provider says so
	switch {
	case f.State == "" || !same(query.Get("state"), f.State) || issuer != "" && issuer != p.config.Issuer:
		return errs.New(errs.Unauthenticated, "signin.flow_ended")
	case query.Get("error") != "":
		return errs.New(errs.Unauthenticated, "signin.provider_refused")
	case query.Get("code") == "":
		return errs.New(errs.Unauthenticated, "signin.flow_ended")
	}
	return nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
