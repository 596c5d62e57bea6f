package archtest_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	reading "github.com/oneseat/oneseat/internal/source"
)

// The pages that describe what is read and written, and the golden cloud list.
const (
	listPage   = "docs/cloud-list.md"
	outputPage = "docs/match-output.md"
	wholeList  = "cmd/oneseat/testdata/whole-cloud-list.json"
)

// TestThePageOfTheCloudListIsTrue: it shows the golden list, names every key
// and word that the reader knows, and says which keys are required.
func TestThePageOfTheCloudListIsTrue(t *testing.T) {
	t.Parallel()
	page := mustRead(t, listPage)
	if !strings.Contains(page, "```json\n"+strings.TrimSpace(mustRead(t, wholeList))+"\n```") {
		t.Errorf("%s does not show %s as it is", listPage, wholeList)
	}
	for _, key := range keysOf(t, mustRead(t, wholeList)) {
		mustName(t, listPage, page, key)
	}
	required := readerWords(t, "require")
	words := readerWords(t, "choice")
	if len(required) < 5 || len(words) < 8 {
		t.Fatalf("the reader requires %v and knows %v: is it written another way now?", required, words)
	}
	for _, word := range words {
		mustName(t, listPage, page, word)
	}
	for _, key := range required {
		if !regexp.MustCompile("`" + key + "`[^\n]*required").MatchString(page) {
			t.Errorf("%s does not say that %s is required", listPage, key)
		}
	}
}

// readerWords are the constants among the arguments of a method of the cloud
// list's reader.
func readerWords(t *testing.T, method string) []string {
	t.Helper()
	listed := mustList(t)
	c := mustCheck(t, listed[module+"/internal/source"], listed)
	var words []string
	for _, file := range c.files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if called, ok := call.Fun.(*ast.SelectorExpr); !ok || called.Sel.Name != method {
				return true
			}
			for _, argument := range call.Args {
				if value := c.info.Types[argument].Value; value != nil && value.Kind() == constant.String {
					words = append(words, constant.StringVal(value))
				}
			}
			return true
		})
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// checkOutputPage runs match and looks for every key and column in the page.
func checkOutputPage(t *testing.T, program string) {
	t.Helper()
	page := mustRead(t, outputPage)
	examples := filepath.Join(root, "examples")
	args := []string{
		"match", "--as-of", "2026-11-20",
		"--server", "ghes-1.acme.example=" + filepath.Join(examples, "ghes-1-all_users.csv"), "ghes-2.acme.example=" + filepath.Join(examples, "ghes-2-all_users.csv"),
		"--cloud", filepath.Join(examples, "cloud.json"),
	}
	written := keysOf(t, mustOutput(t, program, append(slices.Clone(args), "--format", "json")...)) // with conflicts
	args = append(args, filepath.Join(examples, "consumed_licenses-acme-20261119T080000Z.csv"))
	written = append(written, keysOf(t, mustOutput(t, program, append(slices.Clone(args), "--format", "json")...))...)
	for _, deep := range []string{"left_out", "term", "candidates", "message", "invitation_email"} {
		if !slices.Contains(written, deep) {
			t.Errorf("the examples have no %s any more: this test sees nothing of it", deep)
		}
	}
	header, _, _ := strings.Cut(mustOutput(t, program, append(args, "--format", "csv")...), "\r\n")
	columns := strings.Split(header, ",")
	for _, key := range append(written, columns...) {
		mustName(t, outputPage, page, key)
	}
	at := -1
	for _, column := range columns {
		next := strings.Index(page, "\n| `"+column+"` |")
		if next <= at {
			t.Errorf("%s: the column %s has no row of its own in its place", outputPage, column)
		}
		at = next
	}
}

// TestThePageNamesTheLimits, as they are.
func TestThePageNamesTheLimits(t *testing.T) {
	t.Parallel()
	page := mustRead(t, outputPage)
	for what, limit := range map[string]int64{
		"MaxBytes": reading.DefaultMaxBytes, "MaxRowBytes": reading.DefaultMaxRowBytes,
		"MaxRows": reading.DefaultMaxRows, "MaxProblems": reading.MaxProblems,
	} {
		text := message.NewPrinter(language.English).Sprintf("%d", limit)
		if !regexp.MustCompile(`\| ` + text + `\b`).MatchString(page) {
			t.Errorf("%s does not name %s, %s", outputPage, what, text)
		}
	}
}

// mustName demands that a page has a word as code.
func mustName(t *testing.T, name, page, word string) {
	t.Helper()
	if !strings.Contains(page, "`"+word+"`") {
		t.Errorf("%s does not name `%s`", name, word)
	}
}

func mustOutput(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, args...).Output()
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return string(out)
}

// keysOf gives the keys of every object in a JSON text, each once.
func keysOf(t *testing.T, text string) []string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(fmt.Errorf("%s…: %w", text[:min(len(text), 100)], err))
	}
	var keys []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, inner := range v {
				keys = append(keys, key)
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(value)
	slices.Sort(keys)
	return slices.Compact(keys)
}

// TestSentencesRecommendWhatThereIs: what a sentence once advised and nobody
// could follow.
func TestSentencesRecommendWhatThereIs(t *testing.T) {
	t.Parallel()
	never := regexp.MustCompile(`(?i)raise the limit|license page|oneseat.s agent`)
	sentences := 0
	for _, name := range mustPaths(t, ".json") {
		if !strings.HasPrefix(name, "internal/i18n/") {
			continue
		}
		sentences++
		if found := never.FindString(mustRead(t, name)); found != "" {
			t.Errorf("%s: %q: no command can do that", name, found)
		}
	}
	if sentences == 0 {
		t.Error("no sentences found")
	}
}
