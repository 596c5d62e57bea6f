package oidc_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/signin/oidc/oidctest"
)

func mustProvider(t *testing.T, c oidc.Config) *oidc.Provider {
	t.Helper()
	p, err := oidc.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustBegin(t *testing.T, p *oidc.Provider) (string, oidc.Flow) {
	t.Helper()
	address, flow, err := p.Begin(t.Context(), oidctest.Redirect)
	if err != nil {
		t.Fatal(err)
	}
	return address, flow
}

func wantError(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	got := ""
	if said, ok := errors.AsType[interface {
		error
		Message() (string, map[string]any)
	}](err); ok {
		got, _ = said.Message()
	}
	if errs.KindOf(err) != kind || got != key {
		t.Errorf("got %v (%v), want %s (%v)", err, errs.KindOf(err), key, kind)
	}
}

// TestARealProvider: the whole flow with a provider that others wrote.
func TestARealProvider(t *testing.T) {
	t.Parallel()
	theirs := oidctest.Start(t)
	p := mustProvider(t, theirs.Config())
	public := theirs.Config()
	public.ClientID, public.ClientSecret = "public", ""
	mona := oidctest.Account{Name: "1001", Email: "mona@acme.example", Verified: true}

	for name, client := range map[string]*oidc.Provider{"with a secret": p, "without": mustProvider(t, public)} {
		address, flow := mustBegin(t, client)
		query := theirs.SignIn(t, address, mona)
		who, err := client.Finish(t.Context(), flow, query, oidctest.Redirect)
		if err != nil || who.Issuer != theirs.Issuer || who.Subject != mona.Subject() || who.Email.Address() != "mona@acme.example" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
		_, err = client.Finish(t.Context(), flow, query, oidctest.Redirect)
		wantError(t, err, errs.Unauthenticated, "signin.provider_refused") // the code was used
	}

	address, flow := mustBegin(t, p)
	unverified := oidctest.Account{Name: "1002", Email: "mona@acme.example"}
	who, err := p.Finish(t.Context(), flow, theirs.SignIn(t, address, unverified), oidctest.Redirect)
	if err != nil || who.Subject != unverified.Subject() || !who.Email.IsZero() {
		t.Errorf("without a verified address: %+v, %v", who, err)
	}

	address, flow = mustBegin(t, p)
	_, err = p.Finish(t.Context(), flow, theirs.Abort(t, address), oidctest.Redirect)
	wantError(t, err, errs.Unauthenticated, "signin.provider_refused")

	address, flow = mustBegin(t, p)
	_, stolen := mustBegin(t, p)
	stolen.State = flow.State
	_, err = p.Finish(t.Context(), stolen, theirs.SignIn(t, address, mona), oidctest.Redirect)
	wantError(t, err, errs.Unauthenticated, "signin.provider_refused") // another verifier

	bad := theirs.Config()
	bad.ClientSecret = "guessed"
	wrong := mustProvider(t, bad)
	address, flow = mustBegin(t, wrong)
	_, err = wrong.Finish(t.Context(), flow, theirs.SignIn(t, address, mona), oidctest.Redirect)
	wantError(t, err, errs.Unauthenticated, "signin.provider_refused")
}

// TestWhatABrowserIsSentWith: everything that ties the answer to this flow,
// and none of it twice.
func TestWhatABrowserIsSentWith(t *testing.T) {
	t.Parallel()
	p := mustProvider(t, oidctest.Forge(t).Config())
	seen := map[string]bool{}
	for range 3 {
		address, flow := mustBegin(t, p)
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := parsed.Query()
		if q.Get("state") != flow.State || q.Get("nonce") != flow.Nonce || q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" ||
			q.Get("redirect_uri") != oidctest.Redirect || q.Get("client_id") != "hub" || q.Get("scope") != "openid email" {
			t.Error(address)
		}
		if strings.Contains(address, flow.Verifier) || len(q.Get("code_challenge")) != 43 {
			t.Errorf("%s shows %s", address, flow.Verifier)
		}
		for _, random := range []string{flow.State, flow.Nonce, flow.Verifier, q.Get("code_challenge")} {
			if len(random) < 20 || seen[random] {
				t.Errorf("%q", random)
			}
			seen[random] = true
		}
	}
}

// TestAnAnswerToAnotherFlow: whoever is sent here by somebody else's link is
// not let in as somebody else.
func TestAnAnswerToAnotherFlow(t *testing.T) {
	t.Parallel()
	forger := oidctest.Forge(t)
	p := mustProvider(t, forger.Config())
	_, flow := mustBegin(t, p)
	for name, query := range map[string]url.Values{
		"no state":       {"code": {flow.Nonce}},
		"another state":  {"code": {flow.Nonce}, "state": {"x" + flow.State[1:]}},
		"another issuer": {"code": {flow.Nonce}, "state": {flow.State}, "iss": {"https://login.globex.example"}},
		"no code":        {"state": {flow.State}},
	} {
		t.Log(name)
		_, err := p.Finish(t.Context(), flow, query, oidctest.Redirect)
		wantError(t, err, errs.Unauthenticated, "signin.flow_ended")
	}
	_, err := p.Finish(t.Context(), oidc.Flow{}, url.Values{"code": {"x"}, "state": {""}}, oidctest.Redirect)
	wantError(t, err, errs.Unauthenticated, "signin.flow_ended")
	_, err = p.Finish(t.Context(), flow, url.Values{"error": {"access_denied"}, "state": {flow.State}}, oidctest.Redirect)
	wantError(t, err, errs.Unauthenticated, "signin.provider_refused")
}

// TestTokensThatDoNotHold are refused, whoever says them.
func TestTokensThatDoNotHold(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*oidctest.Forger){
		"signed by another": func(f *oidctest.Forger) {
			f.Token = func(c map[string]any) string { return oidctest.SignBy(t, c) }
		},
		"not signed": func(f *oidctest.Forger) { f.Token = oidctest.Unsigned },
		"changed": func(f *oidctest.Forger) {
			f.Token = func(c map[string]any) string {
				honest := strings.Split(f.Sign(c), ".")
				c["sub"] = "1002"
				honest[1] = strings.Split(oidctest.Unsigned(c), ".")[1]
				return strings.Join(honest, ".")
			}
		},
		"none":                func(f *oidctest.Forger) { f.Token = func(map[string]any) string { return "" } },
		"of another issuer":   func(f *oidctest.Forger) { f.Claims = map[string]any{"iss": "https://login.globex.example"} },
		"for another client":  func(f *oidctest.Forger) { f.Claims = map[string]any{"aud": "agent"} },
		"of another flow":     func(f *oidctest.Forger) { f.Claims = map[string]any{"nonce": "another"} },
		"of no flow":          func(f *oidctest.Forger) { f.Claims = map[string]any{"nonce": nil} },
		"of nobody":           func(f *oidctest.Forger) { f.Claims = map[string]any{"sub": ""} },
		"that has ended":      func(f *oidctest.Forger) { f.Claims = map[string]any{"exp": f.Now().Add(-time.Hour).Unix()} },
		"that is not yet one": func(f *oidctest.Forger) { f.Claims = map[string]any{"nbf": f.Now().Add(time.Hour).Unix()} },
		"with info of another": func(f *oidctest.Forger) {
			f.Info = map[string]any{"sub": "1002", "email": "mona@acme.example", "email_verified": true}
		},
	}
	for name, lie := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forger := oidctest.Forge(t)
			lie(forger)
			p := mustProvider(t, forger.Config())
			_, flow := mustBegin(t, p)
			who, err := p.Finish(t.Context(), flow, url.Values{"code": {flow.Nonce}, "state": {flow.State}}, oidctest.Redirect)
			wantError(t, err, errs.Unauthenticated, "signin.provider_doubtful")
			if who != (oidc.Identity{}) {
				t.Errorf("%+v", who)
			}
		})
	}
}

