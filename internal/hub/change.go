package hub

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// Change is one thing that happens to people that share accounts.
type Change struct {
	N        int64  // its place, from 1
	Kind     string // joined, split, appeared, vanished, moved or altered
	Before   []Concerned
	After    []Concerned
	Licenses int64 // what it adds to the total
}

// Concerned is somebody a change is about.
type Concerned struct {
	ID       string
	Name     licensing.Email // as [Person.Name]
	Accounts int
	License  licensing.LicenseType // empty: consumes none
}

type (
	changeDocument struct {
		Before []concernedDocument `json:"before,omitempty"`
		After  []concernedDocument `json:"after,omitempty"`
	}
	concernedDocument struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Accounts int    `json:"accounts"`
		License  string `json:"license,omitempty"`
	}
)

// named gives the changes that are kept with names.
func (s *Service) named(ctx context.Context, in *store.Inputs, c *counted, o *order, chosen []happened) ([]store.Change, error) {
	places := map[store.PersonID]int{}
	for i := range chosen {
		for _, p := range chosen[i].after {
			places[p.id] = -1
		}
	}
	for place, id := range o.ids {
		if _, wanted := places[id]; wanted {
			places[id] = place
		}
	}
	n := namer{ctx: ctx, e: s.store.For(in.Number), was: in.Result, c: c, places: places}
	out := make([]store.Change, 0, len(chosen))
	for i := range chosen {
		change, err := n.change(&chosen[i])
		if err != nil {
			return nil, err
		}
		out = append(out, change)
	}
	return out, nil
}

// namer looks up who is concerned.
type namer struct {
	ctx    context.Context //nolint:containedctx // lives for one call of named
	e      *store.Enterprise
	was    int64
	c      *counted
	places map[store.PersonID]int
}

func (n *namer) change(h *happened) (store.Change, error) {
	var d changeDocument
	for _, p := range h.before {
		stored, err := n.e.Person(n.ctx, n.was, p.id)
		if err != nil {
			return store.Change{}, err
		}
		person, err := personFrom(stored)
		if err != nil {
			return store.Change{}, err
		}
		d.Before = append(d.Before, concerned(p.id, person.Name, &person.Person))
	}
	for _, p := range h.after {
		person := n.c.result.At(n.places[p.id])
		d.After = append(d.After, concerned(p.id, nameOf(&person, person.Anchor.ID()), &person))
	}
	text, err := json.Marshal(&d)
	return store.Change{Kind: kindNames()[h.kind], People: text, Licenses: int64(h.licenses)}, err
}

func concerned(id store.PersonID, name licensing.Email, p *licensing.Person) concernedDocument {
	return concernedDocument{id.String(), name.Address(), p.Accounts(), string(p.License)}
}

// Changes gives at most limit changes of a result behind a place, 0 for the
// first: of each kind the first thousand, by kind.
func (s *Service) Changes(ctx context.Context, enterprise, result, after int64, limit int) ([]Change, error) {
	rows, err := s.store.For(enterprise).Changes(ctx, result, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Change, 0, len(rows))
	for _, r := range rows {
		var d changeDocument
		if err := json.Unmarshal(r.People, &d); err != nil {
			return nil, fmt.Errorf("change %d of result %d: %w", r.N, result, err)
		}
		out = append(out, Change{N: r.N, Kind: r.Kind, Before: people(d.Before), After: people(d.After), Licenses: r.Licenses})
	}
	return out, nil
}

func people(list []concernedDocument) []Concerned {
	var out []Concerned
	for _, p := range list {
		out = append(out, Concerned{p.ID, licensing.NewEmail(p.Name), p.Accounts, licensing.LicenseType(p.License)})
	}
	return out
}
