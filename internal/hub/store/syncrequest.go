package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// SyncRequestState says what became of a request to sync.
type SyncRequestState string

// The states of a request.
const (
	RequestOpen    SyncRequestState = "open"    // the agent did not answer yet
	RequestArrived SyncRequestState = "arrived" // Upload came of it
	RequestFailed  SyncRequestState = "failed"  // the agent said why nothing came
	RequestLapsed  SyncRequestState = "lapsed"  // nobody answered
)

// SyncRequest is somebody's wish, expressed on the hub, that an agent syncs now.
type SyncRequest struct {
	ID         string
	Source     int64
	Connection string
	State      SyncRequestState
	Actor      string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Upload     string
	Refusal    *Refusal // why it failed
}

func syncRequestFromRow(r *sqlgen.SyncRequest, err error) (*SyncRequest, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing found is an answer here
	}
	if err != nil {
		return nil, database.Translate(err)
	}
	out := &SyncRequest{
		ID: r.ID, Source: r.Source, Connection: r.Connection, State: SyncRequestState(r.State), Actor: r.Actor,
		CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt), Upload: r.Upload,
	}
	if r.ErrorKey != "" {
		out.Refusal = &Refusal{}
		if err := json.Unmarshal([]byte(`{"args":`+r.ErrorArgs+`}`), out.Refusal); err != nil {
			return nil, fmt.Errorf("refusal of request %s: %w", r.ID, err)
		}
		out.Refusal.Key = r.ErrorKey
	}
	return out, nil
}

// AddSyncRequest keeps an open request; a source has one at most.
func (tx *Tx) AddSyncRequest(ctx context.Context, r *SyncRequest) error {
	return tx.q.AddSyncRequest(ctx, sqlgen.AddSyncRequestParams{
		Enterprise: tx.e.id, ID: r.ID, Source: r.Source, Connection: r.Connection, Actor: r.Actor, CreatedAt: micros(r.CreatedAt),
	})
}

// OpenSyncRequest gives the open request of a source; nil when there is none.
func (tx *Tx) OpenSyncRequest(ctx context.Context, source int64) (*SyncRequest, error) {
	r, err := tx.q.OpenSyncRequest(ctx, sqlgen.OpenSyncRequestParams{Enterprise: tx.e.id, Source: source})
	return syncRequestFromRow(&r, err)
}

// OpenSyncRequest gives the open request of a source; nil when there is none.
func (e *Enterprise) OpenSyncRequest(ctx context.Context, source int64) (*SyncRequest, error) {
	r, err := e.reader().OpenSyncRequest(ctx, sqlgen.OpenSyncRequestParams{Enterprise: e.id, Source: source})
	return syncRequestFromRow(&r, err)
}

// OpenSyncRequests is how many requests nobody answered yet.
func (e *Enterprise) OpenSyncRequests(ctx context.Context) (int64, error) {
	n, err := e.reader().CountOpenSyncRequests(ctx, e.id)
	return n, database.Translate(err)
}

// SyncRequest gives a request; nil when there is none with the id.
func (e *Enterprise) SyncRequest(ctx context.Context, id string) (*SyncRequest, error) {
	r, err := e.reader().SyncRequest(ctx, sqlgen.SyncRequestParams{Enterprise: e.id, ID: id})
	return syncRequestFromRow(&r, err)
}

// LastSyncRequest gives the newest request of a source; nil when there is none.
func (e *Enterprise) LastSyncRequest(ctx context.Context, source int64) (*SyncRequest, error) {
	r, err := e.reader().LastSyncRequest(ctx, sqlgen.LastSyncRequestParams{Enterprise: e.id, Source: source})
	return syncRequestFromRow(&r, err)
}

// EndSyncRequest says what became of an open request; false when it was not open
// any more.
func (tx *Tx) EndSyncRequest(ctx context.Context, r *SyncRequest) (bool, error) {
	key, args, err := r.Refusal.columns()
	if err != nil {
		return false, err
	}
	n, err := tx.q.EndSyncRequest(ctx, sqlgen.EndSyncRequestParams{
		Enterprise: tx.e.id, ID: r.ID, State: string(r.State), UpdatedAt: micros(r.UpdatedAt), Upload: r.Upload, ErrorKey: key, ErrorArgs: args,
	})
	return n == 1, err
}
