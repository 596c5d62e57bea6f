package archtest_test

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// surfaces are all ways out of a hub, each with what proves that no address
// leaves by it that GitHub's report would not show: packages with routes, and
// commands. A proof that is a test goes through all routes of its package by
// itself; one that is a story calls the command.
var surfaces = map[string]string{
	"internal/agent/ui": "internal/agent/ui/masks_test.go: TestNoPageShowsAnAddressToReaders",
	"internal/entry":    "knows the people who sign in, and no account",
	"internal/hub/api":  "internal/hub/api/v1_masks_test.go: TestNoPrivateAddressUnrevealed",
	"internal/hub/gate": "internal/hub/gate/masks_test.go: TestNoAddressIsInAnAnswer",
	"internal/hub/ui":   "internal/hub/ui/masks_test.go: TestNoPageShowsAPrivateAddress",
	"internal/help":     "texts of the catalogue: it knows nobody",
	"internal/page":     "styles and scripts, the same for everybody",
	"internal/web":      "internal/hub/api/v1_masks_test.go: TestWhatIsAskedForStaysOutOfLogs",

	"agent":   "has no cloud accounts: it prints counts and snapshots of its own instance, and nobody's address",
	"backup":  "a copy of the database, for whoever runs the hub",
	"config":  masksStory + "config print",
	"demo":    "its people are invented",
	"export":  "asks no hub: people see what stands in their own files",
	"hub":     masksStory + "hub token list",
	"inspect": "asks no hub: people see what stands in their own files",
	"keys":    "knows nobody",
	"match":   "asks no hub: people see what stands in their own files",
	"person":  masksStory + "person erase",
	"report":  masksStory + "report --format csv",
	"restore": "a copy of the database, for whoever runs the hub",
	"status":  masksStory + "status",
	"sync":    masksStory + "sync --instance",
	"upload":  masksStory + "upload --pending",
	"version": "knows nobody",
}

const masksStory = "cmd/oneseat/testdata/hub/masks.txtar: hides "

// TestEverySurfaceProvesThatItMasks: a package that gets routes, and a command,
// has to be in the list, and what proves it there.
func TestEverySurfaceProvesThatItMasks(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, s := range mustSources(t) {
		if s.test() || forTests(s.dir()) {
			continue
		}
		if strings.Contains(mustRead(t, s.path), "[]web.Route {") || s.dir() == "internal/web" {
			found[s.dir()] = true
		}
		if s.path == "cmd/oneseat/run.go" {
			for _, name := range commandNames(s.file) {
				found[name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if surfaces[name] == "" {
			t.Errorf("%s is a surface, and nothing proves that it shows no address it may not", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(surfaces)) {
		path, proof, proven := strings.Cut(surfaces[name], ": ")
		switch {
		case !found[name]:
			t.Errorf("%s is no surface any more", name)
		case proven && strings.Contains(path, "/") && !strings.Contains(mustRead(t, path), proof):
			t.Errorf("%s has no %q, which would prove it for %s", path, proof, name)
		}
	}
}

// commandNames are the commands of the program: the fields of its grammar.
func commandNames(file *ast.File) []string {
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "cli" {
			return true
		}
		if grammar, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range grammar.Fields.List {
				names = append(names, strings.ToLower(field.Names[0].Name))
			}
		}
		return false
	})
	return names
}
