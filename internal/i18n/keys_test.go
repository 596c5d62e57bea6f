package i18n_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the module's directory, seen from this package's tests.
const root = "../.."

// codePackages are the packages that may not import internal/errs: their
// constants of a type of codeTypes name a sentence each, "usagefile." + code.
var codePackages = []string{"licensing", "usagefile", "report"}

// codeTypes are the types of codes, with what stands between the package and
// the code in a key.
var codeTypes = map[string]string{"Code": ".", "WarningCode": ".warn_"}

// sentences gives the English texts by key, and fails for a key that stands
// twice, in one file or in two.
func sentences(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	names, err := filepath.Glob("en/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalogue files (%v)", err)
	}
	home := map[string]string{}
	all := map[string]json.RawMessage{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for key, sentence := range mustMembers(t, name, text) {
			if home[key] != "" {
				t.Errorf("%s stands in %s and in %s", key, home[key], name)
			}
			home[key], all[key] = name, sentence
		}
	}
	return all
}

// mustMembers gives the members of a JSON object and fails for a repeated one.
func mustMembers(t *testing.T, name string, text []byte) map[string]json.RawMessage {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		t.Fatalf("%s: not a JSON object: %v %v", name, open, err)
	}
	members := map[string]json.RawMessage{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatalf("%s: %v: %v", name, key, err)
		}
		text, _ := key.(string)
		if _, twice := members[text]; twice {
			t.Errorf("%s: %s stands there twice", name, text)
		}
		members[text] = value
	}
	return members
}

func TestEveryKeyHasAnAreaAndText(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-z0-9]+(\.[a-zA-Z0-9_-]+)+$`)
	for key, sentence := range sentences(t) {
		if !shape.MatchString(key) {
			t.Errorf("%q is no key: write area.what", key)
		}
		forms := map[string]string{}
		if json.Unmarshal(sentence, &forms) != nil {
			forms = map[string]string{"other": ""}
			other := ""
			if err := json.Unmarshal(sentence, &other); err != nil {
				t.Errorf("%s: %v", key, err)
			}
			forms["other"] = other
		}
		if strings.TrimSpace(forms["other"]) == "" {
			t.Errorf("%s has no text", key)
		}
	}
}

func TestEveryKeyInTheSourcesHasASentence(t *testing.T) {
	t.Parallel()
	all := sentences(t)
	for _, use := range mustScan(t).uses {
		sentence, ok := all[use.key]
		if !ok {
			t.Errorf("%s: no sentence for %s", use.at, use.key)
			continue
		}
		for _, name := range placeholders(sentence) {
			if use.args != nil && !slices.Contains(use.args, name) {
				t.Errorf("%s: the sentence of %s shows {{.%s}}, which is not given", use.at, use.key, name)
			}
		}
	}
}

func TestEverySentenceIsUsed(t *testing.T) {
	t.Parallel()
	found := mustScan(t)
	for key := range sentences(t) {
		if !found.mentions(key) {
			t.Errorf("no source uses %s: delete the sentence", key)
		}
	}
}

func placeholders(sentence json.RawMessage) []string {
	var names []string
	for _, m := range regexp.MustCompile(`\{\{[^}]*?\.([A-Z][A-Za-z0-9]*)[^}]*\}\}`).FindAllSubmatch(sentence, -1) {
		names = append(names, string(m[1]))
	}
	return names
}

// use is one place where a source names a sentence.
type use struct {
	at   token.Position
	key  string
	args []string // names given; nil when the place does not show them all
}

type scan struct {
	uses     []use
	literals map[string]bool
}

// mentions says that a literal is the key, or the beginning of it up to a dot
// that a source completes. The codes of codePackages are known one by one.
func (s *scan) mentions(key string) bool {
	for end := len(key); end > 0; end = strings.LastIndexByte(key[:end-1], '.') + 1 {
		if s.literals[key[:end]] && !slices.Contains(codePackages, strings.TrimSuffix(key[:end], ".")) {
			return true
		}
	}
	return false
}

// mustScan reads every production source of the module.
func mustScan(t *testing.T) *scan {
	t.Helper()
	found := &scan{literals: map[string]bool{}}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"testdata", "node_modules", "tools"}, entry.Name())):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		return found.file(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.literals) == 0 {
		t.Fatal("no sources found")
	}
	return found
}

func (s *scan) file(path string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	area := file.Name.Name
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				s.literals[text] = true
			}
		case *ast.CallExpr:
			s.call(set, n)
		case *ast.ValueSpec:
			if slices.Contains(codePackages, area) {
				s.codes(set, area, n)
			}
		}
		return true
	})
	return nil
}

// call notes errs.New(kind, KEY, …), errs.Wrap(kind, cause, KEY, …) and
// x.T(KEY, …) when KEY is written out.
func (s *scan) call(set *token.FileSet, call *ast.CallExpr) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	index := -1
	switch receiver, _ := selector.X.(*ast.Ident); {
	case selector.Sel.Name == "T":
		index = 0
	case receiver == nil || receiver.Name != "errs":
		return
	case selector.Sel.Name == "New":
		index = 1
	case selector.Sel.Name == "Wrap":
		index = 2
	}
	if index < 0 || index >= len(call.Args) {
		return
	}
	if key, ok := literal(call.Args[index]); ok {
		s.uses = append(s.uses, use{set.Position(call.Pos()), key, argNames(call, index+1)})
	}
}

// argNames gives the names among name, value, name, value; nil when the call
// passes a list made elsewhere.
func argNames(call *ast.CallExpr, from int) []string {
	if call.Ellipsis.IsValid() {
		return nil
	}
	names := []string{}
	for i := from; i < len(call.Args); i += 2 {
		name, ok := literal(call.Args[i])
		if !ok {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// codes notes the constants of codeTypes.
func (s *scan) codes(set *token.FileSet, area string, spec *ast.ValueSpec) {
	kind, ok := spec.Type.(*ast.Ident)
	if !ok || codeTypes[kind.Name] == "" {
		return
	}
	for _, value := range spec.Values {
		code, ok := literal(value)
		if !ok {
			continue
		}
		code = area + codeTypes[kind.Name] + code
		s.literals[code] = true
		s.uses = append(s.uses, use{at: set.Position(value.Pos()), key: code})
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
