package ui

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// stories are the pages in their interesting states: empty, huge, wrong, and
// with names that try every layout.
func stories() []story {
	return slices.Concat(pageStories(), licensingStories(), settingsStories(), worklistStories(), connectStories())
}

func pageStories() []story {
	return []story{
		{"licensing-empty", inLicensing, func(f frame) templ.Component {
			return licensingContent(&licensingPage{frame: f, Overview: &hub.Overview{At: f.At}})
		}},
		{"licensing-huge-stale-over", inLicensing, func(f frame) templ.Component {
			return licensingContent(&licensingPage{frame: f, Overview: sampleOverview(f.At), Terms: sampleTerms(), History: sampleHistory(f.At, sampleResult(f.At).Statement.Licenses)})
		}},
		{"instances-every-state", inInstances, func(f frame) templ.Component {
			return instancesContent(&instancesPage{frame: f, Overview: sampleOverview(f.At), Enrolment: sampleEnrolmentBox(&f)})
		}},
		{"instance-held", inInstances, func(f frame) templ.Component {
			now := sampleOverview(f.At)
			return instanceContent(&instancePage{frame: f, SourceState: now.Instances[2], Now: now, Connect: connectionView{SourceState: &now.Instances[2]}})
		}},
		{"usage-refused", inInstances, func(f frame) templ.Component {
			return usageContent(&usagePage{frame: f, Refusal: f.T("spool.empty_file"), Pending: "SAMPLE", ByHand: true, Host: "ghes-2.acme.example"})
		}},
		{"upload-refused", inUploads, func(f frame) templ.Component {
			return uploadContent(&uploadPage{frame: f, uploadLine: sampleUpload(f.At, hub.UploadRefused)})
		}},
		{"upload-same-machine", inUploads, func(f frame) templ.Component {
			known := sampleOverview(f.At).Instances[0].Source
			return uploadContent(&uploadPage{frame: f, uploadLine: sampleUpload(f.At, hub.UploadHeld), KnownHost: &known})
		}},
		{"preview-every-change", inUploads, func(f frame) templ.Component {
			return uploadContent(&uploadPage{
				frame: f, uploadLine: sampleUpload(f.At, hub.UploadInPreview), Preview: sampleResult(f.At), Groups: sampleChanges(),
			})
		}},
		{"people-nobody", inPeople, func(f frame) templ.Component {
			return peopleContent(&peoplePage{frame: f, Result: sampleResult(f.At), Query: hub.Query{Text: "nobody"}})
		}},
		{"people-odd-names", inPeople, func(f frame) templ.Component {
			return peopleContent(&peoplePage{frame: f, Result: sampleResult(f.At), People: samplePeople(), More: "#"})
		}},
		{"person-every-reason", inPeople, func(f frame) templ.Component { return personContent(samplePerson(f)) }},
	}
}

// long is a text without a place to break it, and rightToLeft one that reads
// from the right and would turn its surroundings around.
const rightToLeft = "\u202eליאור כהן"

func long(n int) string { return strings.Repeat("very-long-name-", n) }

func sampleResult(at time.Time) *hub.Result {
	r := &hub.Result{Number: 7, CreatedAt: at}
	r.People = 1_250_000
	r.Purchased, r.Purchase = 1_200_000, hub.Purchase{Source: hub.BoughtByList, Seats: 1_200_000, Listed: 1_200_000}
	r.Statement = licensing.Statement{
		CloudAccounts: 1_100_000, ServerAccounts: 950_000, Accounts: 2_050_000, InvitedOnly: 1_204, NotConsuming: 12_345, Joined: 801_234,
		Licenses: 1_237_625, VisualStudio: 200_000,
	}
	r.Visibility = licensing.Visibility{
		Accounts: 1_100_000, ByVerified: 1_000_000, ByIdentity: 60_000, ByGitHub: 39_999, ByNothing: 1,
		Hidden: true, Undecided: 34_567, Doubled: 12, Missing: 1, Low: 1_203_000, High: 1_237_625,
	}
	r.Reconciliation = &hub.Reconciliation{Figure: 1_240_000, Date: at.AddDate(0, 0, -20), MoreThere: 3_000, OnlyHere: 625, Licenses: 1_237_625}
	r.Difference.Licenses = -2_375
	return r
}

