package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// Connection is the pairing of an agent with an enterprise.
type Connection struct {
	Enterprise int64
	ID         string
	Source     int64 // the instance beside which the agent is
	HostName   string
	Active     bool // false: it was ended
	// PublicKey is what the agent signs assertions with. NextKey is one it is
	// about to use instead, until NextUntil; empty: none.
	PublicKey ed25519.PublicKey
	NextKey   ed25519.PublicKey
	NextUntil time.Time
	// Lease is what the agent presents when it asks for the next token, Attempt
	// the one it asked for the last one with. AnyLease: the next one is taken
	// whatever it presents, once.
	Lease, Attempt string
	AnyLease       bool
	CreatedAt      time.Time
	CreatedBy      string
	TokenAt        time.Time // when it got its last token; zero: never
	AskedAt        time.Time // when it was heard of last; give or take a minute
	// Trouble is the key of the sentence about the last token that was refused;
	// empty: none was.
	Trouble   string
	TroubleAt time.Time
	// Record is what the agent said of itself last, as it is kept; empty: nothing.
	Record   string
	RecordAt time.Time
	EndedAt  time.Time
	EndedBy  string
}

// Actor is who acts when the agent does.
func (c *Connection) Actor() string { return "connect " + c.HostName }

func connectionFromRow(r *sqlgen.Connection, err error) (*Connection, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing found is an answer here
	}
	if err != nil {
		return nil, database.Translate(err)
	}
	return &Connection{
		Enterprise: r.Enterprise, ID: r.ID, Source: r.Source, Active: r.State == "active", PublicKey: r.PublicKey, NextKey: r.NextKey,
		NextUntil: instant(r.NextUntil), Lease: r.Lease, Attempt: r.Attempt, AnyLease: r.AnyLease, CreatedAt: instant(r.CreatedAt),
		CreatedBy: r.CreatedBy, TokenAt: instant(r.TokenAt), AskedAt: instant(r.AskedAt), Trouble: r.Trouble, TroubleAt: instant(r.TroubleAt),
		Record: r.Record, RecordAt: instant(r.RecordAt), EndedAt: instant(r.EndedAt), EndedBy: r.EndedBy,
	}, nil
}

// Connection finds a connection by id, whichever enterprise it is of; nil when
// there is none.
func (s *Store) Connection(ctx context.Context, id string) (*Connection, error) {
	r, err := sqlgen.New(s.db.Read).ConnectionByID(ctx, id)
	return connectionFromRow(&r, err)
}

// Connection gives a connection of the enterprise; nil when there is none.
func (tx *Tx) Connection(ctx context.Context, id string) (*Connection, error) {
	r, err := tx.q.Connection(ctx, sqlgen.ConnectionParams{Enterprise: tx.e.id, ID: id})
	return connectionFromRow(&r, err)
}

// ConnectionOf gives the active connection of an instance; nil when there is
// none.
func (tx *Tx) ConnectionOf(ctx context.Context, source int64) (*Connection, error) {
	r, err := tx.q.ConnectionOf(ctx, sqlgen.ConnectionOfParams{Enterprise: tx.e.id, Source: source})
	return connectionFromRow(&r, err)
}

// Connections gives the newest connection of each instance that has one, ended
// ones too, by the instance's number.
func (e *Enterprise) Connections(ctx context.Context) (map[int64]*Connection, error) {
	rows, err := e.reader().Connections(ctx, e.id)
	if err != nil {
		return nil, database.Translate(err)
	}
	out := make(map[int64]*Connection, len(rows))
	for i := range rows { // the newest of each comes last
		c, err := connectionFromRow(&rows[i], nil)
		if err != nil {
			return nil, err
		}
		out[c.Source] = c
	}
	return out, nil
}

// AddConnection keeps a connection, which is active and takes any lease once.
func (tx *Tx) AddConnection(ctx context.Context, c *Connection) error {
	return tx.q.AddConnection(ctx, sqlgen.AddConnectionParams{
		Enterprise: tx.e.id, ID: c.ID, Source: c.Source, PublicKey: c.PublicKey, NextKey: []byte{}, CreatedAt: micros(c.CreatedAt), CreatedBy: c.CreatedBy,
	})
}

