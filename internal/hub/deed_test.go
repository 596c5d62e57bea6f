package hub_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
)

// deed is something a hub does that takes more than one transaction, or one
// with several statements.
type deed struct {
	Name   string
	File   []byte `json:",omitempty"`
	Upload string `json:",omitempty"`
	SameAs int64  `json:",omitempty"`
	Source int64  `json:",omitempty"`
	Seq    int64  `json:",omitempty"`
	Finger string `json:",omitempty"`
}

// do does it.
func (d *deed) do(ctx context.Context, h *hub.Service) error {
	var err error
	switch d.Name {
	case "load":
		_, err = h.LoadCloud(ctx, 1, []source.File{text("cloud.json", string(d.File))}, false, arrival())
	case "receive", "receive a large one":
		_, err = h.ReceiveUsage(ctx, 1, bytes.NewReader(d.File), arrival())
	case "supersede":
		a := arrival()
		a.Supersede = true
		_, err = h.ReceiveUsage(ctx, 1, bytes.NewReader(d.File), a)
	case "confirm", "confirm as the same":
		_, err = h.Confirm(ctx, 1, d.Upload, hub.Identity{Fingerprint: d.Finger, SameAs: d.SameAs, Actor: "mona"})
	case "apply":
		_, err = h.Apply(ctx, 1, d.Upload, "mona")
	case "recount":
		_, err = h.Recount(ctx, 1, "mona", false)
	case "discard":
		_, err = h.Discard(ctx, 1, d.Upload, "mona")
	case "undo":
		_, err = h.Undo(ctx, 1, d.Source, d.Seq, "a mistake", arrival())
	case "retain":
		err = h.Retain(ctx, 1)
	case "recover":
		err = h.Recover(ctx)
	default:
		err = fmt.Errorf("no deed %q", d.Name)
	}
	return err
}

// deeds are the names of all but recover, which is done at every start.
func deeds() []string {
	return []string{
		"receive", "apply", "recount", "load", "discard", "undo", "confirm", "supersede", "confirm as the same", "retain",
		"receive a large one",
	}
}

// smallDeeds are those that take little time.
func smallDeeds() []string { return deeds()[:len(deeds())-1] }

// world is a hub with a history, and the model of what counts.
type world struct {
	*kit
	now *model
}

// newWorld makes a hub whose cloud side and two instances count, the first for
// the third time.
func newWorld(k *kit) *world {
	k.t.Helper()
	w := &world{k, &model{
		list:   []string{login(0), login(1), login(2)},
		agents: []*agent{newAgent(1, "one.acme.example"), newAgent(2, "two.acme.example")},
	}}
	w.now.says = []people{crowd(0, 20), crowd(10, 30)}
	w.apply(w.load(list(w.now.list...)))
	for i, a := range w.now.agents {
		w.join(a, w.now.says[i])
	}
	for n := range 2 {
		w.now.says[0] = crowd(n+1, 22)
		w.apply(w.mustReceive(w.export(w.now.agents[0], w.now.says[0].users()), store.Preview))
	}
	return w
}

// crowd is who an instance says it has.
func crowd(first, last int) people {
	p := people{}
	for n := first; n < last; n++ {
		p[fmt.Sprint(n)] = login(n) + "@acme.example"
	}
	return p
}

// manyPeople are more than a transaction writes.
const manyPeople = 10_020

// prepare brings the hub to the moment before a deed, and says what will count
// when all that follows from the deed was done.
func (w *world) prepare(name string) (*deed, *model) {
	w.t.Helper()
	next, git := w.now.clone(), w.now.agents[0]
	next.says = slices.Clone(next.says)
	d := &deed{Name: name}
	switch name {
	case "load":
		next.list = []string{login(1), login(2), login(3), login(4)}
		d.File = []byte(list(next.list...))
	case "receive", "receive a large one", "supersede", "apply", "recount", "discard":
		w.prepareUsage(d, next, git)
	case "confirm", "confirm as the same":
		w.prepareHeld(d, next)
	case "undo":
		snaps, err := w.hub.Snapshots(w.t.Context(), w.e, 1, 10)
		if err != nil {
			w.t.Fatal(err)
		}
		d.Source, d.Seq = snaps[1].Source, snaps[1].Seq
		next.says[0] = crowd(1, 22)
	case "retain":
		w.tick.Add((91 * 24 * time.Hour).Microseconds())
	}
	return d, next
}

func (w *world) prepareUsage(d *deed, next *model, git *agent) {
	w.t.Helper()
	next.says[0] = crowd(5, 35)
	if d.Name == "receive a large one" {
		next.says[0] = crowd(0, manyPeople)
	}
	if d.Name == "supersede" {
		d.Upload = w.mustReceive(w.export(git, crowd(7, 9).users()), store.Preview).ID
	}
	d.File = w.export(git, next.says[0].users())
	if d.Name == "receive" || d.Name == "receive a large one" || d.Name == "supersede" {
		return
	}
	u := w.mustReceive(d.File, store.Preview)
	d.Upload = u.ID
	switch d.Name {
	case "recount":
		// Another result came in between, so that the preview's does not do.
		if _, err := w.hub.Recount(w.t.Context(), w.e, "mona", true); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.hub.Apply(w.t.Context(), w.e, u.ID, "mona"); err != nil {
			w.t.Fatal(err)
		}
		w.now = next
	case "discard":
		next.says[0] = w.now.says[0]
	}
}

