package licensingtest

import (
	"maps"
	"slices"
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// PlainVisibility says what the cloud accounts can be compared by, each
// counted once by the first that applies, and the range.
type PlainVisibility struct {
	Accounts, ByVerified, ByIdentity, ByGitHub, ByNothing int
	Low, High                                             int
}

// PlainReconciliation are the terms between GitHub's figure and ours:
// Figure − MoreThanOnce + SeveralHere + OnlyHere − OnlyThere − Unexplained = Licenses.
type PlainReconciliation struct {
	Figure, MoreThanOnce, SeveralHere, OnlyHere, OnlyThere, Unexplained, Licenses int
}

func (p *plain) visibilityOf(people []*PlainPerson, licenses int) PlainVisibility {
	v := PlainVisibility{Accounts: len(p.side.Accounts), Low: licenses, High: licenses}
	verified, github := p.cloud.verified.held(), accounts.held(nil)
	var identity []map[int]bool
	for _, a := range ranks() {
		identity = append(identity, p.cloud.ranked[a].held())
	}
	if p.policy.UseGitHubJoins {
		github = p.report.emails.held()
		maps.Copy(github, p.report.ids.held())
	}
	for i := range p.side.Accounts {
		switch {
		case verified[i]:
			v.ByVerified++
		case slices.ContainsFunc(identity, func(held map[int]bool) bool { return held[i] }):
			v.ByIdentity++
		case github[i]:
			v.ByGitHub++
		default:
			v.ByNothing++
		}
	}
	if p.someHidden() {
		for _, person := range people {
			if p.mayBeJoined(person) {
				v.Low--
			}
		}
	}
	if p.side.Report != nil {
		v.Low -= doubled(people, p.side.Report.Date)
		v.High += p.side.Report.Missing
	}
	return v
}

// held are the accounts that hold any of the values.
func (a accounts) held() map[int]bool {
	out := map[int]bool{}
	for _, set := range a {
		maps.Copy(out, set)
	}
	return out
}

// doubled is how many people without account may be counted twice: those a
// list alone invites, before the report was made, and the report's invitations
// that name nobody.
func doubled(people []*PlainPerson, report time.Time) int {
	listed, unnamed := 0, 0
	for _, p := range people {
		if !p.Consumes || p.Login != "" || len(p.Servers) > 0 || len(p.Invitations) == 0 {
			continue
		}
		if p.Anchor.Kind == licensing.AnchorInvitation {
			unnamed++
		} else if listedBefore(p.Invitations, report) {
			listed++
		}
	}
	return min(listed, unnamed)
}

// listedBefore says that a list alone has some invitations, and that one of them
// may be older than a report. The report's date may be a day without a time.
func listedBefore(all []PlainInvitation, report time.Time) bool {
	before := report.IsZero()
	for _, i := range all {
		if i.Row >= 0 {
			return false
		}
		sent := i.Invitation.CreatedAt
		before = before || sent.IsZero() || sent.Sub(report) < 24*time.Hour
	}
	return before
}

// someHidden says that at least one cloud account's addresses are not fully
// known.
func (p *plain) someHidden() bool {
	return !p.policy.ManagedUsers &&
		slices.ContainsFunc(p.side.Accounts, func(a licensing.CloudAccount) bool { return a.Reported })
}

// mayBeJoined says that a person has server accounts only, and GitHub's report
// has not decided that this is so: no row without login has the person's key,
// or for somebody without key the account.
func (p *plain) mayBeJoined(person *PlainPerson) bool {
	if person.Login != "" || len(person.Servers) == 0 {
		return false
	}
	if person.Anchor.Kind == licensing.AnchorAddress {
		return !p.report.decided[person.Anchor.Text.Address()]
	}
	return !slices.ContainsFunc(person.Servers, func(a PlainAccount) bool {
		return len(p.report.servers[a.HostID.String()]) > 0
	})
}

// reconcile compares GitHub's figure with ours by the connected sets of rows
// and consuming people.
func (p *plain) reconcile(people []*PlainPerson, licenses int) *PlainReconciliation {
	report := p.side.Report
	if report == nil {
		if p.side.Figure == nil {
			return nil
		}
		figure := p.side.Figure.Licenses
		return &PlainReconciliation{Figure: figure, Unexplained: figure - licenses, Licenses: licenses}
	}
	r := &PlainReconciliation{Figure: report.Consumed, Unexplained: report.Missing, Licenses: licenses}
	for _, c := range clustersOf(people, len(report.Rows)) {
		switch {
		case c.there == 0:
			r.OnlyHere += c.here
		case c.here == 0:
			r.OnlyThere += c.there
		default:
			r.MoreThanOnce += max(c.there-c.here, 0)
			r.SeveralHere += max(c.here-c.there, 0)
		}
	}
	return r
}

type cluster struct{ there, here int }

// clustersOf are the connected sets of rows and consuming people.
func clustersOf(people []*PlainPerson, rows int) map[int]cluster {
	parent := make([]int, rows+len(people)) // rows first
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, person := range people {
		for _, row := range person.Rows {
			if person.Consumes {
				parent[find(row)] = find(rows + i)
			}
		}
	}
	clusters := map[int]cluster{}
	for i := range parent {
		c := clusters[find(i)]
		switch {
		case i < rows:
			c.there++
		case people[i-rows].Consumes:
			c.here++
		}
		clusters[find(i)] = c
	}
	return clusters
}