func sampleTerms() []term {
	return []term{
		{Key: "more_there", Licenses: -3_000, More: 2_980, Items: []termItem{
			{Cause: "hidden_address", Count: 2, There: []string{"m…@acme.example", long(6)}, Here: []personLink{{"1", rightToLeft}}},
		}},
		{Key: "only_here", Licenses: 625, Items: []termItem{{Cause: "never_synced", Count: 625, Here: []personLink{{"2", "mona-acme"}}, More: 624}}},
	}
}

func sampleOverview(at time.Time) *hub.Overview {
	old, fresh := at.AddDate(0, 0, -29), at.Add(-3*time.Hour)
	return &hub.Overview{
		At: at, Result: sampleResult(at),
		Cloud: hub.SourceState{Snapshot: &hub.Snapshot{Items: 1_100_000, SourceAt: fresh}},
		Instances: []hub.SourceState{
			{
				Source:   hub.Source{Number: 1, State: hub.InstanceActive, HostName: "ghes-1.acme.example", Signed: true, ServerID: "5f0c6a5e-2b1d-4c57-9a43-000000000001", CreatedAt: old},
				Snapshot: &hub.Snapshot{Items: 940_000, SourceAt: old}, Last: &hub.Event{At: old, Text: "hub.event_synced", Status: hub.Success},
				Statement: &licensing.InstanceStatement{Accounts: 940_000, Repeated: 1, ConsumeWithout: 800_000, OnlyHere: 139_999},
			},
			{
				Source:    hub.Source{Number: 2, State: hub.InstanceActive, HostName: long(5) + ".acme.example", CreatedAt: old},
				Snapshot:  &hub.Snapshot{Items: 10_000, SourceAt: fresh},
				Last:      &hub.Event{At: fresh, Status: hub.Failure, Error: &hub.Refusal{Key: "spool.cut_off"}},
				Statement: &licensing.InstanceStatement{Accounts: 10_000, ConsumeWithout: 9_990, OnlyHere: 10},
			},
			{
				Source:  hub.Source{Number: 3, State: hub.InstanceHeld, HostName: "ghes-3.acme.example", CreatedAt: fresh},
				Last:    &hub.Event{At: fresh, Text: "hub.event_uploaded", Status: hub.Pending},
				Pending: &hub.Upload{ID: "SAMPLE", State: hub.UploadHeld},
			},
			{Source: hub.Source{Number: 4, State: hub.InstanceActive, HostName: "ghes-4.acme.example", CreatedAt: fresh}},
		},
	}
}

func sampleUpload(at time.Time, state hub.UploadState) uploadLine {
	h := hub.Header{
		HostName: "ghes-1.acme.example", ServerID: "5f0c6a5e-2b1d-4c57-9a43-000000000009", Fingerprint: strings.Repeat("0af5", 16),
		Sequence: 41, TakenAt: at.Add(-time.Hour), Accounts: 940_000, Note: "<b>change 4711</b> " + long(8), KnownHost: 1,
	}
	text, _ := json.Marshal(h) // texts and numbers only
	up := &hub.Upload{ID: "SAMPLE", Kind: "usage", State: state, FileName: long(9) + ".json", Header: text, Actor: "owner mona", PreviewResult: 7, CreatedAt: at}
	if state == hub.UploadRefused {
		up.Refusal = &hub.Refusal{Key: "spool.cut_off"}
	}
	return uploadLine{up, h}
}

