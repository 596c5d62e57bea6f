package hub_test

import (
	"bytes"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

// TestAHubWithoutKeyTakesNoFileUnchecked: a file in clear that names an
// enterprise comes in only with a key that says it is this one; one that names
// none comes in with a warning.
func TestAHubWithoutKeyTakesNoFileUnchecked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.hub = hub.New(hub.Config{Store: store.New(db), Now: k.clock, Version: "test"})
		key, err := usagefile.NewIdentity()
		if err != nil {
			t.Fatal(err)
		}
		git := newAgent(1, "git.acme.example")
		readable := func(to ...usagefile.Recipient) []byte {
			var file bytes.Buffer
			x := usagefile.Export{
				Instance: usagefile.Instance{ServerID: git.id, HostName: git.host}, Cleartext: true, Recipients: to,
				Snapshot: usagefile.Snapshot{Sequence: 1, TakenAt: at()},
			}
			if _, err := usagefile.Encode(&file, git.key, x, people{"1": "mona@acme.example"}.users()); err != nil {
				t.Fatal(err)
			}
			return file.Bytes()
		}
		meant := readable(key.Recipient())
		u, err := k.receive(meant)
		wantError(t, err, errs.Forbidden, "hub.audience_unknown")
		if u == nil || u.State != store.Refused {
			t.Errorf("recorded as %+v", u)
		}
		a := arrival()
		a.Identities = []*usagefile.Identity{key}
		if u, err := k.hub.ReceiveUsage(t.Context(), k.e, bytes.NewReader(meant), a); err != nil || u.State != store.Waiting {
			t.Errorf("with the key: got %+v, %v", u, err)
		}
		git = newAgent(2, "git-2.acme.example")
		k.mustReceive(readable(), store.Waiting)
	})
}
