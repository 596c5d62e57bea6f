package store

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/internal/agent/store/sqlgen"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
)

// ConnectionState says how far the pairing with a hub is.
type ConnectionState string

// The states of a connection.
const (
	Pairing   ConnectionState = "pairing"   // an owner on the hub has to approve it
	Connected ConnectionState = "connected" // the agent gets tokens
	Ended     ConnectionState = "ended"     // disabled, denied, lapsed or revoked
)

// Connection is the pairing with a hub: the last one that there was.
type Connection struct {
	State ConnectionState
	Hub   string
	// Document is the role's.
	Document []byte
}

// Connection gives the last one; NotFound when there never was any.
func (s *Store) Connection(ctx context.Context) (Connection, error) {
	return connection(ctx, s.reader())
}

// Connection is Store.Connection in the transaction.
func (tx *Tx) Connection(ctx context.Context) (Connection, error) { return connection(ctx, tx.q) }

func connection(ctx context.Context, q *sqlgen.Queries) (Connection, error) {
	row, err := q.Connection(ctx)
	if err != nil {
		return Connection{}, found(err, "agentconnect.none")
	}
	return Connection{ConnectionState(row.State), row.Hub, []byte(row.Document)}, nil
}

// PutConnection replaces the connection.
func (tx *Tx) PutConnection(ctx context.Context, c *Connection) error {
	return database.Translate(tx.q.PutConnection(ctx, sqlgen.PutConnectionParams{State: string(c.State), Hub: c.Hub, Document: string(c.Document)}))
}

// RunCause says why there is a run.
type RunCause string

// The causes of a run.
const (
	BySchedule RunCause = "schedule"
	ByHand     RunCause = "manual"  // somebody pressed Sync now here
	ByChange   RunCause = "change"  // there is a new snapshot
	ByRequest  RunCause = "request" // somebody pressed Sync now on the hub
)

// RunState says how far a run of license sync is.
type RunState string

// The states of a run. The first four are of a run that is not over.
const (
	RunWaiting    RunState = "waiting"    // not begun
	RunRunning    RunState = "running"    // the source is read, or the file is on its way
	RunChecking   RunState = "checking"   // the hub has the file and says nothing yet
	RunRetrying   RunState = "retrying"   // failed, and tried again later
	RunSucceeded  RunState = "succeeded"  // the hub counts with it
	RunHeld       RunState = "held"       // an owner of the enterprise decides
	RunFailed     RunState = "failed"     // given up, or refused
	RunSuperseded RunState = "superseded" // a newer one took its place
)

// Run is one run of license sync.
type Run struct {
	Number int64
	Cause  RunCause
	State  RunState
	Actor  string
	// AskedAt is when somebody wanted it, DueAt when the next thing is to be
	// done for it, StartedAt when it was first tried, EndedAt when it was over;
	// zero before.
	AskedAt, DueAt, StartedAt, EndedAt time.Time
	// Attempt counts how often it was tried.
	Attempt int64
	// Sequence of the snapshot that it delivers; 0 until it was chosen.
	Sequence int64
	// Document is the role's.
	Document []byte
}

// Over says that nothing more is to be done for a run.
func (r *Run) Over() bool {
	switch r.State {
	case RunWaiting, RunRunning, RunChecking, RunRetrying:
		return false
	case RunSucceeded, RunHeld, RunFailed, RunSuperseded:
	}
	return true
}

// AddRun notes a run that waits, and gives its number.
func (tx *Tx) AddRun(ctx context.Context, r *Run) (int64, error) {
	number, err := tx.q.InsertRun(ctx, sqlgen.InsertRunParams{
		Cause: string(r.Cause), Actor: r.Actor, AskedAt: micros(r.AskedAt), DueAt: micros(r.DueAt), Document: string(r.Document),
	})
	return number, database.Translate(err)
}

// UpdateRun writes what became of a run; Conflict when it is gone.
func (tx *Tx) UpdateRun(ctx context.Context, r *Run) error {
	n, err := tx.q.UpdateRun(ctx, sqlgen.UpdateRunParams{
		Number: r.Number, State: string(r.State), DueAt: micros(r.DueAt), StartedAt: micros(r.StartedAt), EndedAt: micros(r.EndedAt),
		Attempt: r.Attempt, Sequence: r.Sequence, Document: string(r.Document),
	})
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "agentsync.no_run", "Number", r.Number)
	}
	return database.Translate(err)
}

// Run gives a run; NotFound when there is none.
func (s *Store) Run(ctx context.Context, number int64) (Run, error) {
	row, err := s.reader().Run(ctx, number)
	if err != nil {
		return Run{}, found(err, "agentsync.no_run", "Number", number)
	}
	return runFrom(row), nil
}

// Runs gives runs, the newest first, those before a number where it is not 0.
func (s *Store) Runs(ctx context.Context, before int64, limit int) ([]Run, error) {
	rows, err := s.reader().Runs(ctx, sqlgen.RunsParams{Before: below(before), AtMost: most(limit)})
	return each(rows, err, runFrom)
}

// OpenRun gives the run that is not over; NotFound when every one is.
func (s *Store) OpenRun(ctx context.Context) (Run, error) { return openRun(ctx, s.reader()) }

// OpenRun is Store.OpenRun in the transaction.
func (tx *Tx) OpenRun(ctx context.Context) (Run, error) { return openRun(ctx, tx.q) }

func openRun(ctx context.Context, q *sqlgen.Queries) (Run, error) {
	row, err := q.OpenRun(ctx)
	if err != nil {
		return Run{}, found(err, "agentsync.no_open_run")
	}
	return runFrom(row), nil
}

// LastRunIn gives the newest run in a state; NotFound when there is none.
func (s *Store) LastRunIn(ctx context.Context, state RunState) (Run, error) {
	row, err := s.reader().LastRunIn(ctx, string(state))
	if err != nil {
		return Run{}, found(err, "agentsync.no_run", "Number", 0)
	}
	return runFrom(row), nil
}

// ForgetRuns removes the record of runs that ended before a time, but for those
// from a number on.
func (s *Store) ForgetRuns(ctx context.Context, before time.Time, last int64) error {
	return s.InTx(ctx, func(tx *Tx) error {
		return tx.q.ForgetRuns(ctx, sqlgen.ForgetRunsParams{Before: micros(before), Last: last})
	})
}

func runFrom(r sqlgen.SyncRun) Run {
	return Run{
		Number: r.Number, Cause: RunCause(r.Cause), State: RunState(r.State), Actor: r.Actor, AskedAt: instant(r.AskedAt), DueAt: instant(r.DueAt),
		StartedAt: instant(r.StartedAt), EndedAt: instant(r.EndedAt), Attempt: r.Attempt, Sequence: r.Sequence, Document: []byte(r.Document),
	}
}
