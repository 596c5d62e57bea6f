package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/ahead"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// WorkList is one of the lists of who may be counted more than once.
type WorkList string

// The lists.
const (
	WorkMembers WorkList = "members" // hard to compare
	WorkNear    WorkList = "near"    // a server account that almost joined
	WorkFixed   WorkList = "fixed"   // one person here, and not known to be at GitHub
	WorkGone    WorkList = "gone"    // one person everywhere
)

// WorkState is how far somebody is with a line.
type WorkState string

// The states.
const (
	WorkTodo  WorkState = "todo"
	WorkAsked WorkState = "asked"
	WorkDone  WorkState = "done"
)

// Everywhere is the source under which every line stands, whatever instances
// it is about.
const Everywhere = -1

// WorkLine is a line of a list: a person, where they stand in it, and what an
// owner said of it. The document says why; no column holds an address.
type WorkLine struct {
	List     WorkList
	ID       PersonID
	Place    string
	Sources  []int64 // server instances it is about, ascending
	Saves    int64   // licenses
	Document string
	Since    time.Time

	State    WorkState
	Note     string
	Actor    string
	StatedAt time.Time
}

// Work says of which result the lists are; the zero Work: there are none yet.
type Work struct {
	Result  int64
	MadeAt  time.Time
	Tallies []WorkTally
}

// WorkTally is how many lines of a list are in a state: of those about a
// source, or of all.
type WorkTally struct {
	List   WorkList
	Source int64
	State  WorkState
	Lines  int64
}

