package ui_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/a-h/templ/parser/v2"
)

// TestComponentsHoldNoText: what a person reads is of the catalogue.
func TestComponentsHoldNoText(t *testing.T) {
	t.Parallel()
	var names []string
	for _, pattern := range []string{"*.templ", "../../page/*.templ"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	if len(names) < 8 {
		t.Fatalf("only %v found", names)
	}
	for _, name := range names {
		file, err := parser.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		var nodes []parser.Node
		for _, n := range file.Nodes {
			if component, ok := n.(*parser.HTMLTemplate); ok {
				nodes = append(nodes, component.Children...)
			}
		}
		noText(t, name, nodes)
	}
}

// noText walks nodes and complains of text, and of attributes that are text.
func noText(t *testing.T, name string, nodes []parser.Node) {
	t.Helper()
	for _, n := range nodes {
		switch n := n.(type) {
		case *parser.Text:
			if strings.ContainsFunc(n.Value, unicode.IsLetter) {
				t.Errorf("%s: the text %q is not of the catalogue", name, n.Value)
			}
		case *parser.Element:
			for _, a := range n.Attributes {
				if c, ok := a.(*parser.ConstantAttribute); ok && slices.Contains([]string{"title", "alt", "aria-label", "value"}, c.Key.String()) &&
					!slices.Contains([]string{"yes", "report", "leave_out", "0"}, c.Value) {
					t.Errorf("%s: the %s %q is not of the catalogue", name, c.Key, c.Value)
				}
			}
		}
		if inner, ok := n.(parser.CompositeNode); ok {
			noText(t, name, inner.ChildNodes())
		}
	}
}

// TestEveryLanguageHasEverySentenceOfThePages, with the same arguments.
func TestEveryLanguageHasEverySentenceOfThePages(t *testing.T) {
	t.Parallel()
	languages, err := filepath.Glob("../../i18n/*/page.json")
	if err != nil || len(languages) < 3 {
		t.Fatalf("languages: %v, %v", languages, err)
	}
	for _, area := range []string{"page.json", "pagelicensing.json", "ui.json"} {
		english := mustSentences(t, filepath.Join("../../i18n/en", area))
		for _, language := range languages {
			name := filepath.Join(filepath.Dir(language), area)
			there := mustSentences(t, name)
			for key, sentence := range english {
				switch other, ok := there[key]; {
				case !ok:
					t.Errorf("%s lacks %s", name, key)
				case arguments(other) != arguments(sentence):
					t.Errorf("%s: %s shows %s, in English %s", name, key, arguments(other), arguments(sentence))
				}
			}
			for key := range there {
				if _, ok := english[key]; !ok {
					t.Errorf("%s has %s, which English has not", name, key)
				}
			}
		}
	}
}

func mustSentences(t *testing.T, name string) map[string]json.RawMessage {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// arguments are the arguments that a sentence shows. How many there are may be
// said by the form alone.
func arguments(sentence json.RawMessage) string {
	var names []string
	for _, m := range regexp.MustCompile(`\.([A-Z][A-Za-z0-9]*)`).FindAllSubmatch(sentence, -1) {
		if name := string(m[1]); name != "Count" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}
