package main

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/signin/oidc"
	"github.com/oneseat/oneseat/internal/signin/oidc/oidctest"
)

// TestPeopleComeIn is what people and attackers do on the pages, with the real
// program and a real browser. The parts build on each other: later ones find
// those signed in who came before.
func TestPeopleComeIn(t *testing.T) { //nolint:tparallel // the parts build on each other
	t.Parallel()
	o := newOffice(t, "acme", "Acme Instruments")
	mona := o.stranger(t)
	for _, part := range []struct {
		name string
		run  func(mona *person)
	}{
		{"the first owner by the link of init", firstOwner},
		{"out and in again", outAndIn},
		{"sessions", sessions},
		{"roles that read", readers},
		{"too many attempts", tooOften},
		{"somebody who was removed", removedOwner},
		{"links of no use", deadLinks},
		{"languages", signInLanguages},
		{"names that are scripts", hostileNames},
		{"other sites", otherSites},
		{"addresses that lead elsewhere", leadElsewhere},
		{"a session from before", fixation},
		{"single sign-on", singleSignOnStory},
		{"another enterprise", otherEnterprise},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(mona.in(t)) }) && part.name == "the first owner by the link of init" {
			return
		}
	}
}

const licensingPath, peoplePath = "/enterprises/acme/licensing", "/enterprises/acme/people"

func firstOwner(mona *person) {
	o := mona.o
	mona.join(o.link)
	mona.click(`a[href="/"]`)
	mona.wantAt(licensingPath, "Nothing was counted yet")
	if who := mona.text(".site-who"); !strings.Contains(who, "Mona") || !strings.Contains(who, "Owner") {
		mona.t.Errorf("the header says %q", who)
	}
}

// outAndIn: out; a page that one must sign in for; a wrong code, a right one,
// and on to the page.
func outAndIn(mona *person) {
	mona.open("/account")
	mona.click(`form[action="/sign-out"] button`)
	mona.wantAt("/sign-in", "Name or e-mail address")
	mona.open(peoplePath + "?deployment=both")
	mona.wantAt("/sign-in?next="+url.QueryEscape(peoplePath+"?deployment=both"), "Code")
	mona.signIn("mona", password, "000000")
	if refusal := mona.text("[data-test=refusal]"); !strings.Contains(refusal, "Name, password or code is not right") {
		mona.t.Errorf("refused with %q", refusal)
	}
	mona.fill(`form[action="/sign-in"] button`, "#password", password, "#code", mona.code())
	mona.wantAt(peoplePath+"?deployment=both", "")
}

// sessions: in another browser by recovery code, and ended from here.
func sessions(mona *person) {
	other := mona.elsewhere()
	other.open(licensingPath)
	code := other.recovery()
	other.signIn("Mona", password, code)
	other.wantAt(licensingPath, "")
	mona.open("/account")
	if list := mona.text("#sessions") + mona.text("table"); !strings.Contains(list, "password and recovery code") || !strings.Contains(list, "This one") {
		mona.t.Errorf("the sessions: %s", list)
	}
	mona.click(`tr:nth-child(1) form[action="/account/sessions"] button`)
	mona.wantAt("/account?done=sessions", "Signed out there.")
	other.open(licensingPath)
	other.wantAt("/sign-in?next="+url.QueryEscape(licensingPath), "Password")
	other.signIn("Mona", password, code) // used up
	other.wantAt("/sign-in", "a code can be used once")
}

