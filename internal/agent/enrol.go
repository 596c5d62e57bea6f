package agent

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
)

// Enrolled is an enrolment in force.
type Enrolled struct {
	enrolment.Enrolment

	AppliedAt time.Time
	AppliedBy string
}

// Enrolment gives the one in force; NotFound when there is none.
func (s *Service) Enrolment(ctx context.Context) (*Enrolled, error) {
	row, err := s.store.Enrolment(ctx)
	if err != nil {
		return nil, err
	}
	e, err := enrolment.Decode(bytes.NewReader(row.Document))
	if err != nil {
		return nil, fmt.Errorf("enrolment %d: %w", row.Number, err)
	}
	return &Enrolled{*e, row.AppliedAt, row.AppliedBy}, nil
}

// LookAtEnrolment reads an enrolment file without applying it: for the page that
// shows its fingerprint. It is refused as Enrol refuses it. Known says that its
// key is known already, so that nobody has to compare anything.
func (s *Service) LookAtEnrolment(ctx context.Context, file io.Reader) (e *enrolment.Enrolment, known bool, err error) {
	if e, err = enrolment.Decode(file); err != nil {
		return nil, false, err
	}
	now, err := s.Enrolment(ctx)
	if errs.KindOf(err) == errs.NotFound {
		return e, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return e, true, enrolment.Check(e, &now.Enrolment)
}

// Enrol puts an enrolment file in force. The first one of an enterprise is
// believed only with the fingerprint of its key, which somebody compared with the
// one on the hub: all of it, or the 16 digits that are shown. Later ones of the
// same enterprise and key need none.
//
// Errors: those of [enrolment.Decode] and [enrolment.Check]; Conflict when the
// fingerprint is missing or another one. What was in force stays.
func (s *Service) Enrol(ctx context.Context, actor string, file io.Reader, fingerprint string) (*enrolment.Enrolment, error) {
	text, err := io.ReadAll(io.LimitReader(file, enrolment.MaxBytes+1))
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "agent.enrolment_unreadable", "Cause", systemCause(err))
	}
	e, known, err := s.LookAtEnrolment(ctx, bytes.NewReader(text))
	if err == nil && !known {
		err = compare(e, fingerprint)
	}
	if err != nil {
		if sentence := sentenceOf(err); sentence != "" {
			if recorded := s.recordAlone(ctx, actor, AuditEnrolRefused, "", "sentence", sentence); recorded != nil {
				return nil, recorded
			}
		}
		return nil, err
	}
	return e, s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Enrol(ctx, text, actor, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditEnrolled, e.Slug, "fingerprint", e.Fingerprint().Short(), "recipient", e.Recipient.Fingerprint().Short())
	})
}

// compare holds what a person says of a key against the key.
func compare(e *enrolment.Enrolment, said string) error {
	f := e.Fingerprint()
	switch digits := fingerprintDigits(said); {
	case digits == "":
		return errs.New(errs.Conflict, "agent.compare_fingerprint", "Enterprise", e.Slug, "Fingerprint", f.Short())
	case digits != f.String() && digits != fingerprintDigits(f.Short()):
		return errs.New(errs.Conflict, "agent.other_fingerprint", "Enterprise", e.Slug, "Fingerprint", f.Short())
	default:
		return nil
	}
}

// fingerprintDigits are the digits of a fingerprint, however they are grouped.
func fingerprintDigits(text string) string {
	var digits []byte
	for _, c := range []byte(fold(text)) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'f' {
			digits = append(digits, c)
		}
	}
	return string(digits)
}

// Leave ends the enrolment: the agent then believes another enterprise, or
// another key of the same one. Conflict when there is none.
func (s *Service) Leave(ctx context.Context, actor string) error {
	now, err := s.Enrolment(ctx)
	if errs.KindOf(err) == errs.NotFound {
		return errs.New(errs.Conflict, "agent.not_enrolled")
	}
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Leave(ctx, s.now()); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, AuditLeft, now.Slug)
	})
}
