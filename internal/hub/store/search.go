package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// Filter says whom a search finds; what is empty filters nothing.
type Filter struct {
	// Words that all stand in the search text, folded; Masked: before [Masks].
	Words  []string
	Masked bool
	// Deployment is one of a person's, or [WithCloud] or [WithServer].
	Deployment string
	// Organization is a login in lower case; Role is an enterprise role as the
	// report spells it.
	Organization string
	Role         string
	License      string
	Consumes     *bool
	// Accounts is how many a person has at least; 0: any number.
	Accounts int
	// Holds are texts of the person's document: of each group one stands in it.
	// What is in quotes is a key or a whole value, because no text of a document
	// has a quote that is not escaped.
	Holds [][]string
	// Lacks are texts of the same kind, none of which stands in it.
	Lacks []string
	// Unlisted leaves out who stands in [WorkNear].
	Unlisted bool
	// Reverse turns the order around.
	Reverse bool
}

// Deployments that are two: an account in the cloud, or on a server instance,
// whatever else.
const (
	WithCloud  = "with_cloud"
	WithServer = "with_server"
)

// Masks stands in a search text before the addresses, which whoever sees masks
// finds nobody by. No word has it; a search text without it has nothing that
// they find.
const Masks = "\n\n"

// Search gives at most limit people of a result whom a filter finds, in the
// order of every list, behind the person with the id after; nil begins. It
// reads along that order from where it begins, and no further than it has to:
// the rarer those it looks for, the more people it passes.
//
// This is the one query that is put together at run time. Its texts are
// constants; everything that comes from outside is an argument.
func (e *Enterprise) Search(ctx context.Context, result int64, f *Filter, after *PersonID, limit int) ([]StoredPerson, error) {
	var out []StoredPerson
	err := e.db.View(ctx, func(tx *sql.Tx) error {
		s := search{e: e, tx: tx, result: result}
		query, err := s.query(ctx, f, after, min(limit, page))
		if err != nil {
			return err
		}
		out, err = s.run(ctx, query)
		return err
	})
	return out, err
}

// CountFound is how many people of a result a filter finds, and no more than
// most: it stops there. The order makes no difference.
func (e *Enterprise) CountFound(ctx context.Context, result int64, f *Filter, most int) (n int64, err error) {
	err = e.db.View(ctx, func(tx *sql.Tx) error {
		s := search{e: e, tx: tx, result: result}
		if err := s.begin(ctx, nil, false); err != nil {
			return err
		}
		s.narrow(f)
		s.args = append(s.args, int64(most))
		query := s.text(countSelect + strings.Join(s.where, " AND ") + countLimit)
		return tx.QueryRowContext(ctx, query, s.args...).Scan(&n)
	})
	return n, err
}

// search puts the query together: conditions and their arguments, in turn.
type search struct {
	e      *Enterprise
	tx     *sql.Tx
	result int64
	where  []string
	args   []any
}

// query is the whole text; its arguments are in args.
func (s *search) query(ctx context.Context, f *Filter, after *PersonID, limit int) (string, error) {
	if err := s.begin(ctx, after, f.Reverse); err != nil {
		return "", err
	}
	s.narrow(f)
	s.args = append(s.args, int64(limit))
	order := searchOrder
	if f.Reverse {
		order = searchReverse
	}
	return s.text(searchSelect + strings.Join(s.where, " AND ") + order), nil
}

func (s *search) and(condition string, args ...any) {
	s.where = append(s.where, condition)
	s.args = append(s.args, args...)
}

// The text of the query, as far as it is always the same.
const (
	searchSelect  = "SELECT person_id, number, document FROM person WHERE "
	countSelect   = "SELECT count(*) FROM (SELECT 1 AS found FROM person WHERE "
	countLimit    = " LIMIT ?) AS counted"
	unlisted      = "NOT EXISTS (SELECT 1 FROM work_line l WHERE l.enterprise = person.enterprise AND l.list = ? AND l.person_id = person.person_id)"
	searchOrder   = " ORDER BY sort_key, person_id LIMIT ?"
	searchReverse = " ORDER BY sort_key DESC, person_id DESC LIMIT ?"
)

