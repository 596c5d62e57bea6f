package archtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// masking are the types of licensing that mask themselves through methods.
var masking = []string{"Email", "Key", "Anchor"}

// TestMaskedFieldsAreExported: fmt calls no methods on what lies behind an
// unexported field, so an address in one is printed whole, however deep.
func TestMaskedFieldsAreExported(t *testing.T) {
	t.Parallel()
	listed := mustList(t)
	for _, p := range listed {
		dir := strings.TrimPrefix(p.ImportPath, module+"/")
		if p.Module.Path != module || dir == "licensing" || forTests(dir) {
			continue
		}
		for _, fault := range mustCheck(t, p, listed).faults() {
			t.Error(fault)
		}
	}
}

// TestTheMaskRuleSeesEverything: the rule itself, on what it must and must not
// find.
func TestTheMaskRuleSeesEverything(t *testing.T) {
	t.Parallel()
	listed := mustList(t)
	tests := map[string]struct{ declared, field string }{
		"itself":           {"type s struct { at licensing.Email }", "at"},
		"a list":           {"type s struct { at []licensing.Key }", "at"},
		"a map's key":      {"type s struct { at map[licensing.Anchor]int }", "at"},
		"a struct":         {"type s struct { at []in }; type in struct { Email licensing.Email }", "at"},
		"another package":  {"type s struct { at licensing.CloudAccount }", "at"},
		"itself, again":    {"type s struct { at in }; type in struct { Next []in; Email licensing.Email }", "at"},
		"a type parameter": {"type s[T any] struct { at T }; var _ s[licensing.Email]", "at"},
		"a local type":     {"func _() { type s struct { at licensing.Email }; var _ s }", "at"},
		"no name":          {"var _ struct { at licensing.Email }", "at"},
		"exported":         {"type s struct { At licensing.Email }", ""},
		"a pointer":        {"type s struct { at *licensing.Email }", ""},
		"embedded":         {"type s struct { in }; type in struct { Email licensing.Email }", ""},
		"prints itself":    {"type s struct { at licensing.Email }; func (s) String() string { return \"\" }", ""},
		"something else":   {"type s struct { at licensing.HostID }", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, "x.go", "package x; import \""+module+"/licensing\"; "+test.declared, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			faults := mustCheckFiles(t, "x", set, []*ast.File{file}, listed).faults()
			switch {
			case test.field == "" && len(faults) > 0:
				t.Errorf("found: %v", faults)
			case test.field != "" && (len(faults) != 1 || !strings.Contains(faults[0], "field "+test.field+" ")):
				t.Errorf("found: %v", faults)
			}
		})
	}
}

// listedPackage is a package as the go command lists it.
type listedPackage struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	Module                  struct{ Path string }
}

// mustList gives the packages of the project and all they need, compiled.
func mustList(t *testing.T) map[string]*listedPackage {
	t.Helper()
	all, err := goList()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// goList asks the go command, once.
var goList = sync.OnceValues(func() (map[string]*listedPackage, error) {
	list := exec.CommandContext(context.Background(), "go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Module", "./...")
	list.Dir = root
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	all := map[string]*listedPackage{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &listedPackage{}
		if err := decoder.Decode(p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all[p.ImportPath] = p
	}
})

// checked is a package with the types of its expressions.
type checked struct {
	set   *token.FileSet
	files []*ast.File
	info  types.Info
}

func mustCheck(t *testing.T, p *listedPackage, listed map[string]*listedPackage) *checked {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return mustCheckFiles(t, p.ImportPath, set, files, listed)
}

func mustCheckFiles(t *testing.T, name string, set *token.FileSet, files []*ast.File, listed map[string]*listedPackage) *checked {
	t.Helper()
	compiled := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) {
		p := listed[path]
		if p == nil {
			return nil, fmt.Errorf("%s is not among what the project needs", path)
		}
		return os.Open(p.Export)
	})
	c := &checked{set: set, files: files, info: types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}}
	if _, err := (&types.Config{Importer: compiled}).Check(name, set, files, &c.info); err != nil {
		t.Fatal(err)
	}
	return c
}

// faults are the fields that would print an address whole, in order.
func (c *checked) faults() []string {
	var found []string
	check := func(owner types.Type, structure types.Type) {
		s, ok := structure.(*types.Struct)
		if !ok || printsItself(owner) {
			return
		}
		for f := range s.Fields() {
			// Of an embedded struct the exported fields are as if exported here.
			if !f.Exported() && !f.Embedded() && holds(f.Type(), map[types.Type]bool{}) {
				found = append(found, fmt.Sprintf("%v: field %s of %s holds an address and is not exported: printing it shows the address whole",
					c.set.Position(f.Pos()), f.Name(), owner))
			}
		}
	}
	named := map[ast.Expr]bool{}
	for _, file := range c.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				named[n.Type] = true
				owner := c.info.Defs[n.Name].Type()
				check(owner, owner.Underlying())
			case *ast.StructType:
				if !named[n] {
					check(c.info.TypeOf(n), c.info.TypeOf(n))
				}
			}
			return true
		})
	}
	for _, instance := range c.info.Instances {
		check(instance.Type, instance.Type.Underlying())
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// printsItself says that fmt asks a type for its text and never looks inside.
func printsItself(t types.Type) bool {
	methods := types.NewMethodSet(t)
	return methods.Lookup(nil, "Format") != nil || methods.Lookup(nil, "String") != nil
}

// holds says that a type has one of masking in it, where printing gets: not
// behind a pointer, of which only the number is printed.
func holds(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if named, ok := types.Unalias(t).(*types.Named); ok {
		o := named.Obj()
		if o.Pkg() != nil && o.Pkg().Path() == module+"/licensing" && slices.Contains(masking, o.Name()) {
			return true
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holds(f.Type(), seen) {
				return true
			}
		}
	case *types.Slice:
		return holds(u.Elem(), seen)
	case *types.Array:
		return holds(u.Elem(), seen)
	case *types.Map:
		return holds(u.Key(), seen) || holds(u.Elem(), seen)
	}
	return false
}
