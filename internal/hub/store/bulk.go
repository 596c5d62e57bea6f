package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/database"
)

// group is how many rows one statement takes.
const group = 100

// The statements that take many rows at once, which sqlc has no words for.
// A question mark is a place: SQLite's own, without a name it would have to
// look up among all the others; [numbered] makes PostgreSQL's of it.
const (
	insertItems  = "INSERT INTO item (enterprise, source, kind, key, from_seq, to_seq, document) VALUES "
	closeItems   = "UPDATE item SET to_seq = ? WHERE enterprise = ? AND source = ? AND kind = ? AND from_seq <= ? AND to_seq = 9223372036854775807 AND key IN "
	insertPeople = "INSERT INTO person (enterprise, person_id, from_result, to_result, sort_key, search, deployment, license, consumes, accounts, organizations, roles, document) VALUES "
	closePeople  = "UPDATE person SET to_result = ? WHERE enterprise = ? AND from_result < ? AND to_result = 9223372036854775807 AND person_id IN "
	insertChange = "INSERT INTO change (enterprise, result, n, kind, people, licenses) VALUES "
)

// bulk runs a statement for many rows in one transaction, as many at a time as
// a statement takes.
type bulk struct {
	tx   *Tx
	full *sql.Stmt // for a whole group; prepared when the first is full
	head string
	// before are arguments that stand before those of the rows; width is how
	// many a row has. A list of keys has one pair of brackets around all rows.
	before []any
	width  int
	list   bool
}

// run takes the arguments of all rows, one behind the other, and gives how
// many rows were affected.
func (b *bulk) run(ctx context.Context, args []any) (int64, error) {
	defer b.close()
	var affected int64
	for len(args) > 0 {
		rows := min(group, len(args)/b.width)
		n, err := b.exec(ctx, rows, slices.Concat(b.before, args[:rows*b.width]))
		if err != nil {
			return affected, err
		}
		affected += n
		args = args[rows*b.width:]
	}
	return affected, nil
}

func (b *bulk) exec(ctx context.Context, rows int, args []any) (int64, error) {
	if rows < group {
		return rowsAffected(b.tx.SQL.ExecContext(ctx, b.statement(rows), args...))
	}
	if b.full == nil {
		var err error
		if b.full, err = b.tx.SQL.PrepareContext(ctx, b.statement(group)); err != nil {
			return 0, err
		}
	}
	return rowsAffected(b.full.ExecContext(ctx, args...))
}

func (b *bulk) close() {
	if b.full != nil {
		b.full.Close() //nolint:errcheck // the transaction's end tells
		b.full = nil
	}
}

// statement is the head and a place for every argument of the rows.
func (b *bulk) statement(rows int) string {
	row := "(" + strings.Repeat("?,", b.width-1) + "?)"
	if b.list {
		row = "?"
	}
	values := strings.Repeat(row+",", rows-1) + row
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
