package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/agent/store/sqlgen"
	"github.com/oneseat/oneseat/internal/database"
)

// group is how many rows one statement takes.
const group = 100

// The statement that takes many rows at once, which sqlc has no words for. The
// number of the reading is the same in every row and stands in the text.
const (
	insertAccounts = "INSERT INTO account (reading, user_id, sort_key, search, login, email, email_key, cause, sign_in) VALUES "
	accountPlaces  = 8
	onceEach       = " ON CONFLICT (reading, user_id) DO NOTHING"
)

// Stage writes accounts of a reading that nobody sees yet, in any order and as
// often as it takes; of several with one id the first stays.
func (s *Store) Stage(ctx context.Context, reading int64, accounts []Account) error {
	for len(accounts) > 0 {
		n := min(chunk, len(accounts))
		if err := s.db.InTx(ctx, func(tx *sql.Tx) error { return stage(ctx, tx, reading, accounts[:n]) }); err != nil {
			return fmt.Errorf("stage accounts of reading %d: %w", reading, err)
		}
		accounts = accounts[n:]
	}
	return nil
}

func stage(ctx context.Context, tx *sql.Tx, reading int64, accounts []Account) error {
	full, err := tx.PrepareContext(ctx, insertOf(reading, group))
	if err != nil {
		return err
	}
	defer full.Close() //nolint:errcheck // the transaction's end tells
	args := make([]any, 0, group*accountPlaces)
	for len(accounts) > 0 {
		n := min(group, len(accounts))
		args = args[:0]
		for i := range accounts[:n] {
			args = accounts[i].places(args)
		}
		if n == group {
			_, err = full.ExecContext(ctx, args...)
		} else {
			_, err = tx.ExecContext(ctx, insertOf(reading, n), args...)
		}
		if err != nil {
			return err
		}
		accounts = accounts[n:]
	}
	return nil
}

func (a *Account) places(args []any) []any {
	return append(args, a.UserID, a.SortKey.Address(), a.Search.Address(), a.Login, a.Email.Address(), a.EmailKey.Address(), a.Cause, int64(a.SignIn))
}

// insertOf is the statement for so many rows.
func insertOf(reading int64, rows int) string {
	var s strings.Builder
	s.WriteString(insertAccounts)
	for row := range rows {
		if row > 0 {
			s.WriteByte(',')
		}
		s.WriteString("(" + strconv.FormatInt(reading, 10))
		for place := range accountPlaces {
			s.WriteString(",$" + strconv.Itoa(row*accountPlaces+place+1))
		}
		s.WriteByte(')')
	}
	return s.String() + onceEach
}

// Complete marks what can be said once every account of a reading is there:
// who shares an address.
func (s *Store) Complete(ctx context.Context, reading int64) error {
	if err := s.db.Analyze(ctx, "account"); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error { return database.Translate(tx.q.MarkShared(ctx, reading)) })
}

// ReadingsWithAccounts gives the numbers of readings of which there are accounts,
// ascending: the one that counts, one that is held or made, and what was not yet
// forgotten. It passes over the accounts themselves.
func (s *Store) ReadingsWithAccounts(ctx context.Context) ([]int64, error) {
	var all []int64
	for after := int64(0); ; {
		number, err := s.reader().NextWithAccounts(ctx, after)
		if err != nil || number == 0 {
			return all, database.Translate(err)
		}
		all, after = append(all, number), number
	}
}

// ForgetAccounts removes the accounts of a reading, a chunk at a time.
func (s *Store) ForgetAccounts(ctx context.Context, reading int64) error {
	for {
		var n int64
		err := s.InTx(ctx, func(tx *Tx) (err error) {
			n, err = tx.q.ForgetAccounts(ctx, sqlgen.ForgetAccountsParams{Reading: reading, AtMost: chunk})
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
