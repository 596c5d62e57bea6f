package connect_test

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

const theHub = "https://hub.acme.example"

// at is when the tests take place.
var at = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newKey(t *testing.T) (ed25519.PrivateKey, ed25519.PublicKey) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key, public
}

// wantKey fails unless an error names a sentence.
func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	var named interface {
		Message() (string, map[string]any)
	}
	if !errors.As(err, &named) {
		t.Fatalf("got %v, want %s", err, key)
	}
	if got, _ := named.Message(); got != key {
		t.Errorf("got %s, want %s", got, key)
	}
}

func statement(t *testing.T) (*connect.Statement, ed25519.PrivateKey) {
	t.Helper()
	instance, public := newKey(t)
	_, connection := newKey(t)
	return &connect.Statement{
		Hub: theHub, ServerID: "ea6088f3-0000-4000-8000-000000000001", HostName: "ghes-1.acme.example", Version: "3.15.2",
		InstanceKey: public, ConnectionKey: connection,
	}, instance
}

func TestStatementSaysWhoAsks(t *testing.T) {
	t.Parallel()
	s, key := statement(t)
	text, err := s.Sign(key, at)
	if err != nil {
		t.Fatal(err)
	}
	got, err := connect.ReadStatement(text, theHub, at.Add(9*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if got.ID == "" {
		t.Error("a statement has no id")
	}
	got.ID = ""
	if diff := cmp.Diff(s, got); diff != "" {
		t.Error(diff)
	}
}

func TestStatementIsRefused(t *testing.T) {
	t.Parallel()
	s, key := statement(t)
	text, err := s.Sign(key, at)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := newKey(t)
	forged, err := s.Sign(other, at)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(text, ".")
	for name, test := range map[string]struct {
		text, hub, key string
		at             time.Time
	}{
		"for another hub":            {text, "https://hub.other.example", "connect.other_address", at},
		"too old":                    {text, theHub, "connect.clock", at.Add(12 * time.Minute)},
		"not yet":                    {text, theHub, "connect.clock", at.Add(-2 * time.Minute)},
		"signed by somebody else":    {forged, theHub, "connect.bad_signature", at},
		"changed":                    {parts[0] + "." + parts[1][:len(parts[1])-4] + "AAAA." + parts[2], theHub, "connect.bad_statement", at},
		"no signature":               {parts[0] + "." + parts[1] + ".", theHub, "connect.bad_signature", at},
		"no signed text":             {"hello", theHub, "connect.bad_statement", at},
		"endless":                    {strings.Repeat("a", connect.MaxSigned+1), theHub, "connect.bad_statement", at},
		"nobody signs: algorithm no": {"eyJhbGciOiJub25lIn0." + parts[1] + ".", theHub, "connect.bad_statement", at},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := connect.ReadStatement(test.text, test.hub, test.at)
			wantKey(t, err, test.key)
		})
	}
}

// A text that was signed for one purpose is none for another.
func TestAStatementIsNoAssertion(t *testing.T) {
	t.Parallel()
	s, key := statement(t)
	text, err := s.Sign(key, at)
	if err != nil {
		t.Fatal(err)
	}
	found := func(string, string) (ed25519.PublicKey, error) { return s.InstanceKey, nil }
	_, err = connect.ReadAssertion(text, theHub, at, found)
	wantKey(t, err, "connect.bad_statement")
	_, err = connect.ReadKeyProof(text, theHub, at)
	wantKey(t, err, "connect.bad_statement")
}

