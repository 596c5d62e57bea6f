package entry_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/entry"
)

func TestPeopleComeInAndGo(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	b := k.browser()
	b.get("/account").want(t, http.StatusUnauthorized, "not signed in")
	app, codes := b.mustJoin(k.mustInvite("Ada"))
	b.get("/").want(t, http.StatusOK, "Home")
	account := b.get("/account")
	account.want(t, http.StatusOK, "Firefox, Linux")
	account.want(t, http.StatusOK, "10 left")
	if who := account.Find(".site-name").Text(); who != "Ada" {
		t.Errorf("the header says %q", who)
	}
	out := b.send(account, "/sign-out", nil)
	out.want(t, http.StatusOK, "Sign in to OneSeat")
	b.get("/account").want(t, http.StatusUnauthorized, "not signed in")

	k.elapsed.Add(int64(time.Minute))
	form := b.get("/sign-in?next=/account?done=password")
	wrong := b.send(form, "/sign-in", map[string]string{"login": "Ada", "password": good, "code": "000000"})
	wrong.want(t, http.StatusUnauthorized, "code is not right")
	if wrong.Find("#login").AttrOr("value", "") != "Ada" || wrong.Find("#password").AttrOr("value", "") != "" || wrong.Find("#code").AttrOr("value", "") != "" {
		t.Error("the form shows again what it must not, or not what it should")
	}
	in := b.send(wrong, "/sign-in", map[string]string{"login": "ada@acme.example", "password": good, "code": app.Code(k.now())})
	in.want(t, http.StatusOK, "Your password was changed.") // it went where the address said
	if in.path != "/account?done=password" {
		t.Errorf("led to %s", in.path)
	}
	other := k.browser()
	other.send(other.get("/sign-in"), "/sign-in", map[string]string{"login": "Ada", "password": good, "code": codes[0]}).want(t, http.StatusOK, "Home")
	account = b.get("/account")
	account.want(t, http.StatusOK, "password and recovery code")
	b.send(account, "/account/sessions", nil).want(t, http.StatusOK, "Signed out there.")
	other.get("/account").want(t, http.StatusUnauthorized, "not signed in")
}

// TestTheSessionsCookie is for this server alone, and out of scripts' reach.
func TestTheSessionsCookie(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	b := k.browser()
	link := k.mustInvite("Ada")
	p := b.get(link)
	if len(p.header.Values("Set-Cookie")) != 0 {
		t.Errorf("a page that nobody signed in on sets %v", p.header.Values("Set-Cookie"))
	}
	b.mustJoin(link)
	account := b.get("/account")
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	out := b.send(account, "/sign-out", nil).header.Get("Set-Cookie")
	for _, part := range []string{"__Host-oneseat_session=;", "Path=/", "Max-Age=0", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(out, part) {
			t.Errorf("%s is not in %q", part, out)
		}
	}
	if strings.Contains(out, "Domain") {
		t.Error(out)
	}
}

// TestNobodyIsLedElsewhere by an address that somebody else made.
func TestNobodyIsLedElsewhere(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	_, codes := k.browser().mustJoin(k.mustInvite("Ada"))
	for i, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\tevil.example"} {
		b := k.browser()
		form := b.get("/sign-in?" + url.Values{"next": {next}}.Encode())
		p := b.send(form, "/sign-in", map[string]string{"login": "Ada", "password": good, "code": codes[i], "next": next})
		if p.want(t, http.StatusOK, "Home"); p.path != "/" {
			t.Errorf("%q led to %s", next, p.path)
		}
	}
}

// TestFormsOfOthersAreRefused: a page elsewhere cannot sign anybody in or out.
func TestFormsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	b := k.browser()
	b.mustJoin(k.mustInvite("Ada"))
	for _, path := range []string{"/sign-in", "/sign-out", "/account/sessions", "/account/password", "/account/authenticator", "/account/recovery-codes"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, k.URL+path, strings.NewReader("login=Ada"))
		must(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://evil.example")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if p := b.do(r); p.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	b.get("/account").want(t, http.StatusOK, "Firefox, Linux")
}

