package connect

import (
	"crypto/ed25519"
	"time"
)

// Statement is how an agent introduces itself when it asks to be paired. The
// instance's key signs it, by whose fingerprint the owner on the hub recognises
// the instance, and so vouches for the key of the connection.
type Statement struct {
	// Hub is the address of the hub as [Address] gives it.
	Hub string
	// ServerID, HostName, HTTPOnly and Version are those of usage files.
	ServerID string
	HostName string
	HTTPOnly bool
	Version  string
	// InstanceKey signs usage files, ConnectionKey will sign assertions.
	InstanceKey   ed25519.PublicKey
	ConnectionKey ed25519.PublicKey
	// ID is what tells two statements apart; Sign makes it.
	ID string
}

type statementClaims struct {
	moment

	Issuer        string  `json:"iss"`
	Subject       string  `json:"sub"`
	HostName      string  `json:"host_name"`
	HTTPOnly      bool    `json:"http_only"`
	Version       string  `json:"version"`
	InstanceKey   keyText `json:"instance_key"`
	ConnectionKey keyText `json:"connection_key"`
}

// Sign makes the text that is sent. It is good for [StatementLife].
func (s *Statement) Sign(instance ed25519.PrivateKey, now time.Time) (string, error) {
	return sign(typeStatement, "", instance, statementClaims{
		moment: newMoment(s.Hub, now, StatementLife), Issuer: s.ServerID, Subject: s.ServerID,
		HostName: s.HostName, HTTPOnly: s.HTTPOnly, Version: s.Version,
		InstanceKey: keyText(s.InstanceKey), ConnectionKey: keyText(s.ConnectionKey),
	})
}

// ReadStatement reads a statement that was made for a hub, and verifies that
// whoever made it has the instance's key. Whether that is the instance somebody
// means, only an owner can say.
//
// Errors: Invalid when it is none, or for another address; Unauthenticated
// (connect.bad_signature, connect.clock).
func ReadStatement(text, hub string, now time.Time) (*Statement, error) {
	token, err := open(typeStatement, text)
	if err != nil {
		return nil, err
	}
	var claimed statementClaims
	if err := token.peek(&claimed); err != nil {
		return nil, err
	}
	var c statementClaims
	if err := token.read(ed25519.PublicKey(claimed.InstanceKey), &c); err != nil {
		return nil, err
	}
	if err := c.check(hub, now, StatementLife); err != nil {
		return nil, err
	}
	s := &Statement{
		Hub: c.Audience, ServerID: c.Issuer, HostName: c.HostName, HTTPOnly: c.HTTPOnly, Version: c.Version,
		InstanceKey: ed25519.PublicKey(c.InstanceKey), ConnectionKey: ed25519.PublicKey(c.ConnectionKey), ID: c.ID,
	}
	return s, s.check(c.Subject)
}
