package store

import (
	"context"
	"iter"

	"github.com/oneseat/oneseat/internal/agent/store/sqlgen"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/licensing"
)

// SignIn says whether the source showed that somebody ever signed in.
type SignIn int64

// What a source shows.
const (
	SignInUnknown SignIn = 0
	SignInSeen    SignIn = 1
	SignInNone    SignIn = 2
)

// Account is somebody who has an account on the server instance.
type Account struct {
	UserID, Login string
	Email         licensing.Email
	// EmailKey tells equal addresses: their normal form, empty for none.
	EmailKey licensing.Email
	// SortKey is what lists are ordered by, Search what a search looks at, both
	// folded by the role.
	SortKey, Search licensing.Email
	// Cause is why the account does not leave: "suspended", "built_in" or
	// "never_signed_in"; empty when it does.
	Cause  string
	SignIn SignIn
	// Shared says that another account has the same address.
	Shared bool
}

// Filter says whose accounts to list; the zero value is everybody's. All that
// is set must hold.
type Filter struct {
	Words                                      [3]string // folded; each stands in the search text
	Cause                                      string
	Leaves, Stays, NoAddress, Shared, NoSignIn bool
}

// After is the account that a page of a list goes on behind; its zero value
// begins.
type After struct {
	SortKey licensing.Email
	UserID  string
}

// Accounts gives at most limit accounts of a reading, by sort key and then by
// id. It reads along that order and no further than it has to: the rarer those
// it looks for, the more it passes.
func (s *Store) Accounts(ctx context.Context, reading int64, f *Filter, after After, limit int) ([]Account, error) {
	rows, err := s.reader().Accounts(ctx, sqlgen.AccountsParams{
		Reading: reading, AfterKey: after.SortKey.Address(), AfterID: after.UserID, AtMost: most(limit),
		Cause: f.Cause, Stays: f.Stays, Leaves: f.Leaves, NoAddress: f.NoAddress, Shared: f.Shared, NoSignIn: f.NoSignIn,
		Word1: f.Words[0], Word2: f.Words[1], Word3: f.Words[2],
	})
	return each(rows, err, accountFrom)
}

// Account gives the account with an id; NotFound when the reading has none.
func (s *Store) Account(ctx context.Context, reading int64, id string) (Account, error) {
	row, err := s.reader().Account(ctx, sqlgen.AccountParams{Reading: reading, UserID: id})
	if err != nil {
		return Account{}, found(err, "agent.no_user", "ID", id)
	}
	return accountFrom(row), nil
}

// SharedWith gives at most limit other accounts with the address of one, by id.
func (s *Store) SharedWith(ctx context.Context, reading int64, a *Account, limit int) ([]Account, error) {
	rows, err := s.reader().SharedWith(ctx, sqlgen.SharedWithParams{
		Reading: reading, EmailKey: a.EmailKey.Address(), UserID: a.UserID, AtMost: most(limit),
	})
	return each(rows, err, accountFrom)
}

func accountFrom(r sqlgen.Account) Account {
	return Account{
		UserID: r.UserID, Login: r.Login, Email: licensing.NewEmail(r.Email), EmailKey: licensing.NewEmail(r.EmailKey),
		SortKey: licensing.NewEmail(r.SortKey), Search: licensing.NewEmail(r.Search), Cause: r.Cause, SignIn: SignIn(r.SignIn), Shared: r.Shared,
	}
}

// Leaving gives the accounts of a reading that leave, as a usage file has them:
// in ascending order of the bytes of their ids, the same each time.
func (s *Store) Leaving(ctx context.Context, reading int64) iter.Seq2[licensing.ServerAccount, error] {
	return func(yield func(licensing.ServerAccount, error) bool) {
		q, after := s.reader(), ""
		for {
			rows, err := q.Leaving(ctx, sqlgen.LeavingParams{Reading: reading, After: after, AtMost: page})
			if err != nil {
				yield(licensing.ServerAccount{}, database.Translate(err))
				return
			}
			for _, r := range rows {
				if after = r.UserID; !yield(leavingFrom(r), nil) {
					return
				}
			}
			if len(rows) < page {
				return
			}
		}
	}
}

func leavingFrom(r sqlgen.LeavingRow) licensing.ServerAccount {
	a := licensing.ServerAccount{UserID: r.UserID}
	if r.Email != "" {
		a.Emails = []licensing.ServerEmail{{Email: licensing.NewEmail(r.Email), Primary: true}}
	}
	return a
}

// Tally counts accounts of a kind.
type Tally struct {
	Cause             string
	SignIn            SignIn
	Shared, NoAddress bool
	Accounts          int64
}

// Tallies counts the accounts of a reading by kind. It reads all of them.
func (s *Store) Tallies(ctx context.Context, reading int64) ([]Tally, error) {
	rows, err := s.reader().Tallies(ctx, reading)
	return each(rows, err, func(r sqlgen.TalliesRow) Tally {
		return Tally{r.Cause, SignIn(r.SignIn), r.Shared, r.NoAddress, r.Accounts}
	})
}

// Reused is an id that had another login and another address before: an
// instance that was made anew gives the ids of others to its people.
type Reused struct{ UserID, Login, Was string }

// Reused gives at most limit ids of a reading that somebody else had in an
// earlier one.
func (s *Store) Reused(ctx context.Context, before, reading int64, limit int) ([]Reused, error) {
	rows, err := s.reader().Reused(ctx, sqlgen.ReusedParams{Before: before, Reading: reading, AtMost: most(limit)})
	return each(rows, err, func(r sqlgen.ReusedRow) Reused { return Reused{r.UserID, r.Login, r.Was} })
}
