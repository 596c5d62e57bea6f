package ui

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// rightToLeft is a text that reads from the right and would turn its surroundings
// around; long one without a place to break it.
const rightToLeft = "\u202eליאור כהן"

func long(n int) string { return strings.Repeat("very-long-name-", n) }

const (
	sampleServer = "5f0c6a5e-2b1d-4c57-9a43-000000000001"
	sampleShort  = "0af5 1c3e 9b07 d2f8"
	// sampleRecipient is one whose private half nobody has kept.
	sampleRecipient = "age1kheg99gtfq8paxafglzsc05ykfx2p0fjan8qj3qe0t5zahxpj99qa2kjv2"
)

func sampleEmpty() *agent.Status {
	return &agent.Status{ServerID: sampleServer, HostName: "ghes-1.acme.example", Fingerprint: sampleShort, Licenses: agent.Licenses{Consumed: -1}}
}

func sampleReading(at time.Time) *agent.Reading {
	return &agent.Reading{
		Reading: store.Reading{
			Number: 41, State: store.Counts, Actor: "job", StartedAt: at.Add(-2 * time.Hour), EndedAt: at.Add(-time.Hour), SourceAt: at.Add(-3 * time.Hour), Snapshot: 12,
		},
		Counts: agent.Counts{
			All: 1_250_000, Leaving: 1_237_625, Suspended: 12_000, BuiltIn: 2, NeverSignedIn: 373, WithoutAddress: 41, Shared: 12, NoSignIn: 1_204, KnowsSignIn: true,
		},
		Warnings: []agent.Sentence{{Key: "agent.warn_reused", Args: map[string]any{"Count": int64(2), "IDs": "17, 18"}}},
	}
}

func sampleEnrolled(at time.Time) *agent.Enrolled {
	to, _ := usagefile.ParseRecipient(sampleRecipient)
	key, _ := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)).Public().(ed25519.PublicKey)
	return &agent.Enrolled{
		Enrolment: enrolment.Enrolment{
			Slug: "acme", Name: "Acme Instruments " + rightToLeft, Hub: "https://" + long(5) + ".acme.example", Recipient: to, IssuedAt: at.AddDate(0, -1, 0),
			Licenses: &enrolment.Licenses{Seats: 1_200_000, ExpiresAt: at.AddDate(0, 4, 0)}, Key: key,
		},
		AppliedAt: at.AddDate(0, 0, -20), AppliedBy: "owner " + rightToLeft,
	}
}

func sampleStatus(at time.Time) *agent.Status {
	st := sampleEmpty()
	st.Source = "exec:/usr/lib/oneseat/" + long(5) + "ghes-all-users"
	st.Current, st.Enrolment = sampleReading(at), sampleEnrolled(at)
	st.Last = &agent.Reading{Reading: store.Reading{Number: 42, State: store.Refused, StartedAt: at, EndedAt: at}, Refusal: &agent.Sentence{
		Key: "agent.source_missing", Args: map[string]any{"File": "/srv/" + long(4) + "/all_users.csv"},
	}}
	st.Licenses = agent.Licenses{Total: 1_200_000, From: agent.TotalEnrolment, ExpiresAt: at.AddDate(0, 4, 0), Consumed: 1_237_625, AsOf: at.Add(-3 * time.Hour), Available: -37_625}
	st.Snapshot = &store.Snapshot{Sequence: 12}
	return st
}

func sampleHeld(f frame) templ.Component {
	st := sampleStatus(f.At)
	st.Held = sampleReading(f.At)
	st.Held.Counts = agent.Counts{All: 400_000, Leaving: 398_000}
	st.Held.Refusal = &agent.Sentence{Key: "agent.held_half", Args: map[string]any{"Now": int64(398_000), "Before": int64(1_237_625)}}
	st.Last = st.Held
	return licenseContent(&licensePage{frame: f, Status: st, Sync: sampleSync(f.At), Runs: sampleRuns(f.At), Refusal: f.T("agent.collecting")})
}

