package agent

import (
	"context"
	"errors"
	"io"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/connect"
	"github.com/oneseat/oneseat/internal/errs"
)

// Times around a run.
const (
	collectingNap = 10 * time.Second // while somebody else reads the source
	firstLook     = time.Second      // after the hub took a file that it has to check
	longestLook   = time.Minute      // between two questions about it
	maxChecking   = 24 * time.Hour   // after which a file is sent again
)

// runStep does the next thing for the run that is not over.
func (s *Service) runStep(ctx context.Context, c *Connection) (bool, time.Time, error) {
	r, err := s.openRun(ctx)
	if err != nil || r == nil {
		return false, time.Time{}, err
	}
	if !s.due(r.DueAt) {
		return false, r.DueAt, nil
	}
	if r.State == store.RunChecking {
		err = s.look(ctx, c, r)
	} else {
		err = s.try(ctx, c, r)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, errMeanwhile) {
		err = s.failed(ctx, c, r, err)
	}
	return true, time.Time{}, err
}

// try delivers the newest snapshot, or at a repeat the same again. A run that was
// interrupted goes on as the same attempt.
func (s *Service) try(ctx context.Context, c *Connection, r *Run) error {
	if r.State != store.RunRunning {
		r.Attempt++
	}
	if r.StartedAt.IsZero() {
		r.StartedAt = s.now()
	}
	r.State, r.DueAt = store.RunRunning, s.now()
	if err := s.keep(ctx, r, nil); err != nil {
		return err
	}
	defer s.stage(nil)
	if wait, err := s.ready(ctx, r); err != nil || wait {
		return err
	}
	s.stage(&progress{run: r.Number, stage: StageConnect})
	token, err := s.token(ctx, c)
	if err != nil {
		return err
	}
	receipt, err := s.send(ctx, c, r, token)
	if err != nil {
		return err
	}
	r.Upload, r.Sent = receipt.Upload, s.now()
	return s.settleRun(ctx, r, receipt)
}

// ready reads the source, and chooses the snapshot. Wait says that somebody else
// is reading it: the run goes on when that is done.
func (s *Service) ready(ctx context.Context, r *Run) (wait bool, err error) {
	if err := s.troubled(ctx); err != nil {
		return false, err
	}
	if !r.Collected && s.config.Source != nil && r.Cause != store.ByChange {
		s.stage(&progress{run: r.Number, stage: StageCollect})
		if wait, err := s.collectFor(ctx, r); wait || err != nil {
			return wait, err
		}
	}
	r.Collected = true
	if r.Sequence == 0 {
		last, err := s.store.LastSnapshot(ctx)
		if errs.KindOf(err) == errs.NotFound && r.Stale != nil {
			return false, errs.Wrap(errs.Conflict, err, "agentsync.nothing_read")
		}
		if err != nil {
			return false, err
		}
		r.Sequence = last.Sequence
	}
	return false, s.keep(ctx, r, nil)
}

// collectFor reads the source for a run. A source that is not in order does not
// stop it: what was read last is true of when it was read, and how old it is shows.
func (s *Service) collectFor(ctx context.Context, r *Run) (wait bool, err error) {
	reading, err := s.Collect(ctx, r.Actor, false)
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case sentenceOf(err) == "agent.collecting":
		r.State, r.DueAt = store.RunWaiting, s.now().Add(collectingNap)
		r.Attempt--
		return true, s.keep(ctx, r, nil)
	case err != nil:
		r.Stale = s.failureOf(err)
	case reading != nil && reading.State == store.Held && reading.Refusal != nil:
		r.Stale = &Failure{Sentence: *reading.Refusal, At: s.now()}
	default:
		r.Stale = nil
	}
	return false, nil
}

