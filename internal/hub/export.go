package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// ExportPerson writes everything that is kept with an address in it, as one
// JSON document: accounts, invitations, subscriptions and report rows of all
// snapshots; people of all results, each with all of their accounts; and the
// named changes they were concerned by, without the others. It records who
// asked before it writes. Invalid when the text is no address.
//
// It reads everything there is, once, in memory that does not grow with it.
func (s *Service) ExportPerson(ctx context.Context, enterprise int64, address licensing.Email, actor string, w io.Writer) (*Held, error) {
	p, err := s.personal(ctx, enterprise, address)
	if err != nil {
		return nil, err
	}
	err = p.e.InTx(ctx, func(tx *store.Tx) error { return s.record(ctx, tx, actor, AuditExport, address.String()) })
	if err != nil {
		return nil, err
	}
	x := personExport{p: p, enc: jsontext.NewEncoder(w, jsontext.WithIndent("  "))}
	return &p.held, x.write(ctx, s.now())
}

// personExport writes the document. Its lists are written as they are found.
type personExport struct {
	p   *personal
	enc *jsontext.Encoder
}

// The members of the lists.
type (
	exportHead struct {
		Format     string    `json:"format"`
		Enterprise string    `json:"enterprise"`
		Address    string    `json:"address"`
		MadeAt     time.Time `json:"made_at"`
	}
	exportedItem struct {
		Host     string          `json:"host,omitempty"` // empty: the cloud side
		Kind     store.ItemKind  `json:"kind"`
		Key      string          `json:"key"`
		Standing string          `json:"standing"`
		Document json.RawMessage `json:"document"`
	}
	exportedPerson struct {
		ID       string          `json:"id"`
		From     int64           `json:"from_result"`
		Current  bool            `json:"current"`
		Document json.RawMessage `json:"document"`
	}
	exportedChange struct {
		Result int64               `json:"result"`
		Before []concernedDocument `json:"before,omitempty"`
		After  []concernedDocument `json:"after,omitempty"`
	}
)

func (x *personExport) write(ctx context.Context, at time.Time) error {
	head, err := json.Marshal(exportHead{"oneseat-person-export/1", x.p.now.Slug, x.p.M.Key.Address(), at.UTC()})
	if err != nil {
		return err
	}
	return x.all(
		func() error { return x.enc.WriteToken(jsontext.BeginObject) },
		func() error { return x.member("about", head) },
		func() error { return x.list("items", func() error { return x.p.items(ctx, x.item) }) },
		func() error { return x.list("people", func() error { return x.p.people(ctx, x.person) }) },
		func() error { return x.list("changes", func() error { return x.changes(ctx) }) },
		func() error { return x.enc.WriteToken(jsontext.EndObject) },
	)
}

func (x *personExport) all(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (x *personExport) member(name string, value []byte) error {
	if err := x.enc.WriteToken(jsontext.String(name)); err != nil {
		return err
	}
	return x.enc.WriteValue(value)
}

func (x *personExport) list(name string, fill func() error) error {
	return x.all(
		func() error { return x.enc.WriteToken(jsontext.String(name)) },
		func() error { return x.enc.WriteToken(jsontext.BeginArray) },
		fill,
		func() error { return x.enc.WriteToken(jsontext.EndArray) },
	)
}

func (x *personExport) value(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return x.enc.WriteValue(text)
}

func (x *personExport) item(item *store.HeldItem) error {
	x.p.tally(item)
	return x.value(&exportedItem{
		x.p.sources[item.Source].HostName, item.Kind, item.Key, x.p.standing(item), json.RawMessage(item.Document),
	})
}

func (x *personExport) person(person *store.HeldPerson) error {
	current := x.p.current(person)
	if !current {
		x.p.held.People++
	}
	return x.value(&exportedPerson{person.ID.String(), person.From, current, json.RawMessage(person.Document)})
}

func (x *personExport) changes(ctx context.Context) error {
	for c, err := range x.p.e.EveryChange(ctx) {
		if err != nil {
			return err
		}
		var d changeDocument
		if err := json.Unmarshal(c.People, &d); err != nil {
			return fmt.Errorf("change %d of result %d: %w", c.N, c.Result, err)
		}
		out := exportedChange{Result: c.Result, Before: x.p.concerned(d.Before), After: x.p.concerned(d.After)}
		if len(out.Before)+len(out.After) == 0 {
			continue
		}
		x.p.held.Changes++
		if err := x.value(&out); err != nil {
			return err
		}
	}
	return nil
}

// concerned are those of a change whom the address is about.
func (p *personal) concerned(list []concernedDocument) []concernedDocument {
	var out []concernedDocument
	for _, c := range list {
		if p.about(&c) {
			out = append(out, c)
		}
	}
	return out
}

func (p *personal) about(c *concernedDocument) bool {
	id, err := store.ParsePersonID(c.ID)
	return err == nil && p.ids[id] || p.M.is(c.Name)
}
