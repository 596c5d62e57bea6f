package store

import (
	"context"
	"iter"

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
	ID       PersonID
	Document string
}

// Person gives a person of a result; NotFound when there is none.
func (e *Enterprise) Person(ctx context.Context, result int64, id PersonID) (*StoredPerson, error) {
	r, err := e.reader().Person(ctx, sqlgen.PersonParams{Enterprise: e.id, PersonID: id.String(), Result: result})
	if err != nil {
		return nil, found(err, "hub.no_person")
	}
	return &StoredPerson{id, r.Document}, nil
}

// PeopleByID gives the people of a result in ascending order of their ids, in
// pages: nothing is held between them.
func (e *Enterprise) PeopleByID(ctx context.Context, result int64) iter.Seq2[StoredPerson, error] {
	return func(yield func(StoredPerson, error) bool) {
		after := ""
		for {
			rows, err := e.reader().PeopleByID(ctx, sqlgen.PeopleByIDParams{Enterprise: e.id, After: after, Result: result, Page: page})
			if err != nil {
				yield(StoredPerson{}, database.Translate(err))
				return
			}
			for _, r := range rows {
				after = r.PersonID
				id, err := ParsePersonID(r.PersonID)
				if !yield(StoredPerson{id, r.Document}, err) || err != nil {
					return
				}
			}
			if len(rows) < page {
				return
			}
		}
	}
}

// ComparePeople walks the people of a stored result and of a new one side by
// side, both in ascending order of their ids, and visits those that differ:
// before is nil for somebody new, after for somebody who is gone. Result 0 has
// nobody.
func (e *Enterprise) ComparePeople(ctx context.Context, result int64, people iter.Seq2[Person, error], visit func(before *StoredPerson, after *Person) error) error {
	stored, stop := iter.Pull2(e.PeopleByID(ctx, result))
	defer stop()
	was, err, more := stored()
	for person, failed := range people {
		if failed != nil {
			return failed
		}
		for more && err == nil && was.ID.Compare(person.ID) < 0 {
			if err = visit(&was, nil); err == nil {
				was, err, more = stored()
			}
		}
		if err != nil {
			return err
		}
		if more && was.ID == person.ID {
			if was.Document != person.Document {
				err = visit(&was, &person)
			}
			if err == nil {
				was, err, more = stored()
			}
		} else {
			err = visit(nil, &person)
		}
		if err != nil {
			return err
		}
	}
	for more && err == nil {
		if err = visit(&was, nil); err == nil {
			was, err, more = stored()
		}
	}
	return err
}
