package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/hub/masktest"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// TestNoPrivateAddressUnrevealed asks everything that can be read, as whoever
// may, and looks for private addresses in the bytes: of bodies, of headers, of
// the metrics and, at the end, of the log.
func TestNoPrivateAddressUnrevealed(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(masktest.CloudList())
	git := newAgent(1, "git.acme.example")
	r := k.join(git, accounts("1", "mona@acme.example", "2", "new@acme.example"))
	u := k.receive(git, accounts("1", "mona@acme.example"))
	reader, admin := k.reader(), k.admin()
	asked := 0
	for _, route := range slices.Concat(k.surface.Routes(), k.probes) {
		if route.Method != http.MethodGet {
			continue
		}
		for _, path := range k.everywhere(route, r, u) {
			for _, token := range []string{reader, admin} {
				a := k.get(path, token)
				k.mustHide(path, a)
				asked++
			}
		}
	}
	if asked < 60 {
		t.Errorf("only %d answers were looked at", asked)
	}
	for _, text := range masktest.Addresses() {
		k.mustHide("a search", k.get(acme+"/people?q="+text, admin))
	}
	k.mustHide("settings", k.ask(http.MethodPut, acme+"/settings", admin, strings.NewReader(`{"name": "Acme", "settings": {}}`)))
	k.mustHide("apply", k.post("/uploads/"+u.ID+"/apply", admin, nil, http.StatusOK))
	k.mustHide("recount", k.post("/recount", admin, nil, http.StatusOK))
	k.mustReveal(r, admin)
	k.mustHide("the audit log", k.get(acme+"/audit-log?per_page=100", admin))
	k.mustLogNoAddress()
}

// TestNobodyIsFoundByAPrivateAddress: a token finds by what it is shown.
func TestNobodyIsFoundByAPrivateAddress(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(masktest.CloudList())
	for _, token := range []string{k.reader(), k.token(k.acme, signin.ManageBilling), k.admin()} {
		for _, text := range masktest.Addresses() {
			local, _, _ := strings.Cut(text, "@")
			for _, text := range []string{text, local} {
				if a := k.mustGet(acme+"/people?q="+text, token); !strings.Contains(string(a.Body), `"people":[]`) {
					t.Errorf("%s finds %s", text, a.Body)
				}
			}
		}
		if a := k.mustGet(acme+"/people?q=mona@acme.example", token); !strings.Contains(string(a.Body), `"mona"`) {
			t.Errorf("what the report shows finds %s", a.Body)
		}
	}
}

// TestWhatIsAskedForStaysOutOfLogs: addresses in every place of every request
// stand in no line of the log, not at its lowest level either, and in no metric.
func TestWhatIsAskedForStaysOutOfLogs(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(masktest.CloudList())
	admin := k.admin()
	address := masktest.Addresses()[0]
	for _, route := range k.surface.Routes() {
		path := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(strings.Replace(route.Pattern, "{enterprise}", "acme", 1), address)
		body := fmt.Sprintf(`{"name": %q, "reason": %q, %q: 1}`, address, address, address)
		k.ask(route.Method, path, admin, strings.NewReader(body), "Content-Type", "application/json")
		k.ask(route.Method, path+"?"+address+"="+address+"&q="+address+"&host="+address+"&page="+address, admin, strings.NewReader(address))
		k.ask(route.Method, strings.Replace(path, "/acme", "/"+address, 1), address, http.NoBody, "Referer", address, "User-Agent", address)
	}
	k.mustLogNoAddress()
	for _, route := range k.probes {
		k.mustHide(route.Pattern, k.get(route.Pattern, admin))
	}
}

// mustLogNoAddress looks through what was logged until now.
func (k *kit) mustLogNoAddress() {
	k.t.Helper()
	lines := k.log.String()
	if strings.Count(lines, "\n") < 50 {
		k.t.Errorf("only this was logged: %s", lines)
	}
	for line := range strings.Lines(lines) {
		if found := masktest.Search([]byte(line)); found != nil {
			k.t.Errorf("%v in the log: %s", found, line)
		}
	}
}

func (k *kit) mustHide(what string, a answer) {
	k.t.Helper()
	if found := masktest.Search(a.Body); found != nil {
		k.t.Errorf("%s shows %v: %s", what, found, a.Body)
	}
	for name, values := range a.Header {
		if found := masktest.Search([]byte(name + strings.Join(values, " "))); found != nil {
			k.t.Errorf("%s shows %v in its header %s: %v", what, found, name, values)
		}
	}
	if a.Status >= http.StatusInternalServerError {
		k.t.Errorf("%s is answered with %d", what, a.Status)
	}
}

// everywhere are the paths of a route: for everybody, every result and upload.
func (k *kit) everywhere(route web.Route, r *hub.Result, u *hub.Upload) []string {
	k.t.Helper()
	people, err := k.hub.People(k.t.Context(), k.acme.Number, r.Number, hub.AllPeople, 0, hub.MaxPage)
	if err != nil {
		k.t.Fatal(err)
	}
	path := strings.Replace(route.Pattern, "{enterprise}", "acme", 1)
	var out []string
	switch {
	case strings.Contains(path, "{person}"):
		for _, p := range people {
			at := strings.Replace(path, "{person}", p.ID, 1)
			out = append(out, at, at+"?near_misses=true")
		}
	case strings.Contains(path, "{result}"):
		for n := range r.Number + 1 {
			out = append(out, strings.Replace(path, "{result}", fmt.Sprint(n), 1))
		}
	default:
		out = []string{strings.NewReplacer("{upload}", u.ID, "{instance}", fmt.Sprint(u.Source)).Replace(path)}
	}
	return out
}

// mustReveal shows that the addresses are there: for an admin who asks.
func (k *kit) mustReveal(r *hub.Result, admin string) {
	k.t.Helper()
	people, err := k.hub.People(k.t.Context(), k.acme.Number, r.Number, hub.AllPeople, 0, hub.MaxPage)
	if err != nil {
		k.t.Fatal(err)
	}
	var all []byte
	for _, p := range people {
		all = append(all, k.post(fmt.Sprintf("/people/%s/reveal?result=%d", p.ID, r.Number), admin, nil, http.StatusOK).Body...)
	}
	for _, text := range masktest.Addresses() {
		if !bytes.Contains(all, []byte(text)) {
			k.t.Errorf("%s is not revealed either", text)
		}
	}
	var log struct{ Entries []api.AuditEntry }
	k.mustGet(acme+"/audit-log?per_page=100&action=oneseat.address_reveal", admin).into(k.t, &log)
	if len(log.Entries) != len(people) || !strings.HasPrefix(log.Entries[0].Actor, "token ") {
		k.t.Errorf("%d people were revealed, and the log has %+v", len(people), log.Entries)
	}
}
