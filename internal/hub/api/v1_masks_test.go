package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/web"
)

// private are addresses of cloud accounts outside the verified domains, and
// unverified ones: GitHub's report shows none of them.
func private() []string {
	return []string{
		"secret-verified@home.example", "secret-unverified@acme.example", "secret-claim@home.example", "secret-user@home.example",
		"secret-scim@home.example", "secret-invited@home.example", "secret-beside@home.example", "secret-tie@home.example",
		"secret-second@home.example",
	}
}

// privateList has a private address in every place of a cloud list.
func privateList() string {
	return `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"},
	"verified_domains": ["acme.example"], "users": [
	{"login": "mona", "emails": [
		{"email": "mona@acme.example", "primary": true, "verified": true},
		{"email": "secret-verified@home.example", "verified": true},
		{"email": "secret-unverified@acme.example", "verified": false},
		{"email": "secret-invited@home.example", "verified": true},
		{"email": "secret-second@home.example", "verified": true}],
	 "saml_identities": [{"organization": "", "name_id": "mona", "attributes": [{"name": "emails", "value": "secret-claim@home.example"}]}],
	 "scim_identities": [{"organization": "eng", "user_name": "secret-user@home.example", "emails": ["secret-scim@home.example"]}],
	 "organizations": [{"login": "eng", "role": "Member"}]},
	{"login": "paying", "emails": [{"email": "secret-beside@home.example", "verified": true}],
	 "outside_collaborator": ["eng/tools"], "organizations": [{"login": "eng", "role": "Member"}]},
	{"login": "one", "emails": [{"email": "secret-tie@home.example", "verified": true}], "organizations": [{"login": "eng", "role": "Member"}]},
	{"login": "two", "emails": [{"email": "secret-tie@home.example", "verified": true}], "organizations": [{"login": "eng", "role": "Member"}]}],
	"invitations": [
		{"email": "secret-invited@home.example", "organization": "art", "kind": "member", "source": "scim"},
		{"email": "secret-beside@home.example", "repository": "eng/tools", "kind": "outside_collaborator", "source": "scim"},
		{"email": "secret-tie@home.example", "organization": "art", "kind": "member", "source": "scim"}]}`
}

// TestNoPrivateAddressUnrevealed asks everything that can be read, as whoever
// may, and looks for private addresses in the bytes.
func TestNoPrivateAddressUnrevealed(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(privateList())
	git := newAgent(1, "git.acme.example")
	r := k.join(git, accounts("1", "mona@acme.example", "2", "new@acme.example"))
	u := k.receive(git, accounts("1", "mona@acme.example"))
	reader, admin := k.reader(), k.admin()
	asked := 0
	for _, route := range k.surface.Routes() {
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
	for _, text := range private() {
		k.mustHide("a search", k.get(acme+"/people?q="+text, admin))
	}
	k.mustHide("settings", k.ask(http.MethodPut, acme+"/settings", admin, strings.NewReader(`{"name": "Acme", "settings": {}}`)))
	k.mustHide("apply", k.post("/uploads/"+u.ID+"/apply", admin, nil, http.StatusOK))
	k.mustHide("recount", k.post("/recount", admin, nil, http.StatusOK))
	k.mustReveal(r, admin)
	k.mustHide("the audit log", k.get(acme+"/audit-log?per_page=100", admin))
}

func (k *kit) mustHide(what string, a answer) {
	k.t.Helper()
	for _, text := range private() {
		if bytes.Contains(bytes.ToLower(a.Body), []byte(text)) {
			k.t.Errorf("%s shows %s: %s", what, text, a.Body)
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
	for _, text := range private() {
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
