package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/signin"
)

const licensesPath = "/api/v3/enterprises/acme/consumed-licenses"

// logins is a cloud list of members with a verified address each.
func logins(names ...string) string {
	users := make([]string, 0, len(names))
	for _, name := range names {
		users = append(users, fmt.Sprintf(`{"login": %q, "emails": [{"email": %q, "verified": true}],
			"organizations": [{"login": "eng", "role": "Member"}]}`, name, name+"@acme.example"))
	}
	return `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z",
		"enterprise": {"slug": "acme", "total_seats_purchased": 500},
		"verified_domains": ["acme.example"], "users": [` + strings.Join(users, ",") + `]}`
}

// numbered gives n logins in the order of every list.
func numbered(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("user-%04d", i+1)
	}
	return out
}

// licenses is an answer of consumed-licenses, as far as most tests look.
type licenses struct {
	Consumed  int `json:"total_seats_consumed"`
	Purchased int `json:"total_seats_purchased"`
	Users     []struct {
		Login  string   `json:"github_com_login"`
		IDs    []string `json:"enterprise_server_user_ids"`
		Emails []string `json:"enterprise_server_primary_emails"`
	}
}

// links reads a Link header: relations in order, and where they lead.
func links(t *testing.T, header string) (relations []string, to map[string]string) {
	t.Helper()
	to = map[string]string{}
	if header == "" {
		return nil, to
	}
	for one := range strings.SplitSeq(header, ", ") {
		url, rel, ok := strings.Cut(one, "; ")
		name, quoted := strings.CutPrefix(rel, `rel="`)
		name, ended := strings.CutSuffix(name, `"`)
		if !ok || !quoted || !ended || !strings.HasPrefix(url, "<") || !strings.HasSuffix(url, ">") {
			t.Fatalf("link %q", one)
		}
		relations = append(relations, name)
		to[name] = strings.Trim(url, "<>")
	}
	return relations, to
}

func TestPagesAreGitHubs(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins(numbered(102)...))
		token := k.reader()
		for _, test := range []struct {
			query     string
			first     string
			people    int
			relations []string
			prev, rel string // where "prev" and "last" lead, as a query
		}{
			{"", "user-0001", 30, []string{"next", "last"}, "", "page=4"},
			{"?page=1", "user-0001", 30, []string{"next", "last"}, "", "page=4"},
			{"?page=2", "user-0031", 30, []string{"prev", "next", "last", "first"}, "page=1", "page=4"},
			{"?page=4", "user-0091", 12, []string{"prev", "first"}, "page=3", ""},
			{"?page=5", "", 0, []string{"prev", "first"}, "page=4", ""},
			{"?page=99999999999999999999", "", 0, []string{"prev", "first"}, "page=4", ""},
			{"?page=-99999999999999999999", "user-0001", 30, []string{"next", "last"}, "", "page=4"},
			{"?per_page=99999999999999999999", "user-0001", 100, []string{"next", "last"}, "", "page=2&per_page=100"},
			{"?page=9999999999999", "", 0, []string{"prev", "first"}, "page=4", ""},
			{"?page=-2&per_page=none", "user-0001", 30, []string{"next", "last"}, "", "page=4&per_page=30"},
			{"?per_page=100&page=2", "user-0101", 2, []string{"prev", "first"}, "page=1&per_page=100", ""},
			{"?per_page=1000", "user-0001", 100, []string{"next", "last"}, "", "page=2&per_page=100"},
			{"?per_page=0", "user-0001", 30, []string{"next", "last"}, "", "page=4&per_page=30"},
			{"?per_page=51&page=1&x=y", "user-0001", 51, []string{"next", "last"}, "", "page=2&per_page=51"},
		} {
			a := k.mustGet(licensesPath+test.query, token)
			var got licenses
			a.into(k.t, &got)
			if len(got.Users) != test.people || test.people > 0 && got.Users[0].Login != test.first {
				k.t.Errorf("%q gives %d people, want %d from %s", test.query, len(got.Users), test.people, test.first)
			}
			if got.Consumed != 102 || got.Purchased != 500 {
				k.t.Errorf("%q says %d of %d licenses", test.query, got.Consumed, got.Purchased)
			}
			relations, to := links(k.t, a.Header.Get("Link"))
			if diff := cmp.Diff(test.relations, relations); diff != "" {
				k.t.Errorf("%q: links (-want +got):\n%s", test.query, diff)
			}
			for rel, query := range map[string]string{"prev": test.prev, "last": test.rel} {
				want := ""
				if query != "" {
					want = k.url + licensesPath + "?" + query
				}
				if to[rel] != want {
					k.t.Errorf("%q: %s leads to %q, want %q", test.query, rel, to[rel], want)
				}
			}
		}
	})
}

