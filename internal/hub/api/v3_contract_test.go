package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v92/github"

	"github.com/oneseat/oneseat/internal/hub"
)

// rich is a cloud list with everybody that an answer can be about: an owner, a
// member, a collaborator, invited people, a subscriber, and texts that a careless
// writer breaks.
const rich = `{
	"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z",
	"enterprise": {"slug": "acme", "total_seats_purchased": 3},
	"verified_domains": ["acme.example"],
	"users": [
		{"login": "mona", "name": "Mona \"L\" <b>\u202e", "two_factor": true,
			"emails": [{"email": "mona@acme.example", "verified": true}, {"email": "mona@home.example", "verified": true}],
			"saml_identities": [{"name_id": "mona.saml@acme.example"}],
			"organizations": [{"login": "eng", "role": "Owner"}, {"login": "sales", "role": "Member"}],
			"enterprise_roles": ["Owner"], "pending_organizations": ["art"]},
		{"login": "hubot", "emails": [{"email": "hubot@acme.example", "verified": true}],
			"organizations": [{"login": "eng", "role": "Member"}]},
		{"login": "outside", "two_factor": false, "outside_collaborator": ["eng/app"]},
		{"login": "nobody", "emails": [{"email": "nobody@acme.example"}]},
		{"login": "vs", "organizations": [{"login": "eng", "role": "Member"}]}
	],
	"invitations": [
		{"email": "new@acme.example", "organization": "eng"},
		{"email": "ext@else.example", "repository": "eng/app"}
	],
	"visual_studio_subscriptions": [
		{"email": "vs@acme.example", "login": "vs"},
		{"email": "free@acme.example"}
	]
}`

// seed is a state of an enterprise.
type seed struct {
	name string
	make func(*kit) *hub.Result
}

// seeds are the states that every answer is held against.
func seeds() []seed {
	git := func(k *kit) *hub.Result {
		return k.join(newAgent(1, "git.acme.example"), accounts("1", "mona@acme.example", "2", "server@acme.example", "3", ""))
	}
	return []seed{
		{"an instance alone", git},
		{"the cloud alone", func(k *kit) *hub.Result { return k.loadCloud(rich) }},
		{"both", func(k *kit) *hub.Result { k.loadCloud(rich); return git(k) }},
		{"two instances", func(k *kit) *hub.Result {
			k.loadCloud(rich)
			git(k)
			return k.join(newAgent(2, "code.acme.example"), accounts("7", "server@acme.example", "8", "hubot@acme.example"))
		}},
		{"everybody gone", func(k *kit) *hub.Result { k.loadCloud(rich); return k.loadCloud(logins()) }},
		{"more than a page", func(k *kit) *hub.Result { k.loadCloud(logins(numbered(130)...)); return git(k) }},
	}
}

// eachSeed runs a test on every state and engine.
func eachSeed(t *testing.T, test func(*kit, *hub.Result)) {
	t.Helper()
	for _, s := range seeds() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(k *kit) { test(k, s.make(k)) })
		})
	}
}

// described gives the schema of the answer to a call of GitHub's, from the
// description that GitHub publishes; scripts/github-openapi makes the excerpt.
func described(t *testing.T, path string) *openapi3.Schema {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("testdata/github-ghec.json")
	if err != nil {
		t.Fatal(err)
	}
	item := doc.Paths.Find(path)
	if item == nil {
		t.Fatalf("no description of %s", path)
	}
	return item.Get.Responses.Status(http.StatusOK).Value.Content.Get("application/json").Schema.Value
}

// keepsTo checks a value against a schema, and that everything in the schema is
// there: it requires nothing by itself.
func keepsTo(t *testing.T, schema *openapi3.Schema, value any) {
	t.Helper()
	if err := schema.VisitJSON(value); err != nil {
		t.Errorf("the answer is not as described: %v", err)
	}
	hasAll(t, schema, value)
}

func hasAll(t *testing.T, schema *openapi3.Schema, value any) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		for name, property := range schema.Properties {
			if _, ok := value[name]; !ok {
				t.Errorf("the answer has no %s", name)
			}
			hasAll(t, property.Value, value[name])
		}
	case []any:
		for _, one := range value {
			hasAll(t, schema.Items.Value, one)
		}
	}
}

func TestConsumedLicensesAreAsGitHubDescribes(t *testing.T) {
	t.Parallel()
	schema := described(t, "/enterprises/{enterprise}/consumed-licenses")
	eachSeed(t, func(k *kit, r *hub.Result) {
		token, seen := k.reader(), 0
		for url, more := licensesPath, true; more; {
			a := k.mustGet(url, token)
			var answer map[string]any
			a.into(k.t, &answer)
			keepsTo(k.t, schema, answer)
			for _, user := range answer["users"].([]any) {
				u := user.(map[string]any)
				seen++
				if diff := cmp.Diff(u["enterprise_server_emails"], u["enterprise_server_primary_emails"]); diff != "" {
					k.t.Errorf("server addresses differ by their name:\n%s", diff)
				}
				for name, member := range u {
					if member == "" && name != "github_com_login" {
						k.t.Errorf("%s is an empty text", name)
					}
				}
			}
			_, to := links(k.t, a.Header.Get("Link"))
			url, more = to["next"], to["next"] != ""
			url = url[min(len(k.url), len(url)):]
		}
		if seen != r.Statement.Licenses {
			k.t.Errorf("%d rows for %d licenses", seen, r.Statement.Licenses)
		}
	})
}

