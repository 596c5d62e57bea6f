package gate_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
)

func TestASyncCountsWithoutPreview(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		file := a.export("mona@acme.example", "lisa@acme.example")
		first := a.mustSend(file, connect.Applied)
		if first.Sequence != 1 || first.Digest != a.last.Digest.String() || first.ReceivedAt.IsZero() {
			k.t.Errorf("the receipt is %+v", first)
		}
		k.licenses(2)
		if again := a.mustSend(file, connect.Applied); again.Upload != first.Upload || !again.ReceivedAt.Equal(first.ReceivedAt) {
			k.t.Errorf("the same again gave %+v, before %+v", again, first)
		}
		asked, err := a.client.Receipt(k.t.Context(), a.grant.AccessToken, first.Upload)
		if err != nil || *asked != *first {
			k.t.Errorf("asked later: %+v, %v", asked, err)
		}
		a.mustSend(a.export("mona@acme.example"), connect.Applied)
		k.licenses(1)
		_, err = a.send(file, "")
		wantFailure(k.t, err, connect.KindRefused, "usagefile.rollback")
		s := k.wantConnected(1, true)
		if s.Last.Text != "hub.event_synced" || s.Last.Status != hub.Failure || s.Last.Actor != "connect ghes-1.acme.example" {
			k.t.Errorf("the last event is %+v", s.Last)
		}
	})
}

// TestTheSameAgainIsASync: an agent that sends what counts already has synced,
// and the hub says when, as the agent does.
func TestTheSameAgainIsASync(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		file := a.export("mona@acme.example", "lisa@acme.example")
		first := a.mustSend(file, connect.Applied)
		before := k.wantConnected(1, true)
		k.moved.Add(int64(6 * time.Minute))
		a.mustSend(file, connect.Applied)
		after := k.wantConnected(1, true)
		if after.Last.At.Sub(before.Last.At) < 6*time.Minute || after.Last.Upload != first.Upload || after.Last.Text != "hub.event_synced" {
			k.t.Errorf("the last event is %+v, before %+v", after.Last, before.Last)
		}
		if !after.Snapshot.AppliedAt.Equal(before.Snapshot.AppliedAt) {
			k.t.Errorf("applied %v, before %v", after.Snapshot.AppliedAt, before.Snapshot.AppliedAt)
		}
		k.licenses(2)
	})
}

// TestTheSameAgainAfterARefusal: what an agent confirms is newer than what was
// refused before, and what a person brought is synced once the agent sent it.
func TestTheSameAgainAfterARefusal(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		old, file := a.export("mona@acme.example"), a.export("mona@acme.example", "lisa@acme.example")
		byHand, err := k.hub.ReceiveUsage(k.t.Context(), k.acme.Number, bytes.NewReader(file), hub.Arrival{Actor: "mona"})
		must(k.t, err)
		_, err = k.hub.Apply(k.t.Context(), k.acme.Number, byHand.ID, "mona")
		must(k.t, err)
		k.moved.Add(int64(time.Minute))
		_, err = a.send(old, "")
		wantFailure(k.t, err, connect.KindRefused, "usagefile.rollback")
		if s := k.wantConnected(1, true); s.Last.Status != hub.Failure {
			k.t.Errorf("the last event is %+v", s.Last)
		}
		k.moved.Add(int64(time.Minute))
		a.mustSend(file, connect.Applied)
		if s := k.wantConnected(1, true); s.Last.Status != hub.Success || s.Last.Upload != byHand.ID || s.Last.Text != "hub.event_synced" {
			k.t.Errorf("the last event is %+v", s.Last)
		}
	})
}

func TestAFileOfAnotherInstanceIsRefused(t *testing.T) {
	t.Parallel()
	k := on(t)
	a, b := k.agent(1, "ghes-1.acme.example").pair(), k.agent(2, "ghes-2.acme.example").pair()
	_, err := a.send(b.export("mona@acme.example"), "")
	wantFailure(t, err, connect.KindElsewhere, "hub.other_instance")
	stranger := k.agent(1, "ghes-1.acme.example") // the same id, another key
	_, err = a.send(stranger.export("mona@acme.example"), "")
	wantFailure(t, err, connect.KindRefused, "usagefile.key_changed")
	r := b.mustSend(b.export("mona@acme.example"), connect.Applied)
	_, err = a.client.Receipt(t.Context(), a.grant.AccessToken, r.Upload)
	wantFailure(t, err, connect.KindRefused, "hub.no_upload")
}