func TestAssertionIsReadWithTheKeyOfItsConnection(t *testing.T) {
	t.Parallel()
	key, public := newKey(t)
	a := &connect.Assertion{Hub: theHub, Connection: "C1", ServerID: "S1", Attempt: "A1", Lease: "L1", Enrolment: at.Add(-time.Hour)}
	text, err := a.Sign(key, at)
	if err != nil {
		t.Fatal(err)
	}
	got, err := connect.ReadAssertion(text, theHub, at, func(connection, id string) (ed25519.PublicKey, error) {
		if connection != "C1" || id != connect.KeyID(public) {
			return nil, errs.New(errs.Unauthenticated, "connect.unknown")
		}
		return public, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &connect.Assertion{
		Hub: theHub, Connection: "C1", ServerID: "S1", Attempt: "A1", Lease: "L1", Enrolment: at.Add(-time.Hour),
		ID: got.ID, Key: connect.KeyID(public), ExpiresAt: at.Add(connect.AssertionLife),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	again, err := a.Sign(key, at)
	if err != nil {
		t.Fatal(err)
	}
	if text == again {
		t.Error("two assertions are the same: the second would be taken for a replay")
	}

	_, other := newKey(t)
	_, err = connect.ReadAssertion(text, theHub, at, func(string, string) (ed25519.PublicKey, error) { return other, nil })
	wantKey(t, err, "connect.bad_signature")
	_, err = connect.ReadAssertion(text, theHub, at.Add(time.Hour), func(string, string) (ed25519.PublicKey, error) { return public, nil })
	wantKey(t, err, "connect.clock")
	_, err = connect.ReadAssertion(text, theHub, at, func(string, string) (ed25519.PublicKey, error) {
		return nil, errs.New(errs.Unauthenticated, "connect.unknown")
	})
	wantKey(t, err, "connect.unknown")
}

func TestKeyProofIsOfTheNewKey(t *testing.T) {
	t.Parallel()
	key, public := newKey(t)
	k := connect.KeyProof{Hub: theHub, Connection: "C1", Old: "0a1b"}
	text, err := k.Sign(key, at)
	if err != nil {
		t.Fatal(err)
	}
	got, err := connect.ReadKeyProof(text, theHub, at)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&connect.KeyProof{Hub: theHub, Connection: "C1", Old: "0a1b", New: public}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"hub.acme.example":                                 "https://hub.acme.example",
		" https://Hub.Acme.Example:443/ ":                  "https://hub.acme.example",
		"https://hub.acme.example:8443":                    "https://hub.acme.example:8443",
		"https://hub.acme.example/seats/":                  "https://hub.acme.example/seats",
		"http://127.0.0.1:8080":                            "http://127.0.0.1:8080",
		"127.0.0.1:8080":                                   "http://127.0.0.1:8080",
		"localhost:8080/connect":                           "http://localhost:8080",
		"[::1]:8443":                                       "http://[::1]:8443",
		"http://127.0.0.1:8080/enterprises/acme/licensing": "http://127.0.0.1:8080",
		"https://hub.acme.example/connect":                 "https://hub.acme.example",
		"http://localhost":                                 "http://localhost",
		"http://[::1]:80":                                  "http://[::1]",
		"http://hub.acme.example":                          "connect.needs_tls",
		"ftp://hub.acme.example":                           "connect.bad_address",
		"https://mona@hub.acme.example":                    "connect.bad_address",
		"https://hub.acme.example?token=1":                 "connect.bad_address",
		"https://":                                         "connect.bad_address",
		"":                                                 "connect.bad_address",
		"https://hub.acme.example/%zz":                     "connect.bad_address",
		strings.Repeat("a", 2000):                          "connect.bad_address",
	} {
		got, err := connect.Address(text)
		if err != nil {
			wantKey(t, err, want)
			continue
		}
		if got != want {
			t.Errorf("Address(%q) = %q, want %q", text, got, want)
		}
		if again, err := connect.Address(got); err != nil || again != got {
			t.Errorf("Address(%q) = %q, %v: it should stay", got, again, err)
		}
	}
}

func TestDelaysAreTwelveInSeventeenHours(t *testing.T) {
	t.Parallel()
	table := connect.Delays()
	var sum time.Duration
	for _, d := range table {
		sum += d
	}
	if sum < 16*time.Hour || sum > 18*time.Hour {
		t.Errorf("the retries take %v", sum)
	}
	different := false
	for failed := 1; failed <= len(table); failed++ {
		one, ok := connect.Delay(table[:], failed, "S1", 0)
		two, _ := connect.Delay(table[:], failed, "S2", 0)
		different = different || one != two
		if base := table[failed-1]; !ok || one < base*9/10 || one > base*11/10 {
			t.Errorf("delay %d is %v of %v", failed, one, base)
		}
	}
	if !different {
		t.Error("two agents come back at the same times")
	}
	if _, more := connect.Delay(table[:], connect.Retries+1, "S1", 0); more {
		t.Error("there is a thirteenth retry")
	}
	if d, _ := connect.Delay(table[:], 1, "S1", 30*time.Minute); d != 30*time.Minute {
		t.Errorf("a hub that asked for 30 minutes is called after %v", d)
	}
	if d, _ := connect.Delay(table[:], 1, "S1", 30*24*time.Hour); d > time.Hour {
		t.Errorf("a hub makes an agent wait %v", d)
	}
}

// keyOf knows one key, whosever it is.
func keyOf(key ed25519.PublicKey) func(string, string) (ed25519.PublicKey, error) {
	return func(string, string) (ed25519.PublicKey, error) { return key, nil }
}
