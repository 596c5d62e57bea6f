package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// UploadKind is how what was uploaded came.
type UploadKind string

// The kinds of upload.
const (
	UploadUsage UploadKind = "usage" // a signed usage file
	UploadCSV   UploadKind = "csv"   // a server's report, by hand
	UploadCloud UploadKind = "cloud" // files of the cloud side
	UploadUndo  UploadKind = "undo"  // back to a kept snapshot

	UploadRemoval UploadKind = "remove" // an instance goes
)

// UploadState says how far an upload came.
type UploadState string

// The states of an upload; see docs/adr for their order.
const (
	Checking   UploadState = "checking"   // being verified and staged
	Waiting    UploadState = "held"       // staged; an owner has to say which instance it is
	Preview    UploadState = "preview"    // staged; may be applied or discarded
	Removing   UploadState = "removing"   // what it staged is being taken back
	Applied    UploadState = "applied"    // counts, or counted until another was applied
	Refused    UploadState = "refused"    // was wrong
	Discarded  UploadState = "discarded"  // somebody dropped it
	Superseded UploadState = "superseded" // dropped for a newer one
)

// Pending says that the upload is not decided; its source takes no other.
func (s UploadState) Pending() bool {
	switch s {
	case Checking, Waiting, Preview, Removing:
		return true
	default:
		return false
	}
}

// Refusal is why an upload was refused: a sentence of the catalogue.
type Refusal struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
	// Each are the problems, where a file has several; then Key sums up.
	Each []Refusal `json:"each,omitempty"`
}

// UnmarshalJSON keeps whole numbers whole: sentences compare and count them.
func (r *Refusal) UnmarshalJSON(text []byte) error {
	type plain Refusal
	if err := json.Unmarshal(text, (*plain)(r)); err != nil {
		return err
	}
	for name, value := range r.Args {
		if n, ok := value.(float64); ok && n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			r.Args[name] = int64(n)
		}
	}
	return nil
}

// columns are what is stored of a refusal; nothing of none.
func (r *Refusal) columns() (key, args string, err error) {
	if r == nil {
		return "", "", nil
	}
	values := r.Args
	if len(r.Each) > 0 {
		values = maps.Clone(r.Args)
		values[eachColumn] = r.Each
	}
	text, err := json.Marshal(values)
	return r.Key, string(text), err
}

// eachColumn is where [Refusal.Each] stands among the arguments that are kept.
const eachColumn = "Each"

// Upload is the arrival of a file, or an undo.
type Upload struct {
	ID       string
	Source   int64
	Seq      int64 // what it stages under
	Kind     UploadKind
	State    UploadState
	FileName string
	// Header is what the upload says of itself, for people: JSON, no accounts.
	Header json.RawMessage
	// Refusal is why it does not count, when State is Refused, or when it is
	// Discarded and nobody did that.
	Refusal *Refusal
	Reason  string // of an undo
	Actor   string
	// PreviewResult is the result to look at before applying; 0: none.
	PreviewResult int64
	CreatedAt     time.Time
	UpdatedAt     time.Time // when the state changed last, or the same came once more
	// AppliedVersion is the input version that applying it made; 0: it was not.
	AppliedVersion int64
}

func uploadFromRow(r *sqlgen.Upload) (*Upload, error) {
	u := &Upload{
		ID: r.ID, Source: r.Source, Seq: r.Seq, Kind: UploadKind(r.Kind), State: UploadState(r.State), FileName: r.FileName,
		Header: json.RawMessage(r.Header), Reason: r.Reason, Actor: r.Actor, PreviewResult: r.PreviewResult,
		CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt), AppliedVersion: r.AppliedVersion,
	}
	if r.ErrorKey == "" {
		return u, nil
	}
	u.Refusal = &Refusal{}
	if err := json.Unmarshal([]byte(`{"args":`+r.ErrorArgs+`}`), u.Refusal); err != nil {
		return nil, fmt.Errorf("refusal of upload %s: %w", r.ID, err)
	}
	var each struct{ Each []Refusal }
	if err := json.Unmarshal([]byte(r.ErrorArgs), &each); err != nil {
		return nil, fmt.Errorf("refusal of upload %s: %w", r.ID, err)
	}
	u.Refusal.Each = each.Each
	delete(u.Refusal.Args, eachColumn)
	u.Refusal.Key = r.ErrorKey
	return u, nil
}