// TestLinksLeadWhereTheyCameFrom: an escaped path is escaped once.
func TestLinksLeadWhereTheyCameFrom(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins(numbered(31)...))
		token := k.reader()
		_, to := links(k.t, k.mustGet(strings.Replace(licensesPath, "acme", "%61cme", 1), token).Header.Get("Link"))
		if want := k.url + licensesPath + "?page=2"; to["next"] != want {
			k.t.Errorf("next leads to %q, want %q", to["next"], want)
		}
		var got licenses
		k.mustGet(strings.TrimPrefix(to["next"], k.url), token).into(k.t, &got)
		if len(got.Users) != 1 {
			k.t.Errorf("it has %d people", len(got.Users))
		}
	})
}

func TestOnePageHasNoLinks(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins(numbered(30)...))
		if a := k.mustGet(licensesPath, k.reader()); a.Header.Values("Link") != nil {
			k.t.Errorf("got %q", a.Header.Values("Link"))
		}
	})
}

func TestNothingCountedYet(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		for _, query := range []string{"", "?page=2"} {
			a := k.mustGet(licensesPath+query, k.reader())
			if got := strings.TrimSpace(string(a.Body)); got != `{"total_seats_consumed":0,"total_seats_purchased":0,"users":[]}` {
				k.t.Errorf("%q is answered with %s", query, got)
			}
		}
	})
}

func TestGitHubsHeaders(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins("mona"))
		token := k.token(k.acme, signin.ManageBilling, signin.ReadEnterprise)
		a := k.mustGet(licensesPath, token)
		for name, want := range map[string]string{
			"Content-Type":                  "application/json; charset=utf-8",
			"Cache-Control":                 "private, max-age=60, s-maxage=60",
			"Vary":                          "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
			"X-OAuth-Scopes":                "manage_billing:enterprise, read:enterprise",
			"X-Accepted-OAuth-Scopes":       "admin:enterprise, manage_billing:enterprise, read:enterprise",
			"X-GitHub-Media-Type":           "github.v3; format=json",
			"X-GitHub-Api-Version-Selected": "2022-11-28",
			"X-RateLimit-Resource":          "core",
			"X-Content-Type-Options":        "nosniff",
		} {
			if got := strings.Join(a.Header.Values(name), "|"); got != want {
				k.t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		for _, name := range []string{"X-GitHub-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Used"} {
			if a.Header.Get(name) == "" {
				k.t.Errorf("no %s", name)
			}
		}
		newer := k.mustGet(licensesPath, token, "X-GitHub-Api-Version", "2026-03-10")
		if got := newer.Header.Get("X-GitHub-Api-Version-Selected"); got != "2026-03-10" {
			k.t.Errorf("version %q was selected", got)
		}
	})
}

func TestWhoHasAPageIsNotSentItAgain(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins("mona", "hubot"))
		token := k.reader()
		tag := k.mustGet(licensesPath, token).Header.Get("ETag")
		if !strings.HasPrefix(tag, `W/"`) {
			k.t.Fatalf("the tag is %q", tag)
		}
		ask := func(tags string, want int) {
			k.t.Helper()
			a := k.get(licensesPath, token, "If-None-Match", tags)
			if a.Status != want || (len(a.Body) == 0) != (want == http.StatusNotModified) || want == http.StatusNotModified && a.Header.Get("ETag") != tag {
				k.t.Errorf("If-None-Match %s is answered with %d, %d bytes, tag %s", tags, a.Status, len(a.Body), a.Header.Get("ETag"))
			}
		}
		ask(tag, http.StatusNotModified)
		ask(strings.TrimPrefix(tag, "W/"), http.StatusNotModified)
		ask(`"other", `+tag, http.StatusNotModified)
		ask("*", http.StatusNotModified)
		ask(`W/"other"`, http.StatusOK)
		k.loadCloud(logins("mona", "hubot", "new"))
		ask(tag, http.StatusOK)
	})
}

