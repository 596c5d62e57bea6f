package ui

import (
	"github.com/oneseat/oneseat/internal/hub"
)

// sourceName is what a page calls a source.
func sourceName(f *frame, s *hub.SourceState) string {
	if s.Number == hub.CloudSource {
		return f.T("ui.sources.cloud")
	}
	return s.HostName
}

// permission says what the visitor's role may.
func permission(f *frame) string {
	if f.owner() {
		return f.T("ui.permission_owner")
	}
	return f.T("ui.permission_reader", "Role", f.roleName())
}

// held says that nobody confirmed yet who the instance is.
func held(s *hub.SourceState) bool { return s.State == hub.InstanceHeld }

// eventFailed says that the last thing that came was not taken.
func eventFailed(s *hub.SourceState) bool { return s.Last != nil && s.Last.Status == hub.Failure }

// refusalText is why an upload was refused, in the reader's language.
func refusalText(f *frame, r *hub.Refusal) string {
	args := make([]any, 0, 2*len(r.Args))
	for name, value := range r.Args {
		args = append(args, name, value)
	}
	return f.T(r.Key, args...)
}
