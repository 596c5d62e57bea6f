package ui

import (
	"strings"

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

// notTaken is the key of what became of something that does not count: somebody
// decided against it, or it was refused.
func notTaken(e *hub.Event) string {
	switch {
	case e.Error != nil && e.Error.Key == "hub.event_discarded":
		return "ui.upload_state.discarded"
	case e.Error != nil && e.Error.Key == "hub.event_superseded":
		return "ui.upload_state.superseded"
	default:
		return "ui.event_failed"
	}
}

// refusalText is why an upload was refused, in the reader's language.
func refusalText(f *frame, r *hub.Refusal) string {
	args := make([]any, 0, 2*len(r.Args))
	for name, value := range r.Args {
		args = append(args, name, value)
	}
	switch r.Key { // these name options of the command line
	case "source.merge_account":
		return f.T("pagesettings.load.differ_account", args...)
	case "source.merge_differs":
		return f.T("pagesettings.load.differ", args...)
	case "source.warn_no_date":
		return f.T("pagesettings.load.no_date", args...)
	}
	return f.T(r.Key, args...)
}

// refusalTexts are all the reasons why an upload was refused.
func refusalTexts(f *frame, r *hub.Refusal) []string {
	if len(r.Each) == 0 {
		return []string{refusalText(f, r)}
	}
	texts := []string{f.T("pagesettings.load.problems", "Count", len(r.Each))}
	for i := range r.Each {
		texts = append(texts, refusalText(f, &r.Each[i]))
	}
	return texts
}

// problems are the sentences for whoever sent files that were refused.
func (f *frame) problems(err error) []string {
	r := hub.RefusalOf(err)
	if len(r.Each) == 0 && !strings.HasPrefix(r.Key, "source.merge_") {
		return []string{f.Error(err)}
	}
	return refusalTexts(f, &r)
}
