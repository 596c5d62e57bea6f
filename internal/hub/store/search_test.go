package store_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// townSize is how many people the tests of searching look among.
const townSize = 10_000

// townsman is somebody with everything that can be searched for. Odd people
// have no login and so sort behind the others.
func townsman(i int) store.Person {
	p := store.Person{
		Deployment: []string{"cloud", "server", "both", "none"}[i/2%4], Consumes: i%5 != 0, Accounts: int64(i % 4),
		Document: fmt.Sprintf(`{"anchor":"p:%d"}`, i),
	}
	binary.BigEndian.PutUint64(p.ID[:], uint64(i)*0x9e3779b97f4a7c15)
	p.SortKey = fmt.Sprintf("%d%05d", i%2, i)
	p.Search = fmt.Sprintf("user%05d\nname %d_%d%%\nuser%05d@acme.example", i, i%100, i%7, i)
	if p.Consumes {
		p.License = []string{"Enterprise", "Visual Studio subscription"}[i%3/2]
	}
	p.Organizations = fmt.Sprintf("\norg-%d\nall\n", i%1000)
	p.Roles = "\n" + []string{"Owner", "Member"}[i%2] + "\n"
	return p
}

// settle publishes two results of the town; everybody whose number ends with 3
// is other in the second.
func (k *kit) settle() (town []store.Person, first, second int64) {
	k.t.Helper()
	for i := range townSize {
		town = append(town, townsman(i))
	}
	slices.SortFunc(town, func(a, b store.Person) int { return strings.Compare(a.SortKey, b.SortKey) })
	first = k.people(town)
	for i := range town {
		if p := &town[i]; strings.HasSuffix(p.SortKey, "3") {
			p.Deployment, p.Document = "none", p.Document+" "
		}
	}
	return town, first, k.people(town)
}

// people publishes a result with these people.
func (k *kit) people(town []store.Person) int64 {
	k.t.Helper()
	w := k.begun()
	come := func(yield func(store.Person, error) bool) {
		for i := range town {
			if !yield(town[i], nil) {
				return
			}
		}
	}
	numbers, err := w.Compare(k.t.Context(), come, func(*store.StoredPerson, *store.Person) error { return nil })
	if err != nil {
		k.t.Fatal(err)
	}
	var ids []store.PersonID
	for i := range town {
		ids = append(ids, town[i].ID)
	}
	w.WriteIDs(k.t.Context(), ids, numbers)
	r := &store.Result{CreatedAt: at(), People: int64(len(town)), Document: json.RawMessage("{}")}
	if _, err := w.Publish(k.t.Context(), r, nil); err != nil {
		k.t.Fatal(err)
	}
	return r.Number
}

// finds says whether a filter finds somebody, written once more.
func finds(f *store.Filter, p *store.Person) bool {
	for _, word := range f.Words {
		if !strings.Contains(p.Search, word) {
			return false
		}
	}
	for _, group := range f.Holds {
		if !slices.ContainsFunc(group, func(text string) bool { return strings.Contains(p.Document, text) }) {
			return false
		}
	}
	there := f.Deployment == "" || f.Deployment == p.Deployment || p.Deployment == "both" && strings.HasPrefix(f.Deployment, "with_") ||
		f.Deployment == "with_"+p.Deployment
	return there && int(p.Accounts) >= f.Accounts && (f.License == "" || f.License == p.License) &&
		(f.Consumes == nil || *f.Consumes == p.Consumes) &&
		(f.Organization == "" || slices.Contains(strings.Split(p.Organizations, "\n"), f.Organization)) &&
		(f.Role == "" || slices.Contains(strings.Split(p.Roles, "\n"), f.Role))
}

