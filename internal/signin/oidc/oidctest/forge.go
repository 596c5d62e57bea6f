package oidctest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/signin/oidc"
)

// Forger is a provider that says what a test tells it to, true or not. It asks
// for no consent and checks no code.
type Forger struct {
	*httptest.Server

	// Token makes the ID token out of claims that hold; nil signs them.
	Token func(claims map[string]any) string
	// Claims are added to those that hold, or put in their place.
	Claims map[string]any
	// Info is what it says of whoever has an access token; nil is nothing.
	Info map[string]any
	// Padding is so many bytes in front of each answer.
	Padding int

	Now func() time.Time
	key *rsa.PrivateKey
}

// Forge starts a forger, which ends with the test. Its fields are to be set
// before it is asked.
func Forge(t *testing.T) *Forger {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	f := &Forger{Now: time.Now, key: key} //nolint:forbidigo // a test's clock
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		document := map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/auth", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}
		if f.Info != nil {
			document["userinfo_endpoint"] = f.URL + "/me"
		}
		f.say(w, document)
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		f.say(w, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		f.say(w, map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": f.token(r.FormValue("code"))})
	})
	mux.HandleFunc("/me", func(w http.ResponseWriter, _ *http.Request) { f.say(w, f.Info) })
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

// Config is how the forger knows the client "hub".
func (f *Forger) Config() oidc.Config {
	return oidc.Config{Issuer: f.URL, ClientID: "hub", Now: f.Now}
}

// token is the ID token for a flow whose nonce is the code.
func (f *Forger) token(nonce string) string {
	claims := map[string]any{
		"iss": f.URL, "aud": "hub", "sub": "1001", "nonce": nonce, "iat": f.Now().Unix(), "exp": f.Now().Add(time.Minute).Unix(),
	}
	maps.Copy(claims, f.Claims)
	if f.Token != nil {
		return f.Token(claims)
	}
	return f.Sign(claims)
}

// Sign signs claims as they are with the forger's key.
func (f *Forger) Sign(claims map[string]any) string { return sign(f.key, claims) }

// SignBy signs claims with a key that nobody knows, under the name of the
// forger's.
func SignBy(t *testing.T, claims map[string]any) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	return sign(key, claims)
}

// Unsigned is claims that nobody signed.
func Unsigned(claims map[string]any) string {
	return part(map[string]any{"alg": "none"}) + "." + part(claims) + "."
}

func sign(key *rsa.PrivateKey, claims map[string]any) string {
	text := part(map[string]any{"alg": "RS256", "kid": "1"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + b64(signature)
}

func part(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return b64(text)
}

func b64(octets []byte) string { return base64.RawURLEncoding.EncodeToString(octets) }

func (f *Forger) say(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	for range f.Padding {
		_, _ = w.Write([]byte(" "))
	}
	_ = json.NewEncoder(w).Encode(value)
}
