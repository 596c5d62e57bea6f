package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/web"
)

// bearer is somebody who asks about acme.
type bearer struct{ Name, Secret string }

// bearers are everybody who may or may not. Elsewhere is an upload token of
// another instance.
func (k *kit) bearers(instance int64) []bearer {
	k.t.Helper()
	return []bearer{
		{"nobody", ""},
		{"stranger", strings.Repeat("x", 40)},
		{"read", k.reader()},
		{"billing", k.token(k.acme, signin.ManageBilling)},
		{"admin", k.token(k.acme, signin.AdminEnterprise)},
		{"upload", k.uploader(instance)},
		{"elsewhere", k.uploader(k.another())},
		{"other", k.token(k.other, signin.AdminEnterprise)},
		{"revoked", k.ended(func(id string) {
			if _, err := k.desk.RevokeToken(k.t.Context(), signin.CommandLine(k.acme.Number), k.acme.Number, id); err != nil {
				k.t.Fatal(err)
			}
		})},
		{"expired", k.ended(func(string) { k.move(2 * time.Hour) })},
	}
}

// another is an instance beside the seeded one.
func (k *kit) another() int64 {
	k.t.Helper()
	k.join(newAgent(2, "other.acme.example"), accounts("1", "mona@acme.example"))
	sources, err := k.hub.Sources(k.t.Context(), k.acme.Number)
	if err != nil {
		k.t.Fatal(err)
	}
	return sources[2].Number
}

// uploader is a token that brings usage files of an instance.
func (k *kit) uploader(instance int64) string {
	k.t.Helper()
	secret, _, err := k.desk.CreateToken(k.t.Context(), signin.CommandLine(k.acme.Number), signin.NewToken{
		Enterprise: k.acme.Number, Name: fmt.Sprintf("uploader %d", k.ticks.Add(1)), Scopes: []signin.Scope{signin.Upload}, Instance: instance,
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return secret.Text()
}

// ended is an admin's token for an hour, which something ends.
func (k *kit) ended(end func(id string)) string {
	k.t.Helper()
	secret, token, err := k.desk.CreateToken(k.t.Context(), signin.CommandLine(k.acme.Number), signin.NewToken{
		Enterprise: k.acme.Number, Name: fmt.Sprintf("ended %d", k.ticks.Add(1)), Scopes: []signin.Scope{signin.AdminEnterprise},
		ExpiresAt: k.clock().Add(time.Hour),
	})
	if err != nil {
		k.t.Fatal(err)
	}
	end(token.ID)
	return secret.Text()
}

// seeded has something behind every path, and gives what stands in its braces.
func (k *kit) seeded() (instance int64, places *strings.Replacer) {
	k.t.Helper()
	k.loadCloud(cloudList("mona", "hubot"))
	git := newAgent(1, "git.acme.example")
	r := k.join(git, accounts("1", "mona@acme.example", "2", "new@acme.example"))
	people, err := k.hub.People(k.t.Context(), k.acme.Number, r.Number, hub.AllPeople, 0, 1)
	if err != nil {
		k.t.Fatal(err)
	}
	figure := &hub.GitHubFigure{Licenses: 4, Date: at()}
	if _, err := k.hub.SetGitHubFigure(k.t.Context(), k.acme.Number, figure, "command line"); err != nil {
		k.t.Fatal(err)
	}
	if r, err = k.hub.Recount(k.t.Context(), k.acme.Number, "command line", false); err != nil {
		k.t.Fatal(err)
	}
	sources, err := k.hub.Sources(k.t.Context(), k.acme.Number)
	if err != nil {
		k.t.Fatal(err)
	}
	u := k.receive(git, accounts("1", "mona@acme.example"))
	k.usage = k.export(git, accounts("2", "new@acme.example"))
	instance = sources[1].Number
	return instance, strings.NewReplacer("{enterprise}", "acme", "{result}", fmt.Sprint(r.Number), "{person}", people[0].ID,
		"{upload}", u.ID, "{instance}", fmt.Sprint(instance), "{snapshot}", "1", "{token}", "none", "{list}", "near")
}

// cloudList is a cloud list with members that have a verified address each.
func cloudList(logins ...string) string {
	var users []string
	for _, login := range logins {
		users = append(users, fmt.Sprintf(`{"login": %q, "emails": [{"email": %q, "verified": true}],
			"organizations": [{"login": "eng", "role": "Member"}]}`, login, login+"@acme.example"))
	}
	return `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"},
		"verified_domains": ["acme.example"], "users": [` + strings.Join(users, ",") + `]}`
}

// TestAccess asks every route as everybody; what can be read also for its head
// alone. Who is let in is answered by the handler: "in", and for what is read
// that has to be 200.
func TestAccess(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		instance, places := k.seeded()
		who := k.bearers(instance)
		var out bytes.Buffer
		row(&out, "", who, func(b bearer) string { return b.Name })
		for _, r := range k.surface.Routes() {
			path := places.Replace(r.Pattern)
			row(&out, r.Name, who, func(b bearer) string { return k.let(r, path, b) })
			if r.Method == http.MethodGet {
				row(&out, r.Name+" (HEAD)", who, func(b bearer) string { return k.letSeeHead(path, b) })
			}
		}
		golden(k.t, "access.golden", out.Bytes())
	})
}

