package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// PairingState says how far an agent's question for a connection came.
type PairingState string

// The states of a pairing.
const (
	PairingOpen     PairingState = "open"     // nobody decided yet
	PairingApproved PairingState = "approved" // Connection is what the agent gets
	PairingDenied   PairingState = "denied"
)

// Pairing is an agent that asks for a connection. It belongs to no enterprise
// before an owner of one approved it.
type Pairing struct {
	ID string
	// DeviceHash is the SHA-256 of the code that the agent keeps; UserCode is the
	// one that a person types, and is none of anybody else's after that.
	DeviceHash []byte
	UserCode   string
	// StatementID names what the agent signed, which is good for one pairing.
	StatementID string
	State       PairingState
	ServerID    string
	HostName    string
	HTTPOnly    bool
	Version     string
	// InstanceKey signs usage files, ConnectionKey what the agent says when it
	// asks for a token.
	InstanceKey   ed25519.PublicKey
	ConnectionKey ed25519.PublicKey
	CreatedAt     time.Time
	ExpiresAt     time.Time
	PolledAt      time.Time     // when the agent asked last; zero: never
	Pause         time.Duration // how long it waits between two questions
	Enterprise    int64         // of what was approved
	Connection    string
}

func pairingFromRow(r *sqlgen.Pairing, err error) (*Pairing, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing found is an answer here
	}
	if err != nil {
		return nil, database.Translate(err)
	}
	return &Pairing{
		ID: r.ID, DeviceHash: r.DeviceHash, UserCode: r.UserCode, StatementID: r.StatementID, State: PairingState(r.State),
		ServerID: r.ServerID, HostName: r.HostName, HTTPOnly: r.HttpOnly, Version: r.Version,
		InstanceKey: r.InstanceKey, ConnectionKey: r.ConnectionKey, CreatedAt: instant(r.CreatedAt), ExpiresAt: instant(r.ExpiresAt),
		PolledAt: instant(r.PolledAt), Pause: time.Duration(r.Pause) * time.Microsecond, Enterprise: r.Enterprise, Connection: r.Connection,
	}, nil
}

// AddPairing keeps an agent's question, and forgets those that have expired.
// Conflict, with one of the two sentences, when most others are open, or when
// the same statement was used before.
func (s *Store) AddPairing(ctx context.Context, p *Pairing, most int64, full, used error) error {
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		q := sqlgen.New(tx)
		if err := q.RemovePairings(ctx, micros(p.CreatedAt)); err != nil {
			return err
		}
		if n, err := q.CountPairings(ctx); err != nil || n >= most {
			return errors.Join(err, full)
		}
		if n, err := q.StatementUsed(ctx, p.StatementID); err != nil || n > 0 {
			return errors.Join(err, used)
		}
		return q.AddPairing(ctx, sqlgen.AddPairingParams{
			ID: p.ID, DeviceHash: p.DeviceHash, UserCode: p.UserCode, StatementID: p.StatementID, ServerID: p.ServerID, HostName: p.HostName,
			HttpOnly: p.HTTPOnly, Version: p.Version, InstanceKey: p.InstanceKey, ConnectionKey: p.ConnectionKey,
			CreatedAt: micros(p.CreatedAt), ExpiresAt: micros(p.ExpiresAt), Pause: p.Pause.Microseconds(),
		})
	})
}

// PairingByDevice gives the pairing of the agent that has a code, by its digest;
// nil when there is none.
func (s *Store) PairingByDevice(ctx context.Context, hash []byte) (*Pairing, error) {
	r, err := sqlgen.New(s.db.Read).PairingByDevice(ctx, hash)
	return pairingFromRow(&r, err)
}

// PairingByCode gives the open pairing with a code that a person typed; nil when
// there is none.
func (s *Store) PairingByCode(ctx context.Context, code string, now time.Time) (*Pairing, error) {
	r, err := sqlgen.New(s.db.Read).PairingByCode(ctx, sqlgen.PairingByCodeParams{UserCode: code, Now: micros(now)})
	return pairingFromRow(&r, err)
}

// PairingPolled notes that the agent asked, and how long it is to wait now.
func (s *Store) PairingPolled(ctx context.Context, p *Pairing) error {
	return s.db.InTx(ctx, func(tx *sql.Tx) error {
		return sqlgen.New(tx).PairingPolled(ctx, sqlgen.PairingPolledParams{ID: p.ID, PolledAt: micros(p.PolledAt), Pause: p.Pause.Microseconds()})
	})
}

// DecidePairing approves or denies an open pairing in the name of the
// enterprise. NotFound when it is not open any more.
func (tx *Tx) DecidePairing(ctx context.Context, id string, state PairingState, connection string, now time.Time) error {
	n, err := tx.q.DecidePairing(ctx, sqlgen.DecidePairingParams{
		Enterprise: tx.e.id, ID: id, State: string(state), Connection: connection, Now: micros(now),
	})
	if err == nil && n != 1 {
		err = errs.New(errs.NotFound, "hub.unknown_code")
	}
	return err
}