func TestALinkIsUsedByItsFormAlone(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	link := k.mustInvite("Ada")
	for range 3 {
		k.browser().get(link).want(t, http.StatusOK, "Welcome, Ada")
	}
	b := k.browser()
	p := b.get(link)
	secret := p.Find(`input[name="authenticator"]`).AttrOr("value", "")
	again := b.send(p, link, map[string]string{"password": "short", "code": "000000"})
	again.want(t, http.StatusUnprocessableEntity, "at least 12 characters")
	if kept := again.Find(`input[name="authenticator"]`).AttrOr("value", ""); kept != secret {
		t.Error("the app would have to be set up anew")
	}
	b.mustJoin(link)
	b.get(link).want(t, http.StatusUnauthorized, "This link is of no use")
	b.get("/join/osl_x").want(t, http.StatusUnauthorized, "cut off")
}

func TestPeopleChangeTheirAccount(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	b := k.browser()
	app, codes := b.mustJoin(k.mustInvite("Ada"))
	account := b.get("/account")
	p := b.send(account, "/account/password", map[string]string{"password": "wrong", "code": codes[0], "new_password": "five plain grey stones"})
	p.want(t, http.StatusUnauthorized, "code is not right")
	p = b.send(p, "/account/password", map[string]string{"password": good, "code": codes[0], "new_password": "five plain grey stones"})
	p.want(t, http.StatusOK, "Your password was changed.")
	p = b.send(p, "/account/recovery-codes", map[string]string{"password": "five plain grey stones", "code": codes[1]})
	p.want(t, http.StatusOK, "never again")
	k.elapsed.Add(int64(time.Minute))
	p = b.get("/account/authenticator")
	secret := p.Find(`input[name="authenticator"]`).AttrOr("value", "")
	p = b.send(p, "/account/authenticator", map[string]string{"password": "five plain grey stones", "code": app.Code(k.now()), "new_code": "000000"})
	p.want(t, http.StatusUnprocessableEntity, "not the code")
	if kept := p.Find(`input[name="authenticator"]`).AttrOr("value", ""); kept != secret || secret == app.Text() {
		t.Error("the app would have to be set up anew")
	}
}

// TestSingleSignOn goes to the provider and comes back with a cookie of its own.
func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.mustInvite("Ada")
	k.forger.Claims = map[string]any{"email": "ada@acme.example", "email_verified": true}
	b := k.browser()
	sent := func(path string) url.Values {
		t.Helper()
		to, err := url.Parse(b.get(path).header.Get("Location"))
		must(t, err)
		if "http://"+to.Host != k.forger.URL || to.Query().Get("redirect_uri") != k.URL+"/sign-in/callback" {
			t.Fatalf("sent to %s", to)
		}
		return to.Query()
	}
	button := b.get("/sign-in?next=/account").Find(`a[href^="/sign-in/provider"]`).AttrOr("href", "")
	q := sent(button)
	back := "/sign-in/callback?" + url.Values{"state": q["state"], "code": q["nonce"]}.Encode()
	k.browser().get(back).want(t, http.StatusUnauthorized, "another browser") // somebody else's
	p := b.get(back)
	if p.want(t, http.StatusOK, "single sign-on"); p.path != "/account" {
		t.Errorf("led to %s", p.path)
	}
	b.get(back).want(t, http.StatusUnauthorized, "another browser") // once

	link := k.mustInvite("Grace")
	k.forger.Claims = map[string]any{"sub": "2001"}
	other := k.browser()
	b = other
	q = sent(b.get(link).Find(`a[href$="?provider=yes"]`).AttrOr("href", ""))
	p = b.get("/sign-in/callback?" + url.Values{"state": q["state"], "code": q["nonce"]}.Encode())
	p.want(t, http.StatusOK, "Home")
	k.forger.Claims = map[string]any{"sub": "3001"}
	b = k.browser()
	q = sent("/sign-in/provider")
	b.get("/sign-in/callback?"+url.Values{"state": q["state"], "code": q["nonce"]}.Encode()).want(t, http.StatusForbidden, "nobody has invited you")
}

