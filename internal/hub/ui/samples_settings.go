package ui

import (
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/auditlog"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// settingsStories are the pages of the settings in their interesting states.
func settingsStories() []story {
	all := []story{
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
		{"keys-none", inKeys, func(f frame) templ.Component { return keysContent(&keysPage{frame: f, Keys: &hub.Keys{}}) }},
		{"keys-every-state", inKeys, sampleKeys},
		{"instance-settings", inServerInstances, func(f frame) templ.Component {
			return instanceSettingsContent(&instanceSettingsPage{frame: f, Overview: sampleOverview(f.At), LeaveOut: true})
		}},
		{"retention-held", inRetention, func(f frame) templ.Component {
			held := &hub.Held{
				Counting: []hub.HeldPlace{{Count: 1}, {Source: 1, Host: long(4) + ".acme.example", Count: 2}}, Waiting: []hub.HeldPlace{{Count: 1}},
				Kept: 12, People: 3, Changes: 1_204,
			}
			if !f.owner() {
				held = nil
			}
			return retentionContent(&retentionPage{frame: f, Typed: "<b>mona@optics.example", Held: held})
		}},
		{"retention-erased", inRetention, func(f frame) templ.Component {
			return retentionContent(&retentionPage{frame: f, Typed: "somebody@optics.example", Held: &hub.Held{}, Erased: true})
		}},
		{"sign-in-enforced", inSignIn, func(f frame) templ.Component {
			return signInContent(sampleSignIn(f, signin.SingleSignOn{BreakGlass: "1"}))
		}},
		{"sign-in-optional", inSignIn, func(f frame) templ.Component {
			return signInContent(sampleSignIn(f, signin.SingleSignOn{Available: true}))
		}},
	}
	for _, one := range auditlog.Stories(hub.AuditActions()) {
		all = append(all, story{one.Name, inAuditLog, func(f frame) templ.Component { return one.Show(f.Frame) }})
	}
	return all
}

// Recipients whose private halves nobody has kept.
const (
	sampleRecipient = "age1kheg99gtfq8paxafglzsc05ykfx2p0fjan8qj3qe0t5zahxpj99qa2kjv2"
	otherRecipient  = "age1etf5fuz24jjqmadze9nj4qgkketa2ljmcfqq3vrvfc2y2xqe55pqza872h"
)

func sampleKeys(f frame) templ.Component {
	one, _ := usagefile.ParseRecipient(sampleRecipient)
	other, _ := usagefile.ParseRecipient(otherRecipient)
	p := &keysPage{frame: f, Keys: &hub.Keys{File: "/var/lib/oneseat/" + long(5) + "/acme.key", Others: []usagefile.Recipient{other}}}
	p.Own = []hub.UnsealingKey{{Recipient: one, MadeAt: f.At, Current: true}, {Recipient: other, MadeAt: f.At.AddDate(-1, 0, 0)}}
	for _, s := range sampleOverview(f.At).Instances {
		s.Fingerprint = one.Fingerprint()
		p.Instances = append(p.Instances, s)
	}
	return keysContent(p)
}

func sampleSignIn(f frame, single signin.SingleSignOn) *signInSettingsPage {
	p := &signInSettingsPage{frame: f, Single: single, names: map[string]string{}, Least: 12}
	for _, one := range sampleMembers(f) {
		p.take(&one)
	}
	p.Session = "1"
	p.Sessions = []signin.Session{
		{ID: "1", OwnerID: "1", Method: signin.ByPassword, Browser: "Firefox on Linux", SeenAt: f.At},
		{ID: "2", OwnerID: "2", Method: signin.BySingleSignOn, Browser: long(6), SeenAt: f.At.AddDate(0, 0, -1)},
		{ID: "3", OwnerID: "3", Method: signin.ByLink, SeenAt: f.At.Add(-time.Minute)},
	}
	return p
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
