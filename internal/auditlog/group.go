package auditlog

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/signin"
)

// group is actions of one area, as the choice of what happened shows them.
type group struct {
	Name    string // behind "pagesettings.audit.group."
	Actions []string
}

// grouped puts actions by area; those within keep their order, and an area
// without any is left out.
func grouped(actions []string) []group {
	all := []group{{Name: "usage"}, {Name: "connect"}, {Name: "access"}, {Name: "other"}}
	for _, action := range actions {
		name := areaOf(action)
		i := slices.IndexFunc(all, func(g group) bool { return g.Name == name })
		all[i].Actions = append(all[i].Actions, action)
	}
	return slices.DeleteFunc(all, func(g group) bool { return len(g.Actions) == 0 })
}

// areaOf is the area of an action: what a desk records is about access, others
// go by a word of their name.
func areaOf(action string) string {
	has := func(word string) bool { return strings.Contains(action, word) }
	switch {
	case slices.Contains(signin.Actions(), signin.Action(action)):
		return "access"
	case slices.ContainsFunc([]string{"upload", "usage", "cloud_load", "undo", "instance_", "snapshot_", "source_"}, has):
		return "usage"
	case slices.ContainsFunc([]string{"connect", "enterprise_installation", ".sync_"}, has):
		return "connect"
	default:
		return "other"
	}
}
