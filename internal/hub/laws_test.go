package hub_test

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// model is what should count: the cloud list and what each instance says.
type model struct {
	list   []string // logins
	agents []*agent
	says   []people
}

// fresh counts the model with nothing but the engine.
func (m *model) fresh(t *testing.T, asOf hub.Counted) *licensing.Result {
	t.Helper()
	cloud, err := source.ReadCloud(t.Context(), []source.File{text("cloud.json", list(m.list...))}, source.CloudOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ix, err := licensing.NewIndex(cloud.Side, licensing.Documented(cloud.Side.Enterprise, asOf.AsOf))
	if err != nil {
		t.Fatal(err)
	}
	count := licensing.NewCount(ix)
	for i, a := range m.agents {
		if m.says[i] == nil {
			continue
		}
		n, err := count.AddInstance(a.host)
		if err != nil {
			t.Fatal(err)
		}
		var accounts []licensing.ServerAccount
		for user, err := range m.says[i].users() {
			if err != nil {
				t.Fatal(err)
			}
			accounts = append(accounts, user)
		}
		count.Add(n, ix.PlaceShard(a.host, accounts))
	}
	r, err := count.Result()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(name, content string) source.File {
	return source.File{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func (m *model) clone() *model {
	return &model{list: slices.Clone(m.list), agents: m.agents, says: slices.Clone(m.says)}
}

// change is a random next step of the world: the source that changes, -1 for
// the cloud side.
func (m *model) change(r *rand.Rand) (*model, int) {
	next := m.clone()
	which := r.IntN(len(m.agents)+1) - 1
	if which < 0 {
		next.list = nil
		for n := range 6 {
			if r.IntN(3) > 0 {
				next.list = append(next.list, login(n))
			}
		}
		return next, which
	}
	p := maps.Clone(m.says[which])
	if p == nil {
		p = people{}
	}
	for range 1 + r.IntN(6) {
		id := fmt.Sprint(r.IntN(9))
		if r.IntN(3) == 0 {
			delete(p, id)
		} else {
			p[id] = login(r.IntN(12)) + "@acme.example"
		}
	}
	next.says[which] = p
	return next, which
}

func login(n int) string { return fmt.Sprintf("person%02d", n) }

// TestAnyHistoryGivesWhatAFreshCountGives walks through random uploads, loads,
// discards and undos. After every step the current result is that of the
// engine over a plain model, and what changed is what the engine says changed.
func TestAnyHistoryGivesWhatAFreshCountGives(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		r := rand.New(rand.NewPCG(7, 7))
		m := &model{agents: []*agent{newAgent(1, "one.acme.example"), newAgent(2, "two.acme.example")}, says: make([]people, 2)}
		w := walk{kit: k, r: r, now: m, kept: map[int64]map[int64]*model{}}
		for range 30 {
			w.step()
		}
	})
}

type walk struct {
	*kit
	r    *rand.Rand
	now  *model
	kept map[int64]map[int64]*model // by source and pointer: what to go back to
}

func (w *walk) step() {
	w.t.Helper()
	next, which := w.now.change(w.r)
	var u *hub.Upload
	if which < 0 {
		u = w.load(list(next.list...))
	} else {
		u = w.mustArrive(next.agents[which], next.says[which])
	}
	if w.r.IntN(4) == 0 {
		w.discard(u)
		return
	}
	w.check(u, next)
	if w.kept[u.Source] == nil {
		w.kept[u.Source] = map[int64]*model{}
	}
	w.kept[u.Source][u.Seq] = next
	if w.r.IntN(3) == 0 {
		w.undo(u.Source, which)
	}
}

// mustArrive brings usage to preview, confirmed where it has to be.
func (w *walk) mustArrive(a *agent, p people) *hub.Upload {
	w.t.Helper()
	u, err := w.receive(w.export(a, p.users()))
	if err != nil {
		w.t.Fatal(err)
	}
	if u.State == store.Waiting {
		u = w.confirm(a, u)
	}
	return u
}

func (w *walk) discard(u *hub.Upload) {
	w.t.Helper()
	before, err := w.hub.Recount(w.t.Context(), w.e, "mona", false)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.hub.Discard(w.t.Context(), w.e, u.ID, "mona"); err != nil {
		w.t.Fatal(err)
	}
	after, err := w.hub.Recount(w.t.Context(), w.e, "mona", true)
	if err != nil {
		w.t.Fatal(err)
	}
	if before.Statement != after.Statement {
		w.t.Fatalf("a discard changed %+v into %+v", before.Statement, after.Statement)
	}
	wantChanges(w.t, after.Difference)
}

// undo goes back to a kept snapshot of a source.
func (w *walk) undo(source int64, which int) {
	w.t.Helper()
	snaps, err := w.hub.Snapshots(w.t.Context(), w.e, source, 10)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range snaps[1:] {
		was := w.kept[source][s.Seq]
		if !s.Kept || was == nil {
			continue
		}
		u, err := w.hub.Undo(w.t.Context(), w.e, source, s.Seq, "a mistake", arrival())
		if err != nil {
			w.t.Fatal(err)
		}
		next := w.now.clone()
		if which < 0 {
			next.list = was.list
		} else {
			next.says[which] = was.says[which]
		}
		w.check(u, next)
		return
	}
}

// check applies an upload and compares with the model.
func (w *walk) check(u *hub.Upload, next *model) {
	w.t.Helper()
	got := w.apply(u)
	before, after := w.now.fresh(w.t, got.Counted), next.fresh(w.t, got.Counted)
	if got.Statement != after.Statement() {
		w.t.Fatalf("the statement is %+v, want %+v", got.Statement, after.Statement())
	}
	if diff := gocmp.Diff(after.Instances(), got.Instances); diff != "" {
		w.t.Fatalf("instances, want - got +:\n%s", diff)
	}
	if diff := gocmp.Diff(namesOf(after), w.names(got, hub.AllPeople)); diff != "" {
		w.t.Fatalf("people, want - got +:\n%s", diff)
	}
	if diff := gocmp.Diff(tallied(licensing.Diff(before, after)), got.Difference.Tallies); diff != "" {
		w.t.Fatalf("changes, want - got +:\n%s", diff)
	}
	w.now = next
}

// namesOf are the people of a count as the hub should call them.
func namesOf(r *licensing.Result) []string {
	var out []string
	for p := range r.All() {
		name := p.Login
		if emails := p.PrimaryEmails(); name == "" && len(emails) > 0 {
			name = emails[0].Address()
		}
		out = append(out, cmp.Or(name, p.Anchor.Text()))
	}
	return out
}

func tallied(d licensing.Difference) []hub.ChangeTally {
	var out []hub.ChangeTally
	for _, kind := range []string{"joined", "split", "appeared", "vanished", "moved", "altered"} {
		out = append(out, hub.ChangeTally{Kind: kind})
	}
	for _, c := range d.Changes {
		out[c.Kind].Count++
		out[c.Kind].Licenses += c.Licenses
	}
	return out
}

// TestRowsAreWrittenInProportionToWhatChanged counts every row of accounts,
// people and their order that an apply adds or ends.
func TestRowsAreWrittenInProportionToWhatChanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git, p := newAgent(1, "git.acme.example"), people{}
		for i := range 3000 {
			p[fmt.Sprint(i)] = fmt.Sprintf("person%d@acme.example", i)
		}
		r := k.join(git, p)
		first := k.written(r)
		if first < 6000 {
			t.Fatalf("the first time wrote %d rows", first)
		}
		r = k.apply(k.mustReceive(k.export(git, p.users()), store.Preview))
		if n := k.written(r); n != 0 {
			t.Errorf("nothing changed, %d rows were written", n)
		}
		for i := range 30 {
			p[fmt.Sprint(i)] = fmt.Sprintf("other%d@acme.example", i)
		}
		r = k.apply(k.mustReceive(k.export(git, p.users()), store.Preview))
		if n := k.written(r); n == 0 || n > first*3/100 {
			t.Errorf("one in a hundred changed, %d rows were written; the first time %d", n, first)
		}
	})
}

// written is how many rows carry the numbers of the newest snapshot and result.
func (k *kit) written(r *hub.Result) int {
	k.t.Helper()
	seq := r.Inputs[len(r.Inputs)-1].Seq
	total := 0
	for query, number := range map[string]int64{
		"SELECT count(*) FROM item WHERE from_seq = $1": seq, "SELECT count(*) FROM item WHERE to_seq = $1": seq,
		"SELECT count(*) FROM person WHERE from_result = $1": r.Number, "SELECT count(*) FROM person WHERE to_result = $1": r.Number,
		"SELECT count(*) FROM person_block WHERE from_result = $1": r.Number,
	} {
		var n int
		if err := k.db.Read.QueryRowContext(k.t.Context(), query, number).Scan(&n); err != nil {
			k.t.Fatal(err)
		}
		total += n
	}
	return total
}