// Work gives what the lists are of and how long they are. It reads no line.
func (e *Enterprise) Work(ctx context.Context) (Work, error) {
	var out Work
	err := e.view(ctx, func(q *sqlgen.Queries) error {
		row, err := q.Work(ctx, e.id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		out = Work{Result: row.Result, MadeAt: instant(row.MadeAt)}
		tallies, err := q.WorkTallies(ctx, e.id)
		for _, t := range tallies {
			out.Tallies = append(out.Tallies, WorkTally{WorkList(t.List), t.Source, WorkState(t.State), t.Lines})
		}
		return err
	})
	return out, err
}

// Reviewed is a person who consumes and has accounts in the cloud alone or on
// server instances alone, or none yet.
type Reviewed struct {
	StoredPerson
	Deployment string
	sortKey    string
}

// PeopleToReview gives those of a result, in the order of every list.
func (e *Enterprise) PeopleToReview(ctx context.Context, result int64) iter.Seq2[Reviewed, error] {
	return ahead.Of(pages(func(last Reviewed) ([]Reviewed, error) {
		rows, err := e.reader().PeopleToReview(ctx, sqlgen.PeopleToReviewParams{
			Enterprise: e.id, SortKey: last.sortKey, PersonID: last.ID[:], Result: result, Page: page,
		})
		out := make([]Reviewed, 0, len(rows))
		for _, r := range rows {
			id, wrong := storedID(r.PersonID)
			if wrong != nil {
				return nil, wrong
			}
			out = append(out, Reviewed{StoredPerson{ID: id, Document: r.Document}, r.Deployment, r.SortKey})
		}
		return out, err
	}))
}

// WorkPage gives at most limit lines of a list about a source, in order, behind
// the line of a person; nil begins. An empty state is any. It reads a row by
// its key for each line and one to find the place.
func (e *Enterprise) WorkPage(ctx context.Context, list WorkList, source int64, state WorkState, after *PersonID, limit int) ([]WorkLine, error) {
	var out []WorkLine
	err := e.view(ctx, func(q *sqlgen.Queries) error {
		out = nil
		begin := WorkLine{}
		if after != nil {
			row, err := q.WorkLine(ctx, sqlgen.WorkLineParams{Enterprise: e.id, List: string(list), PersonID: after[:]})
			if err != nil {
				return found(err, "hub.no_work_line")
			}
			begin.Place, begin.ID = row.Place, *after
		}
		ids, err := e.workPlaces(ctx, q, list, source, state, &begin, limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			line, err := e.workLineOf(ctx, q, list, id)
			if err != nil {
				return err
			}
			out = append(out, line)
		}
		return nil
	})
	return out, err
}

// WorkAt gives the lines of a list whose places begin with one of some texts,
// in order: at most limit of each text. The texts ascend, and none begins another.
// It reads a row by its key for each line, and looks for a text only where lines
// may begin with it: once for all that no line stands between.
func (e *Enterprise) WorkAt(ctx context.Context, list WorkList, texts []string, limit int) ([]WorkLine, error) {
	limit = min(limit, page-1)
	var out []WorkLine
	err := e.view(ctx, func(q *sqlgen.Queries) error {
		out = nil
		behind := "" // the first place that is known behind the text before
		for _, text := range texts {
			if text < behind && !strings.HasPrefix(behind, text) {
				continue
			}
			rows, err := q.WorkPlaces(ctx, sqlgen.WorkPlacesParams{
				Enterprise: e.id, List: string(list), Source: Everywhere, Place: text, PersonID: []byte{}, Page: int32(limit + 1), //nolint:gosec // at most a page
			})
			if err != nil {
				return err
			}
			n := 0
			for ; n < len(rows) && n < limit && strings.HasPrefix(rows[n].Place, text); n++ {
				line, err := e.workLineOf(ctx, q, list, rows[n].PersonID)
				if err != nil {
					return err
				}
				out = append(out, line)
			}
			if n == len(rows) { // the list ends here
				break
			}
			behind = rows[n].Place
		}
		return nil
	})
	return out, err
}

func (e *Enterprise) workPlaces(ctx context.Context, q *sqlgen.Queries, list WorkList, source int64, state WorkState, begin *WorkLine, limit int) ([][]byte, error) {
	var out [][]byte
	n := int32(min(limit, page)) //nolint:gosec // at most a page
	if state == "" {
		rows, err := q.WorkPlaces(ctx, sqlgen.WorkPlacesParams{
			Enterprise: e.id, List: string(list), Source: source, Place: begin.Place, PersonID: begin.ID[:], Page: n,
		})
		for _, r := range rows {
			out = append(out, r.PersonID)
		}
		return out, err
	}
	rows, err := q.WorkPlacesInState(ctx, sqlgen.WorkPlacesInStateParams{
		Enterprise: e.id, List: string(list), Source: source, State: string(state), Place: begin.Place, PersonID: begin.ID[:], Page: n,
	})
	for _, r := range rows {
		out = append(out, r.PersonID)
	}
	return out, err
}

// WorkLine gives the line of a person; NotFound when there is none.
func (e *Enterprise) WorkLine(ctx context.Context, list WorkList, id PersonID) (*WorkLine, error) {
	row, err := e.reader().WorkLine(ctx, sqlgen.WorkLineParams{Enterprise: e.id, List: string(list), PersonID: id[:]})
	if err != nil {
		return nil, found(err, "hub.no_work_line")
	}
	line, err := workLine(list, row)
	return &line, err
}

// WorkLines gives all lines of a list, by person.
func (e *Enterprise) WorkLines(ctx context.Context, list WorkList) iter.Seq2[WorkLine, error] {
	return pages(func(last WorkLine) ([]WorkLine, error) {
		rows, err := e.reader().WorkLines(ctx, sqlgen.WorkLinesParams{Enterprise: e.id, List: string(list), After: last.ID[:], Page: page})
		out := make([]WorkLine, 0, len(rows))
		for _, r := range rows {
			line, wrong := workLine(list, sqlgen.WorkLineRow(r))
			if wrong != nil {
				return nil, wrong
			}
			out = append(out, line)
		}
		return out, err
	})
}

// workLineOf reads the line of a person that a list has.
func (e *Enterprise) workLineOf(ctx context.Context, q *sqlgen.Queries, list WorkList, id []byte) (WorkLine, error) {
	row, err := q.WorkLine(ctx, sqlgen.WorkLineParams{Enterprise: e.id, List: string(list), PersonID: id})
	if err != nil {
		return WorkLine{}, err
	}
	return workLine(list, row)
}

func workLine(list WorkList, r sqlgen.WorkLineRow) (WorkLine, error) {
	id, err := storedID(r.PersonID)
	if err != nil {
		return WorkLine{}, err
	}
	sources, err := numbersIn(r.Sources)
	return WorkLine{
		List: list, ID: id, Place: r.Place, Sources: sources, Saves: r.Saves, Document: r.Document, Since: instant(r.Since),
		State: WorkState(r.State), Note: r.Note, Actor: r.Actor, StatedAt: instant(r.StatedAt),
	}, err
}

// numbersText writes numbers into a column, numbersIn reads them.
func numbersText(list []int64) string {
	out := make([]string, 0, len(list))
	for _, n := range list {
		out = append(out, strconv.FormatInt(n, 10))
	}
	return strings.Join(out, " ")
}

func numbersIn(text string) ([]int64, error) {
	var out []int64
	for word := range strings.FieldsSeq(text) {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// placed are the sources under which a line stands.
func (l *WorkLine) placed() []int64 { return slices.Concat([]int64{Everywhere}, l.Sources) }

// SetWorkState says how far somebody is with a line, and counts it. NotFound
// when the line is not there.
func (tx *Tx) SetWorkState(ctx context.Context, list WorkList, id PersonID, state WorkState, note, actor string, at time.Time) error {
	if _, err := tx.q.HoldWork(ctx, tx.e.id); err != nil {
		return err
	}
	row, err := tx.q.WorkLine(ctx, sqlgen.WorkLineParams{Enterprise: tx.e.id, List: string(list), PersonID: id[:]})
	if err != nil {
		return found(err, "hub.no_work_line")
	}
	line, err := workLine(list, row)
	if err != nil {
		return err
	}
	if state == WorkTodo && line.State != WorkTodo && note == line.Note {
		note = "" // it was of the mark that is taken back
	}
	err = one(tx.q.StateWorkLine(ctx, sqlgen.StateWorkLineParams{
		Enterprise: tx.e.id, List: string(list), PersonID: id[:], State: string(state), Note: note, Actor: actor, StatedAt: micros(at),
	}))
	for _, source := range line.placed() {
		if err == nil {
			err = tx.q.StateWorkPlace(ctx, sqlgen.StateWorkPlaceParams{
				Enterprise: tx.e.id, List: string(list), Source: source, Place: line.Place, PersonID: id[:], State: string(state),
			})
		}
		if err == nil {
			err = tx.countLine(ctx, list, source, line.State, -1)
		}
		if err == nil {
			err = tx.countLine(ctx, list, source, state, 1)
		}
	}
	return database.Translate(err)
}

func (tx *Tx) countLine(ctx context.Context, list WorkList, source int64, state WorkState, n int64) error {
	return tx.q.CountWorkLine(ctx, sqlgen.CountWorkLineParams{
		Enterprise: tx.e.id, List: string(list), Source: source, State: string(state), Lines: n,
	})
}
