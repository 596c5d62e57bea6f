package licensing_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

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
	for _, other := range fewerServers(instances) {
		list = append(list, reduced{side, other})
	}
	change := func(change func(*licensing.CloudSide)) {
		other := *side
		change(&other)
		list = append(list, reduced{&other, instances})
	}
	for i := range side.Accounts {
		change(func(s *licensing.CloudSide) { dropAccount(s, i) })
		reduceAccount(change, i, &side.Accounts[i])
	}
	for i := range side.Invitations {
		change(func(s *licensing.CloudSide) { s.Invitations = lacking(s.Invitations, i) })
	}
	for i := range side.Subscriptions {
		change(func(s *licensing.CloudSide) { s.Subscriptions = lacking(s.Subscriptions, i) })
	}
	if side.Report != nil {
		for i := range side.Report.Rows {
			change(func(s *licensing.CloudSide) { dropRow(s, i) })
		}
	}
	return list
}

// fewerServers are the instances without one of them, one account or one
// address.
func fewerServers(instances []licensingtest.Instance) [][]licensingtest.Instance {
	var list [][]licensingtest.Instance
	for i := range instances {
		list = append(list, lacking(instances, i))
		for j := range instances[i].Accounts {
			other := slices.Clone(instances)
			other[i].Accounts = lacking(other[i].Accounts, j)
			list = append(list, other)
			for k := range instances[i].Accounts[j].Emails {
				other := slices.Clone(instances)
				other[i].Accounts = slices.Clone(other[i].Accounts)
				other[i].Accounts[j].Emails = lacking(other[i].Accounts[j].Emails, k)
				list = append(list, other)
			}
		}
	}
	return list
}

// reduceAccount takes one thing of a cloud account away at a time.
func reduceAccount(change func(func(*licensing.CloudSide)), i int, account *licensing.CloudAccount) {
	for j := range account.Emails {
		change(func(s *licensing.CloudSide) { at(s, i).Emails = lacking(account.Emails, j) })
	}
	for j := range account.SAML {
		change(func(s *licensing.CloudSide) { at(s, i).SAML = lacking(account.SAML, j) })
	}
	for j := range account.SCIM {
		change(func(s *licensing.CloudSide) { at(s, i).SCIM = lacking(account.SCIM, j) })
	}
	for j := range account.Organizations {
		change(func(s *licensing.CloudSide) { at(s, i).Organizations = lacking(account.Organizations, j) })
	}
}

// lacking is a copy of a list without one of its elements.
func lacking[T any](list []T, i int) []T { return slices.Delete(slices.Clone(list), i, i+1) }

// at gives an account of a copy, in a list of its own.
func at(s *licensing.CloudSide, i int) *licensing.CloudAccount {
	s.Accounts = slices.Clone(s.Accounts)
	return &s.Accounts[i]
}

func dropAccount(s *licensing.CloudSide, i int) {
	login := s.Accounts[i].Login
	s.Accounts = lacking(s.Accounts, i)
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
	report.Rows = lacking(report.Rows, i)
	report.Consumed--
	s.Report = &report
}

// dump prints an enterprise, masked unless -reveal.
func dump(side *licensing.CloudSide, instances []licensingtest.Instance) string {
	var b strings.Builder
	for _, instance := range instances {
		for _, account := range instance.Accounts {
			fmt.Fprintf(&b, "server %s:%s", instance.Host, account.UserID)
			for _, e := range account.Emails {
				fmt.Fprintf(&b, " %s primary=%t", masked(e.Email), e.Primary)
			}
			b.WriteByte('\n')
		}
	}
	for i := range side.Accounts {
		dumpAccount(&b, &side.Accounts[i])
	}
	for _, i := range side.Invitations {
		fmt.Fprintf(&b, "invitation %s kind=%d scim=%t failed=%t at=%s\n", masked(i.Email), i.Kind, i.SCIM, i.Failed, i.CreatedAt)
	}
	for _, s := range side.Subscriptions {
		fmt.Fprintf(&b, "subscription %q %s %q\n", s.ID, masked(s.Email), s.Login)
	}
	if side.Report != nil {
		fmt.Fprintf(&b, "report missing=%d\n", side.Report.Missing)
		for _, row := range side.Report.Rows {
			fmt.Fprintf(&b, "row %q %v", row.Login, row.ServerAccounts)
			for _, e := range row.ServerEmails {
				fmt.Fprintf(&b, " %s", masked(e))
			}
			fmt.Fprintf(&b, " subscription=%s invitation=%s %q\n", masked(row.SubscriptionEmail), masked(row.InvitationEmail), row.Detail)
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
