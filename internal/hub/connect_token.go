package hub

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
)

const (
	// tokensAnHour is how many tokens a connection gets in an hour; one is enough.
	tokensAnHour = 60
	// tokenPrefix is what the tokens of agents begin with.
	tokenPrefix = "osc_"
	// heardEvery is how often it is written down that an agent was heard of.
	heardEvery = time.Hour
)

// Granted is a token, and what belongs to it.
type Granted struct {
	Token      string
	Lease      string
	Connection *Connection
	Enterprise EnterpriseInfo
	// Enrolment is the enrolment file in force, nil when the agent has it.
	Enrolment []byte
}

// Waiting is why an agent that was not approved has no token, in OAuth's own
// words: [connect.OAuthPending], [connect.OAuthSlowDown], [connect.OAuthDenied]
// or [connect.OAuthExpired].
type Waiting string

// Error is the word.
func (w Waiting) Error() string { return string(w) }

// AwaitPairing gives the first token to an agent that was approved, by the code
// that it keeps; asked again before the agent used it, another one with the same
// lease. The error is a [Waiting] until then and when it was not.
func (s *Service) AwaitPairing(ctx context.Context, clientID, device, address string) (*Granted, error) {
	p, err := s.store.PairingByDevice(ctx, secretHash(device))
	now := s.now()
	switch {
	case err != nil:
		return nil, err
	case p == nil, p.ServerID != clientID, !now.Before(p.ExpiresAt):
		return nil, Waiting(connect.OAuthExpired)
	case p.State == store.PairingDenied:
		return nil, Waiting(connect.OAuthDenied)
	case p.State == store.PairingApproved:
		return s.firstToken(ctx, p, address)
	}
	waiting := Waiting(connect.OAuthPending)
	if now.Before(p.PolledAt.Add(p.Pause - time.Second)) { // a second for the way
		waiting = Waiting(connect.OAuthSlowDown)
		p.Pause += pauseMore
	}
	p.PolledAt = now
	if err := s.store.PairingPolled(ctx, p); err != nil {
		return nil, err
	}
	return nil, waiting
}

// firstToken gives the token that a pairing ends with.
func (s *Service) firstToken(ctx context.Context, p *Pairing, address string) (*Granted, error) {
	g := &Granted{}
	err := s.store.For(p.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		c, err := s.standing(ctx, tx, p.Connection)
		if err != nil {
			return err
		}
		if c.Attempt != "" { // the agent has used what it got
			return Waiting(connect.OAuthExpired)
		}
		if c.Lease == "" {
			c.Lease = newID()
		}
		return s.grant(ctx, tx, c, g)
	})
	if err != nil {
		return nil, err
	}
	return g, s.enrol(ctx, g, address, time.Time{})
}

// MintToken gives a token for a signed assertion. Address is that of this hub.
//
// Errors beside those of [connect.ReadAssertion]: Unauthenticated
// "connect.unknown" and "connect.replayed", Forbidden "connect.revoked" and
// "connect.second_machine", which owners see as well, and RateLimited.
func (s *Service) MintToken(ctx context.Context, assertion, address string) (*Granted, error) {
	var c *Connection
	a, err := connect.ReadAssertion(assertion, address, s.now(), func(id, key string) (_ ed25519.PublicKey, err error) {
		if c, err = s.store.Connection(ctx, id); err != nil {
			return nil, err
		}
		if err := stands(c); err != nil {
			return nil, err
		}
		return s.keyOf(c, key)
	})
	if err != nil {
		return nil, err
	}
	if standing := s.tokens.Take(c.ID); standing.Retry > 0 {
		return nil, errs.New(errs.RateLimited, "hub.many_tokens", "Most", tokensAnHour)
	}
	g, err := s.mint(ctx, c, a)
	if err != nil {
		return nil, err
	}
	return g, s.enrol(ctx, g, address, a.Enrolment)
}

// stands refuses a connection that is none, or not any more.
func stands(c *Connection) error {
	switch {
	case c == nil:
		return errs.New(errs.Unauthenticated, "connect.unknown")
	case !c.Active:
		return errs.New(errs.Forbidden, "connect.revoked", "Date", c.EndedAt.Format(time.DateOnly))
	default:
		return nil
	}
}

// standing reads a connection that still stands.
func (s *Service) standing(ctx context.Context, tx *store.Tx, id string) (*Connection, error) {
	c, err := tx.Connection(ctx, id)
	if err == nil {
		err = stands(c)
	}
	return c, err
}

// keyOf is the key of a connection with a fingerprint.
func (s *Service) keyOf(c *Connection, fingerprint string) (ed25519.PublicKey, error) {
	switch {
	case connect.KeyID(c.PublicKey) == fingerprint:
		return c.PublicKey, nil
	case isNext(c, fingerprint) && s.now().Before(c.NextUntil):
		return c.NextKey, nil
	default:
		return nil, errs.New(errs.Unauthenticated, "connect.bad_signature")
	}
}

func isNext(c *Connection, fingerprint string) bool {
	return len(c.NextKey) > 0 && connect.KeyID(c.NextKey) == fingerprint
}

