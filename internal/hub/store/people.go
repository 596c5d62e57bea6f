package store

import (
	"cmp"
	"context"
	"iter"

	"github.com/oneseat/oneseat/internal/ahead"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// PersonID names a person for ever and tells nothing about them: the beginning
// of a salted hash of the anchor.
type PersonID [16]byte

// Person is a person of a result. The document says everything; the other
// fields are taken from it for finding and sorting, so that people with equal
// documents are equal.
type Person struct {
	ID         PersonID
	SortKey    string
	Search     string // folded; one text a line
	Deployment string // "cloud", "server", "both" or "none"
	License    string
	Consumes   bool
	Accounts   int64
	// Organizations and Roles are lists with a line feed before each and after
	// the last, for searching.
	Organizations string
	Roles         string
	Document      string
}

// StoredPerson is a person as the store found it.
type StoredPerson struct {
	ID PersonID
	// Number is what the store knows a person at a place of the order by.
	Number   int64
	Document string
}

// Person gives a person of a result; NotFound when there is none.
func (e *Enterprise) Person(ctx context.Context, result int64, id PersonID) (*StoredPerson, error) {
	p := &StoredPerson{ID: id}
	err := e.view(ctx, func(q *sqlgen.Queries) (err error) {
		if p.Number, err = e.numberOf(ctx, q, result, id); err != nil {
			return err
		}
		r, err := q.PersonByNumber(ctx, sqlgen.PersonByNumberParams{Enterprise: e.id, Number: p.Number, Result: result})
		p.Document = r.Document
		return err
	})
	if err != nil {
		return nil, found(err, "hub.no_person")
	}
	return p, nil
}

// listed is a person with their place in the order of every list.
type listed struct {
	StoredPerson
	sortKey string
}

// inOrder gives the people of a result in the order of every list: by sort key
// and then by id. It reads them in pages, and one ahead.
func (e *Enterprise) inOrder(ctx context.Context, result int64) iter.Seq2[listed, error] {
	return ahead.Of(func(yield func(listed, error) bool) {
		var key string
		var after PersonID
		for {
			rows, err := e.reader().PeopleInOrder(ctx, sqlgen.PeopleInOrderParams{
				Enterprise: e.id, SortKey: key, PersonID: after[:], Result: result, Page: page,
			})
			if err != nil {
				yield(listed{}, database.Translate(err))
				return
			}
			for _, r := range rows {
				id, err := storedID(r.PersonID)
				if key, after = r.SortKey, id; !yield(listed{StoredPerson{id, r.Number, r.Document}, key}, err) || err != nil {
					return
				}
			}
			if len(rows) < page {
				return
			}
		}
	})
}

// ComparePeople walks the people of a stored result and of a new one side by
// side, both in the order of every list, and visits those that differ: before
// is nil for somebody new, after for somebody who is gone. Who has another
// place in the order is visited twice, once for each. Result 0 has nobody.
func (e *Enterprise) ComparePeople(ctx context.Context, result int64, people iter.Seq2[Person, error], visit func(before *StoredPerson, after *Person) error) error {
	c := comparison{visit: visit, same: func(*StoredPerson) {}}
	return e.compare(ctx, result, people, &c)
}

func (e *Enterprise) compare(ctx context.Context, result int64, people iter.Seq2[Person, error], c *comparison) error {
	if result != 0 {
		stored, stop := iter.Pull2(e.inOrder(ctx, result))
		defer stop()
		c.stored = stored
	}
	if err := c.advance(); err != nil {
		return err
	}
	for person, err := range people {
		if err == nil {
			err = c.take(&person)
		}
		if err != nil {
			return err
		}
	}
	for c.more {
		if err := c.gone(); err != nil {
			return err
		}
	}
	return nil
}

// comparison is what was, from the next on, beside what comes.
type comparison struct {
	stored  func() (listed, error, bool) // nil: there is nobody
	visit   func(before *StoredPerson, after *Person) error
	same    func(*StoredPerson) // is told of who does not differ
	anew    bool                // everybody differs
	was     listed              // the next stored person
	more    bool                // there is one
	sortKey string              // of the last that came
	id      PersonID
}

func (c *comparison) advance() (err error) {
	if c.stored != nil {
		c.was, err, c.more = c.stored()
	}
	return err
}

func (c *comparison) gone() error {
	if err := c.visit(&c.was.StoredPerson, nil); err != nil {
		return err
	}
	return c.advance()
}

// take compares one person that comes.
func (c *comparison) take(p *Person) error {
	if ComparePlaces(c.sortKey, c.id, p.SortKey, p.ID) >= 0 {
		return errOrder
	}
	c.sortKey, c.id = p.SortKey, p.ID
	for c.more && ComparePlaces(c.was.sortKey, c.was.ID, p.SortKey, p.ID) < 0 {
		if err := c.gone(); err != nil {
			return err
		}
	}
	if !c.more || c.was.ID != p.ID || c.was.sortKey != p.SortKey {
		return c.visit(nil, p)
	}
	if !c.anew && c.was.Document == p.Document {
		c.same(&c.was.StoredPerson)
	} else if err := c.visit(&c.was.StoredPerson, p); err != nil {
		return err
	}
	return c.advance()
}

// ComparePlaces is the order of every list.
func ComparePlaces(sortKey string, id PersonID, otherKey string, other PersonID) int {
	return cmp.Or(cmp.Compare(sortKey, otherKey), id.Compare(other))
}
