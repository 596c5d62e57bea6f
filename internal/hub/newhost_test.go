package hub_test

import (
	"testing"

	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// TestASignedFileMeansItsOwnInstance: the name is in the file, and somebody has
// compared the fingerprint of its key. There is nothing to mistype.
func TestASignedFileMeansItsOwnInstance(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLiteAlone(t, store.Migrations()))
	k.join(newAgent(1, "ghes-1.acme.example"), people{"1": "mona@acme.example"})
	second := newAgent(2, "ghes-2.acme.example")
	u := k.confirm(second, k.mustReceive(k.export(second, people{"1": "lisa@acme.example"}.users()), store.Waiting))
	if u.State != store.Preview {
		t.Fatalf("the upload is %s", u.State)
	}
	isNew, meant, err := k.hub.NewHost(t.Context(), k.e, u)
	if err != nil || !isNew || meant != "" {
		t.Errorf("new is %v, and %q was meant: %v", isNew, meant, err)
	}
}
