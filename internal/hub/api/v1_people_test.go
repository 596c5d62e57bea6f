package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/signin"
)

// walk follows Link from a path and gives everybody's names.
func (k *kit) walk(path, token string) []string {
	k.t.Helper()
	var names []string
	for pages := 0; path != ""; pages++ {
		if pages > 100 {
			k.t.Fatal("the walk does not end")
		}
		a := k.mustGet(path, token)
		var page struct{ People []api.PersonSummary }
		a.into(k.t, &page)
		for _, p := range page.People {
			names = append(names, p.Name)
		}
		path = ""
		if link := a.Header.Get("Link"); link != "" {
			next, rest, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
			if rest != `; rel="next"` || !strings.HasPrefix(next, k.url) {
				k.t.Fatalf("the link is %q", link)
			}
			path = strings.TrimPrefix(next, k.url)
		}
	}
	return names
}

func TestPeopleAreWalkedAndFound(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.loadCloud(cloudList("mona", "hubot", "ada"))
		k.join(newAgent(1, "git.acme.example"), accounts("1", "mona@acme.example", "2", "new@acme.example", "3", "zoe@acme.example"))
		token := k.reader()
		want := []string{"ada", "hubot", "mona", "new@acme.example", "zoe@acme.example"}
		for _, path := range []string{"?per_page=2", "?per_page=2&page=1", "?per_page=1&page=1&license=any", "?per_page=100"} {
			if got := k.walk(acme+"/people"+path, token); !slices.Equal(got, want) {
				t.Errorf("%s gives %q, want %q", path, got, want)
			}
		}
		for query, want := range map[string][]string{
			"q=MONA": {"mona"}, "q=git.acme.example:2": {"new@acme.example"}, "deployment=server": {"new@acme.example", "zoe@acme.example"},
			"deployment=both": {"mona"}, "organization=ENG&deployment=cloud": {"ada", "hubot"}, "role=Member&q=m": {"ada", "hubot", "mona"},
			"license=none": nil, "license=Enterprise&q=zoe": {"zoe@acme.example"},
		} {
			if got := k.walk(acme+"/people?per_page=1&"+query, token); !slices.Equal(got, want) {
				t.Errorf("%s gives %q, want %q", query, got, want)
			}
		}
	})
}

func TestAWalkByNumberSeesOneResult(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(cloudList("a", "b", "c", "d"))
	token := k.reader()
	first := k.mustGet(acme+"/people?per_page=2&page=1", token)
	k.loadCloud(cloudList("x"))
	next, _, _ := strings.Cut(strings.TrimPrefix(first.Header.Get("Link"), "<"), ">")
	if got := k.walk(strings.TrimPrefix(next, k.url), token); !slices.Equal(got, []string{"c", "d"}) {
		t.Errorf("page 2 of the walk gives %q", got)
	}
	preview := k.stageCloud(cloudList("y")).PreviewResult
	if a := k.get(fmt.Sprintf("%s/people?page=1&result=%d", acme, preview), token); a.Status != http.StatusNotFound {
		t.Errorf("the people of a preview are answered with %d: %s", a.Status, a.Body)
	}
}

func TestAPersonHasReasons(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(cloudList("mona"))
	k.join(newAgent(1, "git.acme.example"), accounts("1", "mona@acme.example", "2", "mona@acme.example.org"))
	token := k.reader()
	mona := k.findOne("mona@acme.example", token)
	if mona.Deployment != "both" || len(mona.Places) != 1 || mona.Places[0].Reason.Rule != "R4" || mona.Places[0].Reason.Value != "mona@acme.example" {
		t.Errorf("mona is %+v", mona)
	}
	other := k.findOne("acme.example.org", token)
	if other.Cloud != nil || other.Places[0].Reason.Rule != "R6" {
		t.Errorf("the other one is %+v", other)
	}
	if a := k.get(acme+"/people/"+strings.Repeat("0", 32), token); a.Status != http.StatusNotFound {
		t.Errorf("nobody is answered with %d", a.Status)
	}
}

