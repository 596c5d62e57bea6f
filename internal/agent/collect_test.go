package agent_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
)

func TestTheSourceBecomesASnapshot(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		r := k.mustCount(header + user("20", "ada", "ada@acme.example") + user("3", "bob", "BOB@acme.example") + user("100", "robot", "") +
			suspended("4", "sven", "sven@acme.example") + unseen("5", "noor", "ada@acme.example") + user("1", "ghost", ""))
		want := agent.Counts{All: 6, Leaving: 4, Suspended: 1, BuiltIn: 1, WithoutAddress: 1, Shared: 2, NoSignIn: 1, KnowsSignIn: true}
		if diff := cmp.Diff(want, r.Counts); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		if r.Snapshot != 1 || !k.recorded(agent.AuditSnapshot) {
			t.Errorf("got %+v", r)
		}
		e := k.mustExport(agent.ExportRequest{Note: "CHG-1"})
		if diff := cmp.Diff([]string{"100", "20 ada@acme.example", "3 BOB@acme.example", "5 ada@acme.example"}, e.users); diff != "" {
			t.Errorf("users (-want +got):\n%s", diff)
		}
		h := e.Header
		if h.Instance.HostName != "ghes-1.acme.example" || h.Snapshot.Note != "CHG-1" || h.Snapshot.SourceAt != at().Add(time.Minute) || e.name != "ghes-1.acme.example-usage-1.json" {
			t.Errorf("got %+v, %s", h, e.name)
		}
	})
}

// TestANewAgentReadsAtOnce: as soon as it serves, and only while nothing counts.
func TestANewAgentReadsAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		first := func() int {
			t.Helper()
			if err := k.agent.CollectFirst(t.Context()); err != nil {
				t.Fatal(err)
			}
			list, err := k.agent.Readings(t.Context(), 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if got := first(); got != 1 {
			t.Errorf("%d readings of a source that is missing, want one that says so", got)
		}
		k.write(header + people(1, 4))
		if got := first(); got != 2 {
			t.Errorf("%d readings when the source is there", got)
		}
		k.touch(at().Add(2 * time.Hour))
		if got := first(); got != 2 {
			t.Errorf("%d readings although one counts", got)
		}
	})
}

// TestWhatDidNotChangeIsNotReadAgain: neither a file nobody touched, nor one that
// says the same.
func TestWhatDidNotChangeIsNotReadAgain(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + people(1, 4))
		if r, err := k.agent.Collect(t.Context(), "job", false); r != nil || err != nil {
			t.Errorf("got %v, %v", r, err)
		}
		k.touch(at().Add(2 * time.Hour))
		if r := k.mustCollect(); r.State != store.Unchanged || r.Snapshot != 1 {
			t.Errorf("got %s, snapshot %d", r.State, r.Snapshot)
		}
		k.wait(24 * time.Hour)
		k.touch(at().Add(25 * time.Hour))
		if r := k.mustCollect(); r.State != store.Unchanged || r.Snapshot != 2 {
			t.Errorf("the next day: %s, snapshot %d", r.State, r.Snapshot)
		}
		if r, err := k.agent.Collect(t.Context(), "mona", true); err != nil || r.State != store.Counts || r.Snapshot != 2 {
			t.Errorf("forced: %+v, %v", r, err)
		}
		k.config.LeaveOutNeverSignedIn = true
		k.restart()
		if r := k.mustCollect(); r.State != store.Counts || r.Snapshot != 2 {
			t.Errorf("another policy: %s, snapshot %d", r.State, r.Snapshot)
		}
	})
}

func TestTheSequenceGrowsWhateverTheClockSays(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustEnrol()
		k.mustCount(header + people(1, 4))
		first := k.mustExport(agent.ExportRequest{})
		k.wait(-1000 * time.Hour)
		k.mustCount(header + people(1, 5))
		second := k.mustExport(agent.ExportRequest{}).Header.Snapshot
		if second.Sequence != 2 || second.Previous != first.Header.Snapshot.Digest || !second.TakenAt.Before(first.Header.Snapshot.TakenAt) {
			t.Errorf("got %+v", second)
		}
	})
}

