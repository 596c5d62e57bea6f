package ui

import (
	"bytes"
	"crypto/ed25519"
	"time"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
)

// connectStories are the pages of Connect in their interesting states.
func connectStories() []story {
	return []story{
		{"connect-code", inConnect, func(f frame) templ.Component {
			p := &connectPage{frame: f, Code: "BCDF-GHJK", Refusal: f.T("hub.unknown_code")}
			p.Title = f.T("pagehubconnect.enter.title")
			return connectContent(p)
		}},
		{"connect-begin", inConnect, func(f frame) templ.Component {
			p := &connectPage{frame: f, Hub: "https://" + long(3) + ".acme.example"}
			p.Title = f.T("pagehubconnect.enter.title")
			return connectContent(p)
		}},
		{"connect-approve-new", inConnect, func(f frame) templ.Component {
			p := &connectPage{frame: f, Code: "BCDF-GHJK", Asking: &hub.Asking{Pairing: sampleAsking().Pairing}}
			most := 25
			p.Title, p.About.Settings.HoldSyncs = f.T("pagehubconnect.approve.title", "Host", p.Asking.HostName), &most
			return connectContent(p)
		}},
		{"connect-approve-other-key", inConnect, func(f frame) templ.Component {
			p := &connectPage{frame: f, Code: "BCDF-GHJK", Asking: sampleAsking()}
			p.Asking.Instance, p.Asking.KnownHost, p.Asking.KeyChanged, p.Asking.Connected = p.Asking.KnownHost, nil, true, true
			p.Title = f.T("pagehubconnect.approve.title", "Host", p.Asking.HostName)
			return connectContent(p)
		}},
		{"connect-denied", inInstances, func(f frame) templ.Component {
			now := sampleOverview(f.At)
			now.Instances[0].Connection = sampleConnection(f.At)
			now.Instances[1].Connection = &hub.Connection{Active: true, CreatedAt: f.At, CreatedBy: "owner mona"}
			now.Instances[2].Connection = &hub.Connection{CreatedAt: f.At, EndedAt: f.At, EndedBy: "owner mona"}
			return instancesContent(&instancesPage{frame: f, Overview: now, Done: f.T("pagesettings.done.agent_denied")})
		}},
		{"connect-approve", inConnect, func(f frame) templ.Component {
			p := &connectPage{frame: f, Code: "BCDF-GHJK", Asking: sampleAsking()}
			p.Title = f.T("pagehubconnect.approve.title", "Host", p.Asking.HostName)
			return connectContent(p)
		}},
		{"connect-disable", inInstances, func(f frame) templ.Component {
			p := &disablePage{frame: f, Instance: sampleOverview(f.At).Instances[0]}
			p.Title = f.T("pagehubconnect.disable.title", "Host", p.Instance.HostName)
			return disableContent(p)
		}},
		{"instance-connected", inInstances, sampleConnected},
		{"instance-approved", inInstances, sampleApproved},
		{"instance-disabled", inInstances, func(f frame) templ.Component {
			p := sampleInstance(f)
			p.Connection = &hub.Connection{CreatedAt: f.At, EndedAt: f.At, EndedBy: "owner " + rightToLeft}
			p.Done = f.T("pagesettings.done.connect_disabled")
			return instanceContent(p)
		}},
	}
}

// sampleInstance is the first of the instances.
func sampleInstance(f frame) *instancePage {
	now := sampleOverview(f.At)
	p := &instancePage{frame: f, SourceState: now.Instances[0], Now: now}
	p.Title, p.Connect.SourceState = p.HostName, &p.SourceState
	return p
}

// sampleApproved is an instance whose agent an owner approved a moment ago.
func sampleApproved(f frame) templ.Component {
	p := sampleInstance(f)
	p.Connection = &hub.Connection{Active: true, CreatedAt: f.At, CreatedBy: "owner mona"}
	p.Snapshot, p.Statement, p.Last = nil, nil, nil
	p.Done = f.T("pagesettings.done.agent_approved")
	return instanceContent(p)
}

func sampleConnection(at time.Time) *hub.Connection {
	return &hub.Connection{
		Active: true, CreatedAt: at.AddDate(0, -3, 0), CreatedBy: "owner mona", TokenAt: at, RecordAt: at,
		Trouble: "connect.second_machine", TroubleAt: at,
	}
}

func sampleAsking() *hub.Asking {
	return &hub.Asking{
		Pairing: &hub.Pairing{
			ServerID: "5f0c6a5e-2b1d-4c57-9a43-000000000007", HostName: long(3) + ".acme.example", Version: "3.17.2",
			InstanceKey: ed25519.PublicKey(bytes.Repeat([]byte{7}, ed25519.PublicKeySize)),
		},
		KnownHost: &hub.Source{Number: 1, HostName: long(3) + ".acme.example"},
	}
}

func sampleConnected(f frame) templ.Component {
	p := sampleInstance(f)
	s := &p.SourceState
	next, dormant, consumed := f.At.AddDate(0, 0, 5), int64(12), int64(930_000)
	s.Connection = sampleConnection(f.At)
	p.Connect = connectionView{
		SourceState: &p.SourceState,
		Request:     &hub.SyncRequest{State: hub.RequestFailed, Actor: "owner mona", CreatedAt: f.At, Refusal: &hub.Refusal{Key: "connect.name", Args: map[string]any{"Name": "hub.acme.example", "Hub": "https://hub.acme.example"}}},
		Record: &connect.Record{
			ServerID: s.ServerID, Enterprise: "acme", HostName: s.HostName, Version: "3.17.2", PublicKey: long(3), DormantUsers: &dormant, ConsumedLicenses: &consumed,
			Features: []connect.Feature{{Name: connect.FeatureSync, EnabledAt: f.At}}, Agent: "1.0.0",
			Sync: connect.SyncRecord{
				Enabled: true, Every: "weekly", AsksForRequests: true, NextRunAt: &next,
				Failure: &connect.Sentence{Code: "connect.timeout", Args: map[string]any{"Hub": "https://hub.acme.example"}},
			},
		},
	}
	return instanceContent(p)
}
