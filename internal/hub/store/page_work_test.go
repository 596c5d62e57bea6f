package store_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
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
		db, reads := dbtest.Counted(t, location)
		k := &manyKit{newKit(t, db), db, make([]int64, many)}
		first := k.publishMany()
		last := first
		for range 3 {
			last = k.alterFirst()
		}
		plans := map[string]bool{}
		for _, list := range []store.List{store.AllPeople, store.Consumed} {
			for _, result := range []int64{first, last} {
				for _, p := range lookedAt() {
					reads.Take()
					people, err := k.e.Page(t.Context(), result, list, p.from, p.size)
					if err != nil {
						t.Fatal(err)
					}
					rows, statements := reads.Take()
					if want := max(0, min(p.size, int(many-p.from))); len(people) != want || rows > 1+want || len(statements) > 1+want {
						t.Errorf("%d people from %d: got %d, for %d rows in %d statements", p.size, p.from, len(people), rows, len(statements))
					}
					if len(people) > 0 && people[0].ID != spreadID(p.from+1) {
						t.Errorf("%d people from %d begin with %s", p.size, p.from, people[0].ID)
					}
					for _, s := range statements {
						if !plans[s.Text] || p.from == 0 {
							plans[s.Text] = true
							k.mustReadOneRow(s)
						}
					}
				}
			}
		}
		if len(plans) != 2 {
			t.Errorf("%d queries, want those of a block and of a person", len(plans))
		}
		k.mustFindByKey(reads, last)
	})
}

// mustFindByKey checks by the database's own plan that a person and a place are
// found by their id without looking at anybody else.
func (k *manyKit) mustFindByKey(reads *dbtest.Reads, result int64) {
	k.t.Helper()
	reads.Take()
	id := spreadID(many - 1)
	if _, err := k.e.Person(k.t.Context(), result, id); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.e.Search(k.t.Context(), result, &store.Filter{}, &id, 1); err != nil {
		k.t.Fatal(err)
	}
	rows, statements := reads.Take()
	if rows != 3+3+1 || len(statements) != rows {
		k.t.Fatalf("%d rows in %d statements, want those of the result, a block and a person, twice, and of the search", rows, len(statements))
	}
	for _, s := range statements[:6] {
		// PostgreSQL reads a table of four results as a whole.
		if k.db.Dialect == database.SQLite || !strings.Contains(s.Text, "FROM result") {
			k.mustReadOneRow(s)
		}
	}
}

// stretch is a page, by the place of its first person.
type stretch struct {
	from int64
	size int
}

// lookedAt are pages of every kind: the first ones, those at the end of a block,
// in the middle, at the end of the list and behind it.
func lookedAt() []stretch {
	var out []stretch
	for _, size := range []int{1, 30, store.MaxPage} {
		pages := int64(many+size-1) / int64(size)
		for _, page := range []int64{1, 2, int64(1000 / size), int64(1000/size) + 1, pages / 2, pages - 1, pages, pages + 1} {
			out = append(out, stretch{(page - 1) * int64(size), size})
		}
	}
	return out
}

// manyKit is a kit with many people.
type manyKit struct {
	*kit

	db      *database.DB
	numbers []int64 // of everybody, in order
}

// spreadID is the id of person n, from 1: like those of hashes, their first bits
// are not all the same.
func spreadID(n int64) (id store.PersonID) {
	binary.BigEndian.PutUint32(id[:], uint32(n<<13))
	return id
}

// publishMany makes many people count. PostgreSQL plans by what is there, so all
// are, written by the server itself; SQLite's plans do not depend on it, and half
// a million rows take minutes under the race detector: there, everybody is in the
// blocks, and the people of the pages that are looked at have rows.
func (k *manyKit) publishMany() int64 {
	k.t.Helper()
	w := k.begun()
	if k.db.Dialect == database.SQLite {
		k.writeLookedAt(w)
	} else {
		k.writeAll()
	}
	result := k.finish(w, k.numbers)
	if result != 1 {
		k.t.Fatalf("the first result is %d", result)
	}
	return result
}

// writeAll writes everybody under the number of the first result.
func (k *manyKit) writeAll() {
	k.t.Helper()
	for _, text := range []string{
		fmt.Sprintf(`INSERT INTO person (enterprise, number, person_id, from_result, to_result, sort_key, search,
			deployment, license, consumes, accounts, organizations, roles, document)
			SELECT %d, i, decode(rpad(lpad(to_hex(i::bigint << 13), 8, '0'), 32, '0'), 'hex'), 1, 9223372036854775807,
			rpad(lpad(to_hex(i::bigint << 13), 8, '0'), 32, '0'), '', 'server', 'Enterprise', TRUE, 1, '', '', '{}'
			FROM generate_series(1, %d) AS n(i)`, k.e.Number(), many),
		"ANALYZE",
	} {
		if _, err := k.db.Write.ExecContext(k.t.Context(), text); err != nil {
			k.t.Fatal(err)
		}
	}
	for i := range k.numbers {
		k.numbers[i] = int64(i + 1)
	}
}

