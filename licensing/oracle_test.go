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

// shrunk takes parts of an enterprise away for as long as it still fails.
func shrunk(side *licensing.CloudSide, instances []licensingtest.Instance, fails func(*licensing.CloudSide, []licensingtest.Instance) bool) (*licensing.CloudSide, []licensingtest.Instance) {
	for smaller := true; smaller; {
		smaller = false
		for _, candidate := range reductions(side, instances) {
			if licensingtest.Check(candidate.side, candidate.instances) == nil && fails(candidate.side, candidate.instances) {
				side, instances, smaller = candidate.side, candidate.instances, true
				break
			}
		}
	}
	return side, instances
}

type reduced struct {
	side      *licensing.CloudSide
	instances []licensingtest.Instance
}

// reductions are the enterprises that lack one thing.
func reductions(side *licensing.CloudSide, instances []licensingtest.Instance) []reduced {
	var list []reduced
	change := func(change func(*licensing.CloudSide)) {
		other := *side
		change(&other)
		list = append(list, reduced{&other, instances})
	}
	for i := range instances {
		list = append(list, reduced{side, slices.Delete(slices.Clone(instances), i, i+1)})
		for j := range instances[i].Accounts {
			other := slices.Clone(instances)
			other[i].Accounts = slices.Delete(slices.Clone(other[i].Accounts), j, j+1)
			list = append(list, reduced{side, other})
			for k := range instances[i].Accounts[j].Emails {
				other := slices.Clone(instances)
				other[i].Accounts = slices.Clone(other[i].Accounts)
				account := &other[i].Accounts[j]
				account.Emails = slices.Delete(slices.Clone(account.Emails), k, k+1)
				list = append(list, reduced{side, other})
			}
		}
	}
	for i := range side.Accounts {
		change(func(s *licensing.CloudSide) { dropAccount(s, i) })
		account := side.Accounts[i]
		for j := range account.Emails {
			change(func(s *licensing.CloudSide) { at(s, i).Emails = slices.Delete(slices.Clone(account.Emails), j, j+1) })
		}
		for j := range account.SAML {
			change(func(s *licensing.CloudSide) { at(s, i).SAML = slices.Delete(slices.Clone(account.SAML), j, j+1) })
		}
		for j := range account.SCIM {
			change(func(s *licensing.CloudSide) { at(s, i).SCIM = slices.Delete(slices.Clone(account.SCIM), j, j+1) })
		}
		for j := range account.Organizations {
			change(func(s *licensing.CloudSide) {
				at(s, i).Organizations = slices.Delete(slices.Clone(account.Organizations), j, j+1)
			})
		}
	}
	for i := range side.Invitations {
		change(func(s *licensing.CloudSide) { s.Invitations = slices.Delete(slices.Clone(s.Invitations), i, i+1) })
	}
	for i := range side.Subscriptions {
		change(func(s *licensing.CloudSide) { s.Subscriptions = slices.Delete(slices.Clone(s.Subscriptions), i, i+1) })
	}
	if side.Report != nil {
		for i := range side.Report.Rows {
			change(func(s *licensing.CloudSide) { dropRow(s, i) })
		}
	}
	return list
}

// at gives an account of a copy, in a list of its own.
func at(s *licensing.CloudSide, i int) *licensing.CloudAccount {
	s.Accounts = slices.Clone(s.Accounts)
	return &s.Accounts[i]
}

func dropAccount(s *licensing.CloudSide, i int) {
	login := s.Accounts[i].Login
	s.Accounts = slices.Delete(slices.Clone(s.Accounts), i, i+1)
	if s.Report == nil {
		return
	}
	for row := range s.Report.Rows {
		if strings.EqualFold(s.Report.Rows[row].Login, login) {
			dropRow(s, row)
			return
		}
	}
}

func dropRow(s *licensing.CloudSide, i int) {
	report := *s.Report
	report.Rows = slices.Delete(slices.Clone(report.Rows), i, i+1)
	report.Consumed--
	s.Report = &report
}

// dump prints an enterprise, masked unless -reveal.
func dump(side *licensing.CloudSide, instances []licensingtest.Instance) string {
	text := func(e licensing.Email) string { return masked(e) }
	var b strings.Builder
	for _, instance := range instances {
		for _, account := range instance.Accounts {
			fmt.Fprintf(&b, "server %s:%s", instance.Host, account.UserID)
			for _, e := range account.Emails {
				fmt.Fprintf(&b, " %s primary=%t", text(e.Email), e.Primary)
			}
			b.WriteByte('\n')
		}
	}
	for i := range side.Accounts {
		dumpAccount(&b, &side.Accounts[i])
	}
	for _, i := range side.Invitations {
		fmt.Fprintf(&b, "invitation %s kind=%d scim=%t failed=%t at=%s\n", text(i.Email), i.Kind, i.SCIM, i.Failed, i.CreatedAt)
	}
	for _, s := range side.Subscriptions {
		fmt.Fprintf(&b, "subscription %q %s %q\n", s.ID, text(s.Email), s.Login)
	}
	if side.Report != nil {
		fmt.Fprintf(&b, "report missing=%d\n", side.Report.Missing)
		for _, row := range side.Report.Rows {
			fmt.Fprintf(&b, "row %q %v", row.Login, row.ServerAccounts)
			for _, e := range row.ServerEmails {
				fmt.Fprintf(&b, " %s", text(e))
			}
			fmt.Fprintf(&b, " subscription=%s invitation=%s %q\n", text(row.SubscriptionEmail), text(row.InvitationEmail), row.Detail)
		}
	}
	return b.String()
}

func dumpAccount(b *strings.Builder, a *licensing.CloudAccount) {
	fmt.Fprintf(b, "cloud %s suspended=%t reported=%t orgs=%d collaborator=%d pending=%d", a.Login, a.Suspended, a.Reported,
		len(a.Organizations), len(a.OutsideCollaborator), len(a.PendingOrganizations))
	for _, e := range a.Emails {
		fmt.Fprintf(b, " %s verified=%t", masked(e.Email), e.Verified)
	}
	for _, s := range a.SAML {
		fmt.Fprintf(b, " nameid=%s", masked(s.NameID))
		for _, v := range s.Attributes {
			fmt.Fprintf(b, " %s=%s", v.Name, masked(v.Value))
		}
	}
	for _, s := range a.SCIM {
		fmt.Fprintf(b, " scim=%s", masked(s.UserName))
		for _, e := range s.Emails {
			fmt.Fprintf(b, " scimemail=%s", masked(e))
		}
	}
	b.WriteByte('\n')
}
