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
	"github.com/oneseat/oneseat/internal/hub/store"
)

// TestAnyPageOfAWorklistReadsItsLines: with half a million lines, a page of
// whatever filter reads a place and a row for each line it shows and no other,
// wherever it begins.
func TestAnyPageOfAWorklistReadsItsLines(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("half a million rows")
	}
	dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
		db, reads := dbtest.Counted(t, location)
		k := &manyKit{kit: newKit(t, db), db: db}
		lines := k.writeManyLines()
		middle := numberedID(lines / 2)
		for _, source := range []int64{store.Everywhere, 1} {
			for _, state := range []store.WorkState{"", store.WorkTodo, store.WorkAsked} {
				for _, after := range []*store.PersonID{nil, &middle} {
					const limit = 30
					reads.Take()
					page, err := k.e.WorkPage(t.Context(), store.WorkNear, source, state, after, limit)
					if err != nil {
						t.Fatal(err)
					}
					rows, statements := reads.Take()
					what := fmt.Sprintf("source %d, state %q, in the middle %t", source, state, after != nil)
					if len(page) != limit || rows > 2*limit+1 || len(statements) > limit+2 {
						t.Errorf("%s: %d lines for %d rows in %d statements", what, len(page), rows, len(statements))
					}
					if slices.ContainsFunc(page, func(l store.WorkLine) bool { return state != "" && l.State != state }) {
						t.Errorf("%s: another state is among them", what)
					}
					for _, s := range statements[:3] { // the others are of a line each, as the last of these is
						k.mustReadInOrder(s, limit)
					}
				}
			}
		}
		reads.Take()
		if work, err := k.e.Work(t.Context()); err != nil || len(work.Tallies) != 4 {
			t.Errorf("the tallies are %+v, %v", work.Tallies, err)
		}
		if rows, _ := reads.Take(); rows > 5 {
			t.Errorf("the lengths of all lists took %d rows", rows)
		}
	})
}

// TestLinesAreFoundByHowTheirPlacesBegin, at most so many of each text, in order,
// and without asking for each text that no line begins with.
func TestLinesAreFoundByHowTheirPlacesBegin(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
		db, reads := dbtest.Counted(t, location)
		k := newKit(t, db)
		w, begins := k.e.WriteWork(), []string{"0b", "0d", "0f", "1b", "1d", "1f", "2b"}
		for n, place := range []string{"0a", "0c1", "0d1", "0d2", "0d3", "0d4", "1a", "1f1", "1f2", "1g"} {
			line := store.WorkLine{List: store.WorkNear, ID: numberedID(int64(n)), Place: place, State: store.WorkTodo, Since: at()}
			if err := w.Write(t.Context(), store.WorkEdit{Line: line, New: true}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Finish(t.Context(), 1, at()); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			list  store.WorkList
			texts []string
			limit int
			want  string
			asks  int // beside one for each line
		}{
			{store.WorkNear, begins, 3, "0d1 0d2 0d3 1f1 1f2", 6},     // all but 1d: no line stands between 1b and 1f
			{store.WorkNear, begins, 4, "0d1 0d2 0d3 0d4 1f1 1f2", 5}, // nor between 0d and 1a
			{store.WorkNear, begins, 9, "0d1 0d2 0d3 0d4 1f1 1f2", 5},
			{store.WorkNear, begins, 1, "0d1 1f1", 6},
			{store.WorkNear, []string{"1f", "1g"}, 2, "1f1 1f2 1g", 2},
			{store.WorkNear, []string{"1h", "1i", "2"}, 2, "", 1},
			{store.WorkNear, []string{"0A", "0B", "0C"}, 2, "", 1},
			{store.WorkFixed, begins, 2, "", 1},
		} {
			reads.Take()
			lines, err := k.e.WorkAt(t.Context(), test.list, test.texts, test.limit)
			if err != nil {
				t.Fatal(err)
			}
			_, statements := reads.Take()
			var got []string
			for _, l := range lines {
				got = append(got, l.Place)
			}
			if strings.Join(got, " ") != test.want || len(statements) != test.asks+len(lines) {
				t.Errorf("%d of %s with %q: got %q in %d statements, want %q in %d and one a line",
					test.limit, test.list, test.texts, got, len(statements), test.want, test.asks)
			}
		}
	})
}

// numberedID is the id of the person of line n.
func numberedID(n int64) (id store.PersonID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n))
	return id
}

// writeManyLines writes lines as the server itself can, half of them asked.
// SQLite's plans do not depend on how many there are.
func (k *manyKit) writeManyLines() int64 {
	k.t.Helper()
	lines := int64(many)
	numbers := fmt.Sprintf("SELECT i FROM generate_series(1, %d) AS n(i)", lines)
	id, place := "decode(lpad(to_hex(i), 32, '0'), 'hex')", "lpad(to_hex(i), 16, '0')"
	if k.db.Dialect == database.SQLite {
		lines = 20_000
		numbers = fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n", lines)
		id, place = "unhex(printf('%032x', i))", "printf('%016x', i)"
	}
	state := "CASE WHEN i % 2 = 0 THEN 'todo' ELSE 'asked' END"
	texts := []string{fmt.Sprintf(`INSERT INTO work_line (enterprise, list, person_id, place, sources, saves, document, since, state, note, actor, stated_at)
		SELECT %d, 'near', %s, %s, '1', 1, '[]', 1, %s, '', '', 0 FROM (%s) AS all_of_them`, k.e.Number(), id, place, state, numbers)}
	for _, source := range []int{store.Everywhere, 1} {
		texts = append(texts, fmt.Sprintf(`INSERT INTO work_place (enterprise, list, source, place, person_id, state)
			SELECT %d, 'near', %d, %s, %s, %s FROM (%s) AS all_of_them`, k.e.Number(), source, place, id, state, numbers))
	}
	for _, text := range append(texts, "ANALYZE") {
		if _, err := k.db.Write.ExecContext(k.t.Context(), text); err != nil {
			k.t.Fatal(err)
		}
	}
	if err := k.e.WriteWork().Finish(k.t.Context(), 1, at()); err != nil {
		k.t.Fatal(err)
	}
	return lines
}

// mustReadInOrder checks by the database's own plan that a statement reads
// along an index and no further than it has to.
func (k *manyKit) mustReadInOrder(s dbtest.Statement, most int) {
	k.t.Helper()
	if k.db.Dialect == database.SQLite {
		for _, step := range k.steps(s) {
			if !strings.HasPrefix(step, "SEARCH ") {
				k.t.Errorf("the plan of %q has the step %q", s.Text, step)
			}
		}
		return
	}
	var text string
	if err := k.db.Read.QueryRowContext(k.t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+s.Text, s.Args...).Scan(&text); err != nil {
		k.t.Fatal(err)
	}
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		k.t.Fatal(err)
	}
	var look func(n planNode)
	look = func(n planNode) {
		if !slices.Contains([]string{"Limit", "Index Scan", "Index Only Scan"}, n.Type) || n.Rows > float64(most) || n.Removed > 1 {
			k.t.Errorf("the plan reads too much: %s", text)
		}
		for _, below := range n.Plans {
			look(below)
		}
	}
	look(plans[0].Plan)
}
