package agent

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

// A held file is asked about for as long as somebody may still decide: at first
// as often as heldSoon, when an owner may be looking at it, and then less and less
// often.
const (
	heldSoon = time.Minute
	heldLook = 15 * time.Minute
	heldFor  = 14 * 24 * time.Hour
)

// failed notes that an attempt failed: it is tried again later, or the run is
// over.
func (s *Service) failed(ctx context.Context, c *Connection, r *Run, cause error) error {
	if ended, err := s.revoked(ctx, c, cause); ended || err != nil {
		return err
	}
	failure := connect.FailureOf(cause)
	s.forgetToken(failure)
	r.Failure = s.failureOf(cause)
	var asked time.Duration
	if failure != nil {
		asked = failure.RetryAfter
	}
	st, err := s.store.State(ctx)
	if err != nil {
		return err
	}
	delay, again := connect.Delay(s.delays(), int(r.Attempt), st.ServerID+" "+r.target(), asked)
	if !again || final(cause) {
		r.State = store.RunFailed
		return s.over(ctx, r)
	}
	r.State, r.DueAt = store.RunRetrying, s.after(delay)
	return s.keep(ctx, r, nil)
}

// final says that trying the same again cannot help.
func final(cause error) bool {
	if f := connect.FailureOf(cause); f != nil {
		return f.Final()
	}
	if refusalOf(cause) == nil {
		return false
	}
	switch kindOf(cause) {
	case errs.Unavailable, errs.RateLimited, errs.Internal:
		return false
	case errs.Invalid, errs.Unauthenticated, errs.Forbidden, errs.NotFound, errs.Conflict, errs.TooLarge:
	}
	return true
}

// forgetToken drops a token that the hub does not take.
func (s *Service) forgetToken(f *connect.Failure) {
	if f != nil && (f.Key == "connect.token_ended" || f.Kind == connect.KindRevoked) {
		s.dropToken()
	}
}

// delays are those between the attempts of a run.
func (s *Service) delays() []time.Duration {
	if s.config.Delays != nil {
		return s.config.Delays
	}
	table := connect.Delays()
	return table[:]
}

// over ends a run, and tells whoever wants to know.
func (s *Service) over(ctx context.Context, r *Run) error {
	r.EndedAt = s.now()
	err := s.keep(ctx, r, func(tx *store.Tx) error {
		c, err := connectionFrom(tx.Connection(ctx))
		if err != nil || c == nil {
			return err
		}
		if c.Tried = max(c.Tried, r.Sequence); r.State == store.RunFailed {
			c.Requests.At = s.now() // the hub hears of a request that came to nothing
		}
		if err := putConnection(ctx, tx, c); err != nil {
			return err
		}
		return s.recordRun(ctx, tx, r)
	})
	if err == nil && r.State == store.RunFailed && r.Request != "" && r.Sent.IsZero() {
		s.answer(ctx, r)
	}
	return err
}

// recordRun is the entry of a run that ended.
func (s *Service) recordRun(ctx context.Context, tx *store.Tx, r *Run) error {
	details := []any{"cause", string(r.Cause), "attempts", r.Attempt, "sequence", r.Sequence}
	if r.State == store.RunFailed {
		return s.record(ctx, tx, r.Actor, AuditSyncFailed, r.target(), append(details, "sentence", r.Failure.Key, "kind", string(r.Failure.Kind))...)
	}
	return s.record(ctx, tx, r.Actor, AuditUsageSynced, r.target(), append(details, "state", string(r.State), "users", r.Users, "upload", r.Upload)...)
}

// answer tells the hub that its request came to nothing. The hub lets a request
// lapse that nobody answers.
func (s *Service) answer(ctx context.Context, r *Run) {
	c, err := s.Connection(ctx)
	if err != nil || !c.Connected() {
		return
	}
	if token := s.keptToken(c); token != "" {
		s.client(c.Hub).Answer(ctx, token, r.Request, r.Failure.sentence()) //nolint:errcheck // see above
	}
}

// sentence is a failure as it crosses the wire.
func (f *Failure) sentence() *connect.Sentence {
	if f == nil {
		return nil
	}
	return &connect.Sentence{Code: f.Key, Args: f.Args, Detail: f.Detail}
}

// heldStep asks what an owner of the enterprise decided about the newest file, if
// that is held.
func (s *Service) heldStep(ctx context.Context, c *Connection) (bool, time.Time, error) {
	newest, err := s.Runs(ctx, 0, 1)
	if err != nil || len(newest) == 0 {
		return false, time.Time{}, err
	}
	r := newest[0]
	if r.State != store.RunHeld || s.now().Sub(r.EndedAt) > heldFor {
		return false, time.Time{}, nil
	}
	if !s.due(r.DueAt) {
		return false, r.DueAt, nil
	}
	token, err := s.token(ctx, c)
	var receipt *connect.Receipt
	if err == nil {
		receipt, err = s.client(c.Hub).Receipt(ctx, token, r.Upload)
	}
	if ctx.Err() != nil {
		return false, time.Time{}, ctx.Err()
	}
	if ended, failed := s.revoked(ctx, c, err); ended || failed != nil {
		return true, time.Time{}, failed
	}
	s.forgetToken(connect.FailureOf(err))
	r.DueAt = s.now().Add(min(heldLook, max(heldSoon, s.now().Sub(r.EndedAt))))
	if err == nil {
		s.decided(r, receipt)
	}
	return true, time.Time{}, s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := s.writeRun(ctx, tx, r); err != nil || r.State == store.RunHeld {
			return err
		}
		return s.recordRun(ctx, tx, r)
	})
}

// decided notes what became of a held file.
func (s *Service) decided(r *Run, receipt *connect.Receipt) {
	switch receipt.State {
	case connect.Applied:
		r.State, r.Failure = store.RunSucceeded, nil
	case connect.Superseded:
		r.State = store.RunSuperseded
	case connect.Refused, connect.Discarded:
		r.State, r.Failure = store.RunFailed, s.saidOf(receipt)
		if r.Failure == nil {
			r.Failure = &Failure{Sentence: Sentence{Key: "agentsync.discarded"}, Kind: connect.KindRefused, At: s.now()}
		}
	case connect.Checking, connect.Held:
	}
}