// readers see masks, and nothing that changes anything.
func readers(mona *person) {
	o := mona.o
	o.count()
	mona.open(peoplePath)
	if !strings.Contains(mona.text("main"), "bruno.kessler@acme.example") {
		mona.t.Errorf("an owner sees no address: %s", mona.text("main"))
	}
	for _, role := range []string{"billing_manager", "auditor"} {
		reader := o.stranger(mona.t)
		reader.join(o.linkIn(o.run("hub", "owner", "add", "reads as "+role, "--role", role)))
		for _, path := range []string{licensingPath, peoplePath, "/enterprises/acme/instances", "/enterprises/acme/uploads"} {
			reader.open(path)
			shown := reader.text("main")
			if strings.Contains(shown, "bruno.kessler@acme.example") || browsertest.Value[int](reader.Tab, `document.querySelectorAll("main form[method=post]").length`) != 0 {
				reader.t.Errorf("%s on %s: %s", role, path, shown)
			}
		}
		reader.open(peoplePath)
		if !strings.Contains(reader.text("main"), "…@acme.example") {
			reader.t.Errorf("%s sees no masks: %s", role, reader.text("main"))
		}
		for _, path := range []string{"/usage", "/uploads/any/apply", "/instances/1/remove"} {
			if status := reader.asks("POST", "/enterprises/acme"+path); status != 403 {
				reader.t.Errorf("%s sends %s: %d", role, path, status)
			}
		}
	}
}

// tooOften: whoever guesses is told to wait, and so is the person from there.
func tooOften(mona *person) {
	t, o := mona.t, mona.o
	p := o.stranger(t)
	p.open("/sign-in")
	browsertest.Value[bool](p.Tab, `(async () => {
		for (let i = 0; i < 10; i++) await fetch("/sign-in", {method: "POST", body: new URLSearchParams({login: "reads as auditor", password: "guess", code: "000000"})});
		return true;
	})()`)
	p.signIn("reads as auditor", password, "000000")
	if refusal := p.text("[data-test=refusal]"); !strings.Contains(refusal, "too many attempts") {
		t.Errorf("the eleventh attempt: %s", refusal)
	}
}

// removedOwner: whoever is removed is out with their next step.
func removedOwner(mona *person) {
	t, o := mona.t, mona.o
	gone := o.stranger(t)
	gone.join(o.linkIn(o.run("hub", "owner", "add", "Greta")))
	gone.open(licensingPath)
	gone.wantAt(licensingPath, "")
	o.run("hub", "owner", "remove", "Greta")
	if status := gone.asks("GET", peoplePath); status != 0 { // a redirect that was not followed
		t.Errorf("their page asks and gets %d", status)
	}
	gone.open(licensingPath)
	gone.wantAt("/sign-in?next="+url.QueryEscape(licensingPath), "Password")
}

// deadLinks: used up, replaced, too old, cut off.
func deadLinks(mona *person) {
	t, o := mona.t, mona.o
	first := o.linkIn(o.run("hub", "owner", "add", "Lena"))
	o.run("hub", "owner", "link", "Lena")
	yesterday := o.desk(t, func() time.Time { return time.Now().Add(-25 * time.Hour) })
	late, _, err := yesterday.AddOwner(t.Context(), signin.CommandLine(1), signin.NewOwner{Enterprise: 1, Name: "Late", Role: signin.RoleOwner})
	if err != nil {
		t.Fatal(err)
	}
	lena := o.stranger(t)
	for path, want := range map[string]string{
		o.link: "This link is of no use", first: "a newer one replaced it", "/join/" + late.Text(): "24 hours have passed",
		o.link[:len(o.link)-3]: "cut off",
	} {
		lena.open(path)
		lena.wantAt(path, want)
	}
}

func signInLanguages(mona *person) {
	t, o := mona.t, mona.o
	for language, want := range map[string]string{"en": "Sign in to OneSeat", "fr": "Se connecter à OneSeat", "ja": "OneSeat にサインイン"} {
		p := o.stranger(t)
		p.Look(language, "light", 390)
		p.open("/sign-in")
		p.wantAt("/sign-in", want)
		p.WantSound("sign-in in " + language)
		p.Shoot("real-sign-in-" + language)
	}
}

