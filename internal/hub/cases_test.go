package hub_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// mixed is a cloud list with somebody for every filter.
const mixed = `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"},
	"verified_domains": ["acme.example"],
	"users": [
		{"login": "Mona", "name": "Mona Müller", "emails": [{"email": "mona@acme.example", "verified": true}, {"email": "mona@home.example"}],
			"organizations": [{"login": "Eng", "role": "Owner"}]},
		{"login": "hubot", "organizations": [{"login": "ops", "role": "Member"}], "enterprise_roles": ["Owner"]},
		{"login": "idle", "emails": [{"email": "idle@acme.example", "verified": true}]}],
	"invitations": [{"email": "guest@acme.example", "organization": "eng", "kind": "member", "created_at": "2026-11-19T08:00:00Z"}]}`

// town is a hub with that cloud side and an instance.
func newTown(t *testing.T, db *database.DB) (*kit, *agent) {
	t.Helper()
	k := newKit(t, db)
	k.apply(k.load(mixed))
	git := newAgent(1, "git.acme.example")
	k.join(git, people{"1": "mona@acme.example", "2": "mona@home.example", "3": "none", "4": "zoë@acme.example"})
	return k, git
}

// find gives the names of all pages of a search.
func (k *kit) find(q hub.Query, size int) []string {
	k.t.Helper()
	var out []string
	for next := ""; ; {
		found, err := k.hub.Search(k.t.Context(), k.e, q, next, size)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, p := range found.People {
			out = append(out, p.Name.Address())
		}
		if next = found.Next; next == "" {
			return out
		}
		if strings.Contains(next, "@") {
			k.t.Errorf("the place %q names somebody", next)
		}
	}
}

func TestPeopleAreFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, _ := newTown(t, db)
		r, err := k.hub.Current(t.Context(), k.e)
		if err != nil {
			t.Fatal(err)
		}
		everybody := k.names(r, hub.AllPeople)
		if len(everybody) != 7 {
			t.Fatalf("there are %q", everybody)
		}
		for name, c := range map[string]struct {
			q    hub.Query
			want []string
		}{
			"everybody, as every list has them": {hub.Query{}, everybody},
			"login":                             {hub.Query{Text: "MONA mül"}, []string{"Mona"}},
			"address":                           {hub.Query{Text: "Zoë@"}, []string{"zoë@acme.example"}},
			"a server's address":                {hub.Query{Text: "mona@home"}, []string{"mona@home.example"}},
			"host and id":                       {hub.Query{Text: "git.acme.example:3"}, []string{"none"}},
			"both":                              {hub.Query{Deployment: "Both"}, []string{"Mona"}},
			"from the end":                      {hub.Query{Deployment: "server", Reverse: true}, []string{"zoë@acme.example", "none", "mona@home.example"}},
			"no address":                        {hub.Query{Reason: "no_address"}, []string{"none"}},
			"no such reason":                    {hub.Query{Reason: "verified", Deployment: "none"}, nil},
			"no such instance":                  {hub.Query{Instance: "git"}, nil},
			"only on an instance":               {hub.Query{Only: "GIT.acme.example"}, []string{"mona@home.example", "none", "zoë@acme.example"}},
			"without the instance too":          {hub.Query{Anyway: "git.acme.example"}, []string{"Mona"}},
			"only on an instance there is not":  {hub.Query{Only: "git"}, nil},
			"server":                            {hub.Query{Deployment: "server"}, []string{"mona@home.example", "none", "zoë@acme.example"}},
			"none":                              {hub.Query{Deployment: "none"}, []string{"guest@acme.example"}},
			"organization":                      {hub.Query{Organization: "ENG"}, []string{"Mona"}},
			"role":                              {hub.Query{Role: "owner"}, []string{"hubot"}},
			"role of a guest":                   {hub.Query{Role: "pending invitation"}, []string{"guest@acme.example"}},
			"no license":                        {hub.Query{License: "none"}, []string{"idle"}},
			"license":                           {hub.Query{License: "enterprise", Deployment: "cloud"}, []string{"hubot"}},
			"nobody":                            {hub.Query{Text: "100%"}, nil},
		} {
			for _, size := range []int{1, 3, hub.MaxPage} {
				got := k.find(c.q, size)
				if name != "everybody, as every list has them" && !c.q.Reverse {
					slices.Sort(got)
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("%s: found %q, want %q", name, got, c.want)
				}
			}
		}
		for key, q := range map[string]hub.Query{
			"hub.bad_filter": {Deployment: "moon"}, "hub.long_query": {Text: strings.Repeat("x", 201)},
		} {
			_, err := k.hub.Search(t.Context(), k.e, q, "", 10)
			wantError(t, err, errs.Invalid, key)
		}
		for _, place := range []string{"x", "1-2", fmt.Sprintf("%d-%s", r.Number, strings.Repeat("0", 32)), "9-" + strings.Repeat("0", 32)} {
			_, err := k.hub.Search(t.Context(), k.e, hub.Query{}, place, 10)
			wantError(t, err, errs.Invalid, "hub.bad_place")
		}
	})
}

// TestVerifiedDomainsDecideWhatPeopleAreFoundBy: also when nothing else changed.
func TestVerifiedDomainsDecideWhatPeopleAreFoundBy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		q := hub.Query{Text: "idle@acme"}
		k.apply(k.load(mixed))
		if got := k.find(q, 10); len(got) != 1 {
			t.Errorf("found %q", got)
		}
		r := k.apply(k.load(strings.Replace(mixed, `["acme.example"]`, `["other.example"]`, 1)))
		if got := k.find(q, 10); len(got) != 0 {
			t.Errorf("found %q by an address that nobody sees", got)
		}
		wantChanges(t, r.Difference)
	})
}

