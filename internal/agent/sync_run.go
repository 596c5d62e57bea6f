package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
)

// syncActor is who acts when nobody in particular does.
const syncActor = "license sync"

// Run is one run of license sync.
type Run struct {
	store.Run

	runDocument
}

// runDocument is what of a run stands in one text.
type runDocument struct {
	// Request is the hub's name of the request that it answers; empty for none.
	Request string `json:"request,omitempty"`
	// Collected says that the source was read for it.
	Collected bool `json:"collected,omitempty"`
	// Users, Bytes and SourceAt are of the file.
	Users    int64     `json:"users,omitempty"`
	Bytes    int64     `json:"bytes,omitempty"`
	SourceAt time.Time `json:"source_at,omitzero"`
	// Upload is the hub's name of the file, and Sent when the hub had it.
	Upload string    `json:"upload,omitempty"`
	Sent   time.Time `json:"sent,omitzero"`
	// Failure is why it failed, last or for good, or why an owner of the
	// enterprise has to decide.
	Failure *Failure `json:"failure,omitempty"`
	// Stale is why the source could not be read before an older list was sent.
	Stale *Failure `json:"stale,omitempty"`
}

func runFrom(row store.Run) (*Run, error) {
	r := &Run{Run: row}
	if err := unpack(row.Document, &r.runDocument); err != nil {
		return nil, fmt.Errorf("document of run %d: %w", row.Number, err)
	}
	r.Failure.whole()
	r.Stale.whole()
	return r, nil
}

// pack puts what the store does not know into the text.
func (r *Run) pack() error {
	text, err := json.Marshal(&r.runDocument)
	r.Document = text
	return err
}

// Run gives a run; NotFound when there is none.
func (s *Service) Run(ctx context.Context, number int64) (*Run, error) {
	row, err := s.store.Run(ctx, number)
	if err != nil {
		return nil, err
	}
	return runFrom(row)
}

// Runs gives at most limit runs, the newest first; before is the number of the
// last one of the page before, 0 begins.
func (s *Service) Runs(ctx context.Context, before int64, limit int) ([]*Run, error) {
	rows, err := s.store.Runs(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	all := make([]*Run, 0, len(rows))
	for _, row := range rows {
		r, err := runFrom(row)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// openRun gives the run that is not over, nil when every one is.
func (s *Service) openRun(ctx context.Context) (*Run, error) {
	return runOrNone(s.store.OpenRun(ctx))
}

func (s *Service) lastRunIn(ctx context.Context, state store.RunState) (*Run, error) {
	return runOrNone(s.store.LastRunIn(ctx, state))
}

func runOrNone(row store.Run, err error) (*Run, error) {
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // none is a state like others
	}
	if err != nil {
		return nil, err
	}
	return runFrom(row)
}

// SyncNow asks for a run at once, outside of the schedule, and gives it. While one
// is on its way there is no second: that one is given. One that waits to be tried
// again ends, and the new one goes in its place.
//
// Conflict: the agent is not connected, or license sync is off.
func (s *Service) SyncNow(ctx context.Context, actor string) (*Run, error) {
	c, err := s.Connection(ctx)
	switch {
	case err != nil:
		return nil, err
	case !c.Connected():
		return nil, errs.New(errs.Conflict, "agentconnect.not_connected")
	case !c.Syncs():
		return nil, errs.New(errs.Conflict, "agentsync.off")
	}
	var r *Run
	err = s.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if r, err = s.wish(ctx, tx, store.ByHand, actor, ""); err != nil {
			return err
		}
		return s.poke(ctx, tx)
	})
	return r, err
}

// wish adds a run that somebody asked for, unless one is on its way.
func (s *Service) wish(ctx context.Context, tx *store.Tx, cause store.RunCause, actor, request string) (*Run, error) {
	open, err := runOrNone(tx.OpenRun(ctx))
	if err != nil {
		return nil, err
	}
	if open != nil && open.State != store.RunRetrying {
		return open, nil
	}
	if open != nil {
		open.State, open.EndedAt = store.RunSuperseded, s.now()
		if err := s.writeRun(ctx, tx, open); err != nil {
			return nil, err
		}
	}
	r, err := s.addRun(ctx, tx, cause, actor, request)
	if err != nil {
		return nil, err
	}
	return r, s.record(ctx, tx, actor, AuditSyncAsked, r.target(), "cause", string(cause))
}

// addRun adds a run that waits.
func (s *Service) addRun(ctx context.Context, tx *store.Tx, cause store.RunCause, actor, request string) (*Run, error) {
	now := s.now()
	r := &Run{Run: store.Run{Cause: cause, State: store.RunWaiting, Actor: actor, AskedAt: now, DueAt: now}, runDocument: runDocument{Request: request}}
	err := r.pack()
	if err == nil {
		r.Number, err = tx.AddRun(ctx, &r.Run)
	}
	return r, err
}

// target names a run in the audit log.
func (r *Run) target() string { return fmt.Sprintf("run %d", r.Number) }

// writeRun writes a run.
func (s *Service) writeRun(ctx context.Context, tx *store.Tx, r *Run) error {
	if err := r.pack(); err != nil {
		return err
	}
	return tx.UpdateRun(ctx, &r.Run)
}

// keep writes a run that is on its way, unless somebody ended it meanwhile:
// Conflict.
func (s *Service) keep(ctx context.Context, r *Run, also func(*store.Tx) error) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		open, err := tx.OpenRun(ctx)
		if errs.KindOf(err) == errs.NotFound || err == nil && open.Number != r.Number {
			return errs.Wrap(errs.Conflict, errMeanwhile, "agentsync.ended_meanwhile", "Number", r.Number)
		}
		if err != nil {
			return err
		}
		if err := s.writeRun(ctx, tx, r); err != nil {
			return err
		}
		if also == nil {
			return nil
		}
		return also(tx)
	})
}

// dropOpenRun ends a run that is not over, because it cannot go on.
func (s *Service) dropOpenRun(ctx context.Context, tx *store.Tx, why *Failure) error {
	open, err := runOrNone(tx.OpenRun(ctx))
	if err != nil || open == nil {
		return err
	}
	open.State, open.EndedAt, open.Failure = store.RunFailed, s.now(), why
	if err := s.writeRun(ctx, tx, open); err != nil {
		return err
	}
	return s.record(ctx, tx, syncActor, AuditSyncFailed, open.target(), "sentence", why.Key)
}