// hostileNames are text wherever they are shown.
func hostileNames(mona *person) {
	t, o := mona.t, mona.o
	const name = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`
	evil := o.stranger(t)
	evil.join(o.linkIn(o.run("hub", "owner", "add", name)))
	evil.open("/account")
	mona.open("/enterprises/acme/settings/roles")
	for _, p := range []*person{evil, mona} {
		if made := browsertest.Value[int](p.Tab, `document.querySelectorAll("main img, main script, header img, [onerror]").length`); made != 0 || !strings.Contains(p.text("body"), name) {
			t.Errorf("%s: %d elements; %s", p.at(), made, p.text("body"))
		}
		if title := browsertest.Value[string](p.Tab, `document.title`); strings.Contains(title, "taken") {
			t.Errorf("%s ran a script", p.at())
		}
	}
	o.run("hub", "owner", "remove", name)
}

// otherSites cannot send forms for somebody, nor show pages inside of theirs.
func otherSites(mona *person) {
	t, o := mona.t, mona.o
	for _, path := range []string{"/account/sessions", "/sign-out", "/enterprises/acme/uploads/any/apply"} {
		mona.Do(chromedp.Navigate(elsewhereServer(t, `<form method=post action="`+o.url+path+`"><button>x</button></form>`)),
			chromedp.Click("button"), chromedp.WaitVisible("main#content"))
		if at := mona.at(); at != path || mona.text("h1") != "Not allowed" {
			t.Errorf("a form from elsewhere to %s: %s at %s", path, mona.text("h1"), at)
		}
	}
	mona.open("/account")
	mona.wantAt("/account", "This one") // still signed in
	for _, path := range []string{"/account", "/sign-in", licensingPath, "/nowhere"} {
		if may := browsertest.Value[string](mona.Tab, `fetch("`+path+`").then(r => r.headers.get("x-frame-options") + " " + r.headers.get("content-security-policy"))`); !strings.HasPrefix(may, "deny ") || !strings.Contains(may, "frame-ancestors 'none'") {
			t.Errorf("%s may be shown inside of other pages: %s", path, may)
		}
	}
}

// leadElsewhere: signing in leads to this server alone, whatever an address says.
func leadElsewhere(mona *person) {
	t := mona.t
	for _, next := range []string{"https://evil.example/", "//evil.example/"} {
		p := mona.elsewhere()
		p.open("/sign-in?" + url.Values{"next": {next}}.Encode())
		p.signIn("Mona", password, p.recovery())
		p.wantAt(licensingPath, "")
	}
	p := mona.o.stranger(t)
	p.open("/sign-in/callback?state=made-up&code=made-up&next=https://evil.example/")
	p.wantAt("/sign-in/callback?state=made-up&code=made-up&next=https://evil.example/", "begun in another browser")
}

// fixation: what a browser showed before is no session afterwards.
func fixation(mona *person) {
	t, o := mona.t, mona.o
	const known = "oss_000000000000000000000000000000000000"
	at, err := url.Parse(o.url)
	if err != nil {
		t.Fatal(err)
	}
	name := "oneseat_session_" + at.Port()
	p := mona.elsewhere()
	p.open("/sign-in")
	p.Do(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: name, Value: known, URL: o.url})
		return chromedp.Void{}, err
	})
	p.signIn("Mona", password, p.recovery())
	p.wantAt(licensingPath, "")
	cookies, err := chromedp.Run(p.Context, func(ctx context.Context, target *chromedp.Target) ([]*network.Cookie, error) {
		got, err := cdp.Call(ctx, target, network.GetCookies, network.GetCookiesParams{})
		if err != nil {
			return nil, err
		}
		return got.Cookies, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies {
		if c.Name == name && (c.Value == known || !c.HTTPOnly || c.SameSite != network.CookieSameSiteLax) {
			t.Errorf("the session is %+v", c)
		}
	}
	if len(cookies) != 1 {
		t.Errorf("%d cookies", len(cookies))
	}
}

// singleSignOnStory: in by a provider that vouches for the address, then the only way in
// for all but one.
func singleSignOnStory(mona *person) {
	t, o := mona.t, mona.o
	o.run("hub", "owner", "add", "Ina", "--email", "ina@acme.example")
	ina := oidctest.Account{Name: "ina", Email: "ina@acme.example", Verified: true}
	p := o.stranger(t)
	p.open(peoplePath)
	p.atProvider(ina)
	p.wantAt(peoplePath, "")
	if who := p.text(".site-who"); !strings.Contains(who, "Ina") {
		t.Errorf("the header says %q", who)
	}
	unknown := o.stranger(t)
	unknown.open("/sign-in")
	unknown.atProvider(oidctest.Account{Name: "eve", Email: "eve@evil.example", Verified: true})
	if got := unknown.text("main"); !strings.Contains(got, "nobody has invited you here") {
		t.Errorf("somebody whom nobody invited: %s", got)
	}
	o.enforce(t, "Mona")
	reader := o.stranger(t)
	reader.open("/join" + strings.TrimPrefix(o.linkIn(o.run("hub", "owner", "link", "reads as auditor")), "/join"))
	if got := reader.text("main"); strings.Contains(got, "Choose a password") || !strings.Contains(got, "single sign-on") {
		t.Errorf("a link offers a password where none is allowed: %s", got)
	}
	mona.open("/account")
	mona.wantAt("/account", "This one") // the one owner's session goes on
	again := mona.elsewhere()
	again.open("/sign-in")
	again.Do(chromedp.Click("details.gate-more summary"))
	again.signIn("Mona", password, again.recovery())
	again.wantAt(licensingPath, "")
}

// atProvider goes to the provider by the button, signs in there, and comes back.
func (p *person) atProvider(a oidctest.Account) {
	p.t.Helper()
	p.Do(
		chromedp.Click(`a[href^="/sign-in/provider"]`), chromedp.WaitVisible(`input[name=login]`),
		chromedp.SendKeys(`input[name=login]`, a.Subject()), chromedp.SendKeys(`input[name=password]`, "any"),
		chromedp.Click(`button[type=submit]`), chromedp.WaitVisible(`input[name=prompt][value=consent] ~ button, form button[autofocus]`),
		chromedp.Click(`button[type=submit]`), chromedp.WaitVisible("main#content"),
	)
}

// otherEnterprise is not there for people of this one, and strangers are not
// told which there are.
func otherEnterprise(mona *person) {
	t, o := mona.t, mona.o
	o.run("hub", "init", "--enterprise", "globex", "--name", "Globex Secret Labs")
	mona.open(licensingPath)
	for _, path := range []string{"/enterprises/globex/licensing", "/enterprises/globex/people", "/enterprises/globex/settings/roles", "/enterprises/nowhere/licensing"} {
		if status := mona.asks("GET", path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status := mona.asks("POST", "/enterprises/globex/usage"); status != 404 {
		t.Errorf("a form for another enterprise: %d", status)
	}
	p := o.stranger(t)
	p.open("/sign-in")
	if shown := p.text("body"); strings.Contains(shown, "Globex") || !strings.Contains(shown, "short name") {
		t.Errorf("strangers see %s", shown)
	}
}

// desk is the hub's desk, with another clock.
func (o *office) desk(t *testing.T, now func() time.Time) *signin.Desk {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{Location: o.data + "/hub.db"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return signin.New(db, now)
}

// enforce makes single sign-on the only way in, but for one owner.
func (o *office) enforce(t *testing.T, name string) {
	t.Helper()
	desk := o.desk(t, time.Now)
	provider, err := oidc.New(o.provider.Config())
	if err != nil {
		t.Fatal(err)
	}
	owners, err := desk.Owners(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, owner := range owners {
		if owner.Name == name {
			if err := signin.NewDoor(desk, signin.DoorConfig{Provider: provider}).Enforce(t.Context(), signin.CommandLine(1), 1, owner.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// count makes the examples count.
func (o *office) count() {
	o.t.Helper()
	token := o.run("hub", "token", "create", "--enterprise", "acme", "--name", "all", "--scope", "admin:enterprise")
	c := o.command("upload", "--enterprise", "acme", "--hub", o.url, "--cloud", "../../examples/cloud.json", "--apply")
	c.Env = append(c.Env, "ONESEAT_TOKEN="+strings.TrimSpace(token))
	if out, err := c.CombinedOutput(); err != nil {
		o.t.Fatalf("%v: %s", err, out)
	}
}
