package ui

import (
	"strings"

	"github.com/oneseat/oneseat/internal/hub"
)

// behindNames is how many sources are named of those whose newest data is not in
// the total.
const behindNames = 3

// behindText says that a recount is under way, and what it will count.
func behindText(f *frame, now *hub.Overview) string {
	late := now.Uncounted()
	switch len(late) {
	case 0:
		return f.T("ui.behind.changed")
	case 1:
		return f.T("ui.behind.one", "Source", sourceName(f, late[0]), "Time", f.Time(late[0].Snapshot.AppliedAt))
	}
	var names []string
	for _, s := range late[:min(len(late), behindNames)] {
		names = append(names, sourceName(f, s))
	}
	if len(late) > behindNames {
		names = append(names, "…")
	}
	return f.T("ui.behind.several", "Count", len(late), "Sources", strings.Join(names, ", "))
}
