package store

import (
	"context"

	"github.com/oneseat/oneseat/internal/database"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store/sqlgen"
)

// removePeople takes back the people and blocks of results behind one: it goes
// through what was written and nothing else. Who differs is closed and added in
// one transaction, and so is reopened and removed in one.
func (e *Enterprise) removePeople(ctx context.Context, result int64, may func(context.Context, *Tx) error) error {
	removals := []peopleRemoval{
		{find: func(q *sqlgen.Queries) ([]int64, error) {
			return q.NewPeople(ctx, sqlgen.NewPeopleParams{Enterprise: e.id, First: firstNumber(result + 1), Page: chunk})
		}, statements: []string{removePeople}},
		{find: func(q *sqlgen.Queries) ([]int64, error) {
			return q.ClosedPeople(ctx, sqlgen.ClosedPeopleParams{Enterprise: e.id, Result: result, Page: chunk})
		}, statements: []string{removePeople, reopenPeople}},
	}
	for _, r := range removals {
		if err := e.removeSome(ctx, result, &r, may); err != nil {
			return err
		}
	}
	return e.InTx(ctx, func(tx *Tx) error {
		if err := may(ctx, tx); err != nil {
			return err
		}
		if err := tx.q.RemoveBlocks(ctx, sqlgen.RemoveBlocksParams{Enterprise: e.id, Result: result}); err != nil {
			return err
		}
		return tx.q.ReopenBlocks(ctx, sqlgen.ReopenBlocksParams{Enterprise: e.id, Result: result})
	})
}

// peopleRemoval says whom to deal with, by number, and how: statements that each
// take an enterprise, a result and numbers.
type peopleRemoval struct {
	find       func(*sqlgen.Queries) ([]int64, error)
	statements []string
}

// removeSome deals with a chunk of people in each transaction, until there are
// none.
func (e *Enterprise) removeSome(ctx context.Context, result int64, r *peopleRemoval, may func(context.Context, *Tx) error) error {
	for more := true; more; {
		err := e.InTx(ctx, func(tx *Tx) error {
			if err := may(ctx, tx); err != nil {
				return err
			}
			found, err := r.find(tx.q)
			if more = len(found) > 0; err != nil || !more {
				return err
			}
			return tx.removeThese(ctx, result, r, found)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) removeThese(ctx context.Context, result int64, r *peopleRemoval, numbers []int64) error {
	for _, statement := range r.statements {
		b := tx.keys(statement, tx.e.id, result)
		if _, err := b.run(ctx, len(numbers), func(args []any, i int) []any { return append(args, numbers[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// removeStagedResult takes back a result that is staged, if it is still the
// one; whoever took over takes back what is there.
func (e *Enterprise) removeStagedResult(ctx context.Context, number int64) error {
	in, err := e.reader().OneEnterprise(ctx, e.id)
	if err != nil || number == 0 || in.StagingResult != number {
		return database.Translate(err)
	}
	w := ResultWriter{e: e, number: number}
	err = e.removePeople(ctx, in.CurrentResult, w.claimed)
	if err == nil {
		err = e.InTx(ctx, func(tx *Tx) error {
			if err := w.claimed(ctx, tx); err != nil {
				return err
			}
			return tx.q.SetStagingResult(ctx, sqlgen.SetStagingResultParams{Result: 0, Enterprise: e.id})
		})
	}
	if errs.KindOf(err) == errs.Conflict {
		return nil
	}
	return err
}

// ForgetPeople removes people and blocks that ended with a result or before:
// those results can no longer be walked, their totals stay.
func (e *Enterprise) ForgetPeople(ctx context.Context, result int64) error {
	ended := peopleRemoval{find: func(q *sqlgen.Queries) ([]int64, error) {
		return q.EndedPeople(ctx, sqlgen.EndedPeopleParams{Enterprise: e.id, Result: result, Page: chunk})
	}, statements: []string{forgetPeople}}
	if err := e.removeSome(ctx, result, &ended, func(context.Context, *Tx) error { return nil }); err != nil {
		return err
	}
	return e.InTx(ctx, func(tx *Tx) error {
		return tx.q.ForgetBlocks(ctx, sqlgen.ForgetBlocksParams{Enterprise: e.id, Result: result})
	})
}
