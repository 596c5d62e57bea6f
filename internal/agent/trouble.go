package agent

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/instance"
	"github.com/oneseat/oneseat/usagefile"
)

// Trouble says why an agent cannot be sure that it gives no sequence twice: it,
// or a part of it, was restored from a backup, copied or moved. Until an owner
// said which ([Service.Resume], [Service.Renew]) it takes no snapshots and makes
// no usage files. The sentence names both steps. nil: there is no trouble.
//
// What cannot be noticed here, because all of the agent was restored in its old
// place, the hub notices with the next file, and its sentence names the same
// step.
func (s *Service) Trouble(ctx context.Context) (*Sentence, error) {
	st, err := s.store.State(ctx)
	if err != nil {
		return nil, err
	}
	given, taken, err := s.store.HighestSequence(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.Instance()
	if err != nil {
		return nil, err
	}
	args := map[string]any{"Sequence": i.Last.Sequence, "Known": given}
	switch {
	case i.ServerID != st.ServerID:
		return &Sentence{"agent.trouble_other_identity", args}, nil
	case i.Last.Sequence > given:
		return &Sentence{"agent.trouble_database_behind", args}, nil
	case i.Last.Sequence < taken:
		args["Known"] = taken
		return &Sentence{"agent.trouble_state_behind", args}, nil
	case s.config.Place != "" && st.Place != "" && st.Place != s.config.Place:
		return &Sentence{"agent.trouble_other_place", args}, nil
	}
	return nil, nil //nolint:nilnil // no trouble
}

// troubled is the trouble as a refusal.
func (s *Service) troubled(ctx context.Context) error {
	trouble, err := s.Trouble(ctx)
	if err != nil || trouble == nil {
		return err
	}
	return &troubleError{*trouble}
}

// troubleError refuses what must wait for an owner.
type troubleError struct{ Sentence }

func (e *troubleError) Error() string { return fmt.Sprintf("%s %v", e.Key, e.Args) }

// Unwrap gives the kind.
func (e *troubleError) Unwrap() error { return errs.New(errs.Conflict, "agent.trouble") }

// Resume goes on after trouble, or after the hub refused a file as older than, or
// beside, one it has: this agent is the only one with its server id. Sequences go
// on behind every one that anybody knows of, and after is the one that the hub
// has, 0 where that is not known. What counts becomes a snapshot at once. Conflict
// while the source is read.
func (s *Service) Resume(ctx context.Context, actor string, after int64) error {
	lock, err := s.lockCollecting()
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	given, taken, err := s.store.HighestSequence(ctx)
	if err != nil {
		return err
	}
	if after < 0 || after > maxSequence {
		return errs.New(errs.Invalid, "agent.bad_sequence", "Sequence", after)
	}
	var i *instance.Instance
	err = s.change(func(dir *instance.Dir) (err error) {
		if i, err = dir.Load(); err != nil {
			return err
		}
		// One is left out: the hub takes what comes next for another's when it does
		// not name the digest before it, and what leaves a gap for itself.
		i.Last.Sequence = max(i.Last.Sequence, given, taken, after) + 1
		i.Last.Digest = nobodys()
		i.Last.Nonce = usagefile.NewNonce()
		return dir.Save(i)
	})
	if err != nil {
		return err
	}
	return s.settle(ctx, actor, AuditResumed, i, "after", after, "next", i.Last.Sequence+1)
}

// maxSequence leaves room for what follows.
const maxSequence = 1 << 60

// nobodys is the digest of no snapshot: a file that names it as the one before
// says that some are missing.
func nobodys() usagefile.Digest {
	nonce := [32]byte(usagefile.NewNonce())
	return sha256.Sum256(nonce[:])
}

// Renew makes another instance of an agent: a copy, whose original goes on. It
// has a new server id and key, and its snapshots begin anew; the hub asks an
// owner to confirm it. The enrolment stays. Conflict while the source is read.
func (s *Service) Renew(ctx context.Context, actor string) error {
	lock, err := s.lockCollecting()
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends with it
	i := instance.New()
	if err := s.change(func(dir *instance.Dir) error { return dir.Save(i) }); err != nil {
		return err
	}
	return s.settle(ctx, actor, AuditRenewed, i, "fingerprint", i.Fingerprint().Short())
}

// change works on the instance while nobody else does.
func (s *Service) change(work func(*instance.Dir) error) error {
	s.state.Lock()
	defer s.state.Unlock()
	dir, err := instance.Open(s.config.Dir)
	if err != nil {
		return err
	}
	return errors.Join(work(dir), dir.Close())
}

// settle notes who and where the agent is from now on, and takes a snapshot of
// what counts.
func (s *Service) settle(ctx context.Context, actor, action string, i *instance.Instance, details ...any) error {
	begun := store.Reading{}
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		if action == AuditRenewed {
			if err := tx.ForgetSequences(ctx); err != nil {
				return err
			}
			if err := s.forgetConnection(ctx, tx, actor); err != nil {
				return err
			}
		}
		if err := tx.SetPlace(ctx, i.ServerID, s.config.Place); err != nil {
			return err
		}
		number, err := tx.BeginReading(ctx, actor, s.sourceText(), s.config.Now().UTC())
		if err != nil {
			return err
		}
		begun = store.Reading{Number: number, State: store.Unchanged, Actor: actor, EndedAt: s.config.Now().UTC(), Snapshot: i.Last.Sequence}
		if err := tx.UpdateReading(ctx, &begun); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, action, i.ServerID, details...)
	})
	if err == nil && action == AuditRenewed {
		err = s.forgetFiles()
	}
	if err != nil {
		return err
	}
	return s.retake(ctx, actor)
}

// forgetFiles removes the files of another instance's snapshots, which nobody
// knows of any more. What it leaves, the next start of the agent removes.
func (s *Service) forgetFiles() error {
	if err := os.RemoveAll(s.snapshotDir()); err != nil {
		return s.unusable(err)
	}
	return nil
}

// retake takes a snapshot of what counts, if anything does.
func (s *Service) retake(ctx context.Context, actor string) error {
	st, err := s.store.State(ctx)
	if err != nil || st.Counts == 0 {
		return err
	}
	current, err := s.Reading(ctx, st.Counts)
	if err != nil {
		return err
	}
	snap, err := s.snapshot(ctx, current, current)
	if err != nil || !snap.fresh {
		return err
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.AddSnapshot(ctx, &snap.Snapshot); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditSnapshot, "snapshot "+strconv.FormatInt(snap.Sequence, 10), "users", snap.Users)
	})
}

func (s *Service) sourceText() string {
	if s.config.Source == nil {
		return ""
	}
	return s.config.Source.Text
}
