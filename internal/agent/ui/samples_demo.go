package ui

import (
	"encoding/csv"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/demo"
	"github.com/oneseat/oneseat/licensing"
)

// demoUsers are the users of the main instance of the demo's enterprise, as its
// report has them, with how many are what.
func demoUsers(f frame) ([]agent.User, agent.Counts) {
	files, err := demo.Make(f.At)
	if err != nil {
		return nil, agent.Counts{}
	}
	rows, err := csv.NewReader(strings.NewReader(string(files.Reports[demo.Main]))).ReadAll()
	if err != nil {
		return nil, agent.Counts{}
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	id, login, email, suspended := column("id"), column("login"), column("email"), column("suspended?")
	counts, users := agent.Counts{}, []agent.User{}
	for _, row := range rows[1:] {
		u := agent.User{UserID: row[id], Login: row[login], Email: licensing.NewEmail(row[email]), SignIn: store.SignInSeen}
		counts.All++
		switch {
		case row[login] == "ghost":
			u.Why = "agent.why.built_in"
			counts.BuiltIn++
		case row[suspended] == "true":
			u.Why = "agent.why.suspended"
			counts.Suspended++
		default:
			u.Leaves = true
			counts.Leaving++
		}
		users = append(users, u)
	}
	return users, counts
}

// demoStatus is how an agent of the demo stands: enrolled, with nothing wrong.
func demoStatus(f frame) *agent.Status {
	_, counts := demoUsers(f)
	reading, enrolled := sampleReading(f.At), sampleEnrolled(f.At)
	reading.Counts, reading.Warnings, reading.Snapshot = counts, nil, 1
	enrolled.Slug, enrolled.Name, enrolled.Hub, enrolled.Licenses, enrolled.AppliedBy = demo.Slug, demo.Name, "", nil, "owner Sam Rivers"
	st := sampleEmpty()
	st.HostName, st.Source = demo.Main, "/srv/ghes/all_users.csv"
	st.Current, st.Last, st.Enrolment, st.Snapshot = reading, reading, enrolled, &store.Snapshot{Sequence: 1}
	st.Licenses = agent.Licenses{Consumed: counts.Leaving, AsOf: reading.SourceAt}
	return st
}

func sampleDemoLicense(f frame) templ.Component {
	return licenseContent(&licensePage{frame: f, Status: demoStatus(f), Sync: &agent.SyncStatus{}, Next: f.At.AddDate(0, 0, 1)})
}

func sampleDemoUsers(f frame) templ.Component {
	users, counts := demoUsers(f)
	reading := sampleReading(f.At)
	reading.Counts = counts
	return usersContent(&usersPage{frame: f, Found: &agent.Users{Reading: reading, Users: users[:min(len(users), usersPerPage)], Next: "more"}})
}

// sampleFirstRefused is an agent whose source never could be read.
func sampleFirstRefused(f frame) templ.Component {
	st := sampleEmpty()
	st.Source = "exec:/usr/lib/oneseat/ghes-all-users"
	st.Last = &agent.Reading{Reading: store.Reading{Number: 1, State: store.Refused, StartedAt: f.At, EndedAt: f.At}, Refusal: &agent.Sentence{
		Key: "fetch.failed", Args: map[string]any{"Command": "/usr/lib/oneseat/ghes-all-users", "Status": "exit status 1", "Said": "the server answered 403: the token lacks the scope site_admin"},
	}}
	return licenseContent(&licensePage{frame: f, Status: st, Sync: &agent.SyncStatus{}, Next: f.At.AddDate(0, 0, 1)})
}
