package agent

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
)

// slower is what slow_down adds to the time between two questions, RFC 8628 3.5.
const slower = 5 * time.Second

// maxInterval is how long the agent waits at most before it asks again.
const maxInterval = time.Minute

// Connect begins to pair the agent with the enterprise of a hub, and gives the
// code that an owner types there. License sync is enabled with it when sync says
// so; otherwise nothing of any person is sent until an owner enables it. A code
// that nobody typed yet is replaced.
//
// Errors: Invalid for an address that is none; Conflict when the agent is
// connected, or while there is trouble; a [connect.Failure] when the hub cannot be
// asked.
func (s *Service) Connect(ctx context.Context, actor, hub string, sync bool) (*Connection, error) {
	hub, err := connect.Address(hub)
	if err != nil {
		return nil, err
	}
	if err := s.mayConnect(ctx); err != nil {
		return nil, err
	}
	key, err := s.makeKey(nextKeyName)
	if err != nil {
		return nil, err
	}
	p, skew, err := s.askToPair(ctx, hub, key)
	if err != nil {
		return nil, err
	}
	if err := s.takeNextKey(); err != nil {
		return nil, err
	}
	c := &Connection{State: store.Pairing, Hub: hub, connectionDocument: connectionDocument{
		BegunBy: actor, WantSync: sync, Key: connect.KeyID(publicOf(key)), Skew: skew, Code: s.codeOf(p),
	}}
	return c, s.store.InTx(ctx, func(tx *store.Tx) error {
		known, err := connectionFrom(tx.Connection(ctx))
		if err != nil {
			return err
		}
		if known.Connected() {
			return errs.New(errs.Conflict, "agentconnect.connected")
		}
		if known != nil {
			c.Lost, c.Sync = known.Lost, known.keptFor(hub)
		}
		if err := putConnection(ctx, tx, c); err != nil {
			return err
		}
		if err := s.record(ctx, tx, actor, AuditConnectBegun, hub, "key", shortKey(c.Key)); err != nil {
			return err
		}
		return s.poke(ctx, tx)
	})
}

// mayConnect refuses what could not work.
func (s *Service) mayConnect(ctx context.Context) error {
	c, err := s.Connection(ctx)
	switch {
	case err != nil:
		return err
	case c.Connected():
		return errs.New(errs.Conflict, "agentconnect.connected")
	case s.config.HostName == "":
		return errs.New(errs.Conflict, "agentconnect.no_host_name")
	default:
		return s.troubled(ctx)
	}
}

// askToPair introduces the agent to a hub, and gives how far its clock is ahead.
func (s *Service) askToPair(ctx context.Context, hub string, key ed25519.PrivateKey) (*connect.Pairing, time.Duration, error) {
	i, err := s.Instance()
	if err != nil {
		return nil, 0, err
	}
	return s.client(hub).BeginPairing(ctx, &connect.Statement{
		Hub: hub, ServerID: i.ServerID, HostName: s.config.HostName, HTTPOnly: s.config.HTTPOnly, Version: s.config.Version,
		InstanceKey: i.PublicKey(), ConnectionKey: publicOf(key),
	}, i.Key())
}

// client calls a hub. What it signs there takes the hub's clock into account, see
// [Connection.Skew].
func (s *Service) client(hub string) *connect.Client {
	return connect.NewClient(hub, s.config.Transport, s.config.UserAgent, s.config.Now)
}

func (s *Service) codeOf(p *connect.Pairing) *Code {
	life := time.Duration(p.ExpiresIn) * time.Second
	if life <= 0 || life > connect.PairingLife {
		life = connect.PairingLife
	}
	interval := min(max(time.Duration(p.Interval)*time.Second, connect.PollEvery), maxInterval)
	return &Code{
		Device: p.DeviceCode, User: p.UserCode, Page: p.VerificationURI, Direct: p.VerificationURIComplete, Interval: interval,
		AskAt: s.now().Add(interval), LapsesAt: s.now().Add(life),
	}
}

// pairTurn asks the hub whether an owner decided, when that is due.
func (s *Service) pairTurn(ctx context.Context, c *Connection) (time.Time, error) {
	if c.Code == nil {
		return time.Time{}, nil
	}
	if now := s.now(); now.Before(c.Code.AskAt) {
		return c.Code.AskAt, nil
	}
	i, err := s.Instance()
	if err != nil {
		return time.Time{}, err
	}
	g, err := s.client(c.Hub).Await(ctx, i.ServerID, c.Code.Device)
	if err == nil {
		return s.now(), s.connected(ctx, c, g)
	}
	if ctx.Err() != nil {
		return time.Time{}, ctx.Err()
	}
	return s.notYet(ctx, c, err)
}

