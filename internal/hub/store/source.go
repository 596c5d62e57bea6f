package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// CloudSource is the number of every enterprise's cloud side.
const CloudSource = 0

// SourceState says whether a source counts.
type SourceState string

// The states of a source.
const (
	Held    SourceState = "held"    // an instance nobody confirmed yet
	Active  SourceState = "active"  // what it says counts
	Removed SourceState = "removed" // gone; its number is not used again
)

// Source is where accounts come from: the cloud side or a server instance.
type Source struct {
	Number int64
	State  SourceState
	// ServerID is the instance's; empty for the cloud side and for an instance
	// whose lists come by hand.
	ServerID string
	HostName string
	// PublicKey signs its usage files; empty when they are not signed.
	PublicKey ed25519.PublicKey
	// Signed: what counts came in a signed usage file.
	Signed bool
	// Seq is the pointer to what counts; 0: nothing yet.
	Seq int64
	// Sequence and Digest are those of the newest usage file ever accepted.
	// An undo leaves them: an older file stays older.
	Sequence  int64
	Digest    usagefile.Digest
	CreatedAt time.Time
	// AgeDays is how old what counts may be; 0: by how its accounts come.
	AgeDays int
}

// Known is what a usage file of the source is checked against; nil when none
// was accepted yet.
func (s *Source) Known() *usagefile.Known {
	if s.Sequence == 0 {
		return nil
	}
	return &usagefile.Known{PublicKey: s.PublicKey, Sequence: s.Sequence, Digest: s.Digest}
}

func sourceFromRow(r *sqlgen.Source) Source {
	digest, _ := usagefile.ParseDigest(r.Digest)
	return Source{
		Number: r.Number, State: SourceState(r.State), ServerID: r.ServerID, HostName: r.HostName, PublicKey: r.PublicKey,
		Signed: r.Signed, Seq: r.Seq, Sequence: r.Sequence, Digest: digest, CreatedAt: instant(r.CreatedAt), AgeDays: int(r.AgeDays),
	}
}

func sourcesFromRows(rows []sqlgen.Source) []Source {
	out := make([]Source, 0, len(rows))
	for i := range rows {
		out = append(out, sourceFromRow(&rows[i]))
	}
	return out
}

// Source gives a source; NotFound when there is none with the number, or it
// was removed.
func (e *Enterprise) Source(ctx context.Context, number int64) (*Source, error) {
	r, err := e.reader().Source(ctx, sqlgen.SourceParams{Enterprise: e.id, Number: number})
	if err == nil && SourceState(r.State) == Removed {
		err = sql.ErrNoRows
	}
	if err != nil {
		return nil, found(err, "hub.no_source", "Number", number)
	}
	s := sourceFromRow(&r)
	return &s, nil
}

// SourceByServerID gives the source with a server id, nil when there is none.
func (tx *Tx) SourceByServerID(ctx context.Context, serverID string) (*Source, error) {
	r, err := tx.q.SourceByServerID(ctx, sqlgen.SourceByServerIDParams{Enterprise: tx.e.id, ServerID: serverID})
	return oneSource(&r, err)
}

// SourceByHost gives the active source with a host name, case and port
// ignored; nil when there is none.
func (tx *Tx) SourceByHost(ctx context.Context, host string) (*Source, error) {
	r, err := tx.q.SourceByHost(ctx, sqlgen.SourceByHostParams{Enterprise: tx.e.id, HostKey: licensing.NormalHost(host)})
	return oneSource(&r, err)
}

// Source gives a source that exists, whatever its state.
func (tx *Tx) Source(ctx context.Context, number int64) (*Source, error) {
	r, err := tx.q.Source(ctx, sqlgen.SourceParams{Enterprise: tx.e.id, Number: number})
	if err != nil {
		return nil, found(err, "hub.no_source", "Number", number)
	}
	s := sourceFromRow(&r)
	return &s, nil
}

func oneSource(r *sqlgen.Source, err error) (*Source, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing found is an answer here
	}
	if err != nil {
		return nil, err
	}
	s := sourceFromRow(r)
	return &s, nil
}

// AddSource makes a source that says nothing yet, and gives its number.
func (tx *Tx) AddSource(ctx context.Context, s Source) (int64, error) {
	number, err := tx.q.TakeSource(ctx, tx.e.id)
	if err != nil {
		return 0, err
	}
	return number, tx.q.AddSource(ctx, sqlgen.AddSourceParams{
		Enterprise: tx.e.id, Number: number, State: string(s.State), ServerID: s.ServerID, HostName: s.HostName,
		HostKey: licensing.NormalHost(s.HostName), PublicKey: keyBytes(s.PublicKey), Signed: s.Signed, CreatedAt: micros(s.CreatedAt),
	})
}

// IdentifySource says anew which instance a source is: id, host name, key and
// whether it is signed.
func (tx *Tx) IdentifySource(ctx context.Context, s *Source) error {
	return tx.q.IdentifySource(ctx, sqlgen.IdentifySourceParams{
		Enterprise: tx.e.id, Number: s.Number, ServerID: s.ServerID, HostName: s.HostName,
		HostKey: licensing.NormalHost(s.HostName), PublicKey: keyBytes(s.PublicKey), Signed: s.Signed,
	})
}

// SetSourceState activates or removes a source.
func (tx *Tx) SetSourceState(ctx context.Context, number int64, state SourceState) error {
	return tx.q.SetSourceState(ctx, sqlgen.SetSourceStateParams{State: string(state), Enterprise: tx.e.id, Number: number})
}

// keyBytes makes no key an empty one: the column takes no null.
func keyBytes(key ed25519.PublicKey) []byte {
	if key == nil {
		return []byte{}
	}
	return key
}
