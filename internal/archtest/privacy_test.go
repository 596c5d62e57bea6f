package archtest_test

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// masking are the types of licensing that mask themselves through methods.
var masking = []string{"Email", "Key", "Anchor"}

// TestMaskedFieldsAreExported: fmt calls no methods on unexported fields, so
// an address in one is printed whole.
func TestMaskedFieldsAreExported(t *testing.T) {
	t.Parallel()
	for _, s := range mustSources(t) {
		if s.dir() == "licensing" || forTests(s.dir()) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			structure, ok := n.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range structure.Fields.List {
				for _, name := range field.Names {
					if !name.IsExported() && masks(field.Type) {
						t.Errorf("%v: field %s holds an address and is not exported: printing the struct shows it whole", s.at(field), name)
					}
				}
			}
			return true
		})
	}
}

// masks says that a type is one of masking, or a list, map or pointer of it.
func masks(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		pkg, ok := e.X.(*ast.Ident)
		return ok && pkg.Name == "licensing" && slices.Contains(masking, e.Sel.Name)
	case *ast.StarExpr:
		return masks(e.X)
	case *ast.ArrayType:
		return masks(e.Elt)
	case *ast.MapType:
		return masks(e.Key) || masks(e.Value)
	default:
		return false
	}
}

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
