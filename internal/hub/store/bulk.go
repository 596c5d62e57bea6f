package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
)

// group is how many rows one statement takes.
const group = 100

// The statements that take many rows at once, which sqlc has no words for.
const (
	insertItems  = "INSERT INTO item (enterprise, source, kind, key, from_seq, to_seq, document) VALUES "
	closeItems   = "UPDATE item SET to_seq = $1 WHERE enterprise = $2 AND source = $3 AND kind = $4 AND from_seq <= $5 AND to_seq = 9223372036854775807 AND key IN "
	insertPeople = "INSERT INTO person (enterprise, person_id, from_result, to_result, sort_key, search, deployment, license, consumes, accounts, organizations, roles, document) VALUES "
	closePeople  = "UPDATE person SET to_result = $1 WHERE enterprise = $2 AND from_result < $3 AND to_result = 9223372036854775807 AND person_id IN "
	insertChange = "INSERT INTO change (enterprise, result, n, kind, people, licenses) VALUES "
)

// bulk runs a statement for many rows in one transaction, as many at a time as
// a statement takes.
type bulk struct {
	tx   *sql.Tx
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
		return rowsAffected(b.tx.ExecContext(ctx, b.statement(rows), args...))
	}
	if b.full == nil {
		var err error
		if b.full, err = b.tx.PrepareContext(ctx, b.statement(group)); err != nil {
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
	var s strings.Builder
	s.WriteString(b.head)
	if b.list {
		s.WriteByte('(')
	}
	n := len(b.before)
	for i := range rows {
		if i > 0 {
			s.WriteByte(',')
		}
		b.row(&s, &n)
	}
	if b.list {
		s.WriteByte(')')
	}
	return s.String()
}

func (b *bulk) row(s *strings.Builder, n *int) {
	if !b.list {
		s.WriteByte('(')
	}
	for i := range b.width {
		if i > 0 {
			s.WriteByte(',')
		}
		*n++
		s.WriteString("$" + strconv.Itoa(*n))
	}
	if !b.list {
		s.WriteByte(')')
	}
}

func rowsAffected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