// mint gives a token for an assertion that is signed as it should be.
func (s *Service) mint(ctx context.Context, c *Connection, a *connect.Assertion) (g *Granted, err error) {
	var refusal error
	err = s.store.For(c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		g, refusal = &Granted{}, nil
		now, err := s.standing(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		src, err := tx.Source(ctx, now.Source)
		if err != nil {
			return err
		}
		now.HostName = src.HostName
		fresh, err := tx.UseAssertion(ctx, c.ID, a.ID, a.ExpiresAt.Add(2*time.Minute))
		if err != nil {
			return err
		}
		if refusal = judge(now, a, src, fresh); refusal != nil {
			return s.trouble(ctx, tx, now, refusal)
		}
		return s.lease(ctx, tx, now, a, g)
	})
	if err == nil {
		err = refusal
	}
	return g, err
}

// judge says whether it is this agent that asks, and for the first time.
func judge(c *Connection, a *connect.Assertion, src *Source, fresh bool) error {
	switch {
	case !fresh:
		return errs.New(errs.Unauthenticated, "connect.replayed")
	case a.ServerID != src.ServerID:
		return errs.New(errs.Unauthenticated, "connect.unknown")
	case a.Attempt == c.Attempt, c.AnyLease, c.Lease != "" && a.Lease == c.Lease:
		return nil
	default:
		return errs.New(errs.Forbidden, "connect.second_machine")
	}
}

// lease goes on to the next lease, unless the answer with it was lost: then the
// same attempt gets the same lease. A new key that was used is the only one.
func (s *Service) lease(ctx context.Context, tx *store.Tx, c *Connection, a *connect.Assertion, g *Granted) error {
	if a.Attempt != c.Attempt || c.Lease == "" {
		c.Lease, c.Attempt = newID(), a.Attempt
	}
	if c.AnyLease {
		if err := tx.SetTrouble(ctx, c.ID, "", time.Time{}); err != nil {
			return err
		}
	}
	if isNext(c, a.Key) {
		c.PublicKey, c.NextKey, c.NextUntil = c.NextKey, nil, time.Time{}
		if err := s.record(ctx, tx, c.Actor(), AuditConnectToken, c.ID, "key", a.Key); err != nil {
			return err
		}
	}
	return s.grant(ctx, tx, c, g)
}

// grant keeps a token of a connection with its lease.
func (s *Service) grant(ctx context.Context, tx *store.Tx, c *Connection, g *Granted) error {
	src, err := tx.Source(ctx, c.Source)
	if err != nil {
		return err
	}
	c.HostName = src.HostName
	if c.TokenAt.IsZero() {
		if err := s.record(ctx, tx, c.Actor(), AuditConnectToken, c.ID); err != nil {
			return err
		}
	}
	now := s.now()
	c.TokenAt, c.AskedAt = now, now
	g.Token, g.Lease, g.Connection = secretText(tokenPrefix), c.Lease, c
	if err := tx.SetLease(ctx, c); err != nil {
		return err
	}
	in, err := tx.Inputs(ctx)
	g.Enterprise = in.EnterpriseInfo
	if err != nil {
		return err
	}
	return tx.AddConnectToken(ctx, c.ID, secretHash(g.Token), now, now.Add(connect.TokenLife))
}

// trouble notes for owners why a token was refused, once an hour.
func (s *Service) trouble(ctx context.Context, tx *store.Tx, c *Connection, refusal error) error {
	key, at := refusalOf(refusal).Key, s.now()
	if c.Trouble == key && at.Sub(c.TroubleAt) < heardEvery {
		return nil
	}
	if err := tx.SetTrouble(ctx, c.ID, key, at); err != nil {
		return err
	}
	return s.record(ctx, tx, c.Actor(), AuditConnectRefuse, c.ID, "sentence", key, "source", c.Source)
}

// AuthenticateAgent gives the connection that a token is of. Errors:
// Unauthenticated "connect.token_ended" for none, or one that has expired, and
// Forbidden "connect.revoked".
func (s *Service) AuthenticateAgent(ctx context.Context, token string) (*Connection, error) {
	id, until, err := s.store.ConnectToken(ctx, secretHash(token))
	if err != nil {
		return nil, err
	}
	now := s.now()
	if id == "" || !now.Before(until) {
		return nil, errs.New(errs.Unauthenticated, "connect.token_ended")
	}
	c, err := s.store.Connection(ctx, id)
	if err == nil {
		err = stands(c)
	}
	if err != nil {
		return nil, err
	}
	e := s.store.For(c.Enterprise)
	src, err := e.Source(ctx, c.Source)
	if err != nil {
		return nil, err
	}
	c.HostName = src.HostName
	if now.Sub(c.AskedAt) >= heardEvery {
		err = e.ConnectionAsked(ctx, c.ID, now)
	}
	return c, err
}

// RotateConnectKey announces another key of a connection. The old one is good until the
// new one was used, and a day at most.
func (s *Service) RotateConnectKey(ctx context.Context, c *Connection, proof, address string) error {
	k, err := connect.ReadKeyProof(proof, address, s.now())
	if err != nil {
		return err
	}
	if k.Connection != c.ID || k.Old != connect.KeyID(c.PublicKey) || k.New.Equal(c.PublicKey) {
		return errs.New(errs.Invalid, "connect.bad_statement")
	}
	return s.store.For(c.Enterprise).InTx(ctx, func(tx *store.Tx) error {
		if _, err := s.standing(ctx, tx, c.ID); err != nil {
			return err
		}
		return tx.SetNextKey(ctx, c.ID, k.New, s.now().Add(connect.KeyOverlap))
	})
}
