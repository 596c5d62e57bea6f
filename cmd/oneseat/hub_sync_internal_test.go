package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// answering HOST DATABASE: an agent that is connected to the hub of the story,
// whose database is named, and answers requests to sync: the first with a
// sentence, the second with a usage file of two people, and none after that.
func answering(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: answering host database")
	}
	ctx, cancel := context.WithCancel(context.Background())
	a := &answerer{host: args[0], at: ts.Getenv("ONESEAT_HUB")}
	if err := a.connect(ctx, args[1]); err != nil {
		cancel()
		ts.Fatalf("%v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.answer(ctx) }()
	ts.Defer(func() {
		select {
		case err := <-ended:
			ts.Logf("the agent ended by itself: %v", err)
		default:
			cancel()
			if err := <-ended; err != nil {
				ts.Logf("the agent, told to end: %v", err)
			}
		}
	})
}

type answerer struct {
	host, at  string
	key       ed25519.PrivateKey
	client    *connect.Client
	grant     *connect.Grant
	requested int
}

const answererID = "5f0c6a5e-2b1d-4c57-9a43-000000000001"

// connect pairs the agent; an owner approves it in the hub's database.
func (a *answerer) connect(ctx context.Context, location string) (err error) {
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	own, _, err := ed25519.GenerateKey(nil) // one token is enough, so that nothing is signed with it
	if err != nil {
		return err
	}
	a.key = key
	a.client = connect.NewClient(a.at, connect.NewTransport(connect.Network{}), "oneseat/test", time.Now)
	s := &connect.Statement{Hub: a.at, ServerID: answererID, HostName: a.host, Version: "3.17.2", InstanceKey: public, ConnectionKey: own}
	p, _, err := a.client.BeginPairing(ctx, s, key)
	if err != nil {
		return err
	}
	db, err := database.Open(ctx, database.Config{Location: location})
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // what was committed counts
	h := hub.New(hub.Config{Store: store.New(db), Now: time.Now})
	if _, err := h.ApprovePairing(ctx, 1, hub.Approval{Code: p.UserCode, Actor: "mona", Who: "mona"}); err != nil {
		return err
	}
	if a.grant, err = a.client.Await(ctx, answererID, p.DeviceCode); err != nil {
		return err
	}
	return a.client.PutRecord(ctx, a.grant.AccessToken, &connect.Record{
		ServerID: answererID, HostName: a.host, Sync: connect.SyncRecord{Enabled: true, AsksForRequests: true},
	})
}

func (a *answerer) answer(ctx context.Context) error {
	for {
		open, err := a.client.Requests(ctx, a.grant.AccessToken)
		if err != nil {
			return err
		}
		for _, r := range open {
			switch a.requested++; a.requested {
			case 1:
				err = a.client.Answer(ctx, a.grant.AccessToken, r.ID, &connect.Sentence{Code: "hub.agent_failed", Detail: "It rained."})
			case 2:
				err = a.deliver(ctx, r.ID)
			}
			if err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (a *answerer) deliver(ctx context.Context, request string) error {
	var file bytes.Buffer
	x := usagefile.Export{
		Instance: usagefile.Instance{ServerID: answererID, HostName: a.host, Version: "3.17.2"},
		Snapshot: usagefile.Snapshot{Sequence: 1, TakenAt: time.Now().UTC().Truncate(time.Second), Nonce: usagefile.NewNonce()}, Cleartext: true,
	}
	_, err := usagefile.Encode(&file, a.key, x, func(yield func(licensing.ServerAccount, error) bool) {
		for i, address := range []string{"mona@acme.example", "lisa@acme.example"} {
			u := licensing.ServerAccount{UserID: string(rune('1' + i)), Emails: []licensing.ServerEmail{{Email: licensing.NewEmail(address), Primary: true}}}
			if !yield(u, nil) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	_, err = a.client.Send(ctx, a.grant.AccessToken, connect.Usage{Body: bytes.NewReader(file.Bytes()), Size: int64(file.Len()), Run: "1", Request: request})
	return err
}