// notYet notes that nobody decided, or that somebody said no.
func (s *Service) notYet(ctx context.Context, c *Connection, cause error) (time.Time, error) {
	f := s.failureOf(cause)
	lapsed := !s.now().Before(c.Code.LapsesAt)
	if failed := connect.FailureOf(cause); failed == nil || failed.Final() || lapsed {
		if failed == nil || !failed.Final() {
			f.Sentence, f.Kind, f.Detail = Sentence{"connect.lapsed", map[string]any{"Hub": c.Hub}}, connect.KindLapsed, ""
		}
		return time.Time{}, s.ended(ctx, c, f)
	}
	after, err := s.amend(ctx, c, func(_ *store.Tx, c *Connection) error {
		switch {
		case f.Key == "connect.slow_down":
			c.Code.Interval, c.Code.Away = min(c.Code.Interval+slower, maxInterval), nil
		case f.Kind == connect.KindWaiting:
			c.Code.Away = nil
		default:
			c.Code.Away = f
		}
		c.Code.AskAt = s.now().Add(c.Code.Interval)
		return nil
	})
	if err != nil {
		return time.Time{}, err
	}
	return after.Code.AskAt, nil
}

// connected notes that an owner approved, and goes by the enrolment that came
// with it. One that contradicts the enrolment in force ends the pairing: an agent
// does not change its enterprise by itself.
func (s *Service) connected(ctx context.Context, c *Connection, g *connect.Grant) error {
	if g.AccessToken == "" || g.Connection == "" || g.Lease == "" {
		return s.ended(ctx, c, &Failure{Sentence: Sentence{"connect.stranger", map[string]any{"Hub": c.Hub, "Status": 200}}, Kind: connect.KindStranger, At: s.now()})
	}
	file, refusal := s.enrolmentOf(ctx, g)
	if refusal != nil {
		f := s.failureOf(refusal)
		s.tellEnd(ctx, c, g.AccessToken) //nolint:errcheck // the hub's end lapses by itself
		return s.ended(ctx, c, f)
	}
	now := s.now()
	after, err := s.amend(ctx, c, func(tx *store.Tx, c *Connection) error {
		c.State, c.ID, c.Lease, c.Enterprise, c.Since, c.TokenAt, c.Code, c.Lost = store.Connected, g.Connection, g.Lease, g.Enterprise, now, now, nil, false
		c.Record = Chore{At: now}
		if err := s.enrolled(ctx, tx, file, c.BegunBy); err != nil {
			return err
		}
		if err := s.record(ctx, tx, c.BegunBy, AuditConnectCreated, c.Enterprise.Slug, "hub", c.Hub, "key", shortKey(c.Key)); err != nil {
			return err
		}
		if err := s.record(ctx, tx, c.BegunBy, AuditTokenUpdated, c.Enterprise.Slug, "key", shortKey(c.Key)); err != nil {
			return err
		}
		if c.WantSync {
			return s.enableSync(ctx, tx, c, c.BegunBy)
		}
		return nil
	})
	if err == nil {
		s.keepToken(after, g)
	}
	return err
}

// enrolmentFile is one that came with a grant.
type enrolmentFile struct {
	text []byte
	*enrolment.Enrolment
}

// enrolmentOf is the enrolment of a grant, nil when it has none, or the one in
// force; an error when it contradicts that one. The owner on the hub who typed the
// code is who compared: nobody has to compare its fingerprint again.
func (s *Service) enrolmentOf(ctx context.Context, g *connect.Grant) (*enrolmentFile, error) {
	if len(g.Enrolment) == 0 {
		return nil, nil //nolint:nilnil // the hub has nothing to say
	}
	e, known, err := s.LookAtEnrolment(ctx, bytes.NewReader(g.Enrolment))
	if err != nil {
		return nil, err
	}
	if e.Slug != g.Enterprise.Slug {
		return nil, errs.New(errs.Invalid, "agentconnect.other_enrolment", "Slug", e.Slug, "Enterprise", g.Enterprise.Slug)
	}
	if known {
		now, err := s.Enrolment(ctx)
		if err != nil {
			return nil, err
		}
		if now.IssuedAt.Equal(e.IssuedAt) && now.Recipient == e.Recipient {
			return nil, nil //nolint:nilnil // it is in force
		}
	}
	return &enrolmentFile{g.Enrolment, e}, nil
}

// enrolled puts an enrolment in force, if there is one.
func (s *Service) enrolled(ctx context.Context, tx *store.Tx, file *enrolmentFile, actor string) error {
	if file == nil {
		return nil
	}
	if err := tx.Enrol(ctx, file.text, actor, s.now()); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, AuditEnrolled, file.Slug, "fingerprint", file.Fingerprint().Short(), "recipient", file.Recipient.Fingerprint().Short())
}

// shortKey is a fingerprint as logs have it.
func shortKey(fingerprint string) string { return fingerprint[:min(len(fingerprint), 16)] }