// send makes the usage file and gives it to the hub.
func (s *Service) send(ctx context.Context, c *Connection, r *Run, token string) (*connect.Receipt, error) {
	e, row, err := s.export(ctx, ExportRequest{Sequence: r.Sequence})
	if err != nil {
		return nil, err
	}
	defer e.Close() //nolint:errcheck // a temporary file
	r.Bytes, r.Users, r.SourceAt = e.Receipt.Bytes, e.Receipt.Users, row.SourceAt
	p := &progress{run: r.Number, stage: StageSend, total: r.Bytes}
	s.stage(p)
	return s.client(c.Hub).Send(ctx, token, connect.Usage{
		Body: &counted{e, p}, Size: r.Bytes, Run: strconv.FormatInt(r.Number, 10), Request: r.Request,
	})
}

// look asks what became of the file. That the hub cannot be asked just now is no
// failure of the run: the file is there.
func (s *Service) look(ctx context.Context, c *Connection, r *Run) error {
	token, err := s.token(ctx, c)
	var receipt *connect.Receipt
	if err == nil {
		receipt, err = s.client(c.Hub).Receipt(ctx, token, r.Upload)
	}
	if err == nil {
		return s.settleRun(ctx, r, receipt)
	}
	f := connect.FailureOf(err)
	if f == nil || f.Final() || s.now().Sub(r.Sent) > maxChecking {
		return err
	}
	s.forgetToken(f)
	r.DueAt = s.after(max(longestLook, f.RetryAfter))
	return s.keep(ctx, r, nil)
}

// settleRun notes what the hub says of the file.
func (s *Service) settleRun(ctx context.Context, r *Run, receipt *connect.Receipt) error {
	now := s.now()
	r.Failure = s.saidOf(receipt)
	switch receipt.State {
	case connect.Checking:
		if now.Sub(r.Sent) > maxChecking {
			return &connect.Failure{Kind: connect.KindTimeout, Key: "agentsync.checking_long"}
		}
		r.State, r.DueAt = store.RunChecking, s.after(min(max(now.Sub(r.Sent)/2, firstLook), longestLook))
		return s.keep(ctx, r, nil)
	case connect.Applied:
		r.State, r.Failure = store.RunSucceeded, nil
	case connect.Held:
		r.State, r.DueAt = store.RunHeld, now.Add(heldSoon)
	case connect.Superseded:
		r.State = store.RunSuperseded
	case connect.Discarded:
		r.State = store.RunFailed
		if r.Failure == nil {
			r.Failure = &Failure{Sentence: Sentence{Key: "agentsync.discarded"}, Kind: connect.KindRefused, At: now}
		}
	case connect.Refused:
		r.State = store.RunFailed
		if r.Failure == nil {
			r.Failure = &Failure{Sentence: Sentence{Key: "agentsync.refused"}, Kind: connect.KindRefused, At: now}
		}
	default:
		return &connect.Failure{Kind: connect.KindStranger, Key: "agentsync.unknown_state", Args: map[string]any{"State": string(receipt.State)}}
	}
	return s.over(ctx, r)
}

// saidOf is the sentence of a receipt, nil for none.
func (s *Service) saidOf(receipt *connect.Receipt) *Failure {
	if receipt.Refusal == nil {
		return nil
	}
	return &Failure{
		Sentence: Sentence{receipt.Refusal.Code, receipt.Refusal.Args}, Kind: connect.KindRefused, Detail: receipt.Refusal.Detail, At: s.now(),
	}
}

// Stage says what a run does now.
type Stage string

// The stages of a run.
const (
	StageCollect Stage = "collect" // the source is read
	StageConnect Stage = "connect" // the hub is asked for a token
	StageSend    Stage = "send"    // the file is on its way
)

// progress is how far a run is, in memory alone.
type progress struct {
	run   int64
	stage Stage
	total int64
	sent  atomic.Int64
}

func (s *Service) stage(p *progress) { s.progress.Store(p) }

// counted tells how much of a file was sent.
type counted struct {
	io.Reader

	p *progress
}

// Read implements io.Reader.
func (r *counted) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.p.sent.Add(int64(n))
	return n, err
}
