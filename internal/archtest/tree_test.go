package archtest_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// root is the module's directory, module its path.
const (
	root   = "../.."
	module = "github.com/oneseat/oneseat"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// source is one Go file.
type source struct {
	path  string // slash-separated, below root
	lines int
	set   *token.FileSet
	file  *ast.File
}

// dir is the package's directory below root.
func (s *source) dir() string { return path.Dir(s.path) }

func (s *source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// at is "path:line" of a node.
func (s *source) at(n ast.Node) token.Position {
	position := s.set.Position(n.Pos())
	position.Column = 0
	return position
}

// paths gives every file of the project, slash-separated and below root,
// without what is generated, installed or another module.
var paths = sync.OnceValues(func() ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		below = filepath.ToSlash(below)
		if entry.IsDir() {
			if slices.Contains([]string{".git", ".tmp", "bin", "node_modules"}, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.Name() == ".git" { // where another working tree has its history
			return nil
		}
		found = append(found, below)
		return nil
	})
	return found, err
})

// ofAnotherModule says whether a file stands below a go.mod that is not ours.
func ofAnotherModule(all []string, name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if slices.Contains(all, dir+"/go.mod") {
			return true
		}
	}
	return false
}

var sources = sync.OnceValues(func() ([]*source, error) {
	names, err := paths()
	if err != nil {
		return nil, err
	}
	var all []*source
	for _, name := range names {
		if !strings.HasSuffix(name, ".go") || slices.Contains(strings.Split(name, "/"), "testdata") || ofAnotherModule(names, name) {
			continue
		}
		read, err := readSource(name)
		if err != nil {
			return nil, err
		}
		all = append(all, read)
	}
	return all, nil
})

func readSource(name string) (*source, error) {
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &source{path: name, lines: strings.Count(string(text), "\n"), set: set, file: file}, nil
}

// mustSources gives the production sources.
func mustSources(t *testing.T) []*source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(slices.Clone(all), (*source).test)
	if len(all) == 0 {
		t.Fatal("no sources found")
	}
	return all
}

// mustPackages gives the production sources by directory.
func mustPackages(t *testing.T) map[string][]*source {
	t.Helper()
	packages := map[string][]*source{}
	for _, s := range mustSources(t) {
		packages[s.dir()] = append(packages[s.dir()], s)
	}
	return packages
}

// forTests says that a package is made for tests or measurements, and its data
// invented.
func forTests(dir string) bool {
	return strings.HasSuffix(dir, "test") || strings.HasPrefix(dir, "bench/")
}

// mustPaths gives the files whose path ends in one of the suffixes, all files
// when none is given.
func mustPaths(t *testing.T, suffixes ...string) []string {
	t.Helper()
	all, err := paths()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range all {
		if len(suffixes) == 0 || slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(name, s) }) {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		t.Fatalf("no files %v found", suffixes)
	}
	return found
}

func mustRead(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exists(name string) bool {
	_, err := os.Stat(filepath.Join(root, name))
	return err == nil
}

// golden compares a text with a file of testdata, or rewrites the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got); if it is meant, run with -update:\n%s", name, diff)
	}
}
