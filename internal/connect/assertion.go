package connect

import (
	"crypto/ed25519"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// Limits of the texts in what is signed, in bytes.
const (
	maxName    = 255 // of a host
	maxVersion = 64
	maxRandom  = 128 // of what one side makes up
)

// Assertion asks for a token (RFC 7523 3). The key of the connection signs it.
type Assertion struct {
	// Hub is the address of the hub as [Address] gives it.
	Hub string
	// Connection is the hub's name of the connection, ServerID the instance's.
	Connection string
	ServerID   string
	// Attempt is made up by the agent and stored before it first asks; it
	// stays the same until an answer was stored. So a hub knows a repeat.
	Attempt string
	// Lease is that of the last [Grant] that was stored. Whoever presents an
	// older one is a copy, or was restored.
	Lease string
	// Enrolment is when the enrolment file of the agent was issued; zero for
	// none.
	Enrolment time.Time
	// ID is good once; Sign makes it. Key is the fingerprint of the key that
	// signed; Sign sets it. ExpiresAt is when the assertion ends.
	ID        string
	Key       string
	ExpiresAt time.Time
}

type assertionClaims struct {
	moment

	Issuer    string `json:"iss"`
	Subject   string `json:"sub"`
	Attempt   string `json:"attempt"`
	Lease     string `json:"lease"`
	Enrolment int64  `json:"enrolment,omitempty"` // seconds since 1970
}

// Sign makes the text that is sent. It is good for [AssertionLife].
func (a *Assertion) Sign(key ed25519.PrivateKey, now time.Time) (string, error) {
	c := assertionClaims{
		moment: newMoment(a.Hub, now, AssertionLife), Issuer: a.Connection, Subject: a.ServerID, Attempt: a.Attempt, Lease: a.Lease,
	}
	if !a.Enrolment.IsZero() {
		c.Enrolment = a.Enrolment.Unix()
	}
	return sign(typeAssertion, KeyID(publicOf(key)), key, c)
}

// ReadAssertion reads an assertion that was made for a hub. find gives the
// public key that a connection knows by a fingerprint; its error is given back.
// That the assertion is used once, and its lease is the one expected, is the
// caller's to see.
//
// Errors: Invalid when it is none, or for another address; Unauthenticated
// (connect.bad_signature, connect.clock).
func ReadAssertion(text, hub string, now time.Time, find func(connection, key string) (ed25519.PublicKey, error)) (*Assertion, error) {
	token, err := open(typeAssertion, text)
	if err != nil {
		return nil, err
	}
	var claimed assertionClaims
	if err := token.peek(&claimed); err != nil {
		return nil, err
	}
	if !isRandom(claimed.Issuer) || len(token.keyID) > maxRandom {
		return nil, errs.New(errs.Invalid, "connect.bad_statement")
	}
	key, err := find(claimed.Issuer, token.keyID)
	if err != nil {
		return nil, err
	}
	var c assertionClaims
	if err := token.read(key, &c); err != nil {
		return nil, err
	}
	if err := c.check(hub, now, AssertionLife); err != nil {
		return nil, err
	}
	a := &Assertion{
		Hub: c.Audience, Connection: c.Issuer, ServerID: c.Subject, Attempt: c.Attempt, Lease: c.Lease, ID: c.ID, Key: token.keyID,
		ExpiresAt: time.Unix(c.Expires, 0).UTC(),
	}
	if c.Enrolment > 0 {
		a.Enrolment = time.Unix(c.Enrolment, 0).UTC()
	}
	return a, a.check()
}

func (a *Assertion) check() error {
	if !isRandom(a.Attempt) || len(a.Lease) > maxRandom || a.ServerID == "" || len(a.ServerID) > maxName {
		return errs.New(errs.Invalid, "connect.bad_statement")
	}
	return nil
}

func (s *Statement) check(subject string) error {
	switch {
	case s.ServerID == "" || len(s.ServerID) > maxName || subject != s.ServerID,
		s.HostName == "" || len(s.HostName) > maxName,
		len(s.Version) > maxVersion,
		len(s.ConnectionKey) != ed25519.PublicKeySize,
		s.ConnectionKey.Equal(s.InstanceKey):
		return errs.New(errs.Invalid, "connect.bad_statement")
	default:
		return nil
	}
}

// KeyProof says that whoever announces a key of a connection has it. Connection
// and Old are the connection and the fingerprint of the key in use.
type KeyProof struct {
	Hub, Connection, Old string
	New                  ed25519.PublicKey
}

type keyClaims struct {
	moment

	Issuer string  `json:"iss"`
	Old    string  `json:"old"`
	New    keyText `json:"new"`
}

// Sign makes the text that is sent, with the new key.
func (k *KeyProof) Sign(key ed25519.PrivateKey, now time.Time) (string, error) {
	return sign(typeKeyProof, "", key, keyClaims{
		moment: newMoment(k.Hub, now, AssertionLife), Issuer: k.Connection, Old: k.Old, New: keyText(publicOf(key)),
	})
}

// ReadKeyProof reads the proof of a new key and verifies it with that key. Whose
// connection it is, and which key it has, is the caller's to compare.
func ReadKeyProof(text, hub string, now time.Time) (*KeyProof, error) {
	token, err := open(typeKeyProof, text)
	if err != nil {
		return nil, err
	}
	var claimed, c keyClaims
	if err := token.peek(&claimed); err != nil {
		return nil, err
	}
	if err := token.read(ed25519.PublicKey(claimed.New), &c); err != nil {
		return nil, err
	}
	if err := c.check(hub, now, AssertionLife); err != nil {
		return nil, err
	}
	return &KeyProof{Hub: c.Audience, Connection: c.Issuer, Old: c.Old, New: ed25519.PublicKey(c.New)}, nil
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey {
	return ed25519.PublicKey(key[ed25519.SeedSize:])
}

func isRandom(text string) bool { return text != "" && len(text) <= maxRandom }