// SetLease notes that a token was given: the connection's lease, attempt, keys
// and time of it. No lease is taken any more but that one.
func (tx *Tx) SetLease(ctx context.Context, c *Connection) error {
	return tx.q.SetLease(ctx, sqlgen.SetLeaseParams{
		Enterprise: tx.e.id, ID: c.ID, Lease: c.Lease, Attempt: c.Attempt, TokenAt: micros(c.TokenAt),
		PublicKey: keyBytes(c.PublicKey), NextKey: keyBytes(c.NextKey), NextUntil: micros(c.NextUntil),
	})
}

// ConnectionAsked notes when the agent of a connection was heard of.
func (e *Enterprise) ConnectionAsked(ctx context.Context, id string, at time.Time) error {
	return e.InTx(ctx, func(tx *Tx) error {
		return tx.q.ConnectionAsked(ctx, sqlgen.ConnectionAskedParams{Enterprise: e.id, ID: id, AskedAt: micros(at)})
	})
}

// SetTrouble notes why a token was refused; empty: there is no trouble.
func (tx *Tx) SetTrouble(ctx context.Context, id, sentence string, at time.Time) error {
	return tx.q.ConnectionTrouble(ctx, sqlgen.ConnectionTroubleParams{Enterprise: tx.e.id, ID: id, Trouble: sentence, TroubleAt: micros(at)})
}

// SetNextKey notes the key that an agent is about to use.
func (tx *Tx) SetNextKey(ctx context.Context, id string, key ed25519.PublicKey, until time.Time) error {
	return tx.q.SetNextKey(ctx, sqlgen.SetNextKeyParams{Enterprise: tx.e.id, ID: id, NextKey: keyBytes(key), NextUntil: micros(until)})
}

// SetRecord keeps what an agent says of itself.
func (tx *Tx) SetRecord(ctx context.Context, id, record string, at time.Time) error {
	return tx.q.SetRecord(ctx, sqlgen.SetRecordParams{Enterprise: tx.e.id, ID: id, Record: record, RecordAt: micros(at)})
}

// AcceptAnyLease lets each active connection present any lease once, and says
// how many there are.
func (tx *Tx) AcceptAnyLease(ctx context.Context) (int64, error) {
	return tx.q.AcceptAnyLease(ctx, tx.e.id)
}

// EndConnection ends an active connection, whose tokens open nothing from then
// on; false: it has ended already.
func (tx *Tx) EndConnection(ctx context.Context, id, actor string, at time.Time) (bool, error) {
	n, err := tx.q.EndConnection(ctx, sqlgen.EndConnectionParams{Enterprise: tx.e.id, ID: id, EndedAt: micros(at), EndedBy: actor})
	return n == 1, err
}

// ForgetConnections removes what nobody needs any more: connections that ended
// before a time, requests that were answered before it, and tokens and
// assertions that have expired now. Requests that nobody took for a week lapse.
func (e *Enterprise) ForgetConnections(ctx context.Context, now, before time.Time) error {
	return e.InTx(ctx, func(tx *Tx) error {
		return errors.Join(
			tx.q.RemoveConnections(ctx, sqlgen.RemoveConnectionsParams{Enterprise: e.id, Before: micros(before)}),
			tx.q.RemoveOldTokens(ctx, sqlgen.RemoveOldTokensParams{Enterprise: e.id, Before: micros(now)}),
			tx.q.RemoveAssertions(ctx, sqlgen.RemoveAssertionsParams{Enterprise: e.id, Before: micros(now)}),
			tx.q.LapseSyncRequests(ctx, sqlgen.LapseSyncRequestsParams{Enterprise: e.id, UpdatedAt: micros(now), Before: micros(now.AddDate(0, 0, -7))}),
			tx.q.RemoveSyncRequests(ctx, sqlgen.RemoveSyncRequestsParams{Enterprise: e.id, Before: micros(before)}),
		)
	})
}
