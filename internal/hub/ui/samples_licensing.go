package ui

import (
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// licensingStories are Enterprise licensing, Purchased licenses, People and a
// person in states that the others do not have.
func licensingStories() []story {
	return []story{
		{"licensing-fits", inLicensing, func(f frame) templ.Component {
			now := sampleOverview(f.At)
			now.Result, now.Instances = sampleSmall(f.At), sampleOne(f.At)
			now.Cloud.Snapshot.Items = 12
			return licensingContent(&licensingPage{frame: f, Overview: now, History: sampleHistory(f.At, 20)})
		}},
		{"licensing-behind", inLicensing, func(f frame) templ.Component {
			now := sampleOverview(f.At)
			now.Behind, now.Result, now.Instances = true, sampleSmall(f.At), sampleOne(f.At)
			now.Instances[0].Seq, now.Instances[0].Snapshot.AppliedAt = 2, f.At.Add(-time.Second)
			return licensingContent(&licensingPage{frame: f, Overview: now, History: sampleHistory(f.At, 20)})
		}},
		{"instances-behind", inInstances, func(f frame) templ.Component {
			now := sampleOverview(f.At)
			now.Behind = true
			for i := range now.Instances {
				now.Instances[i].Seq = 2
			}
			return instancesContent(&instancesPage{frame: f, Overview: now})
		}},
		{"purchased-empty", inLicenses, func(f frame) templ.Component {
			return purchasedContent(&purchasedPage{frame: f})
		}},
		{"purchased-every-state", inLicenses, func(f frame) templ.Component { return purchasedContent(samplePurchased(f)) }},
		{"purchased-refused", inLicenses, func(f frame) templ.Component {
			p := samplePurchased(f)
			p.Refusal = f.T("hub.contract_seats", "Most", hub.MaxSeats)
			p.Form = purchasedForm{From: "2026-01-01", Seats: "0", Note: "<b>" + long(9)}
			return purchasedContent(p)
		}},
		{"purchased-line", inLicenses, func(f frame) templ.Component {
			line := samplePurchased(f).Lines[1]
			p := &purchasedLinePage{frame: f, Line: line, Form: formOf(&line)}
			p.Title = f.T("pagelicensing.line.title", "Days", f.lineDays(&line))
			return purchasedLineContent(p)
		}},
		{"people-huge-filtered", inPeople, func(f frame) templ.Component {
			return peopleContent(&peoplePage{
				frame: f, Result: sampleResult(f.At), People: samplePeople(), More: "#", First: true, Hosts: []string{"ghes-1.acme.example", long(6)},
				Query: hub.Query{Instance: long(6), Reason: "verified", Accounts: 2, Reverse: true},
			})
		}},
		{"people-only-here", inPeople, func(f frame) templ.Component {
			return peopleContent(&peoplePage{
				frame: f, Result: sampleResult(f.At), People: samplePeople()[:2], First: true, Hosts: []string{"ghes-1.acme.example", long(6)},
				Query: hub.Query{Only: "ghes-1.acme.example"}, Total: 2, Counted: true,
			})
		}},
		{"preview-removal", inUploads, func(f frame) templ.Component {
			p := &uploadPage{frame: f, uploadLine: sampleUpload(f.At, hub.UploadInPreview), Preview: sampleSmall(f.At), Current: sampleSmall(f.At)}
			p.Title, p.Kind, p.Reason = f.T("ui.upload.removing", "Host", p.Header.HostName), hub.UploadRemoval, "closed"
			p.Current.Instances = []licensing.InstanceStatement{{Host: p.Header.HostName, Accounts: 15, ConsumeWithout: 6, OnlyHere: 9}}
			p.Preview.Instances = []licensing.InstanceStatement{{Host: p.Header.HostName, Reported: true, Accounts: 4, OnlyHere: 4}}
			p.Preview.Difference.Licenses, p.Groups = -5, sampleChanges()
			return uploadContent(p)
		}},
		{"person-alone-before", inPeople, func(f frame) templ.Component {
			p := samplePerson(f)
			p.Person.Account, p.Person.Person.Cloud, p.Person.Person.Login = nil, -1, ""
			p.Person.Person.Servers = p.Person.Person.Servers[4:5]
			p.MissesAsked, p.Misses, p.Past = false, nil, true
			p.Line.Name, p.Line.Deployment = "ghes-1.acme.example:5", "server"
			return personContent(p)
		}},
	}
}

// sampleSmall is a result that is certain and fits what was bought.
func sampleSmall(at time.Time) *hub.Result {
	r := &hub.Result{Number: 8, CreatedAt: at, People: 21}
	r.Purchased, r.Purchase = 30, hub.Purchase{Source: hub.BoughtByContract, Seats: 30, VisualStudio: 5, Lines: 2, Listed: 28}
	r.Statement = licensing.Statement{CloudAccounts: 12, ServerAccounts: 15, Accounts: 27, NotConsuming: 1, Joined: 6, Licenses: 20, VisualStudio: 3}
	r.Visibility = licensing.Visibility{Accounts: 12, ByVerified: 11, ByIdentity: 1, Low: 20, High: 20}
	return r
}

// sampleOne is the one instance of that result.
func sampleOne(at time.Time) []hub.SourceState {
	return []hub.SourceState{{
		Source:    hub.Source{Number: 1, State: hub.InstanceActive, HostName: "ghes-1.acme.example", Signed: true, CreatedAt: at.AddDate(0, -2, 0)},
		Snapshot:  &hub.Snapshot{Items: 15, SourceAt: at.Add(-time.Hour)},
		Last:      &hub.Event{At: at.Add(-time.Hour), Text: "hub.event_synced", Status: hub.Success},
		Statement: &licensing.InstanceStatement{Accounts: 15, ConsumeWithout: 6, OnlyHere: 9},
	}}
}

// sampleHistory is how the total came to be what it is.
func sampleHistory(at time.Time, licenses int) []historyLine {
	tally := func(kind string, count, licenses int) hub.ChangeTally {
		return hub.ChangeTally{Kind: kind, Count: count, Licenses: licenses}
	}
	return []historyLine{
		{
			At: at.AddDate(0, 0, -1), Delta: 2, Licenses: licenses, Tallies: []hub.ChangeTally{tally("appeared", 3, 3), tally("joined", 1, -1)},
			Changes: []historyChange{
				{Kind: "appeared", Who: []personLink{{"1", "new@acme.example"}}, Result: 7, Licenses: 1},
				{Kind: "joined", Who: []personLink{{"2", rightToLeft}}, Result: 7, Licenses: -1},
				{Kind: "vanished", Who: []personLink{{"3", long(6)}}, Licenses: -1},
			}, More: 1_204,
		},
		{At: at.AddDate(0, -1, 0), Delta: -1, Licenses: licenses - 2, Tallies: []hub.ChangeTally{tally("vanished", 1, -1)}},
	}
}

func samplePurchased(f frame) *purchasedPage {
	day := f.At.UTC().Truncate(24 * time.Hour)
	line := func(id int64, from, until time.Time, seats int, note string) hub.ContractLine {
		return hub.ContractLine{
			ContractTerms: hub.ContractTerms{From: from, Until: until, Seats: seats, License: licensing.LicenseEnterprise, Note: note},
			ID:            id, CreatedAt: day, CreatedBy: "owner mona", ChangedAt: day, ChangedBy: "owner mona",
		}
	}
	p := &purchasedPage{frame: f, Now: hub.Purchase{Source: hub.BoughtByContract, Seats: 1_200_000, Lines: 1, Listed: 1_150_000}, Counted: &hub.Purchase{Seats: 1_150_000}}
	p.Lines = []hub.ContractLine{
		line(4, day.AddDate(0, 2, 0), time.Time{}, 1_500_000, "order 4713"),
		line(3, day.AddDate(0, -6, 0), day.AddDate(0, 2, -1), 1_200_000, "<script>alert(1)</script> "+long(9)),
		line(2, day.AddDate(-1, -6, 0), day.AddDate(0, -6, -1), 900_000, ""),
		line(1, day.AddDate(-1, -6, 0), time.Time{}, 9, rightToLeft),
	}
	p.Lines[1].ChangedAt, p.Lines[1].ChangedBy = f.At, "owner jun"
	p.Lines[2].License = licensing.LicenseVisualStudio
	p.Lines[3].RemovedAt, p.Lines[3].RemovedBy = f.At, "owner jun"
	return p
}
