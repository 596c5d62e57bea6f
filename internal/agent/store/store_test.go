package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/dbtest"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
)

// What the role does with a store, the tests of the role prove. Here stands what
// both engines have to do alike, and what a list may cost.

func at() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// kit is a store in a test of one engine.
type kit struct {
	*store.Store

	t *testing.T
}

// each runs a test on a store over each engine, of an agent that was made.
func each(t *testing.T, test func(kit)) {
	t.Helper()
	dbtest.Each(t, store.Migrations(), func(t *testing.T, db *database.DB) {
		s := store.New(db)
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Init(ctx, "server", "here", at()) })
		test(kit{s, t})
	})
}

func do(t *testing.T, s *store.Store, work func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := s.InTx(t.Context(), func(tx *store.Tx) error { return work(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// account is one that leaves.
func account(id, login, email string) store.Account {
	return store.Account{
		UserID: id, Login: login, Email: licensing.NewEmail(email), EmailKey: licensing.NewEmail(email), SortKey: licensing.NewEmail(login),
		Search: licensing.NewEmail(login + "\n" + id + "\n" + email),
	}
}

func mustStage(t *testing.T, s *store.Store, reading int64, accounts ...store.Account) {
	t.Helper()
	if err := s.Stage(t.Context(), reading, accounts); err != nil {
		t.Fatal(err)
	}
	if err := s.Complete(t.Context(), reading); err != nil {
		t.Fatal(err)
	}
}

func ids(accounts []store.Account) string {
	var all []string
	for i := range accounts {
		all = append(all, accounts[i].UserID)
	}
	return strings.Join(all, " ")
}

// TestListsAreInTheOrderOfBytes on both engines, whatever the language of the
// database: a usage file wants them so.
func TestListsAreInTheOrderOfBytes(t *testing.T) {
	t.Parallel()
	each(t, func(s kit) {
		t := s.t
		mustStage(t, s.Store, 1, account("a-1", "_x", "x@acme.example"), account("B", "É", "e@acme.example"), account("10", "b", ""), account("9", "a", "a@acme.example"),
			account("é", "a", "a2@acme.example"), account("9", "twice", ""))
		var leaving []string
		for a, err := range s.Leaving(t.Context(), 1) {
			if err != nil {
				t.Fatal(err)
			}
			leaving = append(leaving, fmt.Sprint(a.UserID, len(a.Emails)))
		}
		if diff := cmp.Diff([]string{"100", "91", "B1", "a-11", "é1"}, leaving); diff != "" {
			t.Errorf("what leaves (-want +got):\n%s", diff)
		}
		list, err := s.Accounts(t.Context(), 1, &store.Filter{}, store.After{}, 10)
		if err != nil || ids(list) != "a-1 9 é 10 B" {
			t.Errorf("the list: %s, %v", ids(list), err)
		}
		rest, err := s.Accounts(t.Context(), 1, &store.Filter{}, store.After{SortKey: list[1].SortKey, UserID: list[1].UserID}, 2)
		if err != nil || ids(rest) != "é 10" {
			t.Errorf("the next page: %s, %v", ids(rest), err)
		}
	})
}

// TestASearchTakesWordsAsTheyAre: nothing of them is a pattern.
func TestASearchTakesWordsAsTheyAre(t *testing.T) {
	t.Parallel()
	each(t, func(s kit) {
		t := s.t
		mustStage(t, s.Store, 1, account("1", "100%", "a_b@acme.example"), account("2", "100x", "aab@acme.example"), account("3", `back\slash`, ""))
		for word, want := range map[string]string{"100%": "1", "a_b": "1", `\`: "3", "'": "", "acme.example": "1 2"} {
			list, err := s.Accounts(t.Context(), 1, &store.Filter{Words: [3]string{word}}, store.After{}, 10)
			if err != nil || ids(list) != want {
				t.Errorf("%q finds %q, want %q; %v", word, ids(list), want, err)
			}
		}
	})
}

// TestAccountsAreForgottenByReading, in more than one step, and others stay.
func TestAccountsAreForgottenByReading(t *testing.T) {
	t.Parallel()
	each(t, func(s kit) {
		t := s.t
		many := make([]store.Account, 10_101)
		for i := range many {
			many[i] = store.Account{UserID: fmt.Sprint(i)}
		}
		mustStage(t, s.Store, 3, many...)
		mustStage(t, s.Store, 7, account("1", "ada", "ada@acme.example"))
		if got, err := s.ReadingsWithAccounts(t.Context()); err != nil || fmt.Sprint(got) != "[3 7]" {
			t.Errorf("got %v, %v", got, err)
		}
		if err := s.ForgetAccounts(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		if got, err := s.ReadingsWithAccounts(t.Context()); err != nil || fmt.Sprint(got) != "[7]" {
			t.Errorf("afterwards %v, %v", got, err)
		}
	})
}

// TestADayEndsBeforeTheNext: what was taken at midnight is of the new day, and a
// clock that went back hides no later sequence.
func TestADayEndsBeforeTheNext(t *testing.T) {
	t.Parallel()
	each(t, func(s kit) {
		t := s.t
		midnight := at().Truncate(24 * time.Hour)
		for sequence, taken := range []time.Time{midnight.Add(-time.Second), midnight, midnight.Add(-time.Second)} {
			do(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
				return tx.AddSnapshot(ctx, &store.Snapshot{Sequence: int64(sequence + 1), TakenAt: taken})
			})
		}
		if snap, err := s.SnapshotBefore(t.Context(), midnight); err != nil || snap.Sequence != 3 || !snap.Kept {
			t.Errorf("at midnight: %+v, %v", snap, err)
		}
		if snap, err := s.SnapshotBefore(t.Context(), midnight.Add(time.Hour)); err != nil || snap.Sequence != 2 {
			t.Errorf("after midnight: %+v, %v", snap, err)
		}
		old, err := s.SnapshotsBefore(t.Context(), midnight.Add(time.Hour), 3, 10)
		if err != nil || len(old) != 2 || old[1].Sequence != 2 {
			t.Errorf("too old, but for the last: %+v, %v", old, err)
		}
		if err := s.InTx(t.Context(), func(tx *store.Tx) error { return tx.AddSnapshot(t.Context(), &store.Snapshot{Sequence: 3}) }); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a sequence twice: %v", err)
		}
		do(t, s.Store, func(ctx context.Context, tx *store.Tx) error { return tx.ForgetSequences(ctx) })
		if given, taken, err := s.HighestSequence(t.Context()); err != nil || given != 0 || taken != 0 {
			t.Errorf("of another instance: %d, %d, %v", given, taken, err)
		}
	})
}

// TestReadingsThatCountAreNotForgotten, however old.
func TestReadingsThatCountAreNotForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(s kit) {
		t := s.t
		states := []store.ReadingState{store.Counts, store.Held, store.Staging, store.Replaced, store.Unchanged, store.Refused, store.Discarded}
		for _, state := range states {
			do(t, s.Store, func(ctx context.Context, tx *store.Tx) error {
				number, err := tx.BeginReading(ctx, "job", "all_users.csv", at())
				if err != nil {
					return err
				}
				return tx.UpdateReading(ctx, &store.Reading{Number: number, State: state, EndedAt: at()})
			})
		}
		if err := s.ForgetReadings(t.Context(), at().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		left, err := s.Readings(t.Context(), 0, 10)
		if err != nil || len(left) != 3 || left[0].State != store.Staging || left[2].State != store.Counts {
			t.Errorf("left are %+v, %v", left, err)
		}
	})
}

// TestAPageOfUsersReadsItsUsers and no further, with thousands before and behind.
func TestAPageOfUsersReadsItsUsers(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
		db, reads := dbtest.Counted(t, location)
		s := store.New(db)
		many := make([]store.Account, 5_000)
		for i := range many {
			many[i] = account(fmt.Sprintf("%05d", i), fmt.Sprintf("user-%05d", i), fmt.Sprintf("user-%d@acme.example", i))
		}
		mustStage(t, s, 1, many...)
		reads.Take()
		list, err := s.Accounts(t.Context(), 1, &store.Filter{}, store.After{SortKey: many[2000].SortKey, UserID: many[2000].UserID}, 50)
		if err != nil || len(list) != 50 || list[0].UserID != "02001" {
			t.Fatalf("got %d, %v", len(list), err)
		}
		rows, statements := reads.Take()
		if rows != 50 || len(statements) != 1 {
			t.Fatalf("%d rows in %d statements", rows, len(statements))
		}
		if plan := explained(t, db, statements[0]); !strings.Contains(plan, "account_order") || strings.Contains(plan, "Sort") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("the list is not read in its order:\n%s", plan)
		}
	})
}

// TestTheHighestSequenceIsLookedUp, however often the source was read.
func TestTheHighestSequenceIsLookedUp(t *testing.T) {
	t.Parallel()
	dbtest.EachLocation(t, store.Migrations(), func(t *testing.T, location string) {
		db, reads := dbtest.Counted(t, location)
		s := store.New(db)
		do(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Init(ctx, "server", "here", at()) })
		do(t, s, func(ctx context.Context, tx *store.Tx) error {
			for sequence := range int64(1_000) {
				number, err := tx.BeginReading(ctx, "job", "all_users.csv", at())
				if err == nil {
					err = tx.UpdateReading(ctx, &store.Reading{Number: number, State: store.Refused, EndedAt: at(), Snapshot: sequence})
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		reads.Take()
		if given, _, err := s.HighestSequence(t.Context()); err != nil || given != 999 {
			t.Fatalf("got %d, %v", given, err)
		}
		rows, statements := reads.Take()
		if rows != 2 || len(statements) != 2 {
			t.Fatalf("%d rows in %d statements", rows, len(statements))
		}
		if plan := explained(t, db, statements[1]); !strings.Contains(plan, "reading_snapshot") || strings.Contains(plan, "SCAN ") {
			t.Errorf("readings are gone through:\n%s", plan)
		}
	})
}

// explained is how the database does a statement.
func explained(t *testing.T, db *database.DB, s dbtest.Statement) string {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN "
	if db.Dialect == database.PostgreSQL {
		explain = "EXPLAIN "
	}
	rows, err := db.Write.QueryContext(t.Context(), explain+s.Text, s.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	for rows.Next() {
		line, to := "", make([]any, len(columns))
		for i := range to {
			to[i] = new(any)
		}
		to[len(to)-1] = &line
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