// begin names the result and the place in the order. The place is looked up,
// because a sort key may be an address, which belongs in no link.
func (s *search) begin(ctx context.Context, after *PersonID, reverse bool) error {
	s.and("enterprise = ?", s.e.id)
	s.and("from_result <= ?", s.result)
	s.and("to_result > ?", s.result)
	if after == nil {
		return nil
	}
	q := sqlgen.New(s.tx)
	number, err := s.e.numberOf(ctx, q, s.result, *after)
	var key string
	if err == nil {
		key, err = q.SortKey(ctx, sqlgen.SortKeyParams{Enterprise: s.e.id, Number: number, Result: s.result})
	}
	if err != nil {
		if errs.KindOf(found(err, "hub.bad_place")) == errs.NotFound {
			return errs.New(errs.Invalid, "hub.bad_place")
		}
		return err
	}
	if reverse {
		s.and("(sort_key, person_id) < (?, ?)", key, after[:])
	} else {
		s.and("(sort_key, person_id) > (?, ?)", key, after[:])
	}
	return nil
}

func (s *search) narrow(f *Filter) {
	text := "search"
	if f.Masked {
		text = s.unmasked()
	}
	for _, word := range f.Words {
		s.and(s.inside(text), word)
	}
	switch f.Deployment {
	case "":
	case WithCloud:
		s.and("deployment IN ('cloud', 'both')")
	case WithServer:
		s.and("deployment IN ('server', 'both')")
	default:
		s.and("deployment = ?", f.Deployment)
	}
	if f.Organization != "" {
		s.and(s.inside("organizations"), "\n"+f.Organization+"\n")
	}
	if f.Role != "" {
		s.and(s.inside("roles"), "\n"+f.Role+"\n")
	}
	if f.License != "" {
		s.and("license = ?", f.License)
	}
	if f.Consumes != nil {
		s.and("consumes = ?", *f.Consumes)
	}
	if f.Accounts > 0 {
		s.and("accounts >= ?", int64(f.Accounts))
	}
	if f.Unlisted {
		s.and(unlisted, string(WorkNear))
	}
	for _, group := range f.Holds {
		s.holds(group)
	}
	for _, text := range f.Lacks {
		s.and("NOT "+s.inside("document"), text)
	}
}

// holds says that one of some texts stands in the document.
func (s *search) holds(group []string) {
	either := make([]string, 0, len(group))
	for _, text := range group {
		either = append(either, s.inside("document"))
		s.args = append(s.args, text)
	}
	s.where = append(s.where, "("+strings.Join(either, " OR ")+")")
}

// unmasked is the search text as far as whoever sees masks sees it.
func (s *search) unmasked() string {
	if s.e.db.Dialect == database.PostgreSQL {
		return `left(search, strpos(search, E'\n\n'))`
	}
	return "substr(search, 1, instr(search, char(10, 10)))"
}

// inside says that a text stands in a column, byte by byte: LIKE folds case on
// one engine and not on the other.
func (s *search) inside(column string) string {
	if s.e.db.Dialect == database.PostgreSQL {
		return "strpos(" + column + ", ?) > 0"
	}
	return "instr(" + column + ", ?) > 0"
}

func (s *search) text(query string) string {
	if s.e.db.Dialect == database.PostgreSQL {
		return numbered(query)
	}
	return query
}

func (s *search) run(ctx context.Context, query string) ([]StoredPerson, error) {
	rows, err := s.tx.QueryContext(ctx, query, s.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []StoredPerson
	for rows.Next() {
		var column []byte
		var p StoredPerson
		if err := rows.Scan(&column, &p.Number, &p.Document); err != nil {
			return nil, err
		}
		var err error
		if p.ID, err = storedID(column); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