func (k *manyKit) writeLookedAt(w *store.ResultWriter) {
	k.t.Helper()
	numbers := map[int64]bool{}
	for _, p := range lookedAt() {
		for n := p.from + 1; n <= min(many, p.from+int64(p.size)); n++ {
			numbers[n] = true
		}
	}
	for n := range numbers {
		p := person(n, "{}")
		var err error
		if k.numbers[n-1], err = w.Write(k.t.Context(), nil, &p); err != nil {
			k.t.Fatal(err)
		}
	}
	for i, number := range k.numbers {
		if number == 0 {
			k.numbers[i] = math.MaxInt64 - int64(i) // nobody's
		}
	}
}

// person is person n.
func person(n int64, document string) store.Person {
	id := spreadID(n)
	return store.Person{ID: id, SortKey: id.String(), Deployment: "server", Consumes: true, Accounts: 1, Document: document}
}

// alterFirst publishes a result with another first person and another first
// block: the fifth and sixth changed places.
func (k *manyKit) alterFirst() int64 {
	k.t.Helper()
	w := k.begun()
	was, err := k.e.Person(k.t.Context(), w.Inputs.Result, spreadID(1))
	if err != nil {
		k.t.Fatal(err)
	}
	now := person(1, fmt.Sprintf(`{"before": %d}`, w.Inputs.Result))
	if _, err := w.Write(k.t.Context(), was, &now); err != nil {
		k.t.Fatal(err)
	}
	numbers := slices.Clone(k.numbers)
	if w.Inputs.Result%2 == 1 {
		numbers[4], numbers[5] = numbers[5], numbers[4]
	}
	return k.finish(w, numbers)
}

func (k *manyKit) finish(w *store.ResultWriter, numbers []int64) int64 {
	k.t.Helper()
	for _, list := range []store.List{store.AllPeople, store.Consumed} {
		w.WriteBlocks(k.t.Context(), list, numbers)
	}
	ids := make([]store.PersonID, many)
	for i := range ids {
		ids[i] = spreadID(int64(i + 1))
	}
	w.WriteIDs(k.t.Context(), ids, k.numbers)
	r := &store.Result{CreatedAt: at(), People: many, Licenses: many, Document: json.RawMessage("{}")}
	if _, err := w.Publish(k.t.Context(), r, nil); err != nil {
		k.t.Fatal(err)
	}
	return r.Number
}

// mustReadOneRow checks by the database's own plan that a statement finds its
// row by the whole key, and looks at no other.
func (k *manyKit) mustReadOneRow(s dbtest.Statement) {
	k.t.Helper()
	if k.db.Dialect == database.SQLite {
		k.mustSearchByKey(s)
		return
	}
	text := k.explained(s)
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		k.t.Fatal(err)
	}
	k.mustTouchOneRow(plans[0].Plan, text)
}

// explained is what PostgreSQL says of a statement that it runs.
func (k *manyKit) explained(s dbtest.Statement) (text string) {
	k.t.Helper()
	if err := k.db.Read.QueryRowContext(k.t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+s.Text, s.Args...).Scan(&text); err != nil {
		k.t.Fatal(err)
	}
	return text
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
var keySearch = regexp.MustCompile(`^SEARCH (person|person_block|result) USING INDEX sqlite_autoindex_(person|person_block|result)_1 ` +
	`\(enterprise=\? AND (number=\? AND from_result<\?|list=\? AND block=\? AND from_result<\?|id=\?)\)$`)

func (k *manyKit) mustSearchByKey(s dbtest.Statement) {
	k.t.Helper()
	if steps := k.steps(s); len(steps) != 1 || slices.ContainsFunc(steps, func(s string) bool { return !keySearch.MatchString(s) }) {
		k.t.Errorf("the plan of %q is %q", s.Text, steps)
	}
}

// steps are those of SQLite's plan.
func (k *manyKit) steps(s dbtest.Statement) (steps []string) {
	k.t.Helper()
	rows, err := k.db.Read.QueryContext(k.t.Context(), "EXPLAIN QUERY PLAN "+s.Text, s.Args...)
	if err != nil {
		k.t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // its error shows in Err
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
	return steps
}
