package store

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store/sqlgen"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
)

// ReadingState says what became of a reading.
type ReadingState string

// The states of a reading.
const (
	Staging   ReadingState = "staging"   // being read
	Held      ReadingState = "held"      // an owner has to decide
	Counts    ReadingState = "counts"    // its accounts are those of the agent
	Replaced  ReadingState = "replaced"  // a later one counts
	Unchanged ReadingState = "unchanged" // it said what was known
	Refused   ReadingState = "refused"   // the source was not in order
	Discarded ReadingState = "discarded" // an owner dropped it, or a later one came
)

// Reading is one reading of the source.
type Reading struct {
	Number             int64
	State              ReadingState
	Actor              string
	Source             string // as people know it
	StartedAt, EndedAt time.Time
	// SourceAt is when the source was produced, as far as known.
	SourceAt time.Time
	// Bytes and Digest are of the source.
	Bytes  int64
	Digest string
	// Snapshot is the sequence of the snapshot it became, or said again.
	Snapshot int64
	// Document is the role's.
	Document []byte
}

// BeginReading makes a reading and gives its number.
func (tx *Tx) BeginReading(ctx context.Context, actor, source string, at time.Time) (int64, error) {
	number, err := tx.q.TakeReadingNumber(ctx)
	if err != nil {
		return 0, found(err, "agent.not_begun")
	}
	return number, tx.q.InsertReading(ctx, sqlgen.InsertReadingParams{Number: number, Actor: actor, Source: source, StartedAt: micros(at)})
}

// UpdateReading writes what became of a reading; Conflict when it is gone.
func (tx *Tx) UpdateReading(ctx context.Context, r *Reading) error {
	n, err := tx.q.UpdateReading(ctx, sqlgen.UpdateReadingParams{
		Number: r.Number, State: string(r.State), EndedAt: micros(r.EndedAt), SourceAt: micros(r.SourceAt), SourceBytes: r.Bytes,
		SourceDigest: r.Digest, Snapshot: r.Snapshot, Document: string(r.Document),
	})
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "agent.no_reading", "Number", r.Number)
	}
	return database.Translate(err)
}

// SetReadingState changes the state of a reading alone; 0 is none.
func (tx *Tx) SetReadingState(ctx context.Context, number int64, state ReadingState) error {
	if number == 0 {
		return nil
	}
	return tx.q.SetReadingState(ctx, sqlgen.SetReadingStateParams{State: string(state), Number: number})
}

// Reading gives a reading; NotFound when there is none.
func (s *Store) Reading(ctx context.Context, number int64) (Reading, error) {
	row, err := s.reader().Reading(ctx, number)
	if err != nil {
		return Reading{}, found(err, "agent.no_reading", "Number", number)
	}
	return readingFrom(row), nil
}

// Readings gives readings, the newest first, those before a number where it is
// not 0.
func (s *Store) Readings(ctx context.Context, before int64, limit int) ([]Reading, error) {
	rows, err := s.reader().Readings(ctx, sqlgen.ReadingsParams{Before: below(before), AtMost: most(limit)})
	return each(rows, err, readingFrom)
}

// ReadingsIn gives the readings in a state by number.
func (s *Store) ReadingsIn(ctx context.Context, state ReadingState) ([]Reading, error) {
	rows, err := s.reader().ReadingsInState(ctx, string(state))
	return each(rows, err, readingFrom)
}

// ForgetReadings removes the record of readings that ended before a time and do
// not count.
func (s *Store) ForgetReadings(ctx context.Context, before time.Time) error {
	return s.InTx(ctx, func(tx *Tx) error { return tx.q.ForgetReadings(ctx, micros(before)) })
}

func readingFrom(r sqlgen.Reading) Reading {
	return Reading{
		Number: r.Number, State: ReadingState(r.State), Actor: r.Actor, Source: r.Source, StartedAt: instant(r.StartedAt),
		EndedAt: instant(r.EndedAt), SourceAt: instant(r.SourceAt), Bytes: r.SourceBytes, Digest: r.SourceDigest,
		Snapshot: r.Snapshot, Document: []byte(r.Document),
	}
}
