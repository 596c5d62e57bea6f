package store_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// crowd is the people of a result: document by name.
type crowd map[string]string

func idOf(name string) store.PersonID { return store.NewPersonIDs([]byte("salt")).Of(name) }

func (c crowd) people() iter.Seq2[store.Person, error] {
	return func(yield func(store.Person, error) bool) {
		for _, name := range slices.Sorted(maps.Keys(c)) {
			p := store.Person{ID: idOf(name), SortKey: name, Deployment: "cloud", Consumes: true, Accounts: 1, Document: c[name]}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func manyNames(n int) crowd {
	c := crowd{}
	for i := range n {
		c[fmt.Sprintf("person%05d", i)] = fmt.Sprint(i)
	}
	return c
}

func (k *kit) write(w *store.ResultWriter, c crowd) {
	k.t.Helper()
	defer w.Close()
	numbers, err := w.Compare(k.t.Context(), c.people(), func(*store.StoredPerson, *store.Person) error { return nil })
	if err != nil {
		k.t.Fatal(err)
	}
	w.WriteBlocks(k.t.Context(), store.AllPeople, numbers)
}

func (k *kit) begun() *store.ResultWriter {
	k.t.Helper()
	w, err := k.e.BeginResult(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return w
}

func (k *kit) publish(c crowd) (*store.Result, *store.ResultWriter) {
	k.t.Helper()
	w := k.begun()
	k.write(w, c)
	r := &store.Result{CreatedAt: at(), People: int64(len(c)), Document: json.RawMessage("{}")}
	if _, err := w.Publish(k.t.Context(), r, nil); err != nil {
		k.t.Fatal(err)
	}
	return r, w
}

// wantPeople checks people and order of a result.
func (k *kit) wantPeople(result int64, c crowd) {
	k.t.Helper()
	got, said := 0, map[string]bool{}
	for _, document := range c {
		said[document] = true
	}
	err := k.e.ComparePeople(k.t.Context(), result, crowd{}.people(), func(p *store.StoredPerson, _ *store.Person) error {
		if got++; !said[p.Document] {
			k.t.Fatalf("nobody says %q", p.Document)
		}
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
	if got != len(c) {
		k.t.Fatalf("result %d has %d people, want %d", result, got, len(c))
	}
	names := slices.Sorted(maps.Keys(c))
	for from := 0; from <= len(names); from += 70 {
		page, err := k.e.Page(k.t.Context(), result, store.AllPeople, int64(from), 70)
		if err != nil {
			k.t.Fatal(err)
		}
		want := names[from:min(from+70, len(names))]
		if len(page) != len(want) {
			k.t.Fatalf("page at %d has %d people, want %d", from, len(page), len(want))
		}
		for i := range page {
			if page[i].Document != c[want[i]] {
				k.t.Fatalf("place %d: %q, want %q", from+i, page[i].Document, c[want[i]])
			}
		}
	}
}

func TestResultsOfAnyHistoryStayReadable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, r := newKit(t, db), rand.New(rand.NewPCG(1, 2))
		now := crowd{}
		results := map[int64]crowd{}
		for n := range 12 {
			next := maps.Clone(now)
			for range r.IntN(12) {
				next[fmt.Sprint(r.IntN(40))] = fmt.Sprintf("%d of step %d", r.IntN(3), n)
				delete(next, fmt.Sprint(r.IntN(40)))
			}
			if n%3 == 2 { // a writer that dies; the next one or a restart cleans up
				k.write(k.begun(), next)
				if n%2 == 0 {
					if err := k.store.Recover(t.Context(), "hub.interrupted", at()); err != nil {
						t.Fatal(err)
					}
				}
				continue
			}
			res, _ := k.publish(next)
			now, results[res.Number] = next, next
		}
		for number, c := range results {
			k.wantPeople(number, c)
		}
	})
}

func TestPeopleAreWrittenInProportionToWhatChanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k, c := newKit(t, db), manyNames(10_500) // more than a chunk
		r, w := k.publish(c)
		if w.Written != 10_500 || w.Blocks != 11 {
			t.Fatalf("first: %d people, %d blocks", w.Written, w.Blocks)
		}
		k.wantPeople(r.Number, c)
		if _, w = k.publish(c); w.Written != 0 || w.Blocks != 0 {
			t.Fatalf("nothing changed: %d people, %d blocks", w.Written, w.Blocks)
		}
		c = maps.Clone(c)
		c["person00700"] = "changed"
		delete(c, "person10499")
		if _, w = k.publish(c); w.Written != 3 || w.Blocks != 1 {
			t.Fatalf("one changed, one gone: %d people, %d blocks", w.Written, w.Blocks)
		}
	})
}

func TestAnOlderRecountNeverReplacesANewerOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		slow := k.begun()
		newest, _ := k.publish(manyNames(5))
		slow.WriteBlocks(t.Context(), store.AllPeople, []int64{1, 2, 3})
		_, err := slow.Publish(t.Context(), &store.Result{Document: json.RawMessage("{}")}, nil)
		if errs.KindOf(err) != errs.Conflict || slow.Blocks != 0 {
			t.Fatalf("got %v and %d blocks of a writer that was given up on, want a conflict", err, slow.Blocks)
		}
		if now, err := k.e.Current(t.Context()); err != nil || now.Number != newest.Number {
			t.Fatalf("current is %+v, %v; want %d", now, err, newest.Number)
		}
	})
}

func TestAChangeDuringARecountIsTold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		w := k.begun()
		u, _ := k.stage(k.instance, manyPeople(2))
		k.apply(u)
		stale, err := w.Publish(t.Context(), &store.Result{Document: json.RawMessage("{}")}, nil)
		if err != nil || !stale {
			t.Fatalf("stale %v, %v; want true", stale, err)
		}
	})
}

func TestChangesComeInOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		u, _ := k.stage(k.instance, manyPeople(1))
		var changes []store.Change
		for i := range 250 {
			changes = append(changes, store.Change{Kind: "appeared", People: json.RawMessage("{}"), Licenses: int64(i)})
		}
		r := &store.Result{CreatedAt: at(), Document: json.RawMessage("{}")}
		if err := k.begun().Preview(t.Context(), u, r, changes); err != nil {
			t.Fatal(err)
		}
		got, err := k.e.Changes(t.Context(), r.Number, 100, 20)
		if err != nil || len(got) != 20 || got[0].Licenses != 100 || got[19].Licenses != 119 {
			t.Fatalf("got %d changes, %v", len(got), err)
		}
		k.discard(u)
		if got, err := k.e.Changes(t.Context(), r.Number, 0, 20); err != nil || len(got) != 0 {
			t.Fatalf("a discarded preview left %d changes, %v", len(got), err)
		}
	})
}
