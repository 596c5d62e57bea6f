package main

import (
	"strings"
	"testing"
)

// TestExplainShowsWhatGitHubShows: one rule for the words and for the report.
// What GitHub hides is whole nowhere, unless the asker named it.
func TestExplainShowsWhatGitHubShows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cloud := mustWrite(t, dir, "cloud.json", list(`"verified_domains":["acme.example","acme-labs.example"],"users":[{"login":"mona","emails":[`+
		`{"email":"mona.r@acme.example","verified":true},{"email":"hidden.one@acme.example","verified":false},`+
		`{"email":"private.two@home.example","verified":true}],"organizations":[{"login":"eng","role":"Member"}]}]`))
	server := "ghes.acme.example=" + mustWrite(t, dir, "all_users.csv", "id,email\n7,hidden.one@acme-labs.example\n")
	tests := map[string]struct {
		args         []string
		shows, hides []string
	}{
		"as documented": {
			[]string{"--explain", "mona"},
			[]string{"mona.r@acme.example"},
			[]string{"hidden.one@acme.example", "private.two@home.example"},
		},
		"managed users": {
			[]string{"--explain", "mona", "--policy", "managed_users=true"},
			[]string{"mona.r@acme.example", "private.two@home.example"},
			[]string{"hidden.one@acme.example"},
		},
		"managed users, for programs": {
			[]string{"--format", "json", "--policy", "managed_users=true"},
			[]string{"mona.r@acme.example", "private.two@home.example"},
			[]string{"hidden.one@acme.example"},
		},
		"what almost joined": {
			[]string{"--server", server, "--explain", "ghes.acme.example:7"},
			[]string{"mona", "h…@acme.example"},
			[]string{"hidden.one@acme.example"},
		},
		"asked for": {
			[]string{"--explain", "private.two@home.example"},
			[]string{"private.two@home.example"},
			[]string{"hidden.one@acme.example"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := call(t, append([]string{"match", "--cloud", cloud}, test.args...)...)
			said := strings.Join(strings.Fields(got.stdout), " ")
			for _, text := range test.shows {
				if !strings.Contains(said, text) {
					t.Errorf("%s is missing: %+v", text, got)
				}
			}
			for _, text := range test.hides {
				if strings.Contains(said, text) {
					t.Errorf("%s is shown: %s", text, got.stdout)
				}
			}
		})
	}
}
