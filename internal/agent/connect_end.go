package agent

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

// farewell is how long the hub may take to hear that Connect was disabled.
const farewell = 15 * time.Second

// Disconnect disables Connect: the credentials here are gone when it returns,
// whatever the hub says. What the hub counts stays there, and so does the
// enrolment here: files can go on being carried. Told is false when the hub could
// not be told; its owners disable the connection on their side then.
//
// One that ended on the hub, with license sync, is settled by it: nobody has to
// look after it any more. Conflict when there is nothing to end.
func (s *Service) Disconnect(ctx context.Context, actor string) (told bool, err error) {
	c, err := s.Connection(ctx)
	if err != nil {
		return false, err
	}
	if c != nil && c.State == store.Ended && c.Lost {
		return true, s.acceptEnd(ctx, c, actor)
	}
	if !c.Connected() && !c.Pairing() {
		return false, errs.New(errs.Conflict, "agentconnect.not_connected")
	}
	tell := s.goodbye(ctx, c)
	if err := s.endConnection(ctx, c, actor, nil); err != nil {
		return false, err
	}
	return tell(), nil
}

// acceptEnd notes that what the hub ended is meant to stay so.
func (s *Service) acceptEnd(ctx context.Context, c *Connection, actor string) error {
	_, err := s.amend(ctx, c, func(tx *store.Tx, c *Connection) error {
		c.Lost = false
		return s.record(ctx, tx, actor, AuditConnectEnded, c.Enterprise.Slug, "hub", c.Hub)
	})
	return err
}

// goodbye takes what is needed to tell the hub, before it is gone here, and gives
// the function that does and says whether the hub heard.
func (s *Service) goodbye(ctx context.Context, c *Connection) func() bool {
	if !c.Connected() {
		return func() bool { return true } // a code lapses by itself
	}
	token := s.keptToken(c)
	key, err := s.readKey(connectKeyName)
	if err != nil {
		return func() bool { return false }
	}
	a, err := s.assertion(ctx, c)
	if err != nil {
		return func() bool { return false }
	}
	if a.Attempt == "" {
		a.Attempt = rand.Text()
	}
	return func() bool {
		ctx, cancel := context.WithTimeout(ctx, farewell)
		defer cancel()
		if token == "" {
			g, _, err := s.client(c.Hub).Mint(ctx, a, key, c.Skew)
			if err != nil {
				f := connect.FailureOf(err)
				return f != nil && f.Key == "connect.revoked"
			}
			token = g.AccessToken
		}
		return s.tellEnd(ctx, c, token) == nil
	}
}

// tellEnd tells the hub that the connection is over.
func (s *Service) tellEnd(ctx context.Context, c *Connection, token string) error {
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	return s.client(c.Hub).End(ctx, token)
}

// ended ends a connection that somebody else ended, or that cannot come about.
func (s *Service) ended(ctx context.Context, c *Connection, why *Failure) error {
	return s.endConnection(ctx, c, syncActor, why)
}

// endConnection removes what the agent signs with and presents, and what waits to be done.
func (s *Service) endConnection(ctx context.Context, known *Connection, actor string, why *Failure) error {
	was := known.State
	_, err := s.amend(ctx, known, func(tx *store.Tx, c *Connection) error {
		ended := &Connection{State: store.Ended, Hub: c.Hub, connectionDocument: connectionDocument{
			BegunBy: c.BegunBy, ID: c.ID, Enterprise: c.Enterprise, Since: c.Since, EndedAt: s.now(), EndedBy: actor, Ended: why, Key: c.Key,
			Lost: why != nil && (c.Lost || c.Syncs()), Sync: c.Sync.off(),
		}}
		*c = *ended
		if err := s.dropOpenRun(ctx, tx, orDisabled(why, s.now())); err != nil {
			return err
		}
		action, target, details := AuditConnectEnded, c.Enterprise.Slug, []any{"hub", c.Hub}
		if was == store.Pairing {
			action, target = AuditConnectNotMade, c.Hub
		}
		if why != nil {
			details = append(details, "sentence", why.Key)
		}
		return s.record(ctx, tx, actor, action, target, details...)
	})
	if err != nil {
		return err
	}
	s.dropToken()
	return s.removeKeys()
}

// orDisabled is why what waited was not done.
func orDisabled(why *Failure, at time.Time) *Failure {
	if why != nil {
		return why
	}
	return &Failure{Sentence: Sentence{Key: "agentconnect.disabled"}, At: at}
}

// revoked ends the connection when a hub says that it did; it gives whether that
// is so. Whatever else the hub says can be healed by an owner there or here, so
// the credentials stay.
func (s *Service) revoked(ctx context.Context, c *Connection, cause error) (bool, error) {
	f := connect.FailureOf(cause)
	if f == nil || f.Key != "connect.revoked" {
		return false, nil
	}
	return true, s.ended(ctx, c, s.failureOf(cause))
}

// forgetConnection ends the connection of another instance, which this agent was
// a copy of: that one goes on, and its credentials are not this one's.
func (s *Service) forgetConnection(ctx context.Context, tx *store.Tx, actor string) error {
	c, err := connectionFrom(tx.Connection(ctx))
	if err != nil || c == nil || c.State == store.Ended {
		return err
	}
	why := &Failure{Sentence: Sentence{Key: "agentconnect.renewed"}, At: s.now()}
	if err := s.dropOpenRun(ctx, tx, why); err != nil {
		return err
	}
	ended := &Connection{State: store.Ended, Hub: c.Hub, connectionDocument: connectionDocument{
		BegunBy: c.BegunBy, Enterprise: c.Enterprise, Since: c.Since, EndedAt: s.now(), EndedBy: actor, Ended: why, Key: c.Key,
	}}
	s.dropToken()
	if err := s.removeKeys(); err != nil {
		return err
	}
	return putConnection(ctx, tx, ended)
}
