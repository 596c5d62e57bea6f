package gate_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/usagefile"
)

func TestAnAgentIsPaired(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example")
		p, err := a.begin()
		must(k.t, err)
		if p.VerificationURI != k.url+"/connect" || !strings.HasSuffix(p.VerificationURIComplete, "?code="+p.UserCode) || p.ExpiresIn != 900 || p.Interval != 5 {
			k.t.Errorf("the pairing is %+v", p)
		}
		_, err = a.client.Await(k.t.Context(), a.id, p.DeviceCode)
		wantFailure(k.t, err, connect.KindWaiting, "connect.pending")

		seen, err := k.hub.Asking(k.t.Context(), k.acme.Number, strings.ToLower(p.UserCode), "mona")
		must(k.t, err)
		if seen.HostName != a.host || !seen.InstanceKey.Equal(publicOf(a.key)) || seen.Instance != nil {
			k.t.Errorf("an owner sees %+v", seen)
		}
		src, err := k.hub.ApprovePairing(k.t.Context(), k.acme.Number, hub.Approval{Code: p.UserCode, Actor: "mona", Who: "mona"})
		must(k.t, err)
		if src.State != hub.InstanceActive || src.ServerID != a.id {
			k.t.Errorf("the instance is %+v", src)
		}
		a.wantGrant(p)
		k.wantConnected(src.Number, true)
	})
}

// wantGrant takes the token, twice: the first answer may have been lost.
func (a *agent) wantGrant(p *connect.Pairing) {
	t := a.k.t
	t.Helper()
	first, err := a.client.Await(t.Context(), a.id, p.DeviceCode)
	must(t, err)
	a.grant, err = a.client.Await(t.Context(), a.id, p.DeviceCode)
	must(t, err)
	if a.grant.Lease != first.Lease || a.grant.AccessToken == first.AccessToken || a.grant.Enterprise.Slug != "acme" {
		t.Errorf("the grants are %+v and %+v", first, a.grant)
	}
	file, err := enrolment.Decode(bytes.NewReader(a.grant.Enrolment))
	must(t, err)
	if file.Hub != a.k.url || file.Recipient != a.k.to {
		t.Errorf("the enrolment is %+v", file)
	}
	a.mustMint()
	_, err = a.client.Await(t.Context(), a.id, p.DeviceCode)
	wantFailure(t, err, connect.KindLapsed, "connect.lapsed")
}

func (k *kit) wantConnected(number int64, want bool) hub.SourceState {
	k.t.Helper()
	now, err := k.hub.Overview(k.t.Context(), k.acme.Number)
	must(k.t, err)
	for _, s := range now.Instances {
		if s.Number == number {
			if s.Connected() != want {
				k.t.Errorf("connected is %v", !want)
			}
			return s
		}
	}
	k.t.Fatalf("there is no instance %d", number)
	return hub.SourceState{}
}

func TestAnAgentIsDenied(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example")
	p, err := a.begin()
	must(t, err)
	must(t, k.hub.DenyPairing(t.Context(), k.acme.Number, p.UserCode, "mona", "mona"))
	_, err = a.client.Await(t.Context(), a.id, p.DeviceCode)
	wantFailure(t, err, connect.KindDenied, "connect.denied")
	_, err = k.hub.ApprovePairing(t.Context(), k.acme.Number, hub.Approval{Code: p.UserCode, Actor: "mona", Who: "mona"})
	wantError(t, err, errs.NotFound, "hub.unknown_code")
}

func TestCodesLapseAndAgentsArePatient(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example")
	p, err := a.begin()
	must(t, err)
	ask := func() error {
		_, err := a.client.Await(t.Context(), a.id, p.DeviceCode)
		return err
	}
	wantFailure(t, ask(), connect.KindWaiting, "connect.pending")
	wantFailure(t, ask(), connect.KindWaiting, "connect.slow_down")
	k.moved.Add(int64(6 * time.Second)) // the interval is 10 s now
	wantFailure(t, ask(), connect.KindWaiting, "connect.slow_down")
	k.moved.Add(int64(15 * time.Second))
	wantFailure(t, ask(), connect.KindWaiting, "connect.pending")
	k.moved.Add(int64(connect.PairingLife))
	wantFailure(t, ask(), connect.KindLapsed, "connect.lapsed")
	_, err = k.hub.Asking(t.Context(), k.acme.Number, p.UserCode, "mona")
	wantError(t, err, errs.NotFound, "hub.unknown_code")
}

