package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store/sqlgen"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
)

// chunk is how many rows a transaction writes at most.
const chunk = 10_000

// page is how many rows are read at a time.
const page = 2_000

// Store is an agent's database. It is safe for concurrent use.
type Store struct{ db *database.DB }

// New gives the store in a database that has the tables of [Migrations].
func New(db *database.DB) *Store { return &Store{db} }

// Tx is a transaction of a use case.
type Tx struct {
	q *sqlgen.Queries
	// SQL is the transaction itself, for whoever records or enqueues in it.
	SQL *sql.Tx
}

// InTx runs fn in a transaction; see database.DB.InTx. It may run twice.
func (s *Store) InTx(ctx context.Context, fn func(*Tx) error) error {
	return s.db.InTx(ctx, func(tx *sql.Tx) error { return fn(&Tx{sqlgen.New(tx), tx}) })
}

// reader gives queries that each see what is committed.
func (s *Store) reader() *sqlgen.Queries { return sqlgen.New(s.db.Read) }

// State is what the agent is now.
type State struct {
	// Seats is the number of licenses that an owner noted for this instance; 0
	// when nobody did.
	Seats int64
	// Counts is the number of the reading that counts, Held that of the one an
	// owner has to decide about; 0 for none.
	Counts, Held int64
	// ServerID is of the instance whose snapshots these are.
	ServerID string
	// Place names the machine and directory the agent was last known in.
	Place     string
	CreatedAt time.Time
}

// State gives what the agent is; NotFound before [Tx.Init].
func (s *Store) State(ctx context.Context) (State, error) { return state(ctx, s.reader()) }

// State is Store.State in the transaction.
func (tx *Tx) State(ctx context.Context) (State, error) { return state(ctx, tx.q) }

func state(ctx context.Context, q *sqlgen.Queries) (State, error) {
	row, err := q.Agent(ctx)
	if err != nil {
		return State{}, found(err, "agent.not_begun")
	}
	return State{row.Seats, row.Counts, row.Held, row.ServerID, row.Place, instant(row.CreatedAt)}, nil
}

// Init makes the agent; Conflict when it is there.
func (tx *Tx) Init(ctx context.Context, serverID, place string, at time.Time) error {
	return database.Translate(tx.q.InsertAgent(ctx, sqlgen.InsertAgentParams{ServerID: serverID, Place: place, CreatedAt: micros(at)}))
}

// SetSeats notes the number of licenses; 0 forgets it.
func (tx *Tx) SetSeats(ctx context.Context, seats int64) error { return tx.q.SetSeats(ctx, seats) }

// SetPlace notes who the agent is and where.
func (tx *Tx) SetPlace(ctx context.Context, serverID, place string) error {
	return tx.q.SetPlace(ctx, sqlgen.SetPlaceParams{ServerID: serverID, Place: place})
}

// Point says which reading counts and which is held, 0 for none.
func (tx *Tx) Point(ctx context.Context, counts, held int64) error {
	return tx.q.SetPointers(ctx, sqlgen.SetPointersParams{Counts: counts, Held: held})
}

// found gives sql.ErrNoRows the kind and sentence of what was not found.
func found(err error, key string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errs.New(errs.NotFound, key, args...)
	}
	return database.Translate(err)
}

// each turns rows into values.
func each[R, V any](rows []R, err error, value func(R) V) ([]V, error) {
	if err != nil {
		return nil, database.Translate(err)
	}
	out := make([]V, len(rows))
	for i, r := range rows {
		out[i] = value(r)
	}
	return out, nil
}

// below is the place before which a list goes on; 0 begins.
func below(before int64) int64 {
	if before <= 0 {
		return 1<<63 - 1
	}
	return before
}

// most is a limit as the queries take it.
func most(limit int) int32 { return int32(min(limit, page)) } //nolint:gosec // at most a page

// micros and instant turn times into numbers and back; 0 is no time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
