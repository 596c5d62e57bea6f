package hub

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

// Bounds of pairing.
const (
	// maxPairings is how many agents ask at the same time; pairingsAnHour how many
	// may from one address of the network.
	maxPairings    = 1_000
	pairingsAnHour = 20
	// codesAnHour is how many codes one person may type: a code has 20^8
	// possibilities and lives for a quarter of an hour.
	codesAnHour = 30
	// pauseMore is how much longer an agent waits that asks too often.
	pauseMore = 5 * time.Second
)

// codeLetters are those of the code that people type: no vowels, so that it is
// no word, and nothing that looks like a digit.
const codeLetters = "BCDFGHJKLMNPQRSTVWXZ"

// codeLength is how many of them a code has.
const codeLength = 8

// BeginPairing takes in an agent's question for a connection, and gives the code
// that it keeps. The pairing has the one that a person types.
//
// Address is that of this hub as the agent reaches it, from whoever asks, as
// rates tell askers apart. Errors beside those of [connect.ReadStatement]:
// Unauthenticated "connect.replayed", RateLimited, and Unavailable when a
// thousand others ask.
func (s *Service) BeginPairing(ctx context.Context, clientID, statement, address, from string) (device string, _ *Pairing, err error) {
	if standing := s.pairings.Take(from); standing.Retry > 0 {
		return "", nil, errs.New(errs.RateLimited, "hub.many_pairings", "Most", pairingsAnHour)
	}
	st, err := connect.ReadStatement(statement, address, s.now())
	if err != nil {
		return "", nil, err
	}
	if clientID != st.ServerID {
		return "", nil, errs.New(errs.Invalid, "connect.bad_statement")
	}
	if err := checkHost(st.HostName); err != nil {
		return "", nil, err
	}
	device = secretText("")
	p := &Pairing{
		ID: newID(), DeviceHash: secretHash(device), UserCode: newUserCode(), StatementID: st.ServerID + " " + st.ID,
		ServerID: st.ServerID, HostName: st.HostName, HTTPOnly: st.HTTPOnly, Version: oneLine(st.Version),
		InstanceKey: st.InstanceKey, ConnectionKey: st.ConnectionKey,
		CreatedAt: s.now(), ExpiresAt: s.now().Add(connect.PairingLife), Pause: connect.PollEvery,
	}
	full, used := errs.New(errs.Unavailable, "hub.pairings_full"), errs.New(errs.Unauthenticated, "connect.replayed")
	return device, p, s.store.AddPairing(ctx, p, maxPairings, full, used)
}

// newUserCode makes a code that a person types, as it is kept: without the
// hyphen. Letters that a byte would favour are thrown away.
func newUserCode() string {
	var code strings.Builder
	for b := make([]byte, 1); code.Len() < codeLength; {
		rand.Read(b)
		if n := len(codeLetters); int(b[0]) < 256/n*n {
			code.WriteByte(codeLetters[int(b[0])%n])
		}
	}
	return code.String()
}

// ShownCode is a code as it is shown: in two halves.
func ShownCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:codeLength/2] + "-" + code[codeLength/2:]
}

// typedCode reads a code as somebody typed it.
func typedCode(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(text))
}

// secretText makes a text that nobody can guess.
func secretText(prefix string) string {
	b := make([]byte, 32)
	rand.Read(b)
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

// secretHash is what is kept of it. It is long and random: a slow hash would
// protect nothing that this one does not.
func secretHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Asking is an agent that asks for a connection, as the owner sees it who is to
// decide.
type Asking struct {
	*Pairing

	// Instance is the one with the agent's server id, nil when none has it.
	Instance *Source
	// KnownHost is another instance that has the agent's host name.
	KnownHost *Source
	// KeyChanged: the instance is known by another signing key, so that its files
	// would be refused.
	KeyChanged bool
	// Connected: the instance has a connection, which this one would end.
	Connected bool
}

// Asking finds the agent that shows a code. Who is whoever typed it, as rates
// tell people apart. Errors: NotFound "hub.unknown_code", RateLimited when
// they typed too many.
func (s *Service) Asking(ctx context.Context, enterprise int64, code, who string) (*Asking, error) {
	if standing := s.codes.Take(who); standing.Retry > 0 {
		return nil, errs.New(errs.RateLimited, "hub.many_codes", "Minutes", (standing.Retry+59)/60)
	}
	p, err := s.store.PairingByCode(ctx, typedCode(code), s.now())
	if err == nil && p == nil {
		err = errs.New(errs.NotFound, "hub.unknown_code")
	}
	if err != nil {
		return nil, err
	}
	var a *Asking
	err = s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) (err error) {
		a, err = asking(ctx, tx, p)
		return err
	})
	return a, err
}

// asking finds out which instance an agent's would be.
func asking(ctx context.Context, tx *store.Tx, p *Pairing) (*Asking, error) {
	a := &Asking{Pairing: p}
	var err error
	if a.Instance, err = tx.SourceByServerID(ctx, p.ServerID); err != nil {
		return nil, err
	}
	host, err := tx.SourceByHost(ctx, p.HostName)
	if err != nil {
		return nil, err
	}
	if host != nil && (a.Instance == nil || host.Number != a.Instance.Number) {
		a.KnownHost = host
	}
	if a.Instance == nil {
		return a, nil
	}
	a.KeyChanged = len(a.Instance.PublicKey) > 0 && !a.Instance.PublicKey.Equal(p.InstanceKey)
	c, err := tx.ConnectionOf(ctx, a.Instance.Number)
	a.Connected = c != nil
	return a, err
}

// DenyPairing says no to the agent that shows a code; errors as for
// [Service.Asking].
func (s *Service) DenyPairing(ctx context.Context, enterprise int64, code, who, actor string) error {
	a, err := s.Asking(ctx, enterprise, code, who)
	if err != nil {
		return err
	}
	return s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		if err := tx.DecidePairing(ctx, a.ID, store.PairingDenied, "", s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditConnectDeny, a.ServerID, "host", a.HostName)
	})
}