// TestAddressesAreVouchedFor, or left out.
func TestAddressesAreVouchedFor(t *testing.T) {
	t.Parallel()
	const mona = "mona@acme.example"
	tests := map[string]struct {
		claims, info map[string]any
		want         string
	}{
		"in the token":              {map[string]any{"email": mona, "email_verified": true}, nil, mona},
		"as text":                   {map[string]any{"email": mona, "email_verified": "true"}, nil, mona},
		"in the info":               {nil, map[string]any{"sub": "1001", "email": mona, "email_verified": true}, mona},
		"not":                       {map[string]any{"email": mona, "email_verified": false}, nil, ""},
		"in no word":                {map[string]any{"email": mona}, nil, ""},
		"in an odd word":            {map[string]any{"email": mona, "email_verified": map[string]any{}}, nil, ""},
		"not, in the info":          {nil, map[string]any{"sub": "1001", "email": mona}, ""},
		"for the token's and not":   {map[string]any{"email": mona}, map[string]any{"sub": "1001", "email": mona, "email_verified": true}, ""},
		"without there being one":   {map[string]any{"email_verified": true}, nil, ""},
		"for one that is not there": {nil, map[string]any{"sub": "1001", "email_verified": true}, ""},
	}
	for name, test := range tests {
		forger := oidctest.Forge(t)
		forger.Claims, forger.Info = test.claims, test.info
		p := mustProvider(t, forger.Config())
		_, flow := mustBegin(t, p)
		who, err := p.Finish(t.Context(), flow, url.Values{"code": {flow.Nonce}, "state": {flow.State}, "iss": {forger.URL}}, oidctest.Redirect)
		if err != nil || who.Email.Address() != test.want || who.Subject != "1001" {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
		if strings.Contains(fmt.Sprintf("%+v", who), "mona@") {
			t.Errorf("%s: %+v", name, who)
		}
	}
}

func TestAProviderThatIsAway(t *testing.T) {
	t.Parallel()
	forger := oidctest.Forge(t)
	forger.Padding = 2 << 20
	large := mustProvider(t, forger.Config())
	_, _, err := large.Begin(t.Context(), oidctest.Redirect)
	wantError(t, err, errs.Unavailable, "signin.provider_away")

	back := oidctest.Forge(t)
	c := back.Config()
	down := true
	c.Transport = transport(func(r *http.Request) (*http.Response, error) {
		if down {
			return nil, errors.New("no route to host")
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	p := mustProvider(t, c)
	_, _, err = p.Begin(t.Context(), oidctest.Redirect)
	wantError(t, err, errs.Unavailable, "signin.provider_away")
	down = false
	_, flow := mustBegin(t, p)
	down = true
	query := url.Values{"code": {flow.Nonce}, "state": {flow.State}}
	_, err = p.Finish(t.Context(), flow, query, oidctest.Redirect)
	wantError(t, err, errs.Unavailable, "signin.provider_away")
	down = false
	if _, err := p.Finish(t.Context(), flow, query, oidctest.Redirect); err != nil {
		t.Error(err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestProvidersThatCannotBe(t *testing.T) {
	t.Parallel()
	for issuer, want := range map[string]string{
		"https://login.acme.example": "", "https://login.acme.example/realms/staff": "", "http://127.0.0.1:8080": "", "http://[::1]:8080": "", "http://localhost": "",
		"": "signin.bad_issuer", "login.acme.example": "signin.bad_issuer", "http://login.acme.example": "signin.bad_issuer", "ftp://login.acme.example": "signin.bad_issuer",
		"https://login.acme.example?x": "signin.bad_issuer", "https://login.acme.example#x": "signin.bad_issuer", "https://a:b@login.acme.example": "signin.bad_issuer", "https://%zz": "signin.bad_issuer",
	} {
		_, err := oidc.New(oidc.Config{Issuer: issuer, ClientID: "hub", Now: time.Now})
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", issuer, err)
			}
			continue
		}
		wantError(t, err, errs.Invalid, want)
	}
	_, err := oidc.New(oidc.Config{Issuer: "https://login.acme.example", Now: time.Now})
	wantError(t, err, errs.Invalid, "signin.no_client")
}
