package agent

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

// tokenRest is how long a token must be good for still to be used.
const tokenRest = 5 * time.Minute

// heldToken is the token in force. It is in memory alone: a program that is
// started anew gets another.
type heldToken struct {
	connection, key, text string
	until                 time.Time
}

// keepToken keeps the token of a grant.
func (s *Service) keepToken(c *Connection, g *connect.Grant) {
	life := min(time.Duration(g.ExpiresIn)*time.Second, connect.TokenLife)
	s.tokens.Lock()
	defer s.tokens.Unlock()
	s.lastToken = heldToken{connection: c.ID, key: c.Key, text: g.AccessToken, until: s.now().Add(life - tokenRest)}
}

// dropToken forgets the token: it ended, or its connection did.
func (s *Service) dropToken() {
	s.tokens.Lock()
	defer s.tokens.Unlock()
	s.lastToken = heldToken{}
}

func (s *Service) keptToken(c *Connection) string {
	s.tokens.Lock()
	defer s.tokens.Unlock()
	if s.lastToken.connection != c.ID || s.lastToken.key != c.Key || !s.now().Before(s.lastToken.until) {
		return ""
	}
	return s.lastToken.text
}

// token gives one that is in force. What a new one is asked with is written down
// before it is asked for, and the lease that comes with it before it is used: so
// a lost answer is repeated as the same attempt, and a copy of this agent is
// noticed.
func (s *Service) token(ctx context.Context, c *Connection) (string, error) {
	if text := s.keptToken(c); text != "" {
		return text, nil
	}
	if err := s.troubled(ctx); err != nil {
		return "", err // a copy would spoil the lease of the original
	}
	key, err := s.readKey(connectKeyName)
	if err != nil {
		return "", err
	}
	if err := s.attempt(ctx, c); err != nil {
		return "", err
	}
	a, err := s.assertion(ctx, c)
	if err != nil {
		return "", err
	}
	g, skew, err := s.client(c.Hub).Mint(ctx, a, key, c.Skew)
	if err != nil {
		return "", errors.Join(err, s.refusedToken(ctx, c, err))
	}
	return g.AccessToken, s.minted(ctx, c, g, skew)
}

// attempt makes up the name of the next attempt, unless the last one's answer was
// never stored.
func (s *Service) attempt(ctx context.Context, c *Connection) error {
	if c.Attempt != "" {
		return nil
	}
	return s.note(ctx, c, func(_ *store.Tx, c *Connection) error {
		c.Attempt = rand.Text()
		return nil
	})
}

func (s *Service) assertion(ctx context.Context, c *Connection) (*connect.Assertion, error) {
	i, err := s.Instance()
	if err != nil {
		return nil, err
	}
	a := &connect.Assertion{Hub: c.Hub, Connection: c.ID, ServerID: i.ServerID, Attempt: c.Attempt, Lease: c.Lease}
	e, err := s.Enrolment(ctx)
	if err == nil {
		a.Enrolment = e.IssuedAt
	} else if errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	return a, nil
}

// minted stores the lease and what came with it, and then keeps the token.
func (s *Service) minted(ctx context.Context, c *Connection, g *connect.Grant, skew time.Duration) error {
	if g.AccessToken == "" || g.Lease == "" {
		return &connect.Failure{Kind: connect.KindStranger, Key: "connect.stranger", Args: map[string]any{"Hub": c.Hub, "Status": 200}}
	}
	file, refusal := s.enrolmentOf(ctx, g)
	err := s.note(ctx, c, func(tx *store.Tx, c *Connection) error {
		c.Lease, c.Attempt, c.Skew, c.TokenAt, c.Refusal = g.Lease, "", skew, s.now(), nil
		if g.Enterprise.Slug != "" {
			c.Enterprise = g.Enterprise
		}
		return s.enrolled(ctx, tx, file, syncActor)
	})
	if err = errors.Join(err, refusal); err != nil {
		return err
	}
	s.keepToken(c, g)
	return nil
}

// refusedToken keeps why the hub gave no token, for the page that shows it.
func (s *Service) refusedToken(ctx context.Context, c *Connection, cause error) error {
	if failure := connect.FailureOf(cause); ctx.Err() != nil || failure == nil || !failure.Final() {
		return nil //nolint:nilerr // the caller gives back the cause itself
	}
	f := s.failureOf(cause)
	return s.note(context.WithoutCancel(ctx), c, func(_ *store.Tx, c *Connection) error {
		c.Refusal = f
		return nil
	})
}

// note is amend for whoever goes on with the connection as it is then.
func (s *Service) note(ctx context.Context, c *Connection, change func(*store.Tx, *Connection) error) error {
	after, err := s.amend(ctx, c, change)
	if err == nil {
		*c = *after
	}
	return err
}
