package hub

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// maxNote is the longest note on a line, in bytes.
const maxNote = 500

// WorkMark is what an owner says of a line.
type WorkMark struct {
	State WorkState
	// Note is for whoever works on; it may be empty. Whoever sees the list sees
	// it.
	Note string
}

// MarkWork says how far somebody is with a line, and records who said so. The
// mark stays while the line stands; a line that is put right leaves its list by
// itself. NotFound when the line is not there (any more), Invalid when the
// state or the list is none, the note is too long, or the list is WorkGone, on
// which nothing is to be done.
func (s *Service) MarkWork(ctx context.Context, enterprise int64, list WorkList, person string, mark WorkMark, actor string) error {
	if err := oneOf(list, []WorkList{WorkMembers, WorkNear, WorkFixed}); err != nil {
		return err
	}
	if err := oneOf(mark.State, WorkStates()); err != nil {
		return err
	}
	note := strings.TrimSpace(searchable(mark.Note))
	if len(note) > maxNote {
		return errs.New(errs.Invalid, "hub.long_note", "Most", maxNote)
	}
	id, err := store.ParsePersonID(person)
	if err != nil {
		return err
	}
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if err := tx.SetWorkState(ctx, list, id, mark.State, note, actor, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditWork, "person "+id.String(), "list", string(list), "state", string(mark.State), "noted", note != "")
	})
}

// oneOf says that a text is one of those there are.
func oneOf[T ~string](text T, all []T) error {
	if slices.Contains(all, text) {
		return nil
	}
	choices := strings.Trim(fmt.Sprint(all), "[]")
	return errs.New(errs.Invalid, "hub.bad_filter", "Value", string(text), "Choices", strings.ReplaceAll(choices, " ", ", "))
}
