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

// ResultKind says what a result is of.
type ResultKind string

// The kinds of result.
const (
	CurrentResult ResultKind = "current" // of what counts
	PreviewResult ResultKind = "preview" // of what would count if an upload were applied
)

// Result is what a recount found.
type Result struct {
	Number int64
	Kind   ResultKind
	// Version is the enterprise's input version it was counted from.
	Version   int64
	Upload    string // of a preview
	CreatedAt time.Time
	People    int64
	Licenses  int64
	Changes   int64 // rows of changes
	// Document is everything else, as the hub wrote it: JSON.
	Document json.RawMessage
}

// Change is a difference that is shown with names.
type Change struct {
	N    int64
	Kind string // a change kind of licensing, lower case
	// People is who was concerned before and after, as the hub wrote it: JSON.
	People   json.RawMessage
	Licenses int64
}

func resultFromRow(r *sqlgen.Result) *Result {
	return &Result{
		Number: r.ID, Kind: ResultKind(r.Kind), Version: r.InputVersion, Upload: r.Upload, CreatedAt: instant(r.CreatedAt),
		People: r.People, Licenses: r.Licenses, Changes: r.Changes, Document: json.RawMessage(r.Document),
	}
}

// Result gives a result; NotFound when there is none with the number.
func (e *Enterprise) Result(ctx context.Context, number int64) (*Result, error) {
	r, err := e.reader().Result(ctx, sqlgen.ResultParams{Enterprise: e.id, ID: number})
	if err != nil {
		return nil, found(err, "hub.no_such_result", "Number", number)
	}
	return resultFromRow(&r), nil
}

// ResultTime says when a result was counted, without reading it; NotFound when
// there is none with the number.
func (e *Enterprise) ResultTime(ctx context.Context, number int64) (time.Time, error) {
	at, err := e.reader().ResultTime(ctx, sqlgen.ResultTimeParams{Enterprise: e.id, ID: number})
	return instant(at), found(err, "hub.no_such_result", "Number", number)
}

// Current gives the current result; NotFound when nothing was counted yet.
func (e *Enterprise) Current(ctx context.Context) (*Result, error) {
	var out *Result
	err := e.view(ctx, func(q *sqlgen.Queries) error {
		row, err := q.OneEnterprise(ctx, e.id)
		if err != nil {
			return found(err, "hub.no_enterprise", "Slug", "")
		}
		r, err := q.Result(ctx, sqlgen.ResultParams{Enterprise: e.id, ID: row.CurrentResult})
		if err != nil {
			return found(err, "hub.no_result")
		}
		out = resultFromRow(&r)
		return nil
	})
	return out, err
}

// Results gives at most limit results before a number, newest first; previews
// are not among them. 0 begins with the newest.
func (e *Enterprise) Results(ctx context.Context, before int64, limit int) ([]*Result, error) {
	if before == 0 {
		before = forever
	}
	rows, err := e.reader().Results(ctx, sqlgen.ResultsParams{Enterprise: e.id, Before: before, Page: int32(min(limit, page))}) //nolint:gosec // at most a page
	if err != nil {
		return nil, database.Translate(err)
	}
	out := make([]*Result, 0, len(rows))
	for i := range rows {
		out = append(out, resultFromRow(&rows[i]))
	}
	return out, nil
}

// ResultBefore is the number of the last result that was counted before a version
// of the inputs; 0 when there is none.
func (e *Enterprise) ResultBefore(ctx context.Context, version int64) (int64, error) {
	number, err := e.reader().ResultBefore(ctx, sqlgen.ResultBeforeParams{Enterprise: e.id, Version: version})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return number, database.Translate(err)
}

func (tx *Tx) addResult(ctx context.Context, r *Result, changes []Change) error {
	if len(changes) > chunk {
		return fmt.Errorf("%d changes, more than a transaction takes", len(changes))
	}
	r.Changes = int64(len(changes))
	if err := tx.q.AddResult(ctx, sqlgen.AddResultParams{
		Enterprise: tx.e.id, ID: r.Number, Kind: string(r.Kind), InputVersion: r.Version, Upload: r.Upload,
		CreatedAt: micros(r.CreatedAt), People: r.People, Licenses: r.Licenses, Changes: r.Changes, Document: string(r.Document),
	}); err != nil {
		return err
	}
	b := tx.insert(insertChange, changeRow, tx.e.id, r.Number)
	_, err := b.run(ctx, len(changes), func(args []any, i int) []any {
		c := &changes[i]
		return append(args, int64(i+1), c.Kind, string(c.People), c.Licenses)
	})
	return err
}

// RemoveResult removes a preview with its changes.
func (tx *Tx) RemoveResult(ctx context.Context, number int64) error {
	if err := tx.q.RemoveChanges(ctx, sqlgen.RemoveChangesParams{Enterprise: tx.e.id, Result: number}); err != nil {
		return err
	}
	return tx.q.RemoveResult(ctx, sqlgen.RemoveResultParams{Enterprise: tx.e.id, ID: number})
}

// Changes gives at most limit changes of a result behind a number, in order.
func (e *Enterprise) Changes(ctx context.Context, result, after int64, limit int) ([]Change, error) {
	rows, err := e.reader().Changes(ctx, sqlgen.ChangesParams{Enterprise: e.id, Result: result, After: after, Page: int32(min(limit, chunk))}) //nolint:gosec // at most a chunk
	if err != nil {
		return nil, database.Translate(err)
	}
	out := make([]Change, 0, len(rows))
	for _, r := range rows {
		out = append(out, Change{r.N, r.Kind, json.RawMessage(r.People), r.Licenses})
	}
	return out, nil
}
