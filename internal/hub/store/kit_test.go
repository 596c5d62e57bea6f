package store_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// at is when everything in these tests happens.
func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// kit is an enterprise in a database, with a server instance.
type kit struct {
	t        *testing.T
	store    *store.Store
	e        *store.Enterprise
	instance int64
	uploads  int
}

func newKit(t *testing.T, db *database.DB) *kit {
	t.Helper()
	s := store.New(db)
	number, err := s.AddEnterprise(t.Context(), "acme", "Acme", store.Settings{}, at())
	if err != nil {
		t.Fatal(err)
	}
	k := &kit{t: t, store: s, e: s.For(number)}
	k.instance = k.mustInstance("git.acme.example")
	return k
}

func (k *kit) inTx(fn func(*store.Tx) error) {
	k.t.Helper()
	if err := k.e.InTx(k.t.Context(), fn); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kit) mustInstance(host string) (number int64) {
	k.t.Helper()
	k.inTx(func(tx *store.Tx) (err error) {
		number, err = tx.AddSource(k.t.Context(), store.Source{State: store.Active, HostName: host, CreatedAt: at()})
		return err
	})
	return number
}

// people is what an instance says: address by user id.
type people map[string]string

func (p people) items() iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(p)) {
			item, err := store.AccountItem(&licensing.ServerAccount{
				UserID: id, Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(p[id]), Primary: true}},
			})
			if !yield(item, err) {
				return
			}
		}
	}
}

// begin adds an upload for a source.
func (k *kit) begin(source int64) *store.Upload {
	k.t.Helper()
	k.uploads++
	u := &store.Upload{
		ID: fmt.Sprintf("upload-%03d", k.uploads), Source: source, Kind: store.UploadUsage, State: store.Checking,
		Header: json.RawMessage("{}"), Actor: "mona", CreatedAt: at().Add(time.Duration(k.uploads) * time.Second),
	}
	k.inTx(func(tx *store.Tx) error { return tx.AddUpload(k.t.Context(), u) })
	return u
}

// stage stages people and brings the upload to preview.
func (k *kit) stage(source int64, p people) (*store.Upload, store.Staged) {
	k.t.Helper()
	u := k.begin(source)
	staged, err := k.e.Stage(k.t.Context(), u, p.items())
	if err != nil {
		k.t.Fatal(err)
	}
	k.inTx(func(tx *store.Tx) error {
		return tx.Staged(k.t.Context(), u, &store.Snapshot{
			Sequence: int64(k.uploads), Digest: usagefile.Digest{1}, StagedAt: at(), Items: staged.Items, Meta: json.RawMessage("{}"),
		}, store.Preview)
	})
	return u, staged
}

func (k *kit) apply(u *store.Upload) {
	k.t.Helper()
	k.inTx(func(tx *store.Tx) error { return tx.Apply(k.t.Context(), u, at()) })
}

func (k *kit) end(u *store.Upload, ending store.UploadState) {
	k.t.Helper()
	k.inTx(func(tx *store.Tx) error { return tx.EndUpload(k.t.Context(), u.ID, ending, nil, at()) })
}

func (k *kit) discard(u *store.Upload) {
	k.t.Helper()
	k.end(u, store.Discarded)
	if err := k.e.Remove(k.t.Context(), u, at()); err != nil {
		k.t.Fatal(err)
	}
}

// visibleAt is what a source says at a pointer.
func (k *kit) visibleAt(source, seq int64) people {
	k.t.Helper()
	out := people{}
	var decoder store.AccountDecoder
	last := ""
	for item, err := range k.e.Items(k.t.Context(), source, seq) {
		if err != nil {
			k.t.Fatal(err)
		}
		a, err := decoder.Decode(&item)
		if err != nil {
			k.t.Fatal(err)
		}
		if a.UserID <= last {
			k.t.Fatalf("id %q after %q", a.UserID, last)
		}
		last = a.UserID
		out[a.UserID] = a.Emails[0].Email.Address()
	}
	return out
}

// visible is what a source says now.
func (k *kit) visible(source int64) people {
	k.t.Helper()
	s, err := k.e.Source(k.t.Context(), source)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.visibleAt(source, s.Seq)
}

func (k *kit) want(source int64, p people) {
	k.t.Helper()
	if got := k.visible(source); !maps.Equal(got, p) {
		k.t.Fatalf("source %d says %d people, want %d", source, len(got), len(p))
	}
}
