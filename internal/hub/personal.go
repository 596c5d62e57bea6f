package hub

import (
	"context"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// Held is what an enterprise's part of the hub keeps with an address in it: in
// the documents of accounts, people, changes and results. Texts that people
// typed (reasons, names of files and of actors) are not looked at, and neither
// is the audit log, which never holds a whole address.
type Held struct {
	// Counting is where it counts now: such accounts, invitations,
	// subscriptions and rows of GitHub's report are in the newest that their
	// source said, and erasing leaves them. They have to go there first.
	Counting []HeldPlace
	// Waiting is where it stands in an upload that somebody has to decide
	// about; erasing leaves that too.
	Waiting []HeldPlace
	// Kept is how many stand in older snapshots, for undo and because they
	// vanished less than ninety days ago.
	Kept int
	// People, Changes and Results are how many people of older results, named
	// changes and documents of results name it.
	People, Changes, Results int
}

// HeldPlace is a source that says the address, and what of it does.
type HeldPlace struct {
	Source int64
	Host   string // empty: the cloud side
	Kind   store.ItemKind
	Count  int
}

// personal goes through everything that is held of an enterprise.
type personal struct {
	s       *Service
	e       *store.Enterprise
	M       mention
	now     *store.Inputs
	sources map[int64]Source
	// ids are the people whose documents hold the address.
	ids  map[store.PersonID]bool
	held Held
}

func (s *Service) personal(ctx context.Context, enterprise int64, address licensing.Email) (*personal, error) {
	key, ok := address.Key()
	if !ok {
		return nil, errs.New(errs.Invalid, "hub.no_address")
	}
	p := &personal{s: s, e: s.store.For(enterprise), M: mention{key}, sources: map[int64]Source{}, ids: map[store.PersonID]bool{}}
	var err error
	if p.now, err = p.e.Inputs(ctx); err != nil {
		return nil, err
	}
	gone, err := p.e.RemovedSources(ctx)
	for _, src := range append(gone, p.now.Sources...) {
		p.sources[src.Number] = src
	}
	return p, err
}

// items visits the items that hold the address.
func (p *personal) items(ctx context.Context, visit func(*store.HeldItem) error) error {
	for item, err := range p.e.EveryItem(ctx) {
		if err != nil {
			return err
		}
		found, err := p.M.in(item.Document)
		if err == nil && found {
			err = visit(&item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tally counts an item where it stands.
func (p *personal) tally(item *store.HeldItem) {
	switch p.standing(item) {
	case counts:
		p.held.Counting = p.place(p.held.Counting, item)
	case waits:
		p.held.Waiting = p.place(p.held.Waiting, item)
	default:
		p.held.Kept++
	}
}

// What an item is to its source.
const (
	counts = "counts" // the source says it now
	waits  = "waits"  // an upload says it that is not decided
	kept   = "kept"   // the source said it once
)

func (p *personal) standing(item *store.HeldItem) string {
	seq := p.sources[item.Source].Seq
	switch {
	case item.From > seq:
		return waits
	case item.Until > seq:
		return counts
	default:
		return kept
	}
}

// place adds to a list of places; the items of a source and kind come together.
func (p *personal) place(list []HeldPlace, item *store.HeldItem) []HeldPlace {
	for i := range list {
		if list[i].Source == item.Source && list[i].Kind == item.Kind {
			list[i].Count++
			return list
		}
	}
	return append(list, HeldPlace{item.Source, p.sources[item.Source].HostName, item.Kind, 1})
}

// people visits the people of all results whose documents hold the address.
func (p *personal) people(ctx context.Context, visit func(*store.HeldPerson) error) error {
	for person, err := range p.e.EveryPerson(ctx) {
		if err != nil {
			return err
		}
		found, err := p.M.in(person.Document)
		if err == nil && found {
			p.ids[person.ID] = true
			err = visit(&person)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// current says that a person is of the current result.
func (p *personal) current(person *store.HeldPerson) bool {
	return person.From <= p.now.Result && person.Until > p.now.Result
}
