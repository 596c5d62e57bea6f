package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// free are the queries that belong to the hub and not to an enterprise: those of
// agents that ask for a connection, which no enterprise has approved yet, and
// those that find out which one a token or an assertion is of.
func free(name string) bool {
	switch name {
	case "LastEnterprise", "EnterpriseBySlug", "Enterprises",
		"AddPairing", "PairingByDevice", "PairingByCode", "StatementUsed", "CountPairings", "PairingPolled", "RemovePairings",
		"ConnectionByID", "ConnectTokenByHash":
		return true
	default:
		return false
	}
}

// TestEveryQueryNamesTheEnterprise keeps enterprises apart: each table of a
// query is bound to one, subqueries included.
func TestEveryQueryNamesTheEnterprise(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	selects := regexp.MustCompile(`(?i)\b(FROM|UPDATE|INTO)\s+[a-z_]+`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for query := range strings.SplitSeq(string(text), "-- name: ") {
			name, body, ok := strings.Cut(query, " ")
			if !ok || free(name) {
				continue
			}
			body = strings.ReplaceAll(body, "DO UPDATE", "") // of the row that was to be inserted: no table more
			tables := len(selects.FindAllString(body, -1))
			if bound := strings.Count(body, "@enterprise"); bound < tables || tables == 0 {
				t.Errorf("%s: %s: @enterprise stands %d times for %d tables", file, name, bound, tables)
			}
		}
	}
}
