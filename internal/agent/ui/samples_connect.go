package ui

import (
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/agent"
	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
)

func sampleFailure(at time.Time) *agent.Failure {
	return &agent.Failure{
		Sentence: agent.Sentence{Key: "connect.certificate_unknown", Args: map[string]any{"Hub": "https://" + long(5) + ".acme.example"}},
		Kind:     connect.KindTLS, At: at,
	}
}

func sampleConnection(at time.Time) *agent.Connection {
	c := &agent.Connection{State: store.Connected, Hub: "https://" + long(5) + ".acme.example"}
	c.BegunBy, c.Since, c.TokenAt = "owner "+rightToLeft, at.AddDate(0, -2, 0), at.Add(-20*time.Minute)
	c.Enterprise = connect.Enterprise{Slug: "acme", Name: "Acme Instruments " + rightToLeft}
	// Of sampleRuns, the sixth is the first one after this.
	c.Sync = agent.SyncSettings{EnabledAt: at.AddDate(0, 0, -5).Add(-time.Minute), Every: agent.Weekly, Weekday: at.Weekday(), Day: 1, Hour: 3, Minute: 15, OnChange: true}
	c.Record.DoneAt, c.NextRunAt = at.AddDate(0, 0, -3), at.AddDate(0, 0, 4)
	return c
}

// sampleRuns are runs in every state.
func sampleRuns(at time.Time) []*agent.Run {
	var all []*agent.Run
	causes := []store.RunCause{store.ByHand, store.BySchedule, store.ByChange, store.ByRequest}
	for i, state := range []store.RunState{
		store.RunRetrying, store.RunSucceeded, store.RunFailed, store.RunHeld, store.RunSuperseded, store.RunChecking, store.RunRunning, store.RunWaiting,
	} {
		r := &agent.Run{Run: store.Run{
			Number: int64(40 - i), Cause: causes[i%len(causes)], State: state, Actor: "owner " + long(2), AskedAt: at.AddDate(0, 0, -i), DueAt: at.Add(time.Hour),
			StartedAt: at.AddDate(0, 0, -i), Attempt: int64(1 + i), Sequence: 12,
		}}
		if r.Users = 1_237_625; r.Over() {
			r.EndedAt = at.AddDate(0, 0, -i)
		}
		if state == store.RunRetrying || state == store.RunFailed {
			r.Failure = sampleFailure(at)
		}
		all = append(all, r)
	}
	all[1].Stale = &agent.Failure{Sentence: agent.Sentence{Key: "agent.source_missing", Args: map[string]any{"File": "/srv/" + long(4) + "/all_users.csv"}}}
	all[3].Failure = &agent.Failure{Sentence: agent.Sentence{Key: "nowhere.known"}, Detail: "The hub's own words, which this agent has no sentence for."}
	return all
}

func sampleSync(at time.Time) *agent.SyncStatus {
	runs := sampleRuns(at)
	c := sampleConnection(at)
	return &agent.SyncStatus{
		Connection: c, Open: runs[0], Last: runs[2], Delivered: runs[1], Next: c.NextRunAt, Progress: &agent.Progress{Stage: agent.StageSend, Sent: 30, Total: 100},
		Unwell: []agent.Worry{{Sentence: agent.Sentence{Key: "agentsync.unwell_old", Args: map[string]any{"Days": int64(43), "Most": int64(8)}}}},
	}
}

func sampleConnected(f frame) templ.Component {
	consumed := int64(1_237_625)
	st := sampleSync(f.At)
	st.Connection.Refusal = &agent.Failure{Sentence: agent.Sentence{Key: "connect.second_machine"}}
	st.Connection.Record.Why = sampleFailure(f.At)
	return connectContent(&connectPage{frame: f, Sync: st, Fingerprint: sampleShort, HostName: "ghes-1.acme.example", Record: &connect.Record{
		ServerID: sampleServer, Enterprise: "acme", HostName: long(4) + ".acme.example", PublicKey: sampleServer + sampleServer, ConsumedLicenses: &consumed,
		Features: []connect.Feature{{Name: connect.FeatureSync, EnabledAt: f.At.AddDate(0, -1, 0)}},
	}})
}

// sampleQuiet is a connection that is new, without license sync.
func sampleQuiet(at time.Time) *agent.SyncStatus {
	c := &agent.Connection{State: store.Connected, Hub: "https://hub.acme.example"}
	c.BegunBy, c.Since, c.Enterprise = "owner mona", at, connect.Enterprise{Slug: "acme", Name: "Acme Instruments"}
	return &agent.SyncStatus{Connection: c}
}

func samplePairing(f frame) templ.Component {
	return connectContent(&connectPage{frame: f, Sync: &agent.SyncStatus{Connection: samplePairingConnection(f)}, Fingerprint: sampleShort, HostName: long(4) + ".acme.example"})
}

func samplePairingConnection(f frame) *agent.Connection {
	c := &agent.Connection{State: store.Pairing, Hub: "https://hub.acme.example"}
	page := "https://" + long(4) + ".acme.example/connect"
	c.Code = &agent.Code{User: "BCDF-GHJK", Page: page, Direct: page + "?code=BCDF-GHJK", LapsesAt: f.At.Add(12 * time.Minute), Away: sampleFailure(f.At)}
	return c
}

func sampleEnded(f frame) templ.Component {
	c := &agent.Connection{State: store.Ended, Hub: "https://hub.acme.example"}
	c.Ended = &agent.Failure{Sentence: agent.Sentence{Key: "connect.revoked", Args: map[string]any{"Date": "2026-11-20"}}}
	return connectContent(&connectPage{frame: f, Sync: &agent.SyncStatus{Connection: c}, HostName: "ghes-1.acme.example"})
}