// findOne finds a person by a search.
func (k *kit) findOne(text, token string) api.Person {
	k.t.Helper()
	var list struct{ People []api.PersonSummary }
	k.mustGet(acme+"/people?q="+url.QueryEscape(text), token).into(k.t, &list)
	if len(list.People) == 0 {
		k.t.Fatalf("nobody is found by %s", text)
	}
	var p api.Person
	k.mustGet(acme+"/people/"+list.People[0].ID+"?near_misses=true", token).into(k.t, &p)
	return p
}

func TestTokensAreMadeUsedAndRevoked(t *testing.T) {
	t.Parallel()
	k := one(t)
	admin := k.admin()
	made := k.post("/tokens", admin, []byte(`{"name": "nightly", "scopes": ["read:enterprise"]}`), http.StatusCreated)
	var token api.NewToken
	made.into(t, &token)
	k.mustGet(acme, token.Secret)
	list := k.mustGet(acme+"/tokens", admin)
	if strings.Contains(string(list.Body), token.Secret) || !strings.Contains(string(list.Body), token.ID) {
		t.Errorf("the list is %s", list.Body)
	}
	if a := k.ask(http.MethodDelete, acme+"/tokens/"+token.ID, admin, nil); a.Status != http.StatusNoContent || len(a.Body) > 0 {
		t.Errorf("revoking is answered with %d: %s", a.Status, a.Body)
	}
	if a := k.get(acme, token.Secret); a.Status != http.StatusUnauthorized {
		t.Errorf("a revoked token is answered with %d", a.Status)
	}
	k.post("/tokens", admin, []byte(`{"name": "agent", "scopes": ["upload"], "instance": 7}`), http.StatusNotFound)
	var log struct{ Entries []api.AuditEntry }
	k.mustGet(acme+"/audit-log?per_page=1", admin).into(t, &log)
	if len(log.Entries) != 1 || log.Entries[0].Action != string(signin.TokenRevoked) || log.Entries[0].Meaning == "" {
		t.Errorf("the newest entry is %+v", log.Entries)
	}
	var verified api.Verification
	if k.mustGet(acme+"/audit-log/verification", admin).into(t, &verified); !verified.Whole || verified.Last != log.Entries[0].Number {
		t.Errorf("the log is %+v", verified)
	}
}

func TestSettingsAndFigure(t *testing.T) {
	t.Parallel()
	k := one(t)
	k.loadCloud(cloudList("mona", "hubot"))
	admin := k.admin()
	body := `{"name": "Acme Instruments", "settings": {"purchased": 20, "billing": "metered", "use_github_joins": false, "never_signed_in": "leave_out"}}`
	a := k.ask(http.MethodPut, acme+"/settings", admin, strings.NewReader(body), "Content-Type", "application/json")
	var e api.Enterprise
	a.into(t, &e)
	s := e.Settings
	if a.Status != http.StatusOK || e.Name != "Acme Instruments" || s.Purchased != 20 || s.Billing != "metered" || *s.UseGitHubJoins || s.NeverSignedIn != "leave_out" {
		t.Errorf("the settings are %s", a.Body)
	}
	if got := k.get(acme+"/reconciliation", admin).Status; got != http.StatusNotFound {
		t.Errorf("without a figure the reconciliation is answered with %d", got)
	}
	figure := `{"licenses": 3, "date": "2026-11-19T00:00:00Z"}`
	if a := k.ask(http.MethodPut, acme+"/github-figure", admin, strings.NewReader(figure), "Content-Type", "application/json"); a.Status != http.StatusOK {
		t.Fatalf("the figure is answered with %d: %s", a.Status, a.Body)
	}
	k.post("/recount", admin, nil, http.StatusOK)
	var rc api.Reconciliation
	k.mustGet(acme+"/reconciliation", admin).into(t, &rc)
	if rc.Figure != 3 || rc.Licenses != 2 || rc.Unexplained != 1 {
		t.Errorf("the reconciliation is %+v", rc)
	}
	var history struct{ Results []api.Result }
	k.mustGet(acme+"/results?per_page=1", admin).into(t, &history)
	if len(history.Results) != 1 || history.Results[0].Policy.Billing != "metered" || history.Results[0].Purchased != 20 {
		t.Errorf("the history is %+v", history)
	}
}