func TestSearchFindsAsAReaderWould(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		town, before, now := k.settle()
		no := false
		for name, f := range map[string]*store.Filter{
			"everybody":               {},
			"a part of an address":    {Words: []string{"r0123"}},
			"several words":           {Words: []string{"name", "7_", "acme"}},
			"what LIKE would expand":  {Words: []string{"7_3%"}},
			"nobody":                  {Words: []string{"USER"}},
			"a deployment":            {Deployment: "none"},
			"an organization":         {Organization: "org-7"},
			"no part of one":          {Organization: "org"},
			"a role":                  {Role: "Owner", Organization: "org-13"},
			"a license":               {License: "Visual Studio subscription", Words: []string{"user00"}},
			"no license":              {Consumes: &no, Deployment: "cloud"},
			"an account in the cloud": {Deployment: store.WithCloud, Words: []string{"user00"}},
			"an account on a server":  {Deployment: store.WithServer},
			"several accounts":        {Accounts: 3},
			"the document":            {Holds: [][]string{{`"p:12"`, `"p:13"`}, {`"anchor"`}}},
			"from the end":            {Reverse: true, Deployment: "both"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var want, got []string
				for i := range town {
					if finds(f, &town[i]) {
						want = append(want, town[i].ID.String()+town[i].Document)
					}
				}
				var after *store.PersonID
				for {
					page, err := k.e.Search(t.Context(), now, f, after, 997)
					if err != nil {
						t.Fatal(err)
					}
					for _, p := range page {
						got = append(got, p.ID.String()+p.Document)
					}
					if len(page) < 997 {
						break
					}
					after = &page[len(page)-1].ID
				}
				if f.Reverse {
					slices.Reverse(want)
				}
				if !slices.Equal(got, want) {
					t.Errorf("found %d people, want %d in the order of the list", len(got), len(want))
				}
			})
		}
		t.Run("the result before", func(t *testing.T) {
			t.Parallel()
			user := &store.Filter{Words: []string{"user00003\n"}, Deployment: "server"}
			for result, want := range map[int64]int{before: 1, now: 0} {
				if found, err := k.e.Search(t.Context(), result, user, nil, 10); err != nil || len(found) != want {
					t.Errorf("result %d: %d people, %v; want %d", result, len(found), err, want)
				}
			}
		})
	})
}

func TestSearchReadsFromItsPlaceOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		town, _, now := k.settle()
		if _, err := db.Write.ExecContext(t.Context(), "ANALYZE"); err != nil {
			t.Fatal(err)
		}
		const limit = 101
		for _, at := range []int{10, townSize / 2, townSize - limit - 10} {
			for _, f := range []*store.Filter{{}, {Words: []string{"acme"}}, {Deployment: "none"}, {Reverse: true}} {
				plan, err := k.e.ExplainSearch(t.Context(), now, f, &town[at].ID, limit)
				if err != nil {
					t.Fatal(err)
				}
				if db.Dialect == database.SQLite {
					behind := map[bool]string{false: ">", true: "<"}[f.Reverse]
					if !strings.Contains(plan, "person_order (enterprise=? AND (sort_key,person_id)"+behind+"(?,?))") || strings.Contains(plan, "TEMP B-TREE") {
						t.Errorf("at %d: %s", at, plan)
					}
					continue
				}
				// A quarter and more are found, and each tenth has a row of before.
				if rows := rowsRead(t, plan); rows > 6*limit {
					t.Errorf("at %d: %d rows were read for %d: %s", at, rows, limit, plan)
				}
			}
		}
	})
}

// rowsRead adds up the rows that the scans of a PostgreSQL plan read.
func rowsRead(t *testing.T, plan string) int {
	t.Helper()
	type node struct {
		Type    string  `json:"Node Type"`
		Rows    float64 `json:"Actual Rows"`
		Removed float64 `json:"Rows Removed by Filter"`
		Plans   []node  `json:"Plans"`
	}
	var top []struct {
		Plan node `json:"Plan"`
	}
	if err := json.Unmarshal([]byte(plan), &top); err != nil {
		t.Fatal(err)
	}
	var walk func(n *node) int
	walk = func(n *node) int {
		sum := 0
		if strings.Contains(n.Type, "Scan") {
			sum = int(n.Rows + n.Removed)
		}
		for i := range n.Plans {
			sum += walk(&n.Plans[i])
		}
		return sum
	}
	return walk(&top[0].Plan)
}

func TestASearchGoesOnFromSomebodyOfTheResult(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		_, err := k.e.Search(t.Context(), 1, &store.Filter{}, &store.PersonID{1}, 10)
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("got %v", err)
		}
	})
}
