package hub_test

import (
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// cutKit is a hub in which mona has a marked line.
type cutKit struct {
	*worldKit
	w *workWorld
}

func newCutKit(t *testing.T, db *database.DB) *cutKit {
	t.Helper()
	k := &cutKit{&worldKit{newKit(t, db)}, newWorkWorld()}
	k.w.cloud["mona"] = worldAccount{verified: []string{"mona@acme.example"}, member: true}
	k.mona("mona@optics.example")
	k.makeLists()
	line := k.lines(hub.WorkNear, 0, "")[0]
	mark := hub.WorkMark{State: hub.WorkAsked, Note: "ticket 42"}
	if err := k.hub.MarkWork(t.Context(), k.e, hub.WorkNear, line.Person.ID, mark, "owner mona"); err != nil {
		t.Fatal(err)
	}
	return k
}

// mona brings her account with an address.
func (k *cutKit) mona(address string) {
	k.w.server[0]["1"] = []string{address}
	k.bring(k.w)
}

// run runs statements as an administrator of the database might.
func (k *cutKit) run(statements ...string) {
	k.t.Helper()
	for _, s := range statements {
		if _, err := k.db.Write.ExecContext(k.t.Context(), s); err != nil {
			k.t.Fatalf("%s: %v", s, err)
		}
	}
}

// manyPutRight puts so many lines beside mona's, of people who are there no more,
// that they leave the list in more than one transaction, of 2,500 each.
func (k *cutKit) manyPutRight() {
	k.t.Helper()
	id := "decode(lpad(to_hex(i), 32, '0'), 'hex')"
	if k.db.Dialect == database.SQLite {
		id = "unhex(printf('%032x', i))"
	}
	k.run("INSERT INTO work_line (enterprise, list, person_id, place, sources, saves, document, since, state, note, actor, stated_at) " +
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2502) SELECT w.enterprise, w.list, " + id +
		", w.place, w.sources, w.saves, '{}', w.since, 'todo', '', '', 0 FROM n, work_line w WHERE w.list = 'fixed'")
}

// cutOff makes the lists, which fails.
func (k *cutKit) cutOff() {
	k.t.Helper()
	if err := k.hub.MakeWorklists(k.t.Context(), k.e); err == nil {
		k.t.Fatal("nothing cut the run off")
	}
}

func (k *cutKit) wantMark(list hub.WorkList, state, was hub.WorkState) {
	k.t.Helper()
	lines := k.lines(list, 0, "")
	if len(lines) != 1 {
		k.t.Fatalf("%s has %d lines", list, len(lines))
	}
	if l := lines[0]; l.State != state || l.Was != was || l.Note != "ticket 42" || l.Actor != "owner mona" {
		k.t.Errorf("%s: %s, was %q, %q by %s", list, l.State, l.Was, l.Note, l.Actor)
	}
}

// TestMarkGoesBackThoughARunIsCutOff: the line that comes back cannot be written
// after the first of those that leave the list of who was put right are gone; the
// next run writes it with the mark.
func TestMarkGoesBackThoughARunIsCutOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newCutKit(t, db)
		k.run("CREATE TABLE in_the_way AS SELECT * FROM work_place WHERE list = 'near'")
		k.mona("mona@acme.example")
		k.makeLists()
		k.wantMark(hub.WorkFixed, hub.WorkTodo, hub.WorkAsked)
		k.manyPutRight()
		k.mona("mona@optics.example")
		k.run("INSERT INTO work_place SELECT * FROM in_the_way")
		k.cutOff()
		k.run("DELETE FROM work_place WHERE list = 'near'")
		k.makeLists()
		k.wantLines(hub.WorkFixed)
		k.wantMark(hub.WorkNear, hub.WorkAsked, "")
	})
}

// TestMarkStaysWithWhoIsPutRightThoughARunIsCutOff: the line that it stood on is
// gone, and the lists are not said to be of the result yet; the next run finds it
// where it went, and it goes back from there.
func TestMarkStaysWithWhoIsPutRightThoughARunIsCutOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newCutKit(t, db)
		k.mona("mona@acme.example")
		k.run("CREATE TABLE of_before AS SELECT result FROM work")
		k.makeLists()
		k.run("UPDATE work SET result = (SELECT result FROM of_before)") // as if the last transaction had not come
		k.makeLists()
		k.wantMark(hub.WorkFixed, hub.WorkTodo, hub.WorkAsked)
		k.mona("mona@optics.example")
		k.makeLists()
		k.wantMark(hub.WorkNear, hub.WorkAsked, "")
	})
}
