package hub

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store"
)

// movedMark is where the mark of a line was set, when its person became one with
// another and the line came to WorkFixed: an owner said that of the line before,
// and nothing of this one. It has no name and no address.
type movedMark struct {
	List   WorkList  `json:"list"`
	Person string    `json:"person"`
	State  WorkState `json:"state"`
	At     int64     `json:"at"` // microseconds
}

// untouched says that nobody set a mark since.
func (w *movedMark) untouched(at time.Time) bool { return w != nil && w.At == at.UnixMicro() }

// wasOf is the state that the mark of a line on WorkFixed or WorkGone was set
// to, on the list before; empty: it was set where it stands, or none was.
func wasOf(row *store.WorkLine) (WorkState, error) {
	var r repair
	if err := json.Unmarshal([]byte(row.Document), &r); err != nil {
		return "", fmt.Errorf("line of person %s: %w", row.ID, err)
	}
	if r.Was.untouched(row.StatedAt) {
		return r.Was.State, nil
	}
	return "", nil
}

// markOf names a line that a mark goes back to.
type markOf struct {
	list   WorkList
	person string
}

// goesBack keeps the mark of somebody who is not one any more for the line that
// it was set on, should that come back.
func (m *listMaker) goesBack(r *repair) {
	if r.Was == nil || r.at.IsZero() {
		return
	}
	state := r.said.State
	if r.Was.untouched(r.at) {
		state = r.Was.State
	}
	m.marks[markOf{r.Was.List, r.Was.Person}] = store.WorkLine{State: state, Note: r.said.Note, Actor: r.actor, StatedAt: r.at}
}

// marked gives a line that comes back the mark that went with it.
func (m *listMaker) marked(line *store.WorkLine) {
	if was, kept := m.marks[markOf{line.List, line.ID.String()}]; kept {
		line.State, line.Note, line.Actor, line.StatedAt = was.State, was.Note, was.Actor, was.StatedAt
	}
}
