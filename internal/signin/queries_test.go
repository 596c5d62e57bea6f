package signin_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryQueryNamesTheEnterprise keeps enterprises apart. A secret alone says
// whose it is, so the queries for one cannot.
func TestEveryQueryNamesTheEnterprise(t *testing.T) {
	t.Parallel()
	free := map[string]bool{"TokenByHash": true, "OwnerByLink": true, "SessionByHash": true}
	tables := regexp.MustCompile(`\b(FROM|UPDATE|INTO)\s+[a-z_]+`)
	files, err := filepath.Glob("queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for query := range strings.SplitSeq(string(text), "-- name: ") {
			name, body, ok := strings.Cut(query, " ")
			if !ok || free[name] {
				continue
			}
			named := len(tables.FindAllString(body, -1))
			if bound := strings.Count(body, "@enterprise"); bound < named || named == 0 {
				t.Errorf("%s: %s: @enterprise stands %d times for %d tables", file, name, bound, named)
			}
		}
	}
}
