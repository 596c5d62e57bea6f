// Package oidc asks an OpenID Connect provider who somebody is: the
// authorization code flow with PKCE, state and nonce.
//
// [Provider.Begin] gives the address to send a browser to, and a [Flow] for
// the browser to keep; [Provider.Finish] takes what the browser comes back
// with, and the Flow, and gives an [Identity]. The package deliberately keeps
// nothing in between, knows no cookie and no person, and decides nobody's
// rights. Start with [New].
//
// Invariants: an identity is taken from a signed ID token of the issuer, for
// this client and this very flow; what a provider answers is read up to a
// bound, and waited for a bounded time.
package oidc