func TestASearchShowsOneResult(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, git := newTown(t, db)
		first, err := k.hub.Search(t.Context(), k.e, hub.Query{}, "", 3)
		if err != nil {
			t.Fatal(err)
		}
		k.apply(k.mustReceive(k.export(git, people{"9": "aaa@acme.example"}.users()), store.Preview))
		rest, err := k.hub.Search(t.Context(), k.e, hub.Query{}, first.Next, hub.MaxPage)
		if err != nil || rest.Result.Number != first.Result.Number || len(first.People)+len(rest.People) != 7 {
			t.Errorf("%d and %d people of one result, %v; want 7", len(first.People), len(rest.People), err)
		}
	})
}

func TestNearMissesOfAPerson(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, _ := newTown(t, db)
		found, err := k.hub.Search(t.Context(), k.e, hub.Query{Text: "mona@home"}, "", 10)
		if err != nil || len(found.People) != 1 {
			t.Fatalf("%+v, %v", found, err)
		}
		p := found.People[0]
		misses, err := k.hub.NearMisses(t.Context(), k.e, found.Result.Number, p.ID, p.Person.Servers[0].HostID)
		if err != nil || len(misses) == 0 {
			t.Fatalf("%v, %v", misses, err)
		}
		if m := misses[0]; m.Login != "Mona" || m.Theirs.Address() != "mona@home.example" || m.Verified {
			t.Errorf("got %+v", m)
		}
		other := p.Person.Servers[0].HostID
		other.ID = "77"
		_, err = k.hub.NearMisses(t.Context(), k.e, found.Result.Number, p.ID, other)
		wantError(t, err, errs.NotFound, "hub.no_account")

		k.hub.Crowd()
		_, err = k.hub.NearMisses(t.Context(), k.e, found.Result.Number, p.ID, p.Person.Servers[0].HostID)
		wantError(t, err, errs.Unavailable, "hub.near_misses_busy")
	})
}

// diary is an audit log in memory.
type diary struct {
	mu      sync.Mutex
	entries []string
}

func (d *diary) Record(_ context.Context, tx *sql.Tx, enterprise int64, actor, action, target string, details map[string]any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if tx == nil || enterprise == 0 || actor == "" || target == "" {
		return fmt.Errorf("an entry without tx, enterprise %d, actor %q or target %q", enterprise, actor, target)
	}
	if strings.Contains(target+fmt.Sprint(details), "mona@") {
		return fmt.Errorf("%s holds an address", action)
	}
	d.entries = append(d.entries, action)
	return nil
}

func (d *diary) take() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.entries
	d.entries = nil
	return out
}

func TestEveryChangeIsRecorded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		log := &diary{}
		k := newKit(t, db, func(c *hub.Config) { c.Audit = log })
		want := func(actions ...string) {
			t.Helper()
			if got := log.take(); !slices.Equal(got, actions) {
				t.Errorf("recorded %q, want %q", got, actions)
			}
		}
		want(hub.AuditEnterprise)
		k.apply(k.load(mixed))
		want(hub.AuditLoad, hub.AuditApply)
		git := newAgent(1, "git.acme.example")
		r := k.join(git, people{"1": "mona@acme.example"})
		want(hub.AuditUpload, hub.AuditConfirm, hub.AuditImport)
		u := k.mustReceive(k.export(git, people{"2": "mona@acme.example"}.users()), store.Preview)
		if _, err := k.hub.Discard(t.Context(), k.e, u.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		want(hub.AuditUpload, hub.AuditDiscard)
		first := k.mustReceive(k.exportAgain(git, people{"2": "mona@acme.example"}.users()), store.Preview)
		if _, err := k.hub.RemoveInstance(t.Context(), k.e, first.Source, "sold", hub.Arrival{Actor: "mona", Supersede: true}); err != nil {
			t.Fatal(err)
		}
		want(hub.AuditUpload, hub.AuditSupersede, hub.AuditRemoval)
		if _, err := k.receive([]byte("<html>")); err == nil {
			t.Fatal("a page was taken for a usage file")
		}
		want(hub.AuditRefuse)
		if _, err := k.hub.SetGitHubFigure(t.Context(), k.e, &hub.GitHubFigure{Licenses: 9, Date: at()}, "mona"); err != nil {
			t.Fatal(err)
		}
		if _, err := k.hub.AddRecipient(t.Context(), k.e, k.to.String(), "mona"); err != nil {
			t.Fatal(err)
		}
		want(hub.AuditFigure, hub.AuditRecipient)
		people, err := k.hub.People(t.Context(), k.e, r.Number, hub.AllPeople, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.hub.Reveal(t.Context(), k.e, r.Number, people[0].ID, "mona"); err != nil {
			t.Fatal(err)
		}
		want(hub.AuditReveal)
	})
}

// TestWhatCannotBeRecordedDoesNotHappen: the entry belongs to the change.
func TestWhatCannotBeRecordedDoesNotHappen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db, func(c *hub.Config) { c.Audit = &diary{} })
		u := k.load(mixed)
		if _, err := k.hub.Apply(t.Context(), k.e, u.ID, ""); err == nil {
			t.Fatal("nobody applied it")
		}
		if u, err := k.hub.Upload(t.Context(), k.e, u.ID); err != nil || u.State != store.Preview {
			t.Errorf("the upload is %s, %v", u.State, err)
		}
	})
}