// TestEnterprisesAreNotShownToStrangers: where there are several, one has to
// know which; whether there is one of a name is not to be found out.
func TestEnterprisesAreNotShownToStrangers(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	_, codes := k.browser().mustJoin(k.mustInvite("Ada"))
	k.enterprises = append(k.enterprises, entry.Enterprise{Number: 2, Slug: "globex", Name: "Globex"})
	b := k.browser()
	ask := b.get("/sign-in")
	if ask.Find("#enterprise").Length() != 1 || ask.Find("#password").Length() != 0 || strings.Contains(strings.ToLower(ask.Text()), "globex") {
		t.Error(ask.Text())
	}
	there, notThere := b.get("/sign-in?enterprise=globex"), b.get("/sign-in?enterprise=initech")
	a, err := there.Find("main").Html()
	must(t, err)
	c, err := notThere.Find("main").Html()
	must(t, err)
	if strings.ReplaceAll(a, "globex", "initech") != c {
		t.Errorf("%s\n%s", a, c)
	}
	for _, slug := range []string{"globex", "initech"} {
		b.send(b.get("/sign-in?enterprise="+slug), "/sign-in", map[string]string{"login": "Ada", "password": good, "code": codes[0]}).want(t, http.StatusUnauthorized, "code is not right")
	}
	b.send(b.get("/sign-in?enterprise=ACME"), "/sign-in", map[string]string{"login": "Ada", "password": good, "code": codes[0]}).want(t, http.StatusOK, "Home")
}

// TestPagesInEveryLanguage: no sentence is missing, and hostile names are text.
func TestPagesInEveryLanguage(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	signedIn := k.browser()
	signedIn.mustJoin(k.mustInvite("<script>alert(1)</script>"))
	link := k.mustInvite("Grace")
	for language, want := range map[string]string{"en": "Sign in to OneSeat", "fr": "Se connecter à OneSeat", "ja": "OneSeat にサインイン"} {
		b := k.browser()
		b.language, signedIn.language = language, language
		b.get("/sign-in").want(t, http.StatusOK, want)
		pages := []answer{b.get("/sign-in"), b.send(b.get("/sign-in"), "/sign-in", map[string]string{"login": `"><script>alert(1)</script>`}), b.get(link)}
		pages = append(pages, signedIn.get("/account"), signedIn.get("/account/authenticator"))
		for _, p := range pages {
			if p.Find("html").AttrOr("lang", "") != language || strings.Contains(p.Text(), "entry.") || strings.Contains(p.Text(), "signin.") {
				t.Errorf("%s in %s: %s", p.path, language, p.Text())
			}
			if p.Find("script:not([src])").Length()+p.Find("[style],style,[onclick]").Length() != 0 {
				t.Errorf("%s in %s has something inline", p.path, language)
			}
		}
	}
}

// TestPagesSayWhoseTheyAre: people come to a hub and to agents with one name, and
// their codes stand in one list of one app.
func TestPagesSayWhoseTheyAre(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.browser().get("/sign-in").want(t, http.StatusOK, "OneSeat hub of Acme Instruments")
	link := k.mustInvite("Ada")
	p := k.browser().get(link)
	p.want(t, http.StatusOK, "OneSeat hub of Acme Instruments")
	if app := p.Find(`a[href^="otpauth:"]`).AttrOr("href", ""); !strings.Contains(app, "issuer=OneSeat%20acme") || !strings.Contains(app, "/OneSeat%20acme:Ada?") {
		t.Errorf("the app shows %q", strings.SplitAfter(app, "secret=")[0])
	}
	k.enterprises = append(k.enterprises, entry.Enterprise{Number: 2, Slug: "halden", Name: "Halden Optics"})
	k.browser().get("/sign-in?enterprise=halden").want(t, http.StatusOK, "OneSeat hub of halden")
	if text := k.browser().get("/sign-in").Text(); strings.Contains(text, "OneSeat hub of") {
		t.Error("strangers are shown whose pages these are before they say it")
	}
}
