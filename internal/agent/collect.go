package agent

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/filelock"
	"github.com/oneseat/oneseat/internal/source"
)

// Collect reads the source and gives the reading: its state says what became of
// it. A file that did not change since it was looked at last is not read again,
// and the reading is nil, unless forced.
//
// A source that is not in order is refused whole: the error says why, the reading
// is kept as refused, and the last good state stays. One with half as many users
// as before, or fewer, is held until an owner decides ([Service.Confirm],
// [Service.Discard]).
//
// Errors beside the source's own: Conflict while another collection runs, or
// while an owner has to say what happened to the agent ([Service.Trouble]).
func (s *Service) Collect(ctx context.Context, actor string, force bool) (*Reading, error) {
	if s.config.Source == nil {
		return nil, errs.New(errs.Conflict, "agent.no_source")
	}
	lock, err := s.lockCollecting()
	if err != nil {
		return nil, err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	if err := s.troubled(ctx); err != nil {
		return nil, err
	}
	last, err := s.last(ctx)
	if err != nil {
		return nil, err
	}
	m, err := s.open(ctx)
	if err != nil {
		return s.refuseAtOnce(ctx, actor, last, err)
	}
	defer m.remove()
	if !force && last.looked(m) && last.LeftOut == s.config.LeaveOutNeverSignedIn {
		return nil, nil //nolint:nilnil // there was nothing to read
	}
	if err := m.takeDigest(ctx, s.config.Source.Limits); err != nil {
		return s.refuseAtOnce(ctx, actor, last, err)
	}
	return s.collect(ctx, actor, m, force)
}

// lockCollecting keeps everybody else from collecting, in other processes too;
// Conflict when somebody does.
func (s *Service) lockCollecting() (*filelock.Lock, error) {
	lock, err := filelock.Take(filepath.Join(s.config.Dir, "collect.lock"))
	switch {
	case errors.Is(err, filelock.ErrTaken):
		return nil, errs.Wrap(errs.Conflict, err, "agent.collecting")
	case err != nil:
		return nil, s.unusable(err)
	default:
		return lock, nil
	}
}

// looked says that a reading was of a file as it is now.
func (r *Reading) looked(m *material) bool {
	return r != nil && m.digest == "" && r.Digest != "" && r.SourceAt.Equal(m.at) && r.Bytes == m.bytes
}

// refuseAtOnce keeps the refusal of a source that could not even be opened,
// unless the reading before says the same already.
func (s *Service) refuseAtOnce(ctx context.Context, actor string, last *Reading, cause error) (*Reading, error) {
	refusal := refusalOf(cause)
	if refusal == nil || ctx.Err() != nil {
		return nil, cause
	}
	if last != nil && last.State == store.Refused && last.Refusal != nil && last.Refusal.Key == refusal.Key {
		return last, cause
	}
	r, err := s.begin(ctx, actor, &material{})
	if err != nil {
		return nil, err
	}
	return s.refuse(ctx, r, cause)
}

// collect reads what is there.
func (s *Service) collect(ctx context.Context, actor string, m *material, force bool) (*Reading, error) {
	st, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}
	current, err := s.current(ctx, &st)
	if err != nil {
		return nil, err
	}
	r, err := s.begin(ctx, actor, m)
	if err != nil {
		return nil, err
	}
	if !force && current != nil && current.Digest == m.digest && current.LeftOut == r.LeftOut && st.Held == 0 {
		return s.unchanged(ctx, &st, current, r)
	}
	if err := s.read(ctx, r, m, current); err != nil {
		return s.refuse(ctx, r, err)
	}
	if r.Refusal = s.doubtful(r, current); r.Refusal != nil {
		return s.hold(ctx, &st, r)
	}
	if err := s.accept(ctx, actor, &st, r, AuditSnapshot); err != nil {
		return s.refuse(ctx, r, err)
	}
	return r, s.sweep(ctx) // it counts, whatever could not be tidied up
}

// begin makes the reading, which nobody sees yet.
func (s *Service) begin(ctx context.Context, actor string, m *material) (*Reading, error) {
	r := &Reading{Reading: store.Reading{
		State: store.Staging, Actor: actor, Source: s.config.Source.Text, StartedAt: s.config.Now().UTC(),
		SourceAt: m.at, Bytes: m.bytes, Digest: m.digest,
	}, LeftOut: s.config.LeaveOutNeverSignedIn}
	err := s.store.InTx(ctx, func(tx *store.Tx) (err error) {
		r.Number, err = tx.BeginReading(ctx, actor, r.Source, r.StartedAt)
		return err
	})
	return r, err
}

