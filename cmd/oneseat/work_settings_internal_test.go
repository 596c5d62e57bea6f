package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/internal/signin/oidc/oidctest"
)

// settings opens a page of the settings.
func (h *hands) settings(name string) {
	h.t.Helper()
	h.open(halden + "/settings/" + name)
}

// unfold opens what is folded, in a place of the page, around an element.
func (h *hands) unfold(place, selector string) {
	h.t.Helper()
	h.Do(chromedp.Click(place+` details:has(`+selector+`) > summary`), chromedp.WaitVisible(place+" "+selector))
}

// buysLicenses: a line of the contract is added, refused, corrected, removed.
func buysLicenses(mona *hands) {
	mona.settings("licenses")
	before := mona.number("[data-test=bought]")
	add := func(from, until, seats string) {
		mona.Do(chromedp.SetValue("#from", from), chromedp.SetValue("#until", until))
		mona.write("#seats", seats)
		mona.write("#note", evil)
		mona.follow(`form:has(#from) [type=submit]`)
	}
	add("2026-01-01", "2025-01-01", "400")
	mona.refusal()
	mona.shows("[data-test=line]", 0)
	add("2020-01-01", "", "400")
	mona.shows("[data-test=line] .Label--success", 1)
	if bought := mona.number("[data-test=bought]"); bought != 400 {
		mona.t.Errorf("%d licenses are bought", bought)
	}
	mona.onlyText()
	mona.follow("[data-test=line] td.number a")
	mona.onlyText()
	add("2020-01-01", "", "410")
	if bought := mona.number("[data-test=bought]"); bought != 410 {
		mona.t.Errorf("corrected, %d licenses are bought", bought)
	}
	mona.follow("[data-test=line] td.number a")
	mona.follow(`form[action$="/remove"] [type=submit]`)
	mona.shows("[data-test=line] .Label--danger", 1)
	if bought := mona.number("[data-test=bought]"); bought != before {
		mona.t.Errorf("removed, %d licenses are bought, not %d", bought, before)
	}
}

// givesRoles: somebody is invited and comes in, gets another role, another link,
// and is removed.
func givesRoles(mona *hands) {
	mona.settings("roles")
	invite := func(name, role string) (link string) {
		mona.settings("roles")
		mona.write("#name", name)
		mona.Do(chromedp.Click(`[name=role][value=` + role + `]`))
		mona.follow(`form:has(#name) [type=submit]`)
		return mona.c.linkIn(mona.text("[data-test=copy]"))
	}
	tina := mona.c.stranger(mona.t)
	tina.join(invite("Tina", "owner"))
	tina.open(halden + "/usage")
	change := func(button string) string {
		mona.settings("roles")
		const row = `[data-test=person]:has([aria-label*="Tina"])`
		mona.unfold(row, `form[action$="/role"]`)
		return row + ` form[action$="/` + button + `"]`
	}
	form := change("role")
	mona.Do(chromedp.SetValue(form+" select", "auditor"))
	mona.follow(form + " [type=submit]")
	mona.shows("[data-test=done]", 1)
	if status := tina.asks("GET", halden+"/usage"); status != http.StatusForbidden {
		tina.t.Errorf("an auditor opens what is for owners: %d", status)
	}
	mona.follow(change("link") + " [type=submit]")
	mona.c.linkIn(mona.text("[data-test=copy]"))
	form = change("remove")
	mona.Do(chromedp.Click(form + " [name=confirm]"))
	mona.follow(form + " [type=submit]")
	mona.shows("[data-test=done]", 1)
	tina.open(halden + "/licensing")
	if at := tina.at(); !strings.HasPrefix(at, "/sign-in") {
		tina.t.Errorf("somebody who was removed is at %s", at)
	}
	invite(evil, "auditor")
	mona.onlyText()
	mona.settings("roles")
	mona.onlyText()
}

