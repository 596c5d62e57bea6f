package gate_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/hub"
)

func TestTokensByLease(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		before := a.grant.Lease
		first, err := a.mint("one")
		must(k.t, err)
		repeat, err := a.mint("one") // the answer was lost
		must(k.t, err)
		if first.Lease == before || repeat.Lease != first.Lease || repeat.AccessToken == first.AccessToken {
			k.t.Errorf("leases %q, %q, %q", before, first.Lease, repeat.Lease)
		}
		a.grant = repeat
		copied := *a
		a.mustMint()
		_, err = copied.mint("")
		wantFailure(k.t, err, connect.KindSecond, "connect.second_machine")
		a.mustMint() // the original goes on
		s := k.wantConnected(1, true)
		if s.Connection.Trouble != "connect.second_machine" || s.Connection.TroubleAt.IsZero() {
			k.t.Errorf("owners are not told: %+v", s.Connection)
		}
	})
}

func TestAssertionsAreGoodOnce(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example").pair()
	as := connect.Assertion{Hub: k.url, Connection: a.grant.Connection, ServerID: a.id, Attempt: "one", Lease: a.grant.Lease}
	text, err := as.Sign(a.own, k.now())
	must(t, err)
	send := func() (int, string) {
		form := url.Values{"grant_type": {connect.GrantAssertion}, "assertion": {text}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, k.url+connect.PathToken, strings.NewReader(form.Encode()))
		must(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := http.DefaultTransport.RoundTrip(r)
		must(t, err)
		defer answer.Body.Close() //nolint:errcheck // read to its end
		if answer.Header.Get("Cache-Control") != "no-store" {
			t.Error("a token may be cached")
		}
		var b strings.Builder
		must(t, answer.Write(&b))
		return answer.StatusCode, b.String()
	}
	if status, body := send(); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	status, body := send()
	if status != http.StatusBadRequest || !strings.Contains(body, `"error":"invalid_grant"`) || !strings.Contains(body, `"code":"connect.replayed"`) {
		t.Errorf("replayed: %d %s", status, body)
	}
}

func TestAWrongClockHealsItself(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example").pair()
	a.behind = 30 * time.Minute
	a.mustMint()
	if a.skew < 29*time.Minute || a.skew > 31*time.Minute {
		t.Errorf("the skew is %v", a.skew)
	}
}

func TestWhoIsRefusedAToken(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		good := a.own
		a.own = newKey(k.t)
		_, err := a.mint("")
		wantFailure(k.t, err, connect.KindRevoked, "connect.bad_signature")
		a.own = good
		id := a.grant.Connection
		a.grant.Connection = "NOBODY"
		_, err = a.mint("")
		wantFailure(k.t, err, connect.KindRevoked, "connect.unknown")
		a.grant.Connection = id
		must(k.t, k.hub.DisableConnect(k.t.Context(), k.acme.Number, 1, "mona"))
		_, err = a.mint("")
		wantFailure(k.t, err, connect.KindRevoked, "connect.revoked")
		_, err = a.send(a.export("mona@acme.example"), "") // the token of before
		wantFailure(k.t, err, connect.KindRevoked, "connect.revoked")
		_, err = a.client.Requests(k.t.Context(), a.grant.AccessToken)
		wantFailure(k.t, err, connect.KindRevoked, "connect.revoked")
		_, err = a.client.Requests(k.t.Context(), "osc_nothing")
		wantFailure(k.t, err, connect.KindCut, "connect.token_ended")
	})
}

func TestTokensEndWithinTheHour(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example").pair()
	k.moved.Add(int64(connect.TokenLife))
	_, err := a.client.Requests(t.Context(), a.grant.AccessToken)
	wantFailure(t, err, connect.KindCut, "connect.token_ended")
	a.mustMint()
	_, err = a.client.Requests(t.Context(), a.grant.AccessToken)
	must(t, err)
}

// TestARestoredHub knows older leases than its agents do, until somebody says
// what happened; then each is taken once.
func TestARestoredHub(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		a.mustMint()
		a.grant.Lease = "of a day that the backup does not know"
		_, err := a.mint("")
		wantFailure(k.t, err, connect.KindSecond, "connect.second_machine")
		n, err := k.hub.ResumeConnect(k.t.Context(), k.acme.Number, "mona")
		if err != nil || n != 1 {
			k.t.Fatalf("%d connections, %v", n, err)
		}
		a.mustMint()
		if s := k.wantConnected(1, true); s.Connection.Trouble != "" {
			k.t.Errorf("there is still trouble: %+v", s.Connection)
		}
		a.grant.Lease = "of another"
		_, err = a.mint("")
		wantFailure(k.t, err, connect.KindSecond, "connect.second_machine")
	})
}

func TestAKeyIsReplacedWithOverlap(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.agent(1, "ghes-1.acme.example").pair()
		old, next := a.own, newKey(k.t)
		must(k.t, a.client.Rotate(k.t.Context(), a.grant.AccessToken, a.grant.Connection, connect.KeyID(publicOf(old)), next, 0))
		a.mustMint() // with the old one
		a.own = next
		a.mustMint()
		a.own = old
		_, err := a.mint("")
		wantFailure(k.t, err, connect.KindRevoked, "connect.bad_signature")
	})
}

func TestTheAgentLeaves(t *testing.T) {
	t.Parallel()
	k := on(t)
	a := k.agent(1, "ghes-1.acme.example").pair()
	must(t, a.client.End(t.Context(), a.grant.AccessToken))
	s := k.wantConnected(1, false)
	if s.State != hub.InstanceActive || s.Connection == nil || s.Connection.EndedBy != "connect ghes-1.acme.example" {
		t.Errorf("the instance is %+v", s)
	}
	wantFailure(t, a.client.End(t.Context(), a.grant.AccessToken), connect.KindRevoked, "connect.revoked")
}
