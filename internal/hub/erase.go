package hub

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// eraseBatch is how many rows are erased in a transaction.
const eraseBatch = 500

// erasedPerson stands in the place of somebody who was erased: their place in
// old lists stays, and that they consumed or not.
const erasedPerson = `{"anchor":"erased:"}`

// ErasePerson erases what is kept with an address in it and does not count any
// more, without waiting for the days that it would be kept: accounts,
// invitations, subscriptions and report rows of older snapshots; people of
// older results; and names in changes, conflicts and reconciliations of every
// result. Numbers stay. It records who asked before it begins. Invalid when
// the text is no address.
//
// What counts now stays, and so does what waits in an upload; both are named in
// what it gives, beside the numbers of what was erased. The order that erases
// everything is: remove the account on the instance or in the cloud, upload or
// load again, apply, recount, then erase. Whoever is still there at the source
// comes back with the next upload, and an undo does not bring back the erased.
//
// Copies that were made before (backups, downloads, usage files) are not
// reached, and the database may keep the bytes in free pages until it writes
// there.
func (s *Service) ErasePerson(ctx context.Context, enterprise int64, address licensing.Email, actor string) (*Held, error) {
	p, err := s.personal(ctx, enterprise, address)
	if err != nil {
		return nil, err
	}
	err = p.e.InTx(ctx, func(tx *store.Tx) error { return s.record(ctx, tx, actor, AuditErase, address.String()) })
	if err != nil {
		return nil, err
	}
	for _, erase := range []func(context.Context) error{p.eraseItems, p.erasePeople, p.eraseChanges, p.eraseResults} {
		if err := erase(ctx); err != nil {
			return nil, err
		}
	}
	return &p.held, nil
}

// eraser gathers rows and changes a batch of them in a transaction.
type eraser[T any] struct {
	p    *personal
	do   func(context.Context, *store.Tx, *T) error
	rows []T
}

func (b *eraser[T]) add(ctx context.Context, row *T) error {
	if b.rows = append(b.rows, *row); len(b.rows) < eraseBatch {
		return nil
	}
	return b.flush(ctx)
}

func (b *eraser[T]) flush(ctx context.Context) error {
	if len(b.rows) == 0 {
		return nil
	}
	err := b.p.e.InTx(ctx, func(tx *store.Tx) error {
		for i := range b.rows {
			if err := b.do(ctx, tx, &b.rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	b.rows = b.rows[:0]
	return err
}

func (p *personal) eraseItems(ctx context.Context) error {
	b := eraser[store.HeldItem]{p: p, do: func(ctx context.Context, tx *store.Tx, item *store.HeldItem) error {
		_, err := tx.EraseItem(ctx, item)
		return err
	}}
	err := p.items(ctx, func(item *store.HeldItem) error {
		p.tally(item)
		if p.standing(item) != kept {
			return nil
		}
		return b.add(ctx, item)
	})
	if err != nil {
		return err
	}
	return b.flush(ctx)
}

func (p *personal) erasePeople(ctx context.Context) error {
	b := eraser[store.HeldPerson]{p: p, do: func(ctx context.Context, tx *store.Tx, person *store.HeldPerson) error {
		_, err := tx.ErasePerson(ctx, person, erasedPerson)
		return err
	}}
	err := p.people(ctx, func(person *store.HeldPerson) error {
		if person.Until > p.now.Result {
			return nil
		}
		p.held.People++
		return b.add(ctx, person)
	})
	if err != nil {
		return err
	}
	return b.flush(ctx)
}

func (p *personal) eraseChanges(ctx context.Context) error {
	b := eraser[store.HeldChange]{p: p, do: func(ctx context.Context, tx *store.Tx, c *store.HeldChange) error { return tx.RewriteChange(ctx, c) }}
	for c, err := range p.e.EveryChange(ctx) {
		if err != nil {
			return err
		}
		named, err := p.unname(&c)
		if err != nil {
			return err
		}
		if !named {
			continue
		}
		p.held.Changes++
		if err := b.add(ctx, &c); err != nil {
			return err
		}
	}
	return b.flush(ctx)
}

// unname takes the names of those whom the address is about from a change, and
// says whether there were any.
func (p *personal) unname(c *store.HeldChange) (bool, error) {
	var d changeDocument
	if err := json.Unmarshal(c.People, &d); err != nil {
		return false, fmt.Errorf("change %d of result %d: %w", c.N, c.Result, err)
	}
	found := false
	for _, list := range [][]concernedDocument{d.Before, d.After} {
		for i := range list {
			if list[i].Name != "" && p.about(&list[i]) {
				list[i].Name, found = "", true
			}
		}
	}
	if !found {
		return false, nil
	}
	var err error
	c.People, err = json.Marshal(&d)
	return true, err
}

func (p *personal) eraseResults(ctx context.Context) error {
	for r, err := range p.e.EveryResult(ctx) {
		if err != nil {
			return err
		}
		document, n, err := p.M.without(r.Document)
		if err != nil {
			return fmt.Errorf("document of result %d: %w", r.Number, err)
		}
		if n == 0 {
			continue
		}
		p.held.Results++
		r.Document = document
		err = p.e.InTx(ctx, func(tx *store.Tx) error { return tx.RewriteResult(ctx, &r) })
		if err != nil {
			return err
		}
	}
	return nil
}