func sampleChanges() []changeGroup {
	link := func(name string) []personLink { return []personLink{{"1", name}} }
	group := func(kind string, count, licenses int, changes ...changeLine) changeGroup {
		return changeGroup{ChangeTally: hub.ChangeTally{Kind: kind, Count: count, Licenses: licenses}, Changes: changes}
	}
	return []changeGroup{
		group("joined", 1, -1, changeLine{Before: append(link("mona-acme"), personLink{"2", "mona@optics.example"}), After: link("mona-acme"), Licenses: -1}),
		group("split", 1, 1, changeLine{Before: link(rightToLeft), After: append(link("jun-acme"), personLink{"2", long(7)}), Licenses: 1}),
		group("appeared", 12_000, 12_000, changeLine{After: link("new@acme.example"), Licenses: 1}),
		group("vanished", 14_375, -14_375, changeLine{Before: link("theo.abel@acme.example"), Licenses: -1}),
		group("moved", 1, 0, changeLine{Before: link("olga@acme.example"), After: link("olga-acme")}),
		group("altered", 1, 0, changeLine{Before: link("ivo-acme"), After: link("ivo-acme")}),
	}
}

func samplePeople() []personLine {
	return []personLine{
		{ID: "1", Name: rightToLeft, FullName: rightToLeft, Deployment: "both", License: "Enterprise", Accounts: 3, Servers: []string{"ghes-1.acme.example"}},
		{ID: "2", Name: long(6), FullName: long(9), Deployment: "cloud", License: "Visual Studio subscription", Accounts: 1, Organizations: []string{"instruments", "optics"}, Roles: []string{"Owner", "A role that GitHub adds next year"}},
		{ID: "3", Name: "<script>alert(1)</script>", Deployment: "server", Accounts: 1_000, Emails: []string{"x@acme.example", "y@acme.example"}},
	}
}

func samplePerson(f frame) *personPage {
	verified := licensing.NewEmail("mona@acme.example")
	one := &hub.Person{ID: "1", Name: licensing.NewEmail("mona-acme"), Account: &licensing.CloudAccount{
		Login: "mona-acme", Name: rightToLeft, Suspended: true, Emails: []licensing.CloudEmail{
			{Email: verified, Verified: true}, {Email: licensing.NewEmail("mona@home.example"), Verified: true},
		},
	}}
	one.Person = licensing.Person{Login: "mona-acme", Consumes: true, License: licensing.LicenseEnterprise}
	for i, rule := range []licensing.Rule{licensing.R0, licensing.R3, licensing.R4, licensing.R5, licensing.R6, licensing.R7} {
		one.Person.Servers = append(one.Person.Servers, licensing.PlacedAccount{
			HostID: licensing.HostID{Host: "ghes-1.acme.example", ID: f.id(int64(i + 1))}, Email: verified,
			Reason: licensing.Reason{Rule: rule, Value: verified, Attribute: licensing.AttrNameID, Tie: rule == licensing.R3, FromReport: rule == licensing.R0},
		})
	}
	one.Person.Invitations = []licensing.PlacedInvitation{{Invitation: licensing.Invitation{Email: verified, Organization: "instruments"}}}
	one.Person.Subscriptions = []licensing.PlacedSubscription{{Subscription: licensing.Subscription{Email: verified}}}
	r := sampleResult(f.At)
	r.Domains = []string{"acme.example"}
	r.Conflicts = []hub.Conflict{{Value: verified, Rule: "R3", Chosen: "mona-acme", Candidates: []string{"mona-acme", "mona-two"}}}
	p := &personPage{frame: f, Result: r, Person: one, Eyes: f.eyes(r, one), MissesAsked: true}
	p.Line = personLine{ID: "1", Name: "mona-acme", FullName: rightToLeft, Deployment: "both", License: "Enterprise"}
	p.Misses = []miss{{Sentence: f.T("ui.miss.unverified", "Login", "mona-two", "Theirs", "m…@home.example")}}
	return p
}

func sampleEnrolmentBox(f *frame) *enrolmentBox {
	if !f.owner() {
		return nil
	}
	return &enrolmentBox{Fingerprint: "5d0c 1e77 90ab 42f1"}
}
