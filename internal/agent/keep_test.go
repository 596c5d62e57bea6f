package agent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/usagefile"
)

// snapshotFile is the sealed file of a snapshot.
func (k *kit) snapshotFile(sequence string) string {
	return filepath.Join(k.config.Dir, "snapshots", sequence+".json")
}

func TestThePastIsExportedWhileItIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.config.KeepDays = 10
		k.restart()
		k.mustCount(header + people(1, 4))
		k.wait(24 * time.Hour)
		k.mustCount(header + people(1, 5))
		k.wait(24 * time.Hour)
		k.mustCount(header + people(1, 6))
		k.mustEnrol()
		snap, err := k.agent.SnapshotOf(t.Context(), at())
		if err != nil || snap.Sequence != 1 {
			t.Fatalf("got %+v, %v", snap, err)
		}
		if e := k.mustExport(agent.ExportRequest{Sequence: snap.Sequence}); len(e.users) != 3 || e.Header.Snapshot.Sequence != 1 {
			t.Errorf("got %v", e.users)
		}
		if _, err := k.agent.SnapshotOf(t.Context(), at().AddDate(0, 0, -1)); keyOf(err) != "agent.no_snapshot_then" {
			t.Errorf("got %v", err)
		}
		k.wait(9*24*time.Hour - time.Hour)
		if err := k.agent.Retain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := k.agent.Export(t.Context(), "mona", agent.ExportRequest{Sequence: 1}); keyOf(err) != "agent.snapshot_gone" || !k.recorded(agent.AuditExportFailed) {
			t.Errorf("got %v", err)
		}
		if _, err := os.Stat(k.snapshotFile("1")); !os.IsNotExist(err) {
			t.Errorf("the file is still there: %v", err)
		}
		k.mustExport(agent.ExportRequest{Sequence: 2})
		k.wait(1000 * 24 * time.Hour)
		if err := k.agent.Retain(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.mustExport(agent.ExportRequest{}) // the last one stays
	})
}

// TestSnapshotsOnTheDiskAreSealed: nobody reads them without the key beside them.
func TestSnapshotsOnTheDiskAreSealed(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + user("1", "ada", "ada@acme.example"))
		text, err := os.ReadFile(k.snapshotFile("1"))
		if err != nil || strings.Contains(string(text), "acme.example\"") && strings.Contains(string(text), "ada@") {
			t.Errorf("readable: %v", err)
		}
		if info, err := os.Stat(k.snapshotFile("1")); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v, %v", info, err)
		}
		k.mustEnrol()
		if err := os.WriteFile(k.snapshotFile("1"), text[:len(text)-20], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := k.agent.Export(t.Context(), "mona", agent.ExportRequest{}); keyOf(err) != "agent.snapshot_damaged" {
			t.Errorf("got %v", err)
		}
	})
}

// TestAnExportThatFailsLeavesNothing: the disk cannot take it.
func TestAnExportThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		k.mustCount(header + people(1, 4))
		spool := filepath.Join(k.config.Dir, "spool")
		if err := os.RemoveAll(spool); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(spool, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := k.agent.Export(t.Context(), "mona", agent.ExportRequest{})
		if errs.KindOf(err) != errs.Unavailable || !k.recorded(agent.AuditExportFailed) {
			t.Errorf("got %v", err)
		}
		mustRemove(t, spool)
		if e := k.mustExport(agent.ExportRequest{}); e.Header.Snapshot.Sequence != 1 {
			t.Errorf("got %+v", e.Header.Snapshot)
		}
	})
}

// TestTheLicensePageReadsNoAccounts, so it costs the same whatever their number.
func TestTheLicensePageReadsNoAccounts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		k := newKit(t, db)
		k.mustCount(header + people(1, 50))
		if _, err := db.Write.ExecContext(t.Context(), "DROP TABLE account"); err != nil {
			t.Fatal(err)
		}
		if st := k.mustStatus(); st.Licenses.Consumed != 49 || st.Current.Counts.All != 49 {
			t.Errorf("got %+v", st)
		}
	})
}

// known is what a hub has of the agent's last export.
func known(e *exported) *usagefile.Known {
	return &usagefile.Known{PublicKey: e.Header.Instance.PublicKey, Sequence: e.Header.Snapshot.Sequence, Digest: e.Header.Snapshot.Digest}
}

// TestAnAgentThatWasRestoredSaysSo, and one step makes the hub take its files
// again.
func TestAnAgentThatWasRestoredSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		k.mustCount(header + people(1, 10))
		state := filepath.Join(k.config.Dir, "instance.json")
		old, err := os.ReadFile(state)
		if err != nil {
			t.Fatal(err)
		}
		k.mustCount(header + people(1, 11))
		k.mustCount(header + people(1, 12))
		hub := known(k.mustExport(agent.ExportRequest{}))
		if err := os.WriteFile(state, old, 0o600); err != nil {
			t.Fatal(err)
		}
		if st := k.mustStatus(); st.Trouble == nil || st.Trouble.Key != "agent.trouble_state_behind" {
			t.Fatalf("got %v", st.Trouble)
		}
		k.write(header + people(1, 13))
		if _, err := k.agent.Collect(t.Context(), "job", false); errs.KindOf(err) != errs.Conflict || keyOf(err) != "agent.trouble_state_behind" {
			t.Errorf("collected: %v", err)
		}
		if _, err := k.agent.Export(t.Context(), "mona", agent.ExportRequest{}); keyOf(err) != "agent.trouble_state_behind" {
			t.Errorf("exported: %v", err)
		}
		if err := k.agent.Resume(t.Context(), "mona", 0); err != nil || !k.recorded(agent.AuditResumed) {
			t.Fatal(err)
		}
		k.mustCollect()
		e := k.mustExport(agent.ExportRequest{})
		if standing, err := usagefile.Check(e.Receipt, hub); err != nil || standing.Held || e.Header.Snapshot.Sequence <= hub.Sequence {
			t.Errorf("the hub says %+v, %v", standing, err)
		}
	})
}