// TestBadSourcesAreRefusedWhole: with a sentence and an entry, and what counted
// goes on counting.
func TestBadSourcesAreRefusedWhole(t *testing.T) {
	t.Parallel()
	good := header + people(1, 9)
	for name, test := range map[string]struct {
		spoil func(k *kit)
		want  string
	}{
		"missing":        {func(k *kit) { mustRemove(k.t, k.source) }, "agent.source_missing"},
		"a directory":    {func(k *kit) { mustRemove(k.t, k.source); mustMkdir(k.t, k.source) }, "agent.source_unreadable"},
		"empty":          {func(k *kit) { k.write("") }, "source.empty"},
		"a header alone": {func(k *kit) { k.write(header) }, "agent.source_no_rows"},
		"cut in a line":  {func(k *kit) { k.write(good[:len(good)-30]) }, "source.cell_count"},
		"a web page":     {func(k *kit) { k.write("<!DOCTYPE html><html><body>Sign in</body></html>") }, "source.web_page"},
		"another id":     {func(k *kit) { k.write(good + user("3", "eve", "eve@acme.example")) }, "source.id_twice"},
		"a usage file":   {func(k *kit) { k.write(`{"format":"oneseat-usage-file/1"}`) }, ""},
		"no column id":   {func(k *kit) { k.write("login,email\nada,ada@acme.example\n") }, "source.column_missing"},
		"two encodings": {func(k *kit) {
			k.write(good + user("90", "zoë", "zo\xeb@acme.example") + user("91", "zoë", "zoë@acme.example"))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(k *kit) {
				k.mustCount(good)
				k.log = nil
				test.spoil(k)
				r, err := k.agent.Collect(k.t.Context(), "job", false)
				if err == nil {
					k.t.Fatalf("accepted: %+v", r)
				}
				if key := keyOf(err); test.want != "" && key != test.want {
					k.t.Errorf("got %s, want %s", key, test.want)
				}
				if r == nil || r.State != store.Refused || r.Refusal == nil || !k.recorded(agent.AuditSourceRefused) {
					k.t.Errorf("got %+v", r)
				}
				if st := k.mustStatus(); st.Licenses.Consumed != 8 || st.Snapshot.Sequence != 1 || st.Last.State != store.Refused {
					k.t.Errorf("what counts now: %+v", st.Licenses)
				}
				if again, err := k.agent.Collect(k.t.Context(), "job", false); err != nil && again.Number != r.Number {
					k.t.Errorf("the same refusal is kept twice: %v, %v", again, err)
				}
				if test.want == "agent.source_unreadable" {
					mustRemove(k.t, k.source)
				}
				k.mustCount(header + people(1, 12))
			})
		})
	}
}

func mustRemove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

func mustMkdir(t *testing.T, name string) {
	t.Helper()
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
}

// TestFarFewerUsersWaitForAnOwner: half of them gone, or nobody left.
func TestFarFewerUsersWaitForAnOwner(t *testing.T) {
	t.Parallel()
	everySuspended := strings.ReplaceAll(header+people(1, 11), "user,false,", "user,true,")
	for name, test := range map[string]struct{ source, want string }{
		"half":          {header + people(1, 6), "agent.held_half"},
		"all suspended": {everySuspended, "agent.held_all_suspended"},
		"nobody":        {header + user("1", "ghost", "") + suspended("2", "b", ""), "agent.held_all_suspended"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(k *kit) {
				k.mustCount(header + people(1, 11))
				k.write(test.source)
				r := k.mustCollect()
				if r.State != store.Held || r.Refusal.Key != test.want || !k.recorded(agent.AuditSourceHeld) {
					k.t.Fatalf("got %s, %v", r.State, r.Refusal)
				}
				if st := k.mustStatus(); st.Licenses.Consumed != 10 || st.Held.Number != r.Number || st.Snapshot.Sequence != 1 {
					k.t.Errorf("got %+v", st)
				}
				if r, err := k.agent.Collect(k.t.Context(), "job", false); r != nil || err != nil {
					k.t.Errorf("read again: %v, %v", r, err)
				}
				if err := k.agent.Discard(k.t.Context(), "mona", r.Number+1); keyOf(err) != "agent.not_held" {
					k.t.Errorf("got %v", err)
				}
				if err := k.agent.Discard(k.t.Context(), "mona", r.Number); err != nil || !k.recorded(agent.AuditSourceDiscarded) {
					k.t.Fatal(err)
				}
				if st := k.mustStatus(); st.Licenses.Consumed != 10 || st.Held != nil {
					k.t.Errorf("after discarding: %+v", st.Licenses)
				}
				r, err := k.agent.Collect(k.t.Context(), "mona", true)
				if err != nil || r.State != store.Held {
					k.t.Fatalf("got %+v, %v", r, err)
				}
				if r, err = k.agent.Confirm(k.t.Context(), "mona", r.Number); err != nil || r.Snapshot != 2 || !k.recorded(agent.AuditSourceConfirmed) {
					k.t.Fatalf("got %+v, %v", r, err)
				}
				if st := k.mustStatus(); st.Licenses.Consumed != r.Counts.Leaving || st.Held != nil || st.Snapshot.Sequence != 2 {
					k.t.Errorf("after confirming: %+v", st.Licenses)
				}
			})
		})
	}
}

// TestALaterReadingTakesThePlaceOfAHeldOne: once the source is right again,
// nobody has to decide anything.
func TestALaterReadingTakesThePlaceOfAHeldOne(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + people(1, 11))
		k.write(header + people(1, 4))
		held := k.mustCollect()
		k.mustCount(header + people(1, 11))
		st := k.mustStatus()
		if st.Held != nil || st.Licenses.Consumed != 10 {
			k.t.Errorf("got %+v", st)
		}
		if r, err := k.agent.Reading(k.t.Context(), held.Number); err != nil || r.State != store.Discarded {
			k.t.Errorf("got %+v, %v", r, err)
		}
	})
}

func TestIDsOfOthersAreNoticed(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		k.mustCount(header + user("1", "ada", "ada@acme.example") + user("2", "bob", "bob@acme.example") + user("3", "cid", "cid@acme.example"))
		r := k.mustCount(header + user("1", "eve", "eve@acme.example") + user("2", "bob", "bob.b@acme.example") + user("3", "cid.c", "cid@acme.example"))
		if len(r.Warnings) != 1 || r.Warnings[0].Key != "agent.warn_reused" || r.Warnings[0].Args["IDs"] != "1" {
			k.t.Errorf("got %v", r.Warnings)
		}
	})
}