func TestGuessingIsLimited(t *testing.T) {
	t.Parallel()
	k := on(t)
	var err error
	for range 31 {
		_, err = k.hub.Asking(t.Context(), k.acme.Number, "BBBB-BBBB", "mona")
	}
	wantError(t, err, errs.RateLimited, "hub.many_codes")
	_, err = k.hub.Asking(t.Context(), k.acme.Number, "BBBB-BBBB", "another")
	wantError(t, err, errs.NotFound, "hub.unknown_code")

	a := k.agent(1, "ghes-1.acme.example")
	for range 20 {
		_, err := a.begin()
		must(t, err)
	}
	_, err = a.begin()
	wantFailure(t, err, connect.KindBusy, "connect.busy")
	if after := connect.FailureOf(err).RetryAfter; after < time.Minute {
		t.Errorf("come again after %v", after)
	}
}

func TestStatementsAreGoodOnceAndForOneHub(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example")
	s := connect.Statement{
		Hub: "https://elsewhere.example", ServerID: a.id, HostName: a.host, InstanceKey: publicOf(a.key), ConnectionKey: publicOf(a.own),
	}
	_, _, err := a.client.BeginPairing(t.Context(), &s, a.key)
	wantFailure(t, err, connect.KindRefused, "connect.other_address")
	s.Hub = k.url
	text, err := s.Sign(a.key, k.now())
	must(t, err)
	for i, want := range []string{"", "connect.replayed"} {
		_, _, err = k.hub.BeginPairing(t.Context(), a.id, text, k.url, "somewhere")
		if i == 0 {
			must(t, err)
			continue
		}
		wantError(t, err, errs.Unauthenticated, want)
	}
}

// TestWhichInstanceItIs: one that is known by its file goes on, one that is known
// by another key does not, and a name that is taken asks for a word.
func TestWhichInstanceItIs(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example")
		held, err := k.hub.ReceiveUsage(k.t.Context(), k.acme.Number, bytes.NewReader(a.export("mona@acme.example")), hub.Arrival{Actor: "mona"})
		must(k.t, err)
		if held.State != hub.UploadHeld {
			k.t.Fatalf("the first file is %s", held.State)
		}
		a.pair()
		if held, err = k.hub.Upload(k.t.Context(), k.acme.Number, held.ID); err != nil || held.State != hub.UploadInPreview {
			k.t.Errorf("the held file is %v, %v", held, err)
		}
		k.wantConnected(held.Source, true)

		other := k.agent(1, "ghes-1.acme.example") // another key
		p, err := other.begin()
		must(k.t, err)
		approval := hub.Approval{Code: p.UserCode, Actor: "mona", Who: "mona"}
		_, err = k.hub.ApprovePairing(k.t.Context(), k.acme.Number, approval)
		wantError(k.t, err, errs.Conflict, "hub.connect_key_changed")

		again := k.agent(2, "ghes-1.acme.example") // set up again
		p, err = again.begin()
		must(k.t, err)
		approval.Code = p.UserCode
		_, err = k.hub.ApprovePairing(k.t.Context(), k.acme.Number, approval)
		wantError(k.t, err, errs.Conflict, "hub.host_known")
		approval.SameAs = held.Source
		src, err := k.hub.ApprovePairing(k.t.Context(), k.acme.Number, approval)
		must(k.t, err)
		if src.Number != held.Source || src.ServerID != again.id || !src.PublicKey.Equal(publicOf(again.key)) {
			k.t.Errorf("the instance is %+v", src)
		}
		_, err = a.mint("")
		wantFailure(k.t, err, connect.KindRevoked, "connect.revoked")
		if usagefile.KeyFingerprint(src.PublicKey) != usagefile.KeyFingerprint(publicOf(again.key)) {
			k.t.Error("the key is another")
		}
	})
}
