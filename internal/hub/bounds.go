package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// What one who brings files can make the hub keep.
const (
	// maxRefusals is how many refused files of one of them are recorded in an
	// hour; of more, the log of requests has a line each. maxRefused is how many
	// of them are told apart.
	maxRefusals = 20
	maxRefused  = 10_000
	// maxHeld is how many instances of an enterprise wait for somebody to say
	// which they are.
	maxHeld = 100
	// maxWaiting is how many searches for near misses wait for the places of
	// those that run.
	maxWaiting = 4
)

// room says that an instance more may be held; Conflict when it may not.
func room(ctx context.Context, tx *store.Tx) error {
	in, err := tx.Inputs(ctx)
	if err != nil {
		return err
	}
	held := 0
	for i := range in.Sources {
		if in.Sources[i].State == store.Held {
			held++
		}
	}
	if held >= maxHeld {
		return errs.New(errs.Conflict, "hub.many_held", "Most", maxHeld)
	}
	return nil
}

// supersedes says that the arrival drops an upload that is in its way: one that
// waits for people. Who may bring files of one instance alone cancels nothing
// that somebody else asked for, and what an agent sends nothing that a person
// brought.
func (a *Arrival) supersedes(before *Upload) bool {
	if !a.Supersede || before.State != store.Preview && before.State != store.Waiting {
		return false
	}
	if a.Instance == 0 {
		return true
	}
	h, err := HeaderOf(before)
	return err == nil && before.Kind == store.UploadUsage && h.Bound && (h.Synced || !a.Synced)
}