func TestWhatAPersonBroughtComesFirst(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		a.mustSend(a.export("mona@acme.example"), connect.Applied)
		byHand, err := k.hub.ReceiveUsage(k.t.Context(), k.acme.Number, bytes.NewReader(a.export("mona@acme.example", "lisa@acme.example")), hub.Arrival{Actor: "mona"})
		must(k.t, err)
		file := a.export("mona@acme.example", "nina@acme.example")
		_, err = a.send(file, "")
		wantFailure(k.t, err, connect.KindBusy, "connect.busy_by_hand")
		if after := connect.FailureOf(err).RetryAfter; after != time.Hour {
			k.t.Errorf("come again after %v", after)
		}
		_, err = k.hub.Discard(k.t.Context(), k.acme.Number, byHand.ID, "mona")
		must(k.t, err)
		a.mustSend(file, connect.Applied)
		k.licenses(2)
	})
}

func TestAThresholdHolds(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		most := 1
		_, err := k.hub.ChangeSettings(k.t.Context(), k.acme.Number, "mona", func(_ *string, s *hub.Settings) { s.HoldSyncs = &most })
		must(k.t, err)
		a := k.agent(1, "ghes-1.acme.example").pair()
		a.mustSend(a.export("mona@acme.example"), connect.Applied)
		k.licenses(1)
		file := a.export("mona@acme.example", "lisa@acme.example", "nina@acme.example")
		held := a.mustSend(file, connect.Held)
		if held.Refusal == nil || held.Refusal.Code != "hub.sync_held" || held.Refusal.Detail == "" {
			k.t.Errorf("the receipt is %+v", held)
		}
		if again := a.mustSend(file, connect.Held); again.Upload != held.Upload {
			k.t.Errorf("the same again gave %+v, before %+v", again, held)
		}
		a.mustSend(a.export("mona@acme.example", "lisa@acme.example"), connect.Applied) // within the threshold
		k.licenses(2)
		a.wantReceipt(held.Upload, connect.Superseded, "")
		dropped := a.mustSend(a.export(), connect.Held)
		_, err = k.hub.Discard(k.t.Context(), k.acme.Number, dropped.Upload, "mona")
		must(k.t, err)
		a.wantReceipt(dropped.Upload, connect.Discarded, "")
		k.licenses(2)
		last := a.mustSend(a.export(), connect.Held)
		a.wantReceipt(last.Upload, connect.Held, "hub.sync_held")
		_, err = k.hub.Apply(k.t.Context(), k.acme.Number, last.Upload, "mona")
		must(k.t, err)
		a.wantReceipt(last.Upload, connect.Applied, "")
		k.licenses(0)
	})
}

func TestSomebodyPressesSyncNow(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		_, err := k.hub.SyncNow(k.t.Context(), k.acme.Number, 1, "mona")
		wantError(k.t, err, errs.Conflict, "hub.no_requests")
		record := &connect.Record{ServerID: a.id, HostName: a.host, Sync: connect.SyncRecord{Enabled: true, AsksForRequests: true}}
		must(k.t, a.client.PutRecord(k.t.Context(), a.grant.AccessToken, record))
		asked, err := k.hub.SyncNow(k.t.Context(), k.acme.Number, 1, "mona")
		must(k.t, err)
		if twice, err := k.hub.SyncNow(k.t.Context(), k.acme.Number, 1, "lisa"); err != nil || twice.ID != asked.ID {
			k.t.Errorf("asked twice: %+v, %v", twice, err)
		}
		open, err := a.client.Requests(k.t.Context(), a.grant.AccessToken)
		if err != nil || len(open) != 1 || open[0].ID != asked.ID {
			k.t.Fatalf("the agent hears %+v, %v", open, err)
		}
		must(k.t, a.client.Answer(k.t.Context(), a.grant.AccessToken, asked.ID, &connect.Sentence{Code: "agent.no_source", Detail: "There is no source."}))
		done, err := k.hub.SyncRequest(k.t.Context(), k.acme.Number, 1, asked.ID)
		if err != nil || done.State != hub.RequestFailed || done.Refusal.Key != "agent.no_source" {
			k.t.Errorf("it became %+v, %v", done, err)
		}
		asked, err = k.hub.SyncNow(k.t.Context(), k.acme.Number, 1, "mona")
		must(k.t, err)
		r, err := a.send(a.export("mona@acme.example"), asked.ID)
		must(k.t, err)
		done, err = k.hub.SyncRequest(k.t.Context(), k.acme.Number, 1, asked.ID)
		if err != nil || done.State != hub.RequestArrived || done.Upload != r.Upload {
			k.t.Errorf("it became %+v, %v", done, err)
		}
	})
}
