package agent_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/oneseat/oneseat/internal/agent"
)

// TestAnAgentThatCannotWriteSaysSo: what cannot be written down, such as on a disk
// without room, is in no database, and the status says it all the same until it
// is over.
func TestAnAgentThatCannotWriteSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		stuck := func() bool {
			st, err := k.agent.SyncStatus(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(st.Unwell, func(w agent.Worry) bool {
				return w.Key == "agentsync.unwell_stuck" && w.Cause != nil && w.Cause.Key != ""
			})
		}
		lock := filepath.Join(k.config.Dir, "sync.lock")
		if err := os.Mkdir(lock, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := k.agent.SyncTurn(t.Context()); err == nil || !stuck() {
			t.Errorf("a turn ends with %v, and nobody is told", err)
		}
		if err := os.Remove(lock); err != nil {
			t.Fatal(err)
		}
		if _, err := k.agent.SyncTurn(t.Context()); err != nil || stuck() {
			t.Errorf("a turn ends with %v, and it is told still", err)
		}
	})
}
