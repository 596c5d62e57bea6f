package hub_test

import (
	"slices"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// TestWhatNobodyDecidesAboutLapses: after thirty days a preview and a held file
// are discarded, with the reason and without what they staged, and their
// sources take the next one. What somebody touched waits on.
func TestWhatNobodyDecidesAboutLapses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		git, other := newAgent(1, "git.acme.example"), newAgent(2, "other.acme.example")
		k.join(git, people{"1": "mona@acme.example"})
		preview := k.mustReceive(k.export(git, people{"2": "hubot@acme.example"}.users()), store.Preview)
		held := k.mustReceive(k.export(other, people{"3": "vera@acme.example"}.users()), store.Waiting)
		if got, want := hub.LapsesAt(preview), preview.UpdatedAt.Add(30*24*time.Hour); !got.Equal(want) {
			t.Errorf("it lapses at %v, want %v", got, want)
		}
		retain := func() []hub.UploadState {
			t.Helper()
			if err := k.hub.Retain(t.Context(), k.e); err != nil {
				t.Fatal(err)
			}
			return k.uploads()
		}
		k.later(29 * 24 * time.Hour)
		waiting := []hub.UploadState{store.Waiting, store.Preview, store.Applied}
		if got := retain(); !slices.Equal(got, waiting) {
			t.Errorf("after 29 days there are %v, want %v", got, waiting)
		}
		late := k.load(list("mona"))
		k.later(2 * 24 * time.Hour)
		if got, want := retain(), []hub.UploadState{store.Preview, store.Discarded, store.Discarded, store.Applied}; !slices.Equal(got, want) {
			t.Errorf("after 31 days there are %v, want %v", got, want)
		}
		for _, u := range []*hub.Upload{preview, held} {
			k.mustHaveLapsed(u)
		}
		if !hub.LapsesAt(k.upload(late.ID)).After(preview.UpdatedAt.Add(32 * 24 * time.Hour)) {
			t.Error("what came later lapses as early")
		}
		k.mustReceive(k.export(git, people{"2": "hubot@acme.example"}.users()), store.Preview)
	})
}

// mustHaveLapsed says that an upload is gone, why, and with all it staged.
func (k *kit) mustHaveLapsed(before *hub.Upload) {
	k.t.Helper()
	u := k.upload(before.ID)
	if u.State != store.Discarded || u.Refusal == nil || u.Refusal.Key != "hub.lapsed" || !hub.LapsesAt(u).IsZero() {
		k.t.Errorf("%s of a %s upload, refusal %+v, want hub.lapsed", u.State, before.State, u.Refusal)
	}
	var rows int
	query := "SELECT count(*) FROM item WHERE document LIKE '%hubot@acme.example%' OR document LIKE '%vera@acme.example%'"
	if err := k.db.Read.QueryRowContext(k.t.Context(), query).Scan(&rows); err != nil || rows != 0 {
		k.t.Errorf("%d rows are left of it, %v", rows, err)
	}
}

func (k *kit) upload(id string) *hub.Upload {
	k.t.Helper()
	u, err := k.hub.Upload(k.t.Context(), k.e, id)
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}
