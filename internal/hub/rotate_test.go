package hub_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
)

func TestAKeyIsRotatedWithOverlap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		ctx := t.Context()
		before, err := k.hub.UnsealingKeys(ctx, k.e)
		if err != nil || len(before.Own) != 1 || before.Own[0].Recipient != k.to || !before.Own[0].Current || before.Own[0].MadeAt.IsZero() {
			t.Fatalf("%+v %v", before, err)
		}
		file := k.export(newAgent(1, "ghes-1.acme.example"), people{"1": "mona@acme.example"}.users())
		next, err := k.hub.RotateKey(ctx, k.e, "mona")
		if err != nil {
			t.Fatal(err)
		}
		after, err := k.hub.UnsealingKeys(ctx, k.e)
		if err != nil || len(after.Own) != 2 || after.Own[0].Recipient != next || !after.Own[0].Current || after.Own[1].Current {
			t.Fatalf("%+v %v", after, err)
		}
		if info, err := os.Stat(after.File); err != nil || info.Mode().Perm() != 0o600 || filepath.Ext(after.File) != ".key" {
			t.Errorf("%s: %v %v", after.File, info, err)
		}
		u := k.mustReceive(file, store.Waiting) // sealed to the key before
		if _, err := k.hub.Discard(ctx, k.e, u.ID, "mona"); err != nil {
			t.Fatal(err)
		}
		wantError(t, k.hub.RetireKey(ctx, k.e, next.String(), "mona"), errs.Conflict, "hub.current_key")
		if err := k.hub.RetireKey(ctx, k.e, k.to.String(), "mona"); err != nil {
			t.Fatal(err)
		}
		wantError(t, k.hub.RetireKey(ctx, k.e, k.to.String(), "mona"), errs.NotFound, "hub.no_recipient")
		if _, err := k.receive(file); err == nil {
			t.Error("a file that is sealed to a retired key is opened")
		}
		text, err := os.ReadFile(after.File)
		if err != nil || strings.Count(string(text), "AGE-SECRET-KEY-") != 1 || !strings.Contains(string(text), next.String()) {
			t.Errorf("the file has not the one key: %v", err)
		}
		for range 7 {
			if _, err := k.hub.RotateKey(ctx, k.e, "mona"); err != nil {
				t.Fatal(err)
			}
		}
		_, err = k.hub.RotateKey(ctx, k.e, "mona")
		wantError(t, err, errs.Conflict, "hub.many_keys")
	})
}

func TestSettingsAreTriedWithoutATrace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		ctx := t.Context()
		k.apply(k.load(list("mona", "jun")))
		before, err := k.hub.Current(ctx, k.e)
		if err != nil {
			t.Fatal(err)
		}
		trial, err := k.hub.TrySettings(ctx, k.e, "mona", func(s *hub.Settings) { s.ManagedUsers = new(true) })
		if err != nil || trial.Now.Number != before.Number || trial.Statement.Licenses != 2 || trial.People != 2 {
			t.Fatalf("%+v %v", trial, err)
		}
		_, err = k.hub.TrySettings(ctx, k.e, "mona", func(s *hub.Settings) { s.Billing = "barter" })
		wantError(t, err, errs.Invalid, "hub.bad_billing")
		after, err := k.hub.Current(ctx, k.e)
		if err != nil || after.Number != before.Number || after.Policy != before.Policy {
			t.Errorf("%+v %v", after, err)
		}
		side, err := k.hub.CloudSide(ctx, k.e)
		if err != nil || side.Loaded == nil || side.Loaded.Accounts != 2 || side.Loaded.Upload == nil {
			t.Errorf("%+v %v", side, err)
		}
	})
}