// row is a line of the table.
func row(out *bytes.Buffer, name string, who []bearer, cell func(bearer) string) {
	line := fmt.Sprintf("%-34s", name)
	for _, b := range who {
		line += fmt.Sprintf("%-10s", cell(b))
	}
	out.WriteString(strings.TrimRight(line, " ") + "\n")
}

// let says whether somebody is let in, or the status of the refusal.
func (k *kit) let(r web.Route, path string, b bearer) string {
	k.t.Helper()
	var body []byte
	if r.Name == "upload-usage" { // whose it is decides too
		body = k.usage
	}
	a := k.ask(r.Method, path, b.Secret, bytes.NewReader(body))
	refused := map[int]bool{http.StatusUnauthorized: true, http.StatusForbidden: true, http.StatusNotFound: true}
	inside := bytes.Contains(a.Body, []byte("There is no enterprise")) || bytes.Contains(a.Body, []byte(`"message":"Not Found"`))
	switch {
	case a.Status == http.StatusNotFound && !inside:
		return "in" // what is not there is the handler's to say
	case refused[a.Status]:
		return fmt.Sprint(a.Status)
	case r.Method == http.MethodGet && a.Status != http.StatusOK:
		k.t.Errorf("%s is answered to %s with %d: %s", r.Name, b.Name, a.Status, a.Body)
	}
	return "in"
}

// letSeeHead is let for the head of something that is there.
func (k *kit) letSeeHead(path string, b bearer) string {
	k.t.Helper()
	a := k.ask(http.MethodHead, path, b.Secret, http.NoBody)
	if len(a.Body) > 0 {
		k.t.Errorf("HEAD %s has a body: %s", path, a.Body)
	}
	if a.Status == http.StatusOK {
		return "in"
	}
	return fmt.Sprint(a.Status)
}

func TestEnterprisesDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	k := one(t)
	_, places := k.seeded()
	mine := k.token(k.other, signin.AdminEnterprise)
	for _, r := range k.surface.Routes() {
		if r.Access == nil {
			continue
		}
		path := places.Replace(strings.Replace(r.Pattern, "{enterprise}", "acme", 1))
		theirs := k.ask(r.Method, path, mine, http.NoBody)
		nobodys := k.ask(r.Method, strings.Replace(path, "/acme", "/none", 1), mine, http.NoBody)
		if theirs.Status != http.StatusNotFound || nobodys.Status != http.StatusNotFound {
			t.Errorf("%s: somebody else's enterprise is answered with %d, one that is not there with %d", r.Name, theirs.Status, nobodys.Status)
		}
		same := bytes.ReplaceAll(nobodys.Body, []byte("none"), []byte("acme"))
		if got, want := withoutRequest(t, theirs.Body), withoutRequest(t, same); got != want {
			t.Errorf("%s tells them apart: %s and %s", r.Name, got, want)
		}
	}
}

// withoutRequest is a refusal without the name of its request.
func withoutRequest(t *testing.T, body []byte) string {
	t.Helper()
	var members map[string]any
	answer{Body: body}.into(t, &members)
	delete(members, "request_id")
	return fmt.Sprint(members)
}

// TestOwnNamesLeadNowhereElse asks in one's own enterprise for what another has.
func TestOwnNamesLeadNowhereElse(t *testing.T) {
	t.Parallel()
	k := one(t)
	_, places := k.seeded()
	mine := k.token(k.other, signin.AdminEnterprise)
	for _, r := range k.surface.Routes() {
		if r.Access == nil || strings.Count(r.Pattern, "{") < 2 {
			continue
		}
		path := places.Replace(strings.Replace(r.Pattern, "{enterprise}", "other", 1))
		a := k.ask(r.Method, path, mine, strings.NewReader(bodies()[r.Name]), "Content-Type", "application/json")
		if a.Status != http.StatusNotFound {
			t.Errorf("%s gives what another enterprise has: %d %s", r.Name, a.Status, a.Body)
		}
	}
}

// bodies are those that calls need to get as far as looking.
func bodies() map[string]string {
	return map[string]string{
		"confirm-upload":              `{"fingerprint": "00000000"}`,
		"set-age-objective":           `{"days": 20}`,
		"undo-instance":               `{"reason": "half of the people were missing"}`,
		"remove-instance":             `{"reason": "it was switched off"}`,
		"replace-purchased-licenses":  `{"from": "2026-01-01", "seats": 1}`,
		"mark-counted-more-than-once": `{"state": "asked"}`,
		"undo-cloud-list":             `{"reason": "half of the people were missing"}`,
	}
}
