package ui

import (
	"bytes"
	"crypto/ed25519"

	"github.com/a-h/templ"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
)

// connectStories are the pages of Connect in their interesting states.
func connectStories() []story {
	return []story{
		{"connect-code", inInstances, func(f frame) templ.Component {
			p := &connectPage{frame: f, Code: "BCDF-GHJK", Refusal: f.T("hub.unknown_code")}
			p.Title = f.T("pagehubconnect.enter.title")
			return connectContent(p)
		}},
		{"connect-approve", inInstances, func(f frame) templ.Component {
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
	now := sampleOverview(f.At)
	s := now.Instances[0]
	next, dormant, consumed := f.At.AddDate(0, 0, 5), int64(12), int64(930_000)
	s.Connection = &hub.Connection{
		Active: true, CreatedAt: f.At.AddDate(0, -3, 0), CreatedBy: "owner mona", TokenAt: f.At, RecordAt: f.At,
		Trouble: "connect.second_machine", TroubleAt: f.At,
	}
	p := &instancePage{frame: f, SourceState: s, Now: now}
	p.Title = s.HostName
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
