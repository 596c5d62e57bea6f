package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/source"
)

// TestLeftOutAccountsAreTold: whoever asks learns of every account that does
// not count, with its cause; nothing changes about those that do.
func TestLeftOutAccountsAreTold(t *testing.T) {
	t.Parallel()
	told := map[string]string{}
	options := source.ServerOptions{LeaveOutNeverSignedIn: true, LeftOut: func(a source.LeftOut) {
		told[a.UserID+" "+a.Login+" "+a.Email.Address()] = a.Cause
	}}
	with, _, err := read(t, file("all_users.csv", allUsers), options)
	if err != nil {
		t.Fatal(err)
	}
	options.LeftOut = nil
	without, _, err := read(t, file("all_users.csv", allUsers), options)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(without, with); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{
		"1 ghost ": "built_in", "2 scim-admin x@acme.example": "built_in",
		"4 sven sven@acme.example": "suspended", "5 robot ": "never_signed_in",
	}
	for who, cause := range want {
		if told[who] != cause {
			t.Errorf("%s: got %q, want %q (told: %v)", who, told[who], cause, told)
		}
	}
}

// TestDormantUsersAloneAreDoubted: of a file that was seen whole, and of one
// whose beginning was.
func TestDormantUsersAloneAreDoubted(t *testing.T) {
	t.Parallel()
	const header = "id,email,dormant?\n"
	row := func(id, dormant string) string { return id + ",u" + id + "@acme.example," + dormant + "\n" }
	many := &strings.Builder{}
	for i := range 9000 {
		many.WriteString(row(strings.Repeat("1", 1+i%9)+"0"+strings.Repeat("2", i/9%9)+"0"+strings.Repeat("3", i/81%9)+"0"+strings.Repeat("4", i/729), "true"))
	}
	four := row("1", "true") + row("2", "true") + row("3", "true") + row("4", "true")
	for name, test := range map[string]struct{ text, says string }{
		"all":            {header + four, "source.warn_all_dormant"},
		"all but one":    {header + four + row("5", "false"), ""},
		"a few":          {header + row("1", "true"), ""},
		"no column":      {"id,email\n1,a@acme.example\n", ""},
		"a long file":    {header + many.String(), "source.warn_first_dormant"},
		"no end of line": {header + strings.TrimSuffix(four, "\n"), "source.warn_all_dormant"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, summary, err := read(t, file("x.csv", test.text), source.ServerOptions{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, w := range summary.Warnings {
				if key, _ := w.Message(); strings.Contains(key, "dormant") {
					got = key
				}
			}
			if got != test.says {
				t.Errorf("got %q, want %q", got, test.says)
			}
		})
	}
}
