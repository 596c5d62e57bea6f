package hub_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// TestAgentsAreEnrolledWithOneKey: every file of an enterprise is signed with
// the same key, and a later one replaces an earlier one.
func TestAgentsAreEnrolledWithOneKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		first, err := k.hub.Enrolment(t.Context(), k.e, "mona", "https://hub.acme.example", nil)
		if err != nil {
			t.Fatal(err)
		}
		licenses := &enrolment.Licenses{Seats: 500, ExpiresAt: at().AddDate(1, 0, 0)}
		again, err := hub.New(k.config).Enrolment(t.Context(), k.e, "mona", "", licenses)
		if err != nil {
			t.Fatal(err)
		}
		read, err := enrolment.Decode(bytes.NewReader(again.Text))
		if err != nil {
			t.Fatal(err)
		}
		if err := enrolment.Check(read, &first.Enrolment); err != nil {
			t.Error(err)
		}
		if read.Slug != "acme" || read.Name != "Acme" || read.Recipient != k.to || read.Licenses.Seats != 500 {
			t.Errorf("got %+v", read)
		}
		if first.Hub != "https://hub.acme.example" || first.Licenses != nil || first.IssuedAt != at().Truncate(time.Second) {
			t.Errorf("got %+v", first.Enrolment)
		}
	})
}

func TestTheKeyThatSignsIsAFileOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := hub.KeyDir(t.TempDir())
	key, err := dir.Signing("acme")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(string(dir), hub.SigningKeyFile("acme"))
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info, err)
	}
	if again, err := dir.Signing("acme"); err != nil || !again.Equal(key) {
		t.Errorf("another key: %v", err)
	}
	if other, err := dir.Signing("globex"); err != nil || other.Equal(key) {
		t.Errorf("the same key for another enterprise: %v", err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []string{"", "no key", strings.Replace(string(text), "PRIVATE", "PUBLIC", 2), string(text[:80])} {
		if err := os.WriteFile(name, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := dir.Signing("acme"); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("%q: got %v", damage, err)
		}
	}
}

func TestAHubWithoutKeysEnrolsNobody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db, func(c *hub.Config) { c.Keys = "" })
		if _, err := k.hub.Enrolment(t.Context(), k.e, "mona", "", nil); errs.KindOf(err) != errs.Conflict {
			t.Errorf("got %v", err)
		}
	})
}

// TestFilesAreSealedToWhoeverHasTheKey: where the hub's unsealing key is
// elsewhere, its recipient stands in the settings.
func TestFilesAreSealedToWhoeverHasTheKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		if err := os.Remove(filepath.Join(string(k.config.Keys), "acme.key")); err != nil {
			t.Fatal(err)
		}
		if _, err := k.hub.Enrolment(t.Context(), k.e, "mona", "", nil); errs.KindOf(err) != errs.Conflict {
			t.Errorf("got %v", err)
		}
		if _, err := k.hub.AddRecipient(t.Context(), k.e, k.to.String(), "mona"); err != nil {
			t.Fatal(err)
		}
		file, err := k.hub.Enrolment(t.Context(), k.e, "mona", "", nil)
		if err != nil || file.Recipient != k.to {
			t.Errorf("got %v, %v", file, err)
		}
	})
}