// read stages every account of the source and counts them.
func (s *Service) read(ctx context.Context, r *Reading, m *material, current *Reading) error {
	stage := &staging{s: s, ctx: ctx, reading: r.Number}
	in, err := source.OpenServer(m.file, source.ServerOptions{
		Limits: s.config.Source.Limits, LeaveOutNeverSignedIn: r.LeftOut, Everyone: stage.take,
	})
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	if in.Header != nil {
		return errs.New(errs.Invalid, "agent.source_is_usage", "File", m.file.Name)
	}
	var summary source.ServerSummary
	for _, err := range in.Shards(&summary) {
		if err = errors.Join(err, stage.err, ctx.Err()); err != nil {
			return err
		}
	}
	if stage.err != nil {
		return stage.err
	}
	if err := m.same(); err != nil {
		return err
	}
	if err := s.store.Complete(ctx, r.Number); err != nil {
		return err
	}
	for _, w := range summary.Warnings {
		r.Warnings = append(r.Warnings, said(w))
	}
	return s.survey(ctx, r, m, current)
}

// unchanged ends the reading of a source that says what is known. When it was
// produced on a later day, that is a snapshot all the same: the hub learns that
// what counts is still so.
func (s *Service) unchanged(ctx context.Context, st *store.State, current, r *Reading) (*Reading, error) {
	r.Counts, r.Warnings = current.Counts, current.Warnings
	snap, err := s.snapshot(ctx, current, r)
	if err != nil {
		return s.refuse(ctx, r, err)
	}
	r.State, r.EndedAt, r.Snapshot = store.Unchanged, s.config.Now().UTC(), snap.Sequence
	if err := r.pack(); err != nil {
		return nil, err
	}
	return r, s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.UpdateReading(ctx, &r.Reading); err != nil {
			return err
		}
		action := AuditSourceUnchanged
		if snap.fresh {
			action = AuditSnapshot
			if err := tx.AddSnapshot(ctx, &snap.Snapshot); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, r.Actor, action, r.target(), "snapshot", snap.Sequence, "users", snap.Users)
	})
}

// accept makes a reading count: its users become a snapshot, and the pointer
// moves. What is no longer needed is swept afterwards: an error here says that
// nothing happened.
func (s *Service) accept(ctx context.Context, actor string, st *store.State, r *Reading, action string) error {
	snap, err := s.snapshot(ctx, r, r)
	if err != nil {
		return err
	}
	r.State, r.EndedAt, r.Snapshot, r.Refusal = store.Counts, s.config.Now().UTC(), snap.Sequence, nil
	if err := r.pack(); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.UpdateReading(ctx, &r.Reading); err != nil {
			return err
		}
		if snap.fresh {
			if err := tx.AddSnapshot(ctx, &snap.Snapshot); err != nil {
				return err
			}
		}
		if err := s.replace(ctx, tx, st, r.Number, 0); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, action, r.target(), "snapshot", snap.Sequence, "users", snap.Users, "source_at", r.SourceAt)
	})
}

// replace moves the pointers: what counted or was held until now is no more.
func (s *Service) replace(ctx context.Context, tx *store.Tx, st *store.State, counts, held int64) error {
	if st.Counts != counts {
		if err := tx.SetReadingState(ctx, st.Counts, store.Replaced); err != nil {
			return err
		}
	}
	if st.Held != held && st.Held != counts {
		if err := tx.SetReadingState(ctx, st.Held, store.Discarded); err != nil {
			return err
		}
	}
	return tx.Point(ctx, counts, held)
}

// hold keeps a reading until an owner decides.
func (s *Service) hold(ctx context.Context, st *store.State, r *Reading) (*Reading, error) {
	r.State, r.EndedAt = store.Held, s.config.Now().UTC()
	if err := r.pack(); err != nil {
		return nil, err
	}
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.UpdateReading(ctx, &r.Reading); err != nil {
			return err
		}
		if err := s.replace(ctx, tx, st, st.Counts, r.Number); err != nil {
			return err
		}
		return s.record(ctx, tx, r.Actor, AuditSourceHeld, r.target(), "sentence", r.Refusal.Key, "users", r.Counts.Leaving)
	})
	if err != nil {
		return nil, err
	}
	return r, s.sweep(ctx)
}

// refuse ends a reading that does not count. What was interrupted is no refusal:
// it is taken back, and nothing is said.
func (s *Service) refuse(ctx context.Context, r *Reading, cause error) (*Reading, error) {
	refusal := refusalOf(cause)
	if refusal == nil {
		refusal = &Sentence{Key: "agent.reading_failed"}
	}
	if ctx.Err() != nil {
		refusal = &Sentence{Key: "agent.interrupted"}
	}
	return r, errors.Join(cause, s.end(context.WithoutCancel(ctx), r, refusal))
}

// end notes that a reading does not count, and why.
func (s *Service) end(ctx context.Context, r *Reading, refusal *Sentence) error {
	r.Refusal, r.State, r.EndedAt = refusal, store.Refused, s.config.Now().UTC()
	if err := r.pack(); err != nil {
		return err
	}
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.UpdateReading(ctx, &r.Reading); err != nil {
			return err
		}
		return s.record(ctx, tx, r.Actor, AuditSourceRefused, r.target(), "sentence", refusal.Key)
	})
	if err != nil {
		return err
	}
	return s.store.ForgetAccounts(ctx, r.Number)
}