func sampleTrouble(f frame) templ.Component {
	st := sampleStatus(f.At)
	st.Trouble = &agent.Sentence{Key: "agent.trouble_other_place"}
	return licenseContent(&licensePage{frame: f, Status: st, Sync: &agent.SyncStatus{}})
}

func sampleExport(f frame, sealed bool, blocked *agent.Sentence) templ.Component {
	f.Title = f.T("pageagent.export.title")
	l := &agent.Leaving{
		Snapshot: store.Snapshot{Sequence: 12, TakenAt: f.At, Users: 1_237_625, Addresses: 1_237_584, Kept: true}, Sealed: sealed, Blocked: blocked,
		Header: usagefile.Header{
			Instance: usagefile.Instance{HostName: long(4) + ".acme.example", ServerID: sampleServer, Version: "3.17.2"},
			Snapshot: usagefile.Snapshot{Sequence: 12, UserCount: 1_237_625},
		},
		Fields: []agent.Field{
			{Name: "user_id", Sample: "1204", Count: 1_237_625},
			{Name: "emails.email", Email: licensing.NewEmail(long(4) + "@acme.example"), Count: 1_237_584},
			{Name: "emails.primary", Sample: "true", Count: 1_237_584},
		},
		Stays: []agent.Stay{
			{What: "agent.stays.login", Why: "agent.why.login"},
			{What: "agent.stays.columns", Why: "agent.why.columns"},
			{What: "agent.stays.suspended", Why: "agent.why.suspended", Count: 12_000},
			{What: "agent.stays.built_in", Why: "agent.why.built_in", Count: 2},
			{What: "agent.stays.never_signed_in", Why: "agent.why.never_signed_in", Count: 373},
		},
	}
	if sealed {
		to := sampleEnrolled(f.At).Recipient
		l.Header.Audience, l.Header.Recipients = to.Fingerprint(), []string{sampleRecipient}
	}
	return exportContent(&exportPage{frame: f, Leaving: l, Last: sealed, Note: "<b>CHG-4711</b>"})
}

func sampleSnapshots(f frame) templ.Component {
	p := &snapshotsPage{frame: f, First: true, More: 1, KeepDays: 90}
	for i := range int64(6) {
		p.Snapshots = append(p.Snapshots, store.Snapshot{
			Sequence: 12 - i, TakenAt: f.At.AddDate(0, 0, -30*int(i)), SourceAt: f.At.AddDate(0, 0, -30*int(i)), Users: 1_237_625 - i, Kept: i < 3,
		})
	}
	for i, state := range []store.ReadingState{store.Counts, store.Unchanged, store.Held, store.Discarded, store.Replaced, store.Refused, store.Staging} {
		r := sampleReading(f.At)
		if r.State = state; state == store.Refused {
			r.Refusal = &agent.Sentence{Key: "agent.source_missing", Args: map[string]any{"File": long(6)}}
		}
		r.Number -= int64(i)
		p.Readings = append(p.Readings, r)
	}
	p.Exports = []store.Export{
		{Sequence: 12, MadeAt: f.At, Actor: "owner mona", Sealed: true, Note: "<b>CHG-4711</b> " + long(7)},
		{Sequence: 11, MadeAt: f.At.AddDate(0, 0, -30), Actor: "command line"},
	}
	return snapshotsContent(p)
}

func sampleUsers(f frame) templ.Component {
	address := licensing.NewEmail("mona@acme.example")
	return usersContent(&usersPage{frame: f, Found: &agent.Users{Reading: sampleReading(f.At), Next: "3", Users: []agent.User{
		{UserID: "1", Login: rightToLeft, Email: address, Leaves: true, SignIn: store.SignInSeen, Shared: true},
		{UserID: "2", Login: long(6), Email: licensing.NewEmail(long(5) + "@acme.example"), Leaves: true, SignIn: store.SignInNone},
		{UserID: "3", Login: "<script>alert(1)</script>", Leaves: true},
		{UserID: "4", Email: address, Why: "agent.why.suspended"},
		{UserID: "5", Login: "ghost", Why: "agent.why.built_in"},
		{UserID: "6", Login: "unseen", Why: "agent.why.never_signed_in", SignIn: store.SignInNone},
	}}})
}
