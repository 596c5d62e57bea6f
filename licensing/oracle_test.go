package licensing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// TestOracle holds the engine against the plain reference on random
// enterprises: nobody may be placed, counted or explained differently.
func TestOracle(t *testing.T) {
	t.Parallel()
	const enterprises = 1000
	for seed := range uint64(enterprises) {
		size := 1 + int(seed%40)
		side, instances := mustEnterprise(t, seed, size, oracleOptions(seed))
		policy := licensingtest.PolicyOf(seed, side)
		if diff := differences(side, policy, instances, whole); diff == "" {
			continue
		}
		side, instances = shrunk(side, instances, func(side *licensing.CloudSide, instances []licensingtest.Instance) bool {
			return differences(side, policy, instances, whole) != ""
		})
		t.Fatalf("seed %d, size %d, policy %+v (-plain +engine):\n%s\n%s", seed, size, policy,
			differences(side, policy, instances, masked), dump(side, instances))
	}
}

// oracleOptions make from few addresses, where everything collides, to about
// one for each account.
func oracleOptions(seed uint64) licensingtest.Options {
	return licensingtest.Options{Report: 50, Addresses: 20 + int(seed%5)*20}
}

// differences says where the plain and the engine's results differ.
func differences(side *licensing.CloudSide, policy licensing.Policy, instances []licensingtest.Instance, show show) string {
	want := licensingtest.Plain(side, policy, instances)
	got, err := count(side, policy, instances, 7)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	compare := func(what string, want, got any) {
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			fmt.Fprintf(&b, "%s:\n%s", what, diff)
		}
	}
	if a, b := plainPeople(side, want, whole), enginePeople(side, got, whole); !slices.Equal(a, b) {
		compare("people", without(plainPeople(side, want, show), enginePeople(side, got, show)),
			without(enginePeople(side, got, show), plainPeople(side, want, show)))
	}
	compare("statement", want.Statement, got.Statement())
	compare("instances", want.Instances, loadedOnly(got.Instances()))
	compare("conflicts", plainConflicts(want, show), engineConflicts(got, show))
	v := got.Visibility()
	compare("visibility", want.Visibility, licensingtest.PlainVisibility{
		Accounts: v.Accounts, ByVerified: v.ByVerified, ByIdentity: v.ByIdentity, ByGitHub: v.ByGitHub,
		ByNothing: v.ByNothing, Low: v.Low, High: v.High,
	})
	compare("reconciliation", want.Reconciliation, plainTerms(got.Reconciliation()))
	return b.String()
}

func plainTerms(r *licensing.Reconciliation) *licensingtest.PlainReconciliation {
	if r == nil {
		return nil
	}
	return &licensingtest.PlainReconciliation{
		Figure: r.Figure, MoreThanOnce: r.MoreThere, SeveralHere: r.SeveralHere, OnlyHere: r.OnlyHere,
		OnlyThere: r.OnlyThere, Unexplained: r.Unexplained, Licenses: r.Licenses,
	}
}

// without are the lines of one list that the other lacks.
func without(list, other []string) []string {
	return slices.DeleteFunc(list, func(line string) bool { return slices.Contains(other, line) })
}

func loadedOnly(list []licensing.InstanceStatement) []licensing.InstanceStatement {
	return slices.DeleteFunc(slices.Clone(list), func(s licensing.InstanceStatement) bool { return s.Reported })
}

func plainConflicts(r *licensingtest.PlainResult, show show) []string {
	var list []string
	for _, c := range r.Conflicts {
		list = append(list, conflictText(show(c.Value), c.Attribute, c.Candidates))
	}
	slices.Sort(list)
	return list
}

func engineConflicts(r *licensing.Result, show show) []string {
	var list []string
	for _, c := range r.Conflicts() {
		list = append(list, conflictText(show(c.Value), c.Attribute, c.Candidates))
	}
	slices.Sort(list)
	return list
}

func conflictText(value string, attribute licensing.Attribute, candidates []string) string {
	return strings.ToLower(fmt.Sprintf("%s in %q: %v", value, attribute, candidates))
}
