package store_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// many is the size at which the work of a page is looked at.
const many = 500_000

// TestAnyPageReadsOneBlockAndItsPeople: at half a million people, page N of a
// list reads one block and a row for each of its people, whatever N is and
// however many results came since: each by its key, found at the first try.
func TestAnyPageReadsOneBlockAndItsPeople(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("half a million rows")
	}
	dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
		db, reads := counted(t, location)
		k := &manyKit{newKit(t, db), db}
		first := k.publishMany()
		last := first
		for range 3 {
			last = k.alterFirst()
		}
		plans := map[string]bool{}
		for _, list := range []store.List{store.AllPeople, store.Consumed} {
			for _, result := range []int64{first, last} {
				for _, size := range []int{1, 30, store.MaxPage} {
					pages := int64(many+size-1) / int64(size)
					for _, page := range []int64{1, 2, int64(1000 / size), int64(1000/size) + 1, pages / 2, pages - 1, pages, pages + 1} {
						from := (page - 1) * int64(size)
						reads.take()
						people, err := k.e.Page(t.Context(), result, list, from, size)
						if err != nil {
							t.Fatal(err)
						}
						rows, statements := reads.take()
						if want := max(0, min(size, int(many-from))); len(people) != want || rows > 1+want || len(statements) > 1+want {
							t.Errorf("page %d of %d: %d people for %d rows in %d statements", page, size, len(people), rows, len(statements))
						}
						if len(people) > 0 && people[0].ID != numberedID(from+1) {
							t.Errorf("page %d of %d begins with %s", page, size, people[0].ID)
						}
						for _, s := range statements {
							if !plans[s.text] || page == 1 {
								plans[s.text] = true
								k.mustReadOneRow(s)
							}
						}
					}
				}
			}
		}
		if len(plans) != 2 {
			t.Errorf("%d queries, want those of a block and of a person", len(plans))
		}
	})
}

// manyKit is a kit with many people.
type manyKit struct {
	*kit

	db *database.DB
}

// numberedID is the id of person n, from 1.
func numberedID(n int64) (id store.PersonID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	return id
}

// publishMany makes many people count, written by the database itself.
func (k *manyKit) publishMany() int64 {
	k.t.Helper()
	w := k.begun()
	from, id := "generate_series(1, $2) AS n(i)", "lpad(to_hex(i), 32, '0')"
	if k.db.Dialect == database.SQLite {
		from = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) SELECT i FROM n)"
		id = "printf('%032x', i)"
	}
	_, err := k.db.Write.ExecContext(k.t.Context(), `INSERT INTO person (enterprise, person_id, from_result, to_result, sort_key, search,
		deployment, license, consumes, accounts, organizations, roles, document)
		SELECT $1, `+id+`, 1, 9223372036854775807, `+id+`, '', 'server', 'Enterprise', TRUE, 1, '', '', '{}' FROM `+from, k.e.Number(), many)
	if err != nil {
		k.t.Fatal(err)
	}
	ids := make([]store.PersonID, many)
	for i := range ids {
		ids[i] = numberedID(int64(i + 1))
	}
	result := k.finish(w, ids)
	if result != 1 {
		k.t.Fatalf("the first result is %d", result)
	}
	if _, err := k.db.Write.ExecContext(k.t.Context(), "ANALYZE"); err != nil {
		k.t.Fatal(err)
	}
	return result
}

// alterFirst publishes a result with another first person and another first
// block: the fifth and sixth changed places.
func (k *manyKit) alterFirst() int64 {
	k.t.Helper()
	w := k.begun()
	was, err := k.e.Person(k.t.Context(), w.Inputs.Result, numberedID(1))
	if err != nil {
		k.t.Fatal(err)
	}
	now := store.Person{
		ID: was.ID, SortKey: was.ID.String(), Deployment: "server", Consumes: true, Accounts: 1,
		Document: fmt.Sprintf(`{"before": %d}`, w.Inputs.Result),
	}
	if err := w.Write(k.t.Context(), was, &now); err != nil {
		k.t.Fatal(err)
	}
	ids := make([]store.PersonID, many)
	for i := range ids {
		ids[i] = numberedID(int64(i + 1))
	}
	if w.Inputs.Result%2 == 1 {
		ids[4], ids[5] = ids[5], ids[4]
	}
	return k.finish(w, ids)
}

func (k *manyKit) finish(w *store.ResultWriter, ids []store.PersonID) int64 {
	k.t.Helper()
	for _, list := range []store.List{store.AllPeople, store.Consumed} {
		if err := w.WriteBlocks(k.t.Context(), list, ids); err != nil {
			k.t.Fatal(err)
		}
	}
	r := &store.Result{CreatedAt: at(), People: many, Licenses: many, Document: json.RawMessage("{}")}
	if _, err := w.Publish(k.t.Context(), r, nil); err != nil {
		k.t.Fatal(err)
	}
	return r.Number
}

// mustReadOneRow checks by the database's own plan that a statement finds its
// row by the whole key, and looks at no other.
func (k *manyKit) mustReadOneRow(s statement) {
	k.t.Helper()
	if k.db.Dialect == database.SQLite {
		k.mustSearchByKey(s)
		return
	}
	var text string
	if err := k.db.Read.QueryRowContext(k.t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+s.text, s.args...).Scan(&text); err != nil {
		k.t.Fatal(err)
	}
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		k.t.Fatal(err)
	}
	k.mustTouchOneRow(plans[0].Plan, text)
}

type planNode struct {
	Type    string  `json:"Node Type"`
	Index   string  `json:"Index Name"`
	Rows    float64 `json:"Actual Rows"`
	Removed float64 `json:"Rows Removed by Filter"`
	Plans   []planNode
}

func (k *manyKit) mustTouchOneRow(n planNode, text string) {
	k.t.Helper()
	reads := n.Type == "Index Scan" && strings.HasSuffix(n.Index, "_pkey")
	if !reads && n.Type != "Limit" || n.Rows+n.Removed > 1 {
		k.t.Errorf("the plan reads more than a row by its key: %s", text)
	}
	for _, below := range n.Plans {
		k.mustTouchOneRow(below, text)
	}
}

// keySearch is a search by every column of a primary key, the last of which
// is a version's beginning.
var keySearch = regexp.MustCompile(`^SEARCH (person|person_block) USING INDEX sqlite_autoindex_(person|person_block)_1 ` +
	`\(enterprise=\? AND (person_id=\?|list=\? AND block=\?) AND from_result<\?\)$`)

func (k *manyKit) mustSearchByKey(s statement) {
	k.t.Helper()
	rows, err := k.db.Read.QueryContext(k.t.Context(), "EXPLAIN QUERY PLAN "+s.text, s.args...)
	if err != nil {
		k.t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // its error shows in Err
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			k.t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		k.t.Fatal(err)
	}
	if len(steps) != 1 || slices.ContainsFunc(steps, func(s string) bool { return !keySearch.MatchString(s) }) {
		k.t.Errorf("the plan of %q is %q", s.text, steps)
	}
}
