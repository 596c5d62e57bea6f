package source_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/report"
)

// TestLongTextsBeyondASCIIAreNotCutInACharacter: a text may be longer than what
// is looked at at once.
func TestLongTextsBeyondASCIIAreNotCutInACharacter(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("日", 40_000), strings.Repeat("😀", 30_000), strings.Repeat("é日", 30_000)} {
		for shift := range 4 {
			want := strings.Repeat("a", shift) + name
			text := asCSV(t, report.CSVOptions{}, report.User{Login: "mona", Name: want, CloudUser: true})
			got := mustReadCloud(t, source.CloudOptions{}, file("r-2026-11-19.csv", text))
			if got.Side.Accounts[0].Name != want || len(got.Warnings) > 0 {
				t.Errorf("%.10s…, shifted by %d: the name changed; warnings %v", name, shift, got.Warnings)
			}
		}
	}
}

// TestManyProblemsSayThatThereAreMore: in a CSV as in a cloud list.
func TestManyProblemsSayThatThereAreMore(t *testing.T) {
	t.Parallel()
	for rows, more := range map[int]bool{source.MaxProblems: false, source.MaxProblems + 1: true, 50: true} {
		got := problemsOf(t, "id,email\n"+strings.Repeat(",x@acme.example\n", rows))
		if len(got.List) != source.MaxProblems || got.More != more {
			t.Errorf("%d rows: %d problems, more: %v", rows, len(got.List), got.More)
		}
	}
}

// problemsOf are the problems of a server's CSV.
func problemsOf(t *testing.T, text string) *source.Problems {
	t.Helper()
	s, err := source.OpenServer(file("users.csv", text), source.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Finish()
	several, ok := errors.AsType[*source.Problems](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	return several
}
