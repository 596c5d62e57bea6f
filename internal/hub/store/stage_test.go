package store_test

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// manyPeople is an instance with n people.
func manyPeople(n int) people {
	p := people{}
	for i := range n {
		p[fmt.Sprint(i)] = fmt.Sprintf("person%d@acme.example", i)
	}
	return p
}

func TestAnyHistoryLeavesWhatAModelSays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		for seed := range uint64(3) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) { randomHistory(t, db, seed) })
		}
	})
}

// history is a random walk over two instances with what each should say.
type history struct {
	*kit
	r       *rand.Rand
	sources []int64
	want    map[int64]people
	kept    map[int64]map[int64]people // by source and pointer
}

func randomHistory(t *testing.T, db *database.DB, seed uint64) {
	t.Helper()
	s := store.New(db)
	number, err := s.AddEnterprise(t.Context(), fmt.Sprint("acme", seed), "Acme", store.Settings{}, at())
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{t: t, store: s, e: s.For(number)}
	h := history{kit: k, r: rand.New(rand.NewPCG(seed, 1)), want: map[int64]people{}, kept: map[int64]map[int64]people{}}
	for _, host := range []string{"one.acme.example", "two.acme.example"} {
		source := k.mustInstance(host)
		h.sources = append(h.sources, source)
		h.want[source], h.kept[source] = people{}, map[int64]people{}
	}
	for range 25 {
		h.step()
		for source, p := range h.want {
			k.want(source, p)
			for seq, p := range h.kept[source] {
				if got := k.visibleAt(source, seq); !maps.Equal(got, p) {
					t.Fatalf("snapshot %d of source %d changed: %v, want %v", seq, source, got, p)
				}
			}
		}
	}
}

func (h *history) step() {
	h.t.Helper()
	source := h.sources[h.r.IntN(2)]
	next := h.next(h.want[source])
	switch h.r.IntN(6) {
	case 0:
		u, _ := h.stage(source, next)
		h.discard(u)
	case 1: // a file that turns out to be wrong
		u := h.begin(source)
		_, err := h.e.Stage(h.t.Context(), u, broken(next.items(), h.r.IntN(10)))
		if !errors.Is(err, errBroken) {
			h.t.Fatalf("got %v, want %v", err, errBroken)
		}
		h.discard(u)
	case 2: // the program ends in the middle
		u := h.begin(source)
		if _, err := h.e.Stage(h.t.Context(), u, next.items()); err != nil {
			h.t.Fatal(err)
		}
		h.recover()
	case 3: // the program ends while discarding
		u, _ := h.stage(source, next)
		h.end(u, store.Discarded)
		h.recover()
	default:
		u, _ := h.stage(source, next)
		h.apply(u)
		h.want[source] = next
		h.kept[source][u.Seq] = next
	}
}

func (h *history) recover() {
	h.t.Helper()
	if err := h.store.Recover(h.t.Context(), "hub.interrupted", at()); err != nil {
		h.t.Fatal(err)
	}
}

// next changes some people of an instance.
func (h *history) next(p people) people {
	next := maps.Clone(p)
	for range h.r.IntN(8) {
		id := fmt.Sprint(h.r.IntN(30))
		if h.r.IntN(3) == 0 {
			delete(next, id)
		} else {
			next[id] = fmt.Sprintf("person%d@acme.example", h.r.IntN(3))
		}
	}
	return next
}

var errBroken = errors.New("broken")

// broken ends with an error after n items.
func broken(items iter.Seq2[store.Item, error], n int) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for item, err := range items {
			if n--; n < 0 {
				break
			}
			if !yield(item, err) {
				return
			}
		}
		yield(store.Item{}, errBroken)
	}
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		p := manyPeople(12_500) // more than a chunk
		u, first := k.stage(k.instance, p)
		if first != (store.Staged{Items: 12_500, Added: 12_500}) {
			t.Fatalf("first: %+v", first)
		}
		k.apply(u)

		u, same := k.stage(k.instance, p)
		if same != (store.Staged{Items: 12_500}) {
			t.Fatalf("nothing changed: %+v", same)
		}
		k.apply(u)

		changed := maps.Clone(p)
		for i := range 125 {
			changed[fmt.Sprint(i*100)] = "somebody@acme.example"
		}
		u, few := k.stage(k.instance, changed)
		if few != (store.Staged{Items: 12_500, Added: 125, Closed: 125}) {
			t.Fatalf("one in a hundred changed: %+v", few)
		}
		k.want(k.instance, p)
		k.apply(u)
		k.want(k.instance, changed)
	})
}

func TestAWriterThatWasGivenUpOnWritesNoMore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		u := k.begin(k.instance)
		k.discard(u)
		_, err := k.e.Stage(t.Context(), u, manyPeople(3).items())
		if errs.KindOf(err) != errs.Conflict {
			t.Fatalf("got %v, want a conflict", err)
		}
		k.want(k.instance, people{})
	})
}

func TestASourceHasOnePendingUpload(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		u, _ := k.stage(k.instance, manyPeople(3))
		second := &store.Upload{ID: "second", Source: k.instance, Kind: store.UploadUsage, State: store.Checking}
		err := k.e.InTx(t.Context(), func(tx *store.Tx) error { return tx.AddUpload(t.Context(), second) })
		if errs.KindOf(err) != errs.Conflict {
			t.Fatalf("got %v, want a conflict", err)
		}
		k.inTx(func(tx *store.Tx) error {
			pending, err := tx.PendingUpload(t.Context(), k.instance)
			if err == nil && (pending == nil || pending.ID != u.ID) {
				t.Errorf("pending is %+v, want %s", pending, u.ID)
			}
			return err
		})
		k.discard(u)
		k.stage(k.instance, manyPeople(4))
	})
}

func TestOldSnapshotsAreGivenUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		var seqs []int64
		for n := range 5 {
			u, _ := k.stage(k.instance, manyPeople(n+1))
			k.apply(u)
			seqs = append(seqs, u.Seq)
		}
		if err := k.e.KeepFrom(t.Context(), k.instance, seqs[2]); err != nil {
			t.Fatal(err)
		}
		for n := 2; n < 5; n++ {
			if got := k.visibleAt(k.instance, seqs[n]); len(got) != n+1 {
				t.Errorf("snapshot %d: %d people, want %d", n, len(got), n+1)
			}
		}
		all, err := k.e.Snapshots(t.Context(), k.instance, 10)
		if err != nil || len(all) != 5 {
			t.Fatalf("%d snapshots, %v; want 5", len(all), err)
		}
		for i, s := range all {
			if want := i < 3; s.Kept != want {
				t.Errorf("snapshot %d: kept %v, want %v", s.Seq, s.Kept, want)
			}
		}
	})
}

func TestEnterprisesAreApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		u, _ := k.stage(k.instance, manyPeople(3))
		k.apply(u)
		number, err := k.store.AddEnterprise(t.Context(), "other", "Other", store.Settings{}, at())
		if err != nil {
			t.Fatal(err)
		}
		other := &kit{t: t, store: k.store, e: k.store.For(number)}
		source := other.mustInstance("git.acme.example")
		if source != k.instance {
			t.Fatalf("the first instance of each has the same number; got %d and %d", source, k.instance)
		}
		other.want(source, people{})
		if _, err := other.e.Upload(t.Context(), u.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("an upload of another enterprise: %v", err)
		}
		w, _ := other.stage(source, manyPeople(2))
		other.discard(w)
		k.want(k.instance, manyPeople(3))
	})
}
