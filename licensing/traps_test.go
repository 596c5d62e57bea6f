package licensing_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/licensing/licensingtest"
)

// TestEveryTrap keeps the random enterprises honest: an oracle that is never
// asked the hard question proves nothing.
func TestEveryTrap(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for seed := range uint64(200) {
		side, instances := mustEnterprise(t, seed, 1+int(seed%40), oracleOptions(seed))
		result := licensingtest.Plain(side, licensingtest.PolicyOf(seed, side), instances)
		for _, person := range result.People {
			noteTraps(seen, person)
		}
		seen["conflict"] += len(result.Conflicts)
		seen["subscription of nobody"] += len(result.Unmatched)
		if r := result.Reconciliation; r != nil {
			seen["several here"] += r.SeveralHere
			seen["counted there more than once"] += r.MoreThanOnce
			seen["only here"] += r.OnlyHere
			seen["only there"] += r.OnlyThere
		}
	}
	for _, trap := range traps() {
		if seen[trap] < 10 {
			t.Errorf("%s: %d times in 200 enterprises, want at least 10", trap, seen[trap])
		}
		delete(seen, trap)
	}
	if len(seen) > 0 {
		t.Errorf("traps without a demand: %v", slices.Sorted(maps.Keys(seen)))
	}
}

func traps() []string {
	return []string{
		"server R0", "server R3", "server R4", "server R5", "server R6", "server R7",
		"server tie", "server of the report", "server by HOST:ID", "invitation of the report", "invitation tie",
		"exception", "subscription consumes", "invitation without address", "invited only", "invited, not consuming",
		"Visual Studio subscription", "cloud and server", "suspended or unaffiliated",
		"on several instances", "twice on an instance", "three accounts",
		"rank 1", "rank 2", "rank 3", "rank 4", "rank 5",
		"conflict", "subscription of nobody", "several here", "counted there more than once", "only here", "only there",
	}
}

func noteTraps(seen map[string]int, p *licensingtest.PlainPerson) {
	note := func(trap string, is bool) {
		if is {
			seen[trap]++
		}
	}
	hosts := map[string]int{}
	for _, a := range p.Servers {
		hosts[a.HostID.Host]++
		seen["server "+a.Reason.Rule.String()]++
		note("server tie", a.Reason.Tie)
		note("server of the report", a.Reason.FromReport)
		note("server by HOST:ID", a.Reason.Attribute == licensing.AttrReportID)
		for rank, attribute := range []licensing.Attribute{
			licensing.AttrClaimName, licensing.AttrClaimEmail, licensing.AttrUserName, licensing.AttrNameID, licensing.AttrEmails,
		} {
			note("rank "+string(rune('1'+rank)), a.Reason.Attribute == attribute)
		}
	}
	for _, i := range p.Invitations {
		note("invitation of the report", i.Row >= 0)
		note("invitation tie", i.Reason.Tie)
	}
	note("exception", p.Anchor.Kind == licensing.AnchorException)
	note("subscription consumes", p.Anchor.Kind == licensing.AnchorSubscription)
	note("invitation without address", p.Anchor.Kind == licensing.AnchorInvitation)
	note("invited only", p.Accounts() == 0 && p.Consumes)
	note("invited, not consuming", p.Accounts() == 0 && !p.Consumes)
	note("Visual Studio subscription", p.License == licensing.LicenseVisualStudio)
	note("suspended or unaffiliated", p.Login != "" && !p.Consumes)
	note("cloud and server", p.Login != "" && p.Consumes && len(p.Servers) > 0)
	note("on several instances", len(hosts) > 1)
	note("twice on an instance", len(hosts) > 0 && slices.Max(slices.Collect(maps.Values(hosts))) > 1)
	note("three accounts", p.Accounts() > 2)
}
