package archtest_test

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// maxLines is where a file has become two.
const maxLines = 500

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	packages := mustPackages(t)
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		var docs []string
		begin := "Package " + packages[dir][0].file.Name.Name + " "
		for _, s := range packages[dir] {
			if s.file.Doc != nil && !ast.IsGenerated(s.file) {
				docs = append(docs, s.file.Doc.Text())
			}
		}
		switch {
		case len(docs) != 1:
			t.Errorf("%s has %d package comments, want 1: what it is for, what it does not do, where to start", dir, len(docs))
		case !strings.HasPrefix(docs[0], begin) && (begin != "Package main " || !strings.HasPrefix(docs[0], "Command ")):
			t.Errorf("%s: the package comment begins with %q, a command's with \"Command \"", dir, begin)
		}
	}
}

// TestTheMapIsComplete: ARCHITECTURE.md has a line for every package, or for
// the directory above it.
func TestTheMapIsComplete(t *testing.T) {
	t.Parallel()
	text := mustRead(t, "ARCHITECTURE.md")
	for dir := range mustPackages(t) {
		if !strings.Contains(text, "]("+dir+")") && !strings.Contains(text, "]("+path.Dir(dir)+")") {
			t.Errorf("ARCHITECTURE.md: the map has no line for %s", dir)
		}
	}
}

func TestFilesStaySmall(t *testing.T) {
	t.Parallel()
	for _, s := range mustSources(t) {
		if s.lines >= maxLines && !ast.IsGenerated(s.file) {
			t.Errorf("%s has %d lines; from %d on a file is two", s.path, s.lines, maxLines)
		}
	}
}

// TestTheEngineIsPure: no clock and no goroutine in licensing. Its imports are
// in rows.
func TestTheEngineIsPure(t *testing.T) {
	t.Parallel()
	files := mustPackages(t)["licensing"]
	if len(files) == 0 {
		t.Fatal("the engine is gone")
	}
	for _, s := range files {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt:
				t.Errorf("%v: the engine starts no goroutine; the caller shards", s.at(n))
			case *ast.SelectorExpr:
				name := fmt.Sprint(n.X, ".", n.Sel)
				if slices.Contains([]string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "fmt.Print", "fmt.Printf", "fmt.Println"}, name) {
					t.Errorf("%v: %s: the engine is given the time and prints nothing", s.at(n), name)
				}
			}
			return true
		})
	}
}
