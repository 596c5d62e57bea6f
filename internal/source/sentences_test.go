package source_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestEveryKeyHasASentence: keys reach errs.New through variables here, where
// the catalogue's own test does not see them.
func TestEveryKeyHasASentence(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../i18n/en/source.json")
	if err != nil {
		t.Fatal(err)
	}
	var sentences map[string]any
	if err := json.Unmarshal(text, &sentences); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`_test\.go$`).MatchString(name) {
			continue
		}
		for _, m := range regexp.MustCompile(`"(source\.[a-z_0-9]+)"`).FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
			if sentences[m[1]] == nil {
				t.Errorf("%s: no sentence for %s", name, m[1])
			}
		}
	}
	if len(used) < 60 {
		t.Errorf("only %d keys found", len(used))
	}
	for key := range sentences {
		if !used[key] {
			t.Errorf("nothing says %s", key)
		}
	}
}
