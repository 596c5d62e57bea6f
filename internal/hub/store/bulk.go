package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/database"
)

// group is how many rows one statement takes.
const group = 100

// The statements that take many rows at once, which sqlc has no words for.
// A question mark is a place: SQLite's own, without a name it would have to
// look up among all the others; [numbered] makes PostgreSQL's of it. A %d is
// the same number in every row and stands in the text: binding it a million
// times would take time.
const (
	insertItems  = "INTO item (enterprise, source, kind, key, from_seq, to_seq, document) VALUES "
	itemRow      = "(%d,%d,?,?,%d,9223372036854775807,?)"
	closeItems   = "UPDATE item SET to_seq = ? WHERE enterprise = ? AND source = ? AND kind = ? AND from_seq <= ? AND to_seq = 9223372036854775807 AND key IN "
	insertPeople = "INTO person (enterprise, number, person_id, from_result, to_result, sort_key, search, deployment, license, consumes, accounts, organizations, roles, document) VALUES "
	personRow    = "(%d,?,?,%d,9223372036854775807,?,?,?,?,?,?,?,?,?)"
	closePeople  = "UPDATE person SET to_result = ? WHERE enterprise = ? AND from_result < ? AND to_result = 9223372036854775807 AND number IN "
	removePeople = "DELETE FROM person WHERE enterprise = ? AND from_result > ? AND number IN "
	reopenPeople = "UPDATE person SET to_result = 9223372036854775807 WHERE enterprise = ? AND to_result > ? AND to_result < 9223372036854775807 AND number IN "
	forgetPeople = "DELETE FROM person WHERE enterprise = ? AND to_result <= ? AND number IN "
	insertChange = "INTO change (enterprise, result, n, kind, people, licenses) VALUES "
	changeRow    = "(%d,%d,?,?,?,?)"
)

// bulk runs a statement for many rows in one transaction, as many at a time as
// a statement takes.
type bulk struct {
	tx   *Tx
	full *sql.Stmt // for a whole group; prepared when the first is full
	head string
	row  string // places of a row
	// before are arguments that stand before those of the rows; list puts one
	// pair of brackets around all rows.
	before []any
	list   bool
	args   []any
}

// insert is a bulk that inserts rows. On SQLite a statement of many rows keeps
// a journal of its own, to be taken back alone when a row is refused; here the
// whole transaction is, so OR FAIL does without.
func (tx *Tx) insert(into, row string, constants ...any) *bulk {
	verb := "INSERT "
	if tx.e.db.Dialect == database.SQLite {
		verb = "INSERT OR FAIL "
	}
	return &bulk{tx: tx, head: verb + into, row: fmt.Sprintf(row, constants...)}
}

// keys is a bulk whose rows are the keys of a list.
func (tx *Tx) keys(head string, before ...any) *bulk {
	return &bulk{tx: tx, head: head, row: "?", before: before, list: true}
}

// run runs the statement for n rows, whose arguments row appends to args, and
// gives how many rows were affected.
func (b *bulk) run(ctx context.Context, n int, row func(args []any, i int) []any) (int64, error) {
	defer b.close()
	var affected int64
	for from := 0; from < n; from += group {
		to := min(from+group, n)
		b.args = append(b.args[:0], b.before...)
		for i := from; i < to; i++ {
			b.args = row(b.args, i)
		}
		one, err := b.exec(ctx, to-from)
		if err != nil {
			return affected, err
		}
		affected += one
	}
	return affected, nil
}

func (b *bulk) exec(ctx context.Context, rows int) (int64, error) {
	if rows < group {
		return rowsAffected(b.tx.SQL.ExecContext(ctx, b.statement(rows), b.args...))
	}
	if b.full == nil {
		var err error
		if b.full, err = b.tx.SQL.PrepareContext(ctx, b.statement(group)); err != nil {
			return 0, err
		}
	}
	return rowsAffected(b.full.ExecContext(ctx, b.args...))
}

func (b *bulk) close() {
	if b.full != nil {
		b.full.Close() //nolint:errcheck // the transaction's end tells
		b.full = nil
	}
}

// statement is the head and the places of that many rows.
func (b *bulk) statement(rows int) string {
	values := strings.Repeat(b.row+",", rows-1) + b.row
	if b.list {
		values = "(" + values + ")"
	}
	if b.tx.e.db.Dialect == database.PostgreSQL {
		return numbered(b.head + values)
	}
	return b.head + values
}

// numbered gives every place its number: $1, $2 and so on.
func numbered(statement string) string {
	var s strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(statement, "?")
		s.WriteString(before)
		if !found {
			return s.String()
		}
		s.WriteString("$" + strconv.Itoa(n))
		statement = after
	}
}

func rowsAffected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