// AddUpload begins an upload in its state, under a number of its own. Conflict
// when the source has a pending one; see [Tx.PendingUpload].
func (tx *Tx) AddUpload(ctx context.Context, u *Upload) error {
	seq, err := tx.q.TakeSeq(ctx, tx.e.id)
	if err != nil {
		return err
	}
	u.Seq, u.UpdatedAt = seq, u.CreatedAt
	key, args, err := u.Refusal.columns()
	if err != nil {
		return err
	}
	return tx.q.AddUpload(ctx, sqlgen.AddUploadParams{
		Enterprise: tx.e.id, ID: u.ID, Source: u.Source, Seq: u.Seq, Kind: string(u.Kind), State: string(u.State),
		FileName: u.FileName, Header: string(u.Header), ErrorKey: key, ErrorArgs: args,
		Reason: u.Reason, Actor: u.Actor, CreatedAt: micros(u.CreatedAt),
	})
}

// PendingUpload is the undecided upload of a source, nil when there is none.
func (tx *Tx) PendingUpload(ctx context.Context, source int64) (*Upload, error) {
	r, err := tx.q.PendingUpload(ctx, sqlgen.PendingUploadParams{Enterprise: tx.e.id, Source: source})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing found is an answer here
	}
	if err != nil {
		return nil, err
	}
	return uploadFromRow(&r)
}

// Upload gives an upload; NotFound when there is none with the id.
func (e *Enterprise) Upload(ctx context.Context, id string) (*Upload, error) {
	return upload(ctx, e.reader(), e.id, id)
}

// Upload gives an upload; NotFound when there is none with the id.
func (tx *Tx) Upload(ctx context.Context, id string) (*Upload, error) {
	return upload(ctx, tx.q, tx.e.id, id)
}

func upload(ctx context.Context, q *sqlgen.Queries, enterprise int64, id string) (*Upload, error) {
	r, err := q.Upload(ctx, sqlgen.UploadParams{Enterprise: enterprise, ID: id})
	if err != nil {
		return nil, found(err, "hub.no_upload", "ID", id)
	}
	return uploadFromRow(&r)
}

// Uploads gives at most limit uploads before one, newest first; the zero
// Upload begins with the newest.
func (e *Enterprise) Uploads(ctx context.Context, before Upload, limit int) ([]*Upload, error) {
	at := micros(before.CreatedAt)
	if before.ID == "" {
		at = forever
	}
	rows, err := e.reader().Uploads(ctx, sqlgen.UploadsParams{Enterprise: e.id, Before: at, BeforeID: before.ID, Page: int32(min(limit, page))}) //nolint:gosec // at most a page
	if err != nil {
		return nil, database.Translate(err)
	}
	return uploadsFromRows(rows)
}

func uploadsFromRows(rows []sqlgen.Upload) ([]*Upload, error) {
	out := make([]*Upload, 0, len(rows))
	for i := range rows {
		u, err := uploadFromRow(&rows[i])
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// PendingUploads gives all uploads that wait for people, at most one of a
// source.
func (e *Enterprise) PendingUploads(ctx context.Context) ([]*Upload, error) {
	rows, err := e.reader().UploadsThatWait(ctx, e.id)
	if err != nil {
		return nil, database.Translate(err)
	}
	return uploadsFromRows(rows)
}

// SetUploadState moves an upload from one state to another; Conflict when it
// is not in the first.
func (tx *Tx) SetUploadState(ctx context.Context, id string, was, state UploadState, at time.Time) error {
	n, err := tx.q.SetUploadState(ctx, sqlgen.SetUploadStateParams{
		Enterprise: tx.e.id, ID: id, Was: string(was), State: string(state), UpdatedAt: micros(at),
	})
	return one(n, err)
}

// ConfirmUpload notes that what an applied upload brought came once more.
// Conflict when it is not applied.
func (tx *Tx) ConfirmUpload(ctx context.Context, id string, at time.Time) error {
	return tx.SetUploadState(ctx, id, Applied, Applied, at)
}

// MoveUpload gives a waiting upload to another source: it is to be staged
// there under a new number, which the upload has afterwards.
func (tx *Tx) MoveUpload(ctx context.Context, u *Upload, source int64, at time.Time) error {
	seq, err := tx.q.TakeSeq(ctx, tx.e.id)
	if err != nil {
		return err
	}
	u.Source, u.Seq, u.State = source, seq, Checking
	return one(tx.q.MoveUpload(ctx, sqlgen.MoveUploadParams{
		Enterprise: tx.e.id, ID: u.ID, Source: source, Seq: u.Seq, UpdatedAt: micros(at),
	}))
}

// SetPreview notes the result that shows what applying an upload would change.
func (tx *Tx) SetPreview(ctx context.Context, id string, result int64, at time.Time) error {
	return one(tx.q.SetUploadPreview(ctx, sqlgen.SetUploadPreviewParams{
		Enterprise: tx.e.id, ID: id, Result: result, UpdatedAt: micros(at),
	}))
}

// one demands that exactly one row changed.
func one(n int64, err error) error {
	if err == nil && n != 1 {
		return lost()
	}
	return err
}
