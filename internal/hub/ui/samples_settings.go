package ui

import (
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
)

// settingsStories are the pages of the settings in their interesting states.
func settingsStories() []story {
	return []story{
		{"cloud-side-empty", inCloudSide, func(f frame) templ.Component {
			return cloudSideContent(&cloudSidePage{frame: f, CloudSide: &hub.CloudSide{At: f.At}, Policy: policyOf(&hub.Settings{})})
		}},
		{"cloud-side-huge-trial", inCloudSide, sampleCloudSide},
		{"roles-every-state", inRoles, func(f frame) templ.Component {
			return rolesContent(&rolesPage{frame: f, People: sampleMembers(f), BreakGlass: "1", Refusal: f.T("signin.last_owner", "Name", "Mona"), Invited: invitation{Role: signin.RoleOwner}})
		}},
		{"one-time-link", inRoles, func(f frame) templ.Component {
			p := &oncePage{frame: f, area: inRoles, Secret: "https://oneseat.acme.example/join/osl_" + long(4)}
			p.Title, p.Lead = f.T("pagesettings.link.title", "Name", rightToLeft), f.T("pagesettings.link.lead", "Name", rightToLeft)
			p.Until = f.T("pagesettings.link.until", "Time", f.Time(f.At.AddDate(0, 0, 1)))
			return onceContent(p)
		}},
		{"tokens-empty", inTokens, func(f frame) templ.Component { return tokensContent(&tokensPage{frame: f}) }},
		{"tokens-every-state", inTokens, sampleTokens},
	}
}

func sampleMembers(f frame) []signin.Person {
	then := f.At.AddDate(0, -2, 0)
	app := signin.Ways{Password: true, RecoveryCodes: 9}
	return []signin.Person{
		{Owner: signin.Owner{ID: "1", Name: "Mona Octo", Email: licensing.NewEmail("mona@acme.example"), Role: signin.RoleOwner, JoinedAt: then}, Ways: app, SeenAt: f.At},
		{Owner: signin.Owner{ID: "2", Name: rightToLeft, Role: signin.RoleOwner, JoinedAt: then}, Ways: signin.Ways{Identity: true}},
		{Owner: signin.Owner{ID: "3", Name: "<script>alert(1)</script>", Role: signin.RoleAuditor, LinkExpiresAt: f.At.Add(time.Hour)}},
		{Owner: signin.Owner{ID: "4", Name: long(6), Role: signin.RoleBillingManager, LinkExpiresAt: then}},
	}
}

func sampleTokens(f frame) templ.Component {
	old := f.At.AddDate(0, -6, 0)
	p := &tokensPage{frame: f, hosts: map[int64]string{1: long(4) + ".acme.example"}, Wanted: tokenForm{Scope: "upload", Expiry: "90"}}
	p.Instances = []hub.Source{{Number: 1, HostName: p.hosts[1]}}
	read := []signin.Scope{signin.ReadEnterprise}
	p.Live = []signin.Token{
		{ID: "1", Name: "nightly report", Scopes: read, CreatedBy: "owner Mona Octo", CreatedAt: old, LastUsedAt: f.At.Add(-time.Hour), ExpiresAt: f.At.AddDate(0, 0, 3)},
		{ID: "2", Name: long(6), Scopes: []signin.Scope{signin.Upload}, Instance: 1, CreatedBy: "owner " + rightToLeft, CreatedAt: old},
		{ID: "3", Name: "<script>alert(1)</script>", Scopes: []signin.Scope{signin.ManageBilling, signin.AdminEnterprise}, CreatedBy: "command line", CreatedAt: old, ExpiresAt: f.At.AddDate(1, 0, 0)},
	}
	p.Ended = []signin.Token{
		{ID: "4", Name: "old", Scopes: read, CreatedBy: "owner Mona Octo", CreatedAt: old, RevokedAt: f.At},
		{ID: "5", Name: "older", Scopes: read, CreatedBy: "owner Mona Octo", CreatedAt: old, ExpiresAt: old.AddDate(0, 1, 0)},
	}
	return tokensContent(p)
}

func sampleCloudSide(f frame) templ.Component {
	side := &hub.CloudSide{At: f.At, Settings: hub.Settings{IgnoreGitHubJoins: true, Billing: "metered"}}
	side.SourceState = hub.SourceState{
		Source:   hub.Source{Seq: 4, State: hub.InstanceActive},
		Snapshot: &hub.Snapshot{Seq: 4, Items: 1_100_000, SourceAt: f.At.AddDate(0, 0, -19), AppliedAt: f.At.AddDate(0, 0, -18)},
	}
	side.Loaded = &hub.LoadedCloud{
		Upload: &hub.Upload{ID: "SAMPLE", Actor: "owner " + rightToLeft}, Header: hub.Header{Files: []string{"cloud.json", long(8) + ".csv"}},
		VerifiedDomains: []string{"acme.example", long(5) + ".example"}, ManagedUsers: true,
		CloudCounts: hub.CloudCounts{Accounts: 1_000_000, Invitations: 1, Subscriptions: 20_000, Rows: 499_999},
		Report:      &hub.ReportMeta{Date: f.At.AddDate(0, 0, -19), Consumed: 500_000, Missing: 1},
	}
	p := &cloudSidePage{frame: f, CloudSide: side, Policy: policyOf(&side.Settings), InTheWay: "SAMPLE", Done: f.T("pagesettings.done.figure")}
	p.Snapshots = []hub.Snapshot{
		{Seq: 4, Items: 1_100_000, AppliedAt: f.At, Kept: true}, {Seq: 3, Items: 1_099_000, AppliedAt: f.At, Kept: true}, {Seq: 2, Items: 900, AppliedAt: f.At},
	}
	p.Trial = &hub.Trial{Now: sampleResult(f.At), People: 1_500_000}
	p.Trial.Statement.Licenses, p.Trial.Visibility = 1_400_000, licensing.Visibility{Low: 1_200_000, High: 1_500_000}
	return cloudSideContent(p)
}
