package match_test

import (
	"errors"
	"testing"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/bench/match"
)

const (
	size  = 10_000
	peers = "../peers"
)

func mustGenerate(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := gen.Write(dir, size); err != nil {
		t.Fatal(err)
	}
	return dir
}

func mustRun(t *testing.T, program func(string) (match.Outcome, error), dir string) match.Outcome {
	t.Helper()
	o, err := program(dir)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestOursFindsWhatPlainFinds: the benchmark compares like with like.
func TestOursFindsWhatPlainFinds(t *testing.T) {
	t.Parallel()
	dir := mustGenerate(t)
	ours, plain := mustRun(t, match.Ours, dir), mustRun(t, match.Plain, dir)
	for _, d := range ours.Tally.Differences(plain.Tally) {
		t.Errorf("ours and plain differ in %s", d)
	}
	for _, rule := range []string{"R3", "R4", "R5", "R6", "R7"} {
		if ours.Tally.Reasons[rule] == 0 {
			t.Errorf("no server account was placed by %s", rule)
		}
	}
	if ours.Tally.Ties == 0 || len(ours.Tally.LicensesByType) != 2 {
		t.Errorf("%d ties, licenses %v: want some of each", ours.Tally.Ties, ours.Tally.LicensesByType)
	}
}

// TestOursFindsWhatDuckDBFinds runs where DuckDB was installed for comparing.
func TestOursFindsWhatDuckDBFinds(t *testing.T) {
	t.Parallel()
	if err := match.FindDuckDB(peers); errors.Is(err, match.ErrNoDuckDB) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	dir := mustGenerate(t)
	duck, err := match.DuckDB(t.Context(), peers, dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range mustRun(t, match.Ours, dir).Tally.Differences(duck.Tally) {
		t.Errorf("ours and DuckDB differ in %s", d)
	}
}

func TestDifferencesAreNamed(t *testing.T) {
	t.Parallel()
	one := match.Tally{
		People: 1, Licenses: 1, Ties: 1, PeopleDigest: "1", AccountsDigest: "1",
		LicensesByType: map[string]int{"Enterprise": 1}, Reasons: map[string]int{"R3": 1},
	}
	if all := one.Differences(one); len(all) > 0 {
		t.Errorf("a tally differs from itself in %v", all)
	}
	if all := one.Differences(match.Tally{}); len(all) != 7 {
		t.Errorf("%d differences between a tally and none, want 7: %v", len(all), all)
	}
}

func TestMissingFilesAreErrors(t *testing.T) {
	t.Parallel()
	for _, program := range []func(string) (match.Outcome, error){match.Ours, match.Plain} {
		if _, err := program(t.TempDir()); err == nil {
			t.Error("an empty directory was counted")
		}
	}
}