// prepareHeld has an instance that nobody knows say something: a third one, or
// the second, set up again.
func (w *world) prepareHeld(d *deed, next *model) {
	w.t.Helper()
	a := newAgent(3, "zebra.acme.example")
	if d.Name == "confirm as the same" {
		a = newAgent(3, w.now.agents[1].host)
		d.SameAs = 2
		next.agents, next.says[1] = []*agent{next.agents[0], a}, crowd(15, 40)
	} else {
		next.agents, next.says = append(slices.Clone(next.agents), a), append(next.says, crowd(15, 40))
	}
	d.Finger = fingerprint(a).String()
	d.File = w.export(a, crowd(15, 40).users())
	d.Upload = w.mustReceive(d.File, store.Waiting).ID
}

// finish does what follows from a deed until the next state counts, whether the
// deed happened, was taken back half done, or never began.
func (w *world) finish(d *deed) {
	w.t.Helper()
	u := w.pending()
	switch {
	case u == nil && (d.Name == "apply" || d.Name == "discard"):
		return // it happened
	case u == nil && d.SameAs != 0, u == nil && d.Name == "confirm":
		again := deed{Name: "receive", File: d.File}
		w.mustDo(&again)
	case u == nil, d.Name == "supersede" && u.ID == d.Upload, d.Name == "discard":
		w.mustDo(d)
	}
	if u = w.pending(); u != nil && u.State == store.Waiting {
		d.Upload = u.ID
		w.mustDo(d)
	}
	if u = w.pending(); u != nil {
		w.apply(u)
	}
}

func (w *world) mustDo(d *deed) {
	w.t.Helper()
	if err := d.do(w.t.Context(), w.hub); err != nil {
		w.t.Fatalf("%s: %v", d.Name, err)
	}
}

// pending is the one upload nobody decided yet, nil when there is none.
func (w *world) pending() *hub.Upload {
	w.t.Helper()
	list, err := w.hub.Uploads(w.t.Context(), w.e, hub.Upload{}, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	if i := slices.IndexFunc(list, func(u *hub.Upload) bool { return u.State.Pending() }); i >= 0 {
		return list[i]
	}
	return nil
}

// check compares the current result with the model, counted anew from what is
// stored and from the model itself, and looks for what is left of uploads that
// do not count.
func (w *world) check(when string) {
	w.t.Helper()
	got := w.current()
	want := w.now.fresh(w.t, got.Counted)
	if got.Statement != want.Statement() {
		w.t.Fatalf("%s: the statement is %+v, want %+v", when, got.Statement, want.Statement())
	}
	if diff := gocmp.Diff(want.Instances(), got.Instances); diff != "" {
		w.t.Fatalf("%s: instances, want - got +:\n%s", when, diff)
	}
	if want.Len() < manyPeople {
		if diff := gocmp.Diff(namesOf(want), w.names(got, hub.AllPeople)); diff != "" {
			w.t.Fatalf("%s: people, want - got +:\n%s", when, diff)
		}
	}
	fresh, err := w.hub.Recount(w.t.Context(), w.e, "mona", true)
	if err != nil {
		w.t.Fatal(err)
	}
	wantChanges(w.t, fresh.Difference)
	w.checkLeftovers(when)
}

// checkLeftovers: what no pointer will ever show is not there.
func (w *world) checkLeftovers(when string) {
	w.t.Helper()
	for what, query := range map[string]string{
		"uploads that nobody works on": `SELECT count(*) FROM upload WHERE state IN ('checking', 'removing')`,
		"items of uploads that do not count": `SELECT count(*) FROM item JOIN upload ON upload.enterprise = item.enterprise
			AND upload.source = item.source AND upload.seq IN (item.from_seq, item.to_seq)
			WHERE upload.state IN ('refused', 'discarded', 'superseded')`,
		"items of a source that never counted": `SELECT count(*) FROM item WHERE source > 0
			AND NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.enterprise = item.enterprise AND s.source = item.source AND s.applied_at > 0)
			AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.enterprise = item.enterprise AND u.source = item.source
				AND u.state IN ('checking', 'held', 'preview', 'removing'))`,
		"snapshots of uploads that do not count": `SELECT count(*) FROM snapshot JOIN upload ON upload.enterprise = snapshot.enterprise
			AND upload.source = snapshot.source AND upload.seq = snapshot.seq
			WHERE upload.state IN ('refused', 'discarded', 'superseded')`,
		"previews of uploads that do not count": `SELECT count(*) FROM result JOIN upload ON upload.enterprise = result.enterprise
			AND upload.id = result.upload WHERE result.kind = 'preview' AND upload.state IN ('refused', 'discarded', 'superseded')`,
		"people of no result": `SELECT count(*) FROM person JOIN enterprise ON enterprise.id = person.enterprise
			WHERE from_result > current_result OR to_result > current_result AND to_result < 9223372036854775807`,
		"blocks of no result": `SELECT count(*) FROM person_block JOIN enterprise ON enterprise.id = person_block.enterprise
			WHERE from_result > current_result OR to_result > current_result AND to_result < 9223372036854775807`,
	} {
		var n int
		if err := w.db.Read.QueryRowContext(w.t.Context(), query).Scan(&n); err != nil || n > 0 {
			w.t.Errorf("%s: %d %s, %v", when, n, what, err)
		}
	}
}
