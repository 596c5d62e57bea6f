package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// AddConnectToken keeps the digest of a token of a connection, and forgets those
// that have expired.
func (tx *Tx) AddConnectToken(ctx context.Context, connection string, hash []byte, now, until time.Time) error {
	if err := tx.q.RemoveConnectTokens(ctx, sqlgen.RemoveConnectTokensParams{Enterprise: tx.e.id, Connection: connection, Before: micros(now)}); err != nil {
		return err
	}
	return tx.q.AddConnectToken(ctx, sqlgen.AddConnectTokenParams{Enterprise: tx.e.id, Connection: connection, Hash: hash, ExpiresAt: micros(until)})
}

// ConnectToken gives the connection that a token is of and until when it opens
// anything, by the digest of the token; an empty id when there is none.
func (s *Store) ConnectToken(ctx context.Context, hash []byte) (connection string, until time.Time, err error) {
	r, err := sqlgen.New(s.db.Read).ConnectTokenByHash(ctx, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	return r.Connection, instant(r.ExpiresAt), database.Translate(err)
}

// UseAssertion notes that an assertion was used; false when it was before.
func (tx *Tx) UseAssertion(ctx context.Context, connection, id string, until time.Time) (bool, error) {
	n, err := tx.q.UseAssertion(ctx, sqlgen.UseAssertionParams{Enterprise: tx.e.id, Connection: connection, ID: id, ExpiresAt: micros(until)})
	return n == 1, err
}