func TestLicenseSyncStatusIsAsGitHubDescribes(t *testing.T) {
	t.Parallel()
	schema := described(t, "/enterprises/{enterprise}/license-sync-status")
	eachSeed(t, func(k *kit, _ *hub.Result) {
		var answer any
		k.mustGet("/api/v3/enterprises/acme/license-sync-status", k.reader()).into(k.t, &answer)
		keepsTo(k.t, schema, answer)
	})
}

func TestLicenseSyncStatus(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		git, code := newAgent(1, "git.acme.example"), newAgent(2, "code.acme.example")
		want := func(want ...string) {
			k.t.Helper()
			a := k.mustGet("/api/v3/enterprises/acme/license-sync-status", k.reader())
			var answer struct {
				Instances []json.RawMessage `json:"server_instances"`
			}
			a.into(k.t, &answer)
			got := make([]string, 0, len(answer.Instances))
			for _, one := range answer.Instances {
				got = append(got, string(one))
			}
			if diff := cmp.Diff(want, got, cmp.Transformer("nil", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
				k.t.Errorf("(-want +got):\n%s", diff)
			}
		}
		one := func(a *agent, status, sentence string) string {
			return `{"server_id":"` + a.id + `","hostname":"` + a.host + `","last_sync":{"date":"2026-11-20T09:00:00Z","status":"` +
				status + `","error":"` + sentence + `"}}`
		}
		want()
		k.join(git, accounts("1", "mona@acme.example"))
		want(one(git, "success", ""))
		k.receive(code, accounts("1", "mona@acme.example"))
		want(one(git, "success", "")) // nobody said yet that code is one
		u := k.receive(git, accounts("1", "new@acme.example"))
		want(one(git, "pending", ""))
		if _, err := k.hub.Discard(k.t.Context(), k.acme.Number, u.ID, "owner mona"); err != nil {
			k.t.Fatal(err)
		}
		want(one(git, "failure", k.said.T("hub.event_discarded")))
	})
}

// TestGoGitHubReadsConsumedLicenses: the library gets from the answer what the
// hub says, page by page.
func TestGoGitHubReadsConsumedLicenses(t *testing.T) {
	t.Parallel()
	eachSeed(t, func(k *kit, r *hub.Result) {
		client, want := k.goGitHub(k.reader()), k.rows(r)
		options := &github.ListOptions{}
		for {
			page, res, err := client.Enterprise.ListConsumedLicenses(k.t.Context(), "acme", options)
			if err != nil {
				k.t.Fatal(err)
			}
			if page.TotalSeatsConsumed != r.Statement.Licenses || page.TotalSeatsPurchased != r.Purchased {
				k.t.Errorf("%d of %d licenses, want %d of %d", page.TotalSeatsConsumed, page.TotalSeatsPurchased, r.Statement.Licenses, r.Purchased)
			}
			for _, u := range page.Users {
				if len(want) == 0 {
					k.t.Fatal("more people than rows")
				}
				row := want[0]
				want = want[1:]
				var ids, emails []string
				for _, id := range row.ServerUsers {
					ids = append(ids, id.String())
				}
				for _, e := range row.ServerEmails {
					emails = append(emails, e.Address())
				}
				if u.GithubComLogin != row.Login || u.GetGithubComName() != row.Name || u.GithubComUser != row.CloudUser ||
					!cmp.Equal(u.EnterpriseServerUser, row.ServerUser) || u.LicenseType != string(row.LicenseType) ||
					u.TotalUserAccounts != row.Accounts || !cmp.Equal(u.GithubComTwoFactorAuth, row.TwoFactor) ||
					!slices.Equal(u.EnterpriseServerUserIDs, ids) || !slices.Equal(u.EnterpriseServerEmails, emails) ||
					!slices.Equal(u.GithubComMemberRoles, row.MemberRoles) || !slices.Equal(u.GithubComEnterpriseRoles, row.EnterpriseRoles) ||
					u.GetGithubComSamlNameID() != row.SAMLNameID.Address() || u.GetVisualStudioLicenseStatus() != row.SubscriptionStatus {
					k.t.Errorf("got %+v, want %+v", u, row)
				}
			}
			if res.NextPage == 0 {
				break
			}
			options.Page = res.NextPage
		}
		if len(want) > 0 {
			k.t.Errorf("%d people are missing", len(want))
		}
	})
}

// TestTheDescriptionHasTheTwoCalls: what is kept of the description are the
// two calls.
func TestTheDescriptionHasTheTwoCalls(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromFile("testdata/github-ghec.json")
	if err != nil {
		t.Fatal(err)
	}
	got := slices.Sorted(maps.Keys(doc.Paths.Map()))
	want := []string{"/enterprises/{enterprise}/consumed-licenses", "/enterprises/{enterprise}/license-sync-status"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
