package nearest_test

import (
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/nearest"
)

func TestTo(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 200)
	tests := map[string]struct {
		mistyped string
		words    []string
		want     string
	}{
		"a letter too few":             {"explan", []string{"cloud", "explain"}, "explain"},
		"swapped letters are one step": {"ab", []string{"ba"}, "ba"},
		"spelt another way":            {"Managed-Users?", []string{"managed_users"}, "managed_users"},
		"the nearer one":               {"ghes-12", []string{"ghes-345", "ghes-1"}, "ghes-1"},
		"the first of two":             {"bat", []string{"cat", "hat"}, "cat"},
		"characters, not bytes":        {"žůé", []string{"žůa"}, "žůa"},
		"not two of three":             {"žůé", []string{"žab"}, ""},
		"none":                         {"server", []string{"policy"}, ""},
		"no words":                     {"server", nil, ""},
		"not typed":                    {long, []string{long}, ""},
		"a word nobody types":          {"aaa", []string{long}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := nearest.To(test.mistyped, test.words); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
