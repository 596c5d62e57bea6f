package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/oneseat/oneseat/internal/agent/store"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
)

// Sentence is a sentence of the catalogue with its values.
type Sentence struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// Message names the sentence, as errors and warnings do.
func (s Sentence) Message() (key string, args map[string]any) { return s.Key, s.Args }

// whole makes whole numbers of those that were kept as text.
func (s *Sentence) whole() {
	if s == nil {
		return
	}
	for name, value := range s.Args {
		if number, ok := value.(json.Number); ok {
			if n, err := number.Int64(); err == nil {
				s.Args[name] = n
			}
		}
	}
}

// Counts are how many accounts of a reading are what.
type Counts struct {
	// All are the accounts of the source, Leaving those of them that a usage
	// file has.
	All     int64 `json:"all"`
	Leaving int64 `json:"leaving"`
	// Suspended, BuiltIn and NeverSignedIn do not leave.
	Suspended     int64 `json:"suspended"`
	BuiltIn       int64 `json:"built_in"`
	NeverSignedIn int64 `json:"never_signed_in"`
	// WithoutAddress, Shared (another account has the same address) and
	// NoSignIn (none is shown) are among those that leave.
	WithoutAddress int64 `json:"without_address"`
	Shared         int64 `json:"shared"`
	NoSignIn       int64 `json:"no_sign_in"`
	// KnowsSignIn says that the source shows who signed in at all.
	KnowsSignIn bool `json:"knows_sign_in"`
}

// Addresses is how many addresses leave.
func (c *Counts) Addresses() int64 { return c.Leaving - c.WithoutAddress }

// Reading is one reading of the source, and what came of it.
type Reading struct {
	store.Reading

	Counts Counts
	// Warnings are what was noticed.
	Warnings []Sentence
	// Refusal says why it does not count: why it was refused, or what an owner
	// has to decide.
	Refusal *Sentence
	// LeftOut is the policy it was read with.
	LeftOut bool
}

// document is what of a reading stands in one text.
type document struct {
	Counts   Counts     `json:"counts"`
	Warnings []Sentence `json:"warnings,omitempty"`
	Refusal  *Sentence  `json:"refusal,omitempty"`
	LeftOut  bool       `json:"left_out,omitempty"`
}

// pack puts what the store does not know into the text.
func (r *Reading) pack() error {
	text, err := json.Marshal(document{r.Counts, r.Warnings, r.Refusal, r.LeftOut})
	r.Document = text
	return err
}

func readingFrom(row store.Reading) (*Reading, error) {
	r := &Reading{Reading: row}
	if len(row.Document) == 0 {
		return r, nil
	}
	var d document
	in := json.NewDecoder(bytes.NewReader(row.Document))
	in.UseNumber()
	if err := in.Decode(&d); err != nil {
		return nil, fmt.Errorf("document of reading %d: %w", row.Number, err)
	}
	for i := range d.Warnings {
		d.Warnings[i].whole()
	}
	d.Refusal.whole()
	r.Counts, r.Warnings, r.Refusal, r.LeftOut = d.Counts, d.Warnings, d.Refusal, d.LeftOut
	return r, nil
}

// Reading gives a reading; NotFound when there is none.
func (s *Service) Reading(ctx context.Context, number int64) (*Reading, error) {
	row, err := s.store.Reading(ctx, number)
	if err != nil {
		return nil, err
	}
	return readingFrom(row)
}

// Readings gives at most limit readings, the newest first; before is the number
// of the last one of the page before, 0 begins.
func (s *Service) Readings(ctx context.Context, before int64, limit int) ([]*Reading, error) {
	rows, err := s.store.Readings(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	var all []*Reading
	for _, row := range rows {
		r, err := readingFrom(row)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// current is the reading that counts, nil when none does.
func (s *Service) current(ctx context.Context, st *store.State) (*Reading, error) {
	if st.Counts == 0 {
		return nil, nil //nolint:nilnil // none is a state like others
	}
	return s.Reading(ctx, st.Counts)
}

// last is the newest reading, nil when the source was never read.
func (s *Service) last(ctx context.Context) (*Reading, error) {
	list, err := s.Readings(ctx, 0, 1)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// message is an error or a warning that names a sentence.
type message interface {
	Message() (key string, args map[string]any)
}

// said makes a sentence of a message, as it can be kept.
func said(m message) Sentence {
	key, args := m.Message()
	return Sentence{key, args}
}

// refusalOf is the sentence of an error; nil when it has none, which is
// somebody's mistake and no refusal. Of several problems the first is named.
func refusalOf(err error) *Sentence {
	if all, ok := errors.AsType[*source.Problems](err); ok && len(all.List) > 0 {
		err = all.List[0]
	}
	named, ok := errors.AsType[interface {
		error
		message
	}](err)
	if !ok {
		return nil
	}
	sentence := said(named)
	return &sentence
}

// kindOf is an error's kind; one with a sentence and no kind is about what was
// given.
func kindOf(err error) errs.Kind {
	if refusalOf(err) != nil && !errs.Judged(err) {
		return errs.Invalid
	}
	return errs.KindOf(err)
}
