package store

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store/sqlgen"
	"github.com/oneseat/oneseat/internal/database"
)

// Enrolment is an enrolment file that was applied.
type Enrolment struct {
	Number int64
	// Document is the file.
	Document  []byte
	AppliedAt time.Time
	AppliedBy string
	// EndedAt is when another took its place; zero while it is in force.
	EndedAt time.Time
}

// Enrolment gives the one in force; NotFound when there is none.
func (s *Store) Enrolment(ctx context.Context) (Enrolment, error) {
	row, err := s.reader().EnrolmentInForce(ctx)
	if err != nil {
		return Enrolment{}, found(err, "agent.not_enrolled")
	}
	return enrolmentFrom(row), nil
}

// Enrolments gives those that were ever applied, the newest first.
func (s *Store) Enrolments(ctx context.Context, limit int) ([]Enrolment, error) {
	rows, err := s.reader().Enrolments(ctx, most(limit))
	return each(rows, err, enrolmentFrom)
}

// Enrol puts a file in force; the one before ends.
func (tx *Tx) Enrol(ctx context.Context, document []byte, actor string, at time.Time) error {
	if err := tx.q.EndEnrolments(ctx, micros(at)); err != nil {
		return err
	}
	return database.Translate(tx.q.InsertEnrolment(ctx, sqlgen.InsertEnrolmentParams{
		Document: string(document), AppliedAt: micros(at), AppliedBy: actor,
	}))
}

// Leave ends the enrolment in force.
func (tx *Tx) Leave(ctx context.Context, at time.Time) error {
	return tx.q.EndEnrolments(ctx, micros(at))
}

func enrolmentFrom(r sqlgen.Enrolment) Enrolment {
	return Enrolment{r.Number, []byte(r.Document), instant(r.AppliedAt), r.AppliedBy, instant(r.EndedAt)}
}

// Export is a usage file that was made.
type Export struct {
	Number   int64
	Sequence int64
	MadeAt   time.Time
	Actor    string
	Sealed   bool
	// Audience is the fingerprint of the recipient; empty for nobody's.
	Audience string
	Note     string
	Bytes    int64
}

// AddExport notes a usage file that was made.
func (tx *Tx) AddExport(ctx context.Context, e *Export) error {
	return database.Translate(tx.q.InsertExport(ctx, sqlgen.InsertExportParams{
		Sequence: e.Sequence, MadeAt: micros(e.MadeAt), Actor: e.Actor, Sealed: e.Sealed, Audience: e.Audience, Note: e.Note, Bytes: e.Bytes,
	}))
}

// Exports gives usage files that were made, the newest first, those before a
// number where it is not 0.
func (s *Store) Exports(ctx context.Context, before int64, limit int) ([]Export, error) {
	rows, err := s.reader().Exports(ctx, sqlgen.ExportsParams{Before: below(before), AtMost: most(limit)})
	return each(rows, err, func(r sqlgen.Export) Export {
		return Export{r.Number, r.Sequence, instant(r.MadeAt), r.Actor, r.Sealed, r.Audience, r.Note, r.Bytes}
	})
}
