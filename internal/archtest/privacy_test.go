package archtest_test

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestWholeAddressesAreTakenInFewPlaces lists every function that asks for a
// whole address. A new line in the list is a question for the review: may
// what receives it show it?
func TestWholeAddressesAreTakenInFewPlaces(t *testing.T) {
	t.Parallel()
	uses := map[string]int{}
	for _, s := range mustSources(t) {
		if forTests(s.dir()) {
			continue
		}
		for _, declaration := range s.file.Decls {
			if n := addressCalls(declaration); n > 0 {
				uses[fmt.Sprintf("%s %s", s.path, declaredName(declaration))] += n
			}
		}
	}
	var list strings.Builder
	for _, place := range slices.Sorted(maps.Keys(uses)) {
		fmt.Fprintf(&list, "%s %d\n", place, uses[place])
	}
	golden(t, "addresses.golden", list.String())
}

func addressCalls(root ast.Node) int {
	calls := 0
	ast.Inspect(root, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok && selector.Sel.Name == "Address" {
			calls++
		}
		return true
	})
	return calls
}

func declaredName(d ast.Decl) string {
	if function, ok := d.(*ast.FuncDecl); ok {
		return function.Name.Name
	}
	return "(declaration)"
}
