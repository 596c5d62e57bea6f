package hub_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

func (k *kit) recount() *hub.Result {
	k.t.Helper()
	r, err := k.hub.Recount(k.t.Context(), k.e, "mona", false)
	if err != nil {
		k.t.Fatal(err)
	}
	return r
}

func TestAFigureTypedInIsReconciled(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		if r := k.apply(k.load(list("mona", "hubot"))); r.Reconciliation != nil {
			t.Fatalf("nothing is known of GitHub's figure: %+v", r.Reconciliation)
		}
		day := time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC)
		set := func(f *hub.GitHubFigure) error {
			_, err := k.hub.SetGitHubFigure(t.Context(), k.e, f, "mona")
			return err
		}
		if err := set(&hub.GitHubFigure{Licenses: 5, Date: day}); err != nil {
			t.Fatal(err)
		}
		if rc := k.recount().Reconciliation; rc == nil || rc.Figure != 5 || !rc.Date.Equal(day) || rc.Unexplained != 3 || rc.Licenses != 2 {
			t.Errorf("got %+v", rc)
		}
		wantError(t, set(&hub.GitHubFigure{Licenses: -1, Date: day}), errs.Invalid, "hub.bad_figure")
		wantError(t, set(&hub.GitHubFigure{Licenses: 1}), errs.Invalid, "hub.bad_figure")
		wantError(t, set(&hub.GitHubFigure{Licenses: 1, Date: at().AddDate(0, 1, 0)}), errs.Invalid, "hub.figure_ahead")
		if err := set(nil); err != nil {
			t.Fatal(err)
		}
		if rc := k.recount().Reconciliation; rc != nil {
			t.Errorf("a forgotten figure is still reconciled: %+v", rc)
		}
	})
}

// TestAHubWithoutKeyKnowsItsRecipients: a file in clear names its audience, and
// the settings say whether that is this enterprise.
func TestAHubWithoutKeyKnowsItsRecipients(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db, func(c *hub.Config) { c.Keys = "" })
		mine, other := recipient(t), recipient(t)
		if _, err := k.hub.AddRecipient(t.Context(), k.e, mine.String(), "mona"); err != nil {
			t.Fatal(err)
		}
		info, err := k.hub.AddRecipient(t.Context(), k.e, mine.String(), "mona")
		if err != nil || len(info.Settings.Recipients) != 1 {
			t.Fatalf("twice the same gives %v, %v", info.Settings.Recipients, err)
		}
		readable := func(n int, to usagefile.Recipient) []byte {
			var file bytes.Buffer
			git := newAgent(n, "git.acme.example")
			x := usagefile.Export{
				Instance: usagefile.Instance{ServerID: git.id, HostName: git.host}, Cleartext: true, Recipients: []usagefile.Recipient{to},
				Snapshot: usagefile.Snapshot{Sequence: 1, TakenAt: at()},
			}
			if _, err := usagefile.Encode(&file, git.key, x, people{"1": "mona@acme.example"}.users()); err != nil {
				t.Fatal(err)
			}
			return file.Bytes()
		}
		k.mustReceive(readable(1, mine), store.Waiting)
		if u, err := k.receive(readable(2, other)); err == nil || u.State != store.Refused {
			t.Errorf("a file for somebody else is %+v, %v", u, err)
		}
		_, err = k.hub.AddRecipient(t.Context(), k.e, "age1nonsense", "mona")
		if err == nil {
			t.Error("nonsense was noted as a recipient")
		}
		_, err = k.hub.RemoveRecipient(t.Context(), k.e, other.String(), "mona")
		wantError(t, err, errs.NotFound, "hub.no_recipient")
		if info, err := k.hub.RemoveRecipient(t.Context(), k.e, mine.String(), "mona"); err != nil || len(info.Settings.Recipients) != 0 {
			t.Errorf("got %v, %v", info.Settings.Recipients, err)
		}
	})
}

func recipient(t *testing.T) usagefile.Recipient {
	t.Helper()
	key, err := usagefile.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return key.Recipient()
}

func TestWhoNeverSignedInIsLeftOutWhenSettingsSaySo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		const report = "created_at,id,login,email,role,suspended?,last_logged_ip,repos,ssh_keys,org_memberships,dormant?,last_active,raw_login,2fa_enabled?\n" +
			"2024-01-01,5,mona,mona@acme.example,user,false,192.0.2.7,1,0,1,false,2026-11-01,mona,true\n" +
			"2024-01-01,6,ivan,ivan@acme.example,user,false,,0,0,0,true,,ivan,false\n"
		upload := func() *hub.Result {
			t.Helper()
			u, err := k.hub.ReceiveCSV(t.Context(), k.e, csv(report), hub.ByHand{Host: "git.acme.example"}, arrival())
			if err != nil {
				t.Fatal(err)
			}
			return k.apply(u)
		}
		if r := upload(); r.Statement.Licenses != 2 {
			t.Errorf("%d consume, want 2", r.Statement.Licenses)
		}
		_, err := k.hub.ChangeSettings(t.Context(), k.e, "mona", func(_ *string, s *hub.Settings) { s.LeaveOutNeverSignedIn = true })
		if err != nil {
			t.Fatal(err)
		}
		if r := upload(); r.Statement.Licenses != 1 {
			t.Errorf("%d consume, want 1", r.Statement.Licenses)
		}
	})
}
