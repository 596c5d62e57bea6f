package ui_test

import (
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/signin"
)

// TestThePageLooksAgainWhileSomethingComes: License loads itself anew while a run
// is on its way, and when one that failed is due again, if that is soon. Its runs
// stand there although the agent is not connected any more.
func TestThePageLooksAgainWhileSomethingComes(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		state   store.RunState
		due     time.Duration
		refresh string
	}{
		"waiting":         {store.RunWaiting, 0, "5"},
		"tried again":     {store.RunRetrying, 5 * time.Minute, "300"},
		"any moment":      {store.RunRetrying, time.Second, "5"},
		"overdue":         {store.RunRetrying, -time.Minute, "5"},
		"much later":      {store.RunRetrying, 3 * time.Hour, ""},
		"nothing is open": {store.RunSucceeded, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kept *store.Store
			k := newKit(t, func(c *agent.Config) { kept = c.Store })
			must(t, kept.InTx(t.Context(), func(tx *store.Tx) error {
				run := store.Run{Cause: store.ByHand, State: one.state, Actor: "mona", AskedAt: at(), DueAt: at().Add(one.due)}
				if run.Over() {
					run.EndedAt = at()
				}
				var err error
				if run.Number, err = tx.AddRun(t.Context(), &run); err != nil {
					return err
				}
				return tx.UpdateRun(t.Context(), &run)
			}))
			page := k.as(signin.RoleOwner).get("/")
			page.has(200, "[data-test=run] [data-test=cause]", "Sync now")
			if got := page.header.Get("Refresh"); got != one.refresh {
				t.Errorf("got %q, want %q", got, one.refresh)
			}
		})
	}
}