func TestEveryWayToShowAToken(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins("mona"))
		token := k.reader()
		ask := func(path string, set func(*http.Request), want int) {
			k.t.Helper()
			r, err := http.NewRequestWithContext(k.t.Context(), http.MethodGet, k.url+path, http.NoBody)
			if err != nil {
				k.t.Fatal(err)
			}
			set(r)
			if a := k.do(r); a.Status != want {
				k.t.Errorf("%s with %.12q is answered with %d: %s", path, r.Header.Get("Authorization"), a.Status, a.Body)
			}
		}
		header := func(value string) func(*http.Request) {
			return func(r *http.Request) { r.Header.Set("Authorization", value) }
		}
		basic := func(user, password string) func(*http.Request) {
			return func(r *http.Request) { r.SetBasicAuth(user, password) }
		}
		for _, set := range []func(*http.Request){
			header("Bearer " + token), header("bearer  " + token), header("token " + token), basic("mona", token),
			basic(token, "x-oauth-basic"), basic(token, ""),
		} {
			ask(licensesPath, set, http.StatusOK)
		}
		for _, set := range []func(*http.Request){
			func(*http.Request) {}, header(token), header("Bearer"), header("Bearer x"), header("Digest " + token), header("Basic " + token),
			basic(token, "x"), basic("", ""), func(r *http.Request) { r.URL.RawQuery = "access_token=" + token },
		} {
			ask(licensesPath, set, http.StatusUnauthorized)
		}
		number := fmt.Sprintf("/api/v3/enterprises/%d/consumed-licenses", k.acme.Number)
		ask(number, header("Bearer "+token), http.StatusOK)
		ask(strings.Replace(licensesPath, "acme", "ACME", 1), header("Bearer "+token), http.StatusOK)
		ask(strings.Replace(licensesPath, "acme", "0"+fmt.Sprint(k.acme.Number), 1), header("Bearer "+token), http.StatusNotFound)
	})
}

func TestStrangersAreAnsweredAsByGitHub(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins("mona"))
		instance := k.join(newAgent(1, "git.acme.example"), accounts("1", "mona@acme.example")).Inputs
		n := signin.NewToken{Enterprise: k.acme.Number, Name: "upload", Scopes: []signin.Scope{signin.Upload}, Instance: instance[len(instance)-1].Source}
		upload, _, err := k.desk.CreateToken(k.t.Context(), signin.CommandLine(k.acme.Number), n)
		if err != nil {
			k.t.Fatal(err)
		}
		stranger := k.token(k.other, signin.AdminEnterprise)
		elsewhere := strings.Replace(licensesPath, "acme", "nowhere", 1)
		type refusal struct {
			Message, Status string
			URL             string `json:"documentation_url"`
		}
		ask := func(path, token string, status int, message string) {
			k.t.Helper()
			a := k.get(path, token)
			var got refusal
			a.into(k.t, &got)
			if a.Status != status || got.Message != message || got.Status != fmt.Sprint(status) || got.URL == "" {
				k.t.Errorf("got %d %+v, want %d %q", a.Status, got, status, message)
			}
			if strings.Contains(string(a.Body), "acme") {
				k.t.Errorf("%s names the enterprise", a.Body)
			}
		}
		ask(licensesPath, "", http.StatusUnauthorized, "Bad credentials")
		ask(licensesPath, "ost_x", http.StatusUnauthorized, "Bad credentials")
		ask(elsewhere, "", http.StatusUnauthorized, "Bad credentials")
		ask(licensesPath, stranger, http.StatusNotFound, "Not Found")
		ask(elsewhere, stranger, http.StatusNotFound, "Not Found")
		ask(licensesPath, upload.Text(), http.StatusNotFound, "Not Found")
	})
}

// TestRowsAreTheHubs: the answer has the rows that the hub says, with both names
// of the server addresses.
func TestRowsAreTheHubs(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(logins("mona", "hubot"))
		k.join(newAgent(1, "git.acme.example"), accounts("1", "mona@acme.example", "2", "new@acme.example"))
		var got licenses
		k.mustGet(licensesPath, k.reader()).into(k.t, &got)
		var rows []string
		for _, u := range got.Users {
			rows = append(rows, strings.Join(slices.Concat([]string{u.Login}, u.IDs, u.Emails), " "))
		}
		want := []string{"hubot", "mona git.acme.example:1 mona@acme.example", " git.acme.example:2 new@acme.example"}
		if diff := cmp.Diff(want, rows); diff != "" {
			k.t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
