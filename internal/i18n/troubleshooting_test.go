package i18n_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// quoted is a line of docs/troubleshooting.md that quotes a sentence.
var quoted = regexp.MustCompile("(?m)^\\* `([a-z0-9_.]+)`: (.*)$")

// TestTroubleshootingQuotesTheCatalogue: whoever looks for the words they see
// finds them. With -update the quotes are made what the catalogue says.
func TestTroubleshootingQuotesTheCatalogue(t *testing.T) {
	t.Parallel()
	name := filepath.Join(root, "docs", "troubleshooting.md")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	all, seen := sentences(t), map[string]bool{}
	mended := quoted.ReplaceAllStringFunc(string(text), func(line string) string {
		parts := quoted.FindStringSubmatch(line)
		key := parts[1]
		quote := plain(all[key])
		if seen[key] || all[key] == nil {
			t.Errorf("%s stands there twice, or is no sentence any more", key)
		}
		seen[key] = true
		if parts[2] != quote && !*update {
			t.Errorf("%s is not what is said; go test ./internal/i18n -update mends it:\n got %s\nwant %s", key, parts[2], quote)
		}
		return "* `" + key + "`: " + quote
	})
	if len(seen) < 40 {
		t.Errorf("%d sentences are explained", len(seen))
	}
	if *update {
		if err := os.WriteFile(name, []byte(mended), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

var (
	// conditions stand around parts of a sentence that are not always said.
	conditions = regexp.MustCompile(`\{\{(?:if|else|end)[^}]*\}\}`)
	values     = regexp.MustCompile(`\{\{(?:(?:number|date) )?\.(\w+)\}\}`)
	words      = regexp.MustCompile(`([a-z])([A-Z])`)
)

// plain is a sentence with the names of its values in capitals, and all that it
// may say.
func plain(sentence json.RawMessage) string {
	text, forms := "", map[string]string{}
	if json.Unmarshal(sentence, &text) != nil && json.Unmarshal(sentence, &forms) == nil {
		text = forms["other"]
	}
	return values.ReplaceAllStringFunc(conditions.ReplaceAllString(text, ""), func(value string) string {
		return strings.ToUpper(words.ReplaceAllString(values.FindStringSubmatch(value)[1], "$1-$2"))
	})
}
