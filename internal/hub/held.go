package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// HeldOf says what is kept with an address in it, as [Service.ErasePerson]
// would find it, and changes nothing. Results is 0: their documents are looked
// through when something is erased. Invalid when the text is no address.
//
// It reads everything there is, once, in memory that does not grow with it.
func (s *Service) HeldOf(ctx context.Context, enterprise int64, address licensing.Email) (*Held, error) {
	p, err := s.personal(ctx, enterprise, address)
	if err != nil {
		return nil, err
	}
	err = p.items(ctx, func(item *store.HeldItem) error {
		p.tally(item)
		return nil
	})
	if err == nil {
		err = p.people(ctx, func(person *store.HeldPerson) error {
			if person.Until <= p.now.Result {
				p.held.People++
			}
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	for c, err := range p.e.EveryChange(ctx) {
		if err != nil {
			return nil, err
		}
		named, err := p.unname(&c) // of this copy alone
		if err != nil {
			return nil, err
		}
		if named {
			p.held.Changes++
		}
	}
	return &p.held, nil
}

// What is kept how long.
const (
	// KeptDays is for how many days people can still be found who are gone:
	// in snapshots, older results and uploads that did not count.
	KeptDays = keptDays
	// KeptSnapshots is how many snapshots of a source can be gone back to.
	KeptSnapshots = keptSnapshots
	// PendingDays is for how many days an upload waits for a decision.
	PendingDays = pendingDays
)
