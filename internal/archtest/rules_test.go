package archtest_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryRuleHasAScenario: the page of the rules has each number once, and
// under it every scenario of that number, at least one.
func TestEveryRuleHasAScenario(t *testing.T) {
	t.Parallel()
	scenarios := scenariosByRule(t)
	sections := regexp.MustCompile(`(?m)^#+ `).Split(mustRead(t, "docs/matching-rules.md"), -1)
	for _, rule := range ruleNumbers() {
		found := slices.DeleteFunc(slices.Clone(sections), func(s string) bool { return !strings.HasPrefix(s, rule+"\n") })
		if len(found) != 1 {
			t.Errorf("docs/matching-rules.md has %d sections for %s", len(found), rule)
			continue
		}
		if len(scenarios[rule]) == 0 {
			t.Errorf("%s has no scenario in licensing/testdata", rule)
		}
		for _, name := range scenarios[rule] {
			if !strings.Contains(found[0], "(../"+name+")") {
				t.Errorf("docs/matching-rules.md: %s does not link to %s", rule, name)
			}
		}
		delete(scenarios, rule)
	}
	for rule, names := range scenarios {
		t.Errorf("%v: there is no rule %s", names, rule)
	}
}

// ruleNumbers are R0 to R10 for joining and C1 to C7 for consuming.
func ruleNumbers() []string {
	var rules []string
	for n := range 11 {
		rules = append(rules, fmt.Sprintf("R%d", n))
	}
	for n := range 7 {
		rules = append(rules, fmt.Sprintf("C%d", n+1))
	}
	return rules
}

func scenariosByRule(t *testing.T) map[string][]string {
	t.Helper()
	number := regexp.MustCompile(`^([A-Z])0*([0-9]+)-`)
	scenarios := map[string][]string{}
	for _, name := range mustPaths(t, ".txtar") {
		if path.Dir(name) != "licensing/testdata" {
			continue
		}
		m := number.FindStringSubmatch(path.Base(name))
		if m == nil {
			t.Errorf("%s: a scenario's name begins with the number of its rule", name)
			continue
		}
		rule := m[1] + m[2]
		scenarios[rule] = append(scenarios[rule], name)
	}
	return scenarios
}
