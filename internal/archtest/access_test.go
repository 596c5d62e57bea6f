package archtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/signin"
)

// accessPage says who may what.
const accessPage = "docs/access.md"

// actions are everything that the audit log can say, those of roles first. What both
// roles record stands there once.
func actions() []signin.Action {
	var all []signin.Action
	for _, name := range hub.AuditActions() {
		all = append(all, signin.Action(name))
	}
	for _, name := range agent.AuditActions() {
		if !slices.Contains(all, signin.Action(name)) {
			all = append(all, signin.Action(name))
		}
	}
	return append(all, signin.Actions()...)
}

// TestTheAccessPageListsEveryAction: with the sentence that people read, as the
// last table of the page; "make golden" writes it anew.
func TestTheAccessPageListsEveryAction(t *testing.T) {
	t.Parallel()
	sentences, err := i18n.New("en")
	if err != nil {
		t.Fatal(err)
	}
	const head = "| action | meaning |\n| --- | --- |\n"
	var table strings.Builder
	for _, action := range actions() {
		key, _ := action.Message()
		sentence := sentences.T(key)
		if sentence == key {
			t.Errorf("no sentence for %s", key)
		}
		fmt.Fprintf(&table, "| `%s` | %s |\n", action, sentence)
	}
	text := mustRead(t, accessPage)
	before, got, found := strings.Cut(text, head)
	if !found {
		t.Fatalf("%s has no table of actions", accessPage)
	}
	if *update {
		if err := os.WriteFile(filepath.Join(root, accessPage), []byte(before+head+table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != table.String() {
		t.Errorf("%s has\n%s\nwant\n%s", accessPage, got, table.String())
	}
}

// TestEveryActionIsListed: a literal in the sources that is named like an
// action is one of the list, and no two of the list are the same.
func TestEveryActionIsListed(t *testing.T) {
	t.Parallel()
	listed := actions()
	for i, action := range listed {
		if slices.Contains(listed[:i], action) {
			t.Errorf("%s stands twice in the list", action)
		}
	}
	constant := regexp.MustCompile(`(?m)^\s*[A-Z]\w+(?: +Action)? += ("(?:oneseat|business|dotcom_connection|enterprise_[a-z]+)\.[a-z_]+")`)
	seen := map[string]bool{}
	for _, s := range mustSources(t) {
		for _, m := range constant.FindAllStringSubmatch(mustRead(t, s.path), -1) {
			name, err := strconv.Unquote(m[1])
			if err != nil {
				t.Fatal(err)
			}
			if seen[name] = true; !slices.Contains(listed, signin.Action(name)) {
				t.Errorf("%s: %s is not listed", s.path, name)
			}
		}
	}
	if len(seen) != len(listed) {
		t.Errorf("%d constants for %d listed actions", len(seen), len(listed))
	}
}

// TestTheAccessPageKnowsScopesAndRoles, their limits and nobody else's.
func TestTheAccessPageKnowsScopesAndRoles(t *testing.T) {
	t.Parallel()
	text := mustRead(t, accessPage)
	want := []string{
		fmt.Sprintf("An enterprise has %d tokens at most.", signin.MaxTokens),
		fmt.Sprintf("An enterprise has %d people\nat most.", signin.MaxOwners),
	}
	head := "| may |"
	for _, scope := range signin.Scopes() {
		want = append(want, fmt.Sprintf("\n| `%s` | ", scope))
		head += fmt.Sprintf(" `%s` |", scope)
	}
	roles := "| role | scope |\n| --- | --- |\n"
	for _, role := range signin.Roles() {
		for _, scope := range role.Scopes() {
			roles += fmt.Sprintf("| `%s` | `%s` |\n", role, scope)
		}
	}
	for _, part := range append(want, head, roles) {
		if !strings.Contains(text, part) {
			t.Errorf("%s does not say %q", accessPage, part)
		}
	}
}