// makesTokens: a token works until it is revoked.
func makesTokens(mona *hands) {
	c := mona.c
	mona.settings("tokens")
	mona.write("#name", evil)
	mona.Do(chromedp.Click(`[name=scope][value="read:enterprise"]`), chromedp.SetValue("#expiry", "30"))
	mona.follow(`form:has(#name) [type=submit]`)
	secret := strings.TrimSpace(mona.text("[data-test=copy]"))
	mona.onlyText()
	asks := func() int {
		request, err := http.NewRequestWithContext(mona.t.Context(), http.MethodGet, c.url+"/api/v1/enterprises/"+demo.Slug+"/statement", nil)
		if err != nil {
			mona.t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+secret)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			mona.t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	if status := asks(); status != http.StatusOK {
		mona.t.Errorf("the token gets %d", status)
	}
	mona.follow(`main a.Button--primary`)
	mona.onlyText()
	const row = `[data-test=token]:has(form[action$="/revoke"])`
	mona.shows(row, 1)
	mona.unfold(row, "[name=confirm]")
	mona.Do(chromedp.Click(row + " [name=confirm]"))
	mona.follow(row + " form [type=submit]")
	mona.shows("[data-test=done]", 1)
	mona.shows(row, 0)
	if status := asks(); status != http.StatusUnauthorized {
		mona.t.Errorf("the revoked token gets %d", status)
	}
}

// turnsKeys: a new key, whose recipient is a file; the old one ends; somebody
// else's recipient is noted and forgotten.
func turnsKeys(mona *hands) {
	mona.settings("keys")
	recipient := func() string {
		name, file := mona.download(`a[href$="/recipient.txt"]`)
		if name != "halden-recipient.txt" {
			mona.t.Errorf("the recipient is in %s", name)
		}
		return strings.TrimSpace(string(file))
	}
	if first := recipient(); first != mona.c.sealTo {
		mona.t.Errorf("the recipient is %s, not %s", first, mona.c.sealTo)
	}
	mona.Do(chromedp.Click("#rotate-sure"))
	mona.follow(`form[action$="/rotate"] [type=submit]`)
	mona.shows("[data-test=key]", 2)
	if second := recipient(); second == mona.c.sealTo || !strings.HasPrefix(second, "age1") {
		mona.t.Errorf("the new recipient is %s", second)
	}
	mona.unfold("[data-test=key]", `form[action$="/retire"] [name=confirm]`)
	mona.Do(chromedp.Click(`form[action$="/retire"] [name=confirm]`))
	mona.follow(`form[action$="/retire"] [type=submit]`)
	mona.shows("[data-test=key]", 1)
	mona.write("#recipient", "no recipient")
	mona.follow(`form:has(#recipient) [type=submit]`)
	mona.refusal()
	mona.write("#recipient", mona.c.sealTo)
	mona.follow(`form:has(#recipient) [type=submit]`)
	mona.shows("[data-test=recipient]", 1)
	mona.follow(`[data-test=recipient] [type=submit]`)
	mona.shows("[data-test=recipient]", 0)
}

// forgetsSomebody: what is kept of an address is found, taken out as a file, and
// erased.
func forgetsSomebody(mona *hands) {
	mona.settings("retention")
	const address = "yusuf.demir@lumen.example"
	mona.write("#address", address)
	mona.follow(`form:has(#address) [type=submit]`)
	mona.shows("[data-test=held] dl", 1)
	name, file := mona.download(`form[action$="/export"] [type=submit]`)
	if name != "person-halden.json" || !json.Valid(file) || !bytes.Contains(file, []byte(address)) {
		mona.t.Errorf("%s: %.200s", name, file)
	}
	mona.Do(chromedp.Click("#erase"))
	mona.follow(`form[action$="/erase"] [type=submit]`)
	mona.shows("[data-test=held]", 1)
	mona.shows("[data-test=refusal]", 0)
}

// changesCounting: GitHub's figure is noted and forgotten; another way of
// counting is tried, left, and made to hold; and so with accounts that nobody
// signed in to.
func changesCounting(mona *hands) {
	mona.settings("cloud")
	mona.write("#licenses", "377")
	mona.Do(chromedp.SetValue("#date", "2026-01-31"))
	mona.follow(`form[action$="/github-figure"] [type=submit]`)
	if figure := mona.text("[data-test=figure]"); !strings.Contains(figure, "377") {
		mona.t.Errorf("GitHub's figure is %q", figure)
	}
	mona.follow(`form[action$="/github-figure"] [name=forget]`)
	mona.shows("[data-test=figure]", 0)
	try := func(value string) {
		mona.Do(chromedp.Click(`[name=subscribers][value=` + value + `]`))
		mona.follow(`form[action$="/try"] [type=submit]`)
		mona.shows("[data-test=effect] tbody tr", 4)
	}
	try("consume")
	mona.follow(`form[action$="/policy"] a`)
	mona.shows(`[name=subscribers][value=free]:checked`, 1)
	try("consume")
	mona.follow("[data-test=apply-policy]")
	mona.shows(`[data-test=done]`, 1)
	mona.shows(`[name=subscribers][value=consume]:checked`, 1)
	mona.settings("instances")
	mona.shows("[data-test=known]", 3)
	mona.Do(chromedp.Click(`[name=never_signed_in][value=leave_out]`))
	mona.follow(`form:has([name=never_signed_in]) [type=submit]`)
	mona.shows("[data-test=done]", 1)
	mona.shows(`[name=never_signed_in][value=leave_out]:checked`, 1)
}

// enforcesSignIn: somebody who was invited comes in by single sign-on, which becomes the only way, and is no more; somebody
// else's session ends.
func enforcesSignIn(mona *hands) {
	mona.settings("roles")
	mona.write("#name", "Ina")
	mona.write("#email", "ina@halden.example")
	mona.Do(chromedp.Click(`[name=role][value=owner]`))
	mona.follow(`form:has(#name) [type=submit]`)
	ina := mona.c.stranger(mona.t)
	ina.open(halden + "/people")
	ina.atProvider(oidctest.Account{Name: "ina", Email: "ina@halden.example", Verified: true})
	ina.wantAt(halden+"/people", "")
	other := mona.elsewhere()
	other.open("/sign-in")
	other.signIn("Mona", password, other.code())
	mona.settings("sign-in")
	sessions := mona.many("[data-test=session]")
	mona.follow(`[data-test=session] form [type=submit]`)
	mona.shows("[data-test=session]", sessions-1)
	mona.Do(chromedp.Click("#enforce"))
	mona.follow(`form[action$="/enforce"] [type=submit]`)
	mona.shows("[data-test=done]", 1)
	mona.shows(`form[action$="/enforce"]`, 0)
	mona.follow(`form[action$="/release"] [type=submit]`)
	mona.shows(`form[action$="/enforce"]`, 1)
}

// readsTheLog: what was done stands in it, can be searched, holds together, and
// goes into a file.
func readsTheLog(mona *hands) {
	mona.settings("audit-log")
	mona.onlyText()
	mona.shows("[data-test=whole]", 1)
	mona.Do(chromedp.SetValue("#action", "oneseat.address_reveal"))
	mona.follow(".filters [type=submit]")
	mona.shows("[data-test=entry]", 1)
	mona.write("#about", "nothing-of-the-kind")
	mona.follow(".filters [type=submit]")
	mona.shows("[data-test=entry]", 0)
	mona.settings("audit-log")
	name, file := mona.download(`a[href$=".jsonl"]`)
	lines := bytes.Split(bytes.TrimSpace(file), []byte("\n"))
	for _, line := range lines {
		if !json.Valid(line) {
			mona.t.Fatalf("%s: %s", name, line)
		}
	}
	if len(lines) < 20 {
		mona.t.Errorf("%s has %d entries", name, len(lines))
	}
}
