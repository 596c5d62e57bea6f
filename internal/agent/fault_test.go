package agent_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
)

// TestASourceThatIsReplacedWhileItIsReadIsRefused: nobody can say whose users
// were read. The next collection reads what is there then.
func TestASourceThatIsReplacedWhileItIsReadIsRefused(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(k *kit) error{
		"by another file": func(k *kit) error {
			return os.Rename(k.source+".new", k.source)
		},
		"by more of it": func(k *kit) error {
			return os.WriteFile(k.source, []byte(header+people(1, 40)), 0o600)
		},
		"by nothing": func(k *kit) error { return os.Remove(k.source) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(k *kit) {
				k.mustCount(header + people(1, 10))
				k.write(header + people(1, 20))
				if err := os.WriteFile(k.source+".new", []byte(header+people(1, 30)), 0o600); err != nil {
					k.t.Fatal(err)
				}
				clock, replaced := k.config.Now, false
				k.config.Now = func() time.Time { // asked when the reading begins, after the file was looked at
					if !replaced {
						replaced = true
						if err := replace(k); err != nil {
							k.t.Error(err)
						}
					}
					return clock()
				}
				k.restart()
				k.log = nil
				r, err := k.agent.Collect(k.t.Context(), "job", false)
				if err == nil || r == nil || r.State != store.Refused || !k.recorded(agent.AuditSourceRefused) {
					k.t.Fatalf("got %+v, %v", r, err)
				}
				if key := keyOf(err); name != "by nothing" && key != "agent.source_changing" {
					k.t.Errorf("got %s: %v", key, err)
				}
				if st := k.mustStatus(); st.Licenses.Consumed != 9 || st.Snapshot.Sequence != 1 {
					k.t.Errorf("what counts now: %+v", st.Licenses)
				}
				if r := k.mustCount(header + people(1, 25)); r.Counts.Leaving != 24 {
					k.t.Errorf("afterwards: %+v", r.Counts)
				}
			})
		})
	}
}

// TestASourceOfTwoGigabytesIsNotReadWhereTheLimitIsLess.
func TestASourceOfTwoGigabytesIsNotReadWhereTheLimitIsLess(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.config.Source.Limits = source.Limits{MaxBytes: 1 << 30}
		k.restart()
		k.mustCount(header + people(1, 10))
		if err := os.Truncate(k.source, 2<<30); err != nil {
			k.t.Fatal(err)
		}
		r, err := k.agent.Collect(k.t.Context(), "job", false)
		if keyOf(err) != "source.file_too_long" || errs.KindOf(err) != errs.TooLarge || r.State != store.Refused || !k.recorded(agent.AuditSourceRefused) {
			k.t.Errorf("got %+v, %v", r, err)
		}
		if st := k.mustStatus(); st.Licenses.Consumed != 9 {
			k.t.Errorf("what counts now: %+v", st.Licenses)
		}
	})
}

// TestACopyThatCannotBeRenewedKeepsItsSnapshots: files go when nobody knows of
// them any more, not before.
func TestACopyThatCannotBeRenewedKeepsItsSnapshots(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, database.Config{Location: dbtest.SQLite(t)})
	if err := db.Migrate(t.Context(), store.Migrations()); err != nil {
		t.Fatal(err)
	}
	k := newKit(t, db)
	k.mustCount(header + people(1, 10))
	const kept = "CREATE TRIGGER kept BEFORE DELETE ON snapshot BEGIN SELECT RAISE(ABORT, 'kept'); END"
	if _, err := db.Write.ExecContext(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	if err := k.agent.Renew(t.Context(), "mona"); err == nil {
		t.Fatal("renewed")
	}
	if _, err := os.Stat(k.snapshotFile("1")); err != nil {
		t.Errorf("the users of the snapshot are gone: %v", err)
	}
	if _, err := db.Write.ExecContext(t.Context(), "DROP TRIGGER kept"); err != nil {
		t.Fatal(err)
	}
	if err := k.agent.Renew(t.Context(), "mona"); err != nil {
		t.Fatal(err)
	}
	if st := k.mustStatus(); st.Trouble != nil || st.Snapshot.Sequence != 1 {
		t.Errorf("got %+v", st)
	}
}

// TestAnAgentStartsWhileAUsageFileIsMade: whoever made it reads it to its end,
// and the next one has its place.
func TestAnAgentStartsWhileAUsageFileIsMade(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		k.mustCount(header + people(1, 200))
		e, err := k.agent.Export(k.t.Context(), "mona", agent.ExportRequest{})
		if err != nil {
			k.t.Fatal(err)
		}
		if err := agent.New(k.config).Recover(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
		if text, err := io.ReadAll(e); err != nil || int64(len(text)) != e.Receipt.Bytes {
			k.t.Errorf("%d of %d bytes, %v", len(text), e.Receipt.Bytes, err)
		}
		if err := e.Close(); err != nil {
			k.t.Error(err)
		}
		spool := filepath.Join(k.config.Dir, "spool")
		if left, err := os.ReadDir(spool); err != nil || len(left) > 0 {
			k.t.Errorf("in the spool: %v, %v", left, err)
		}
	})
}