// TestAWholeRestoreIsHealedByTheSequenceOfTheHub: nothing here can tell, the hub
// refuses, and names the step.
func TestAWholeRestoreIsHealedByTheSequenceOfTheHub(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		k.mustCount(header + people(1, 10))
		ahead := &usagefile.Known{Sequence: 7, Digest: usagefile.Digest{7}}
		i, err := k.agent.Instance()
		if err != nil {
			t.Fatal(err)
		}
		ahead.PublicKey = i.PublicKey()
		if _, err := usagefile.Check(k.mustExport(agent.ExportRequest{}).Receipt, ahead); err == nil {
			t.Fatal("the hub takes an old snapshot")
		}
		if err := k.agent.Resume(t.Context(), "mona", 7); err != nil {
			t.Fatal(err)
		}
		if _, err := usagefile.Check(k.mustExport(agent.ExportRequest{}).Receipt, ahead); err != nil {
			t.Errorf("the hub still refuses: %v", err)
		}
		for _, after := range []int64{-1, 1 << 62} {
			if err := k.agent.Resume(t.Context(), "mona", after); keyOf(err) != "agent.bad_sequence" {
				t.Errorf("%d: got %v", after, err)
			}
		}
	})
}

// TestACopyBecomesAnInstanceOfItsOwn.
func TestACopyBecomesAnInstanceOfItsOwn(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		k.mustCount(header + people(1, 10))
		k.mustCount(header + people(1, 11))
		before := k.mustExport(agent.ExportRequest{}).Header
		k.config.Place = "elsewhere"
		k.restart()
		if st := k.mustStatus(); st.Trouble == nil || st.Trouble.Key != "agent.trouble_other_place" {
			t.Fatalf("got %v", st.Trouble)
		}
		if err := k.agent.Renew(t.Context(), "mona"); err != nil || !k.recorded(agent.AuditRenewed) {
			t.Fatal(err)
		}
		after := k.mustExport(agent.ExportRequest{}).Header
		if after.Instance.ServerID == before.Instance.ServerID || after.Instance.PublicKey.Equal(before.Instance.PublicKey) ||
			after.Snapshot.Sequence != 1 || !after.Snapshot.Previous.IsZero() || after.Instance.Rotation != nil {
			t.Errorf("got %+v", after)
		}
		if list, err := k.agent.Snapshots(t.Context(), 0, 10); err != nil || len(list) != 1 {
			t.Errorf("got %v, %v", list, err)
		}
		k.mustCount(header + people(1, 12))
	})
}

// TestADatabaseThatWasRestoredIsNoticed: the instance gave a sequence that the
// database never heard of.
func TestADatabaseThatWasRestoredIsNoticed(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + people(1, 10))
		dir, err := instance.Open(k.config.Dir)
		if err != nil {
			t.Fatal(err)
		}
		i, err := dir.Load()
		if err != nil {
			t.Fatal(err)
		}
		i.Last.Sequence = 5
		if err := dir.Save(i); err != nil {
			t.Fatal(err)
		}
		if err := dir.Close(); err != nil {
			t.Fatal(err)
		}
		if st := k.mustStatus(); st.Trouble == nil || st.Trouble.Key != "agent.trouble_database_behind" {
			t.Errorf("got %v", st.Trouble)
		}
		if err := k.agent.Resume(t.Context(), "mona", 3); err != nil {
			t.Fatal(err)
		}
		if st := k.mustStatus(); st.Trouble != nil || st.Snapshot.Sequence != 7 {
			t.Errorf("got %+v", st)
		}
	})
}

// TestWhatWasInterruptedIsTakenBack: a reading that was under way when the
// program ended, and a sequence that was about to be given.
func TestWhatWasInterruptedIsTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + people(1, 10))
		s := k.config.Store
		var number int64
		err := s.InTx(t.Context(), func(tx *store.Tx) (err error) {
			if number, err = tx.BeginReading(t.Context(), "job", "all_users.csv", at()); err != nil {
				return err
			}
			return tx.UpdateReading(t.Context(), &store.Reading{Number: number, State: store.Staging, Snapshot: 2})
		})
		if err == nil {
			err = s.Stage(t.Context(), number, []store.Account{{UserID: "1"}, {UserID: "1"}, {UserID: "2"}})
		}
		if err != nil {
			t.Fatal(err)
		}
		stray := k.snapshotFile("2")
		if err := os.WriteFile(stray, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := k.agent.Recover(t.Context()); err != nil || !k.recorded(agent.AuditSourceRefused) {
			t.Fatal(err)
		}
		r, err := k.agent.Reading(t.Context(), number)
		if err != nil || r.State != store.Refused || r.Refusal.Key != "agent.interrupted" {
			t.Errorf("got %+v, %v", r, err)
		}
		if _, err := os.Stat(stray); !os.IsNotExist(err) {
			t.Errorf("the stray file is there: %v", err)
		}
		if tallies, err := s.Tallies(t.Context(), number); err != nil || len(tallies) > 0 {
			t.Errorf("accounts are left: %v, %v", tallies, err)
		}
		if r := k.mustCount(header + people(1, 12)); r.Snapshot != 2 {
			t.Errorf("the next sequence is %d", r.Snapshot)
		}
	})
}
