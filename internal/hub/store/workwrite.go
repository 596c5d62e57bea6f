package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

const (
	insertWorkLines  = "INTO work_line (enterprise, list, person_id, place, sources, saves, document, since, state, note, actor, stated_at) VALUES "
	workLineRow      = "(%d,?,?,?,?,?,?,?,?,?,?,?)"
	insertWorkPlaces = "INTO work_place (enterprise, list, source, place, person_id, state) VALUES "
	workPlaceRow     = "(%d,?,?,?,?,?)"
)

// WorkEdit is what becomes of a line. A new line comes as it is; one that was
// there keeps what an owner said of it, and since when it stands.
type WorkEdit struct {
	Line WorkLine
	// New: no such line is there. Gone: it is not to be there any more, and of
	// Line its list and person are looked at alone.
	New, Gone bool
}

// WorkWriter writes edits, a chunk in a transaction. Each chunk shows at once:
// lists are for people who work through them, and stand on their own line by
// line. It is not safe for concurrent use.
type WorkWriter struct {
	e     *Enterprise
	edits []WorkEdit
	// Written counts the lines that were added, rewritten or removed.
	Written int64
}

// WriteWork begins to write.
func (e *Enterprise) WriteWork() *WorkWriter { return &WorkWriter{e: e} }

// Write adds an edit. Of one line there is one edit, or its removal and a new
// one in this order.
func (w *WorkWriter) Write(ctx context.Context, edit WorkEdit) error {
	w.edits = append(w.edits, edit)
	w.Written++
	if len(w.edits) < chunk/4 {
		return nil
	}
	return w.flush(ctx)
}

func (w *WorkWriter) flush(ctx context.Context) error {
	err := w.e.InTx(ctx, func(tx *Tx) error {
		var added []WorkLine
		for i := range w.edits {
			edit := &w.edits[i]
			if edit.New {
				added = append(added, edit.Line)
			} else if err := tx.editWorkLine(ctx, edit); err != nil {
				return err
			}
		}
		return tx.addWorkLines(ctx, added)
	})
	w.edits = w.edits[:0]
	return err
}

// Finish writes the rest, counts all lines, and says which result the lists
// are of.
func (w *WorkWriter) Finish(ctx context.Context, result int64, at time.Time) error {
	if err := w.flush(ctx); err != nil {
		return err
	}
	err := w.e.InTx(ctx, func(tx *Tx) error {
		if err := tx.q.SetWork(ctx, sqlgen.SetWorkParams{Enterprise: w.e.id, Result: result, MadeAt: micros(at)}); err != nil {
			return err
		}
		if err := tx.q.ClearWorkTallies(ctx, w.e.id); err != nil {
			return err
		}
		return tx.q.CountWork(ctx, w.e.id)
	})
	if err != nil {
		return err
	}
	if err := w.e.lookAt(ctx, "work_line", w.Written); err != nil {
		return err
	}
	return w.e.lookAt(ctx, "work_place", w.Written)
}

// editWorkLine removes a line or brings it up to date.
func (tx *Tx) editWorkLine(ctx context.Context, edit *WorkEdit) error {
	list, id := string(edit.Line.List), edit.Line.ID
	row, err := tx.q.WorkLine(ctx, sqlgen.WorkLineParams{Enterprise: tx.e.id, List: list, PersonID: id[:]})
	if errors.Is(err, sql.ErrNoRows) {
		return lost()
	}
	if err != nil {
		return err
	}
	was, err := workLine(edit.Line.List, row)
	if err != nil {
		return err
	}
	for _, source := range was.placed() {
		err = tx.q.RemoveWorkPlace(ctx, sqlgen.RemoveWorkPlaceParams{Enterprise: tx.e.id, List: list, Source: source, Place: was.Place, PersonID: id[:]})
		if err != nil {
			return err
		}
	}
	if edit.Gone {
		return tx.q.RemoveWorkLine(ctx, sqlgen.RemoveWorkLineParams{Enterprise: tx.e.id, List: list, PersonID: id[:]})
	}
	now := edit.Line
	now.State = was.State
	err = tx.q.RewriteWorkLine(ctx, sqlgen.RewriteWorkLineParams{
		Enterprise: tx.e.id, List: list, PersonID: id[:], Place: now.Place, Sources: numbersText(now.Sources), Saves: now.Saves, Document: now.Document,
	})
	if err != nil {
		return err
	}
	return tx.addWorkPlaces(ctx, []WorkLine{now})
}

func (tx *Tx) addWorkLines(ctx context.Context, lines []WorkLine) error {
	b := tx.insert(insertWorkLines, workLineRow, tx.e.id)
	_, err := b.run(ctx, len(lines), func(args []any, i int) []any {
		l := &lines[i]
		return append(args, string(l.List), l.ID[:], l.Place, numbersText(l.Sources), l.Saves, l.Document, micros(l.Since),
			string(l.State), l.Note, l.Actor, micros(l.StatedAt))
	})
	if err != nil {
		return err
	}
	return tx.addWorkPlaces(ctx, lines)
}

func (tx *Tx) addWorkPlaces(ctx context.Context, lines []WorkLine) error {
	type place struct {
		line   *WorkLine
		source int64
	}
	var places []place
	for i := range lines {
		for _, source := range lines[i].placed() {
			places = append(places, place{&lines[i], source})
		}
	}
	b := tx.insert(insertWorkPlaces, workPlaceRow, tx.e.id)
	_, err := b.run(ctx, len(places), func(args []any, i int) []any {
		p := places[i]
		return append(args, string(p.line.List), p.source, p.line.Place, p.line.ID[:], string(p.line.State))
	})
	return err
}
